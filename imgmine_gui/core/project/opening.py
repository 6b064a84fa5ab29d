"""What happens to the files of a project before it is open: the right to write, damage, older versions, backups."""

import errno
import logging
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.backups import (
    back_up,
    drop_damaged_log,
    file_error,
    is_backup_due,
    list_backups,
    restore_newest,
)
from imgmine_gui.core.project.halt import Halt
from imgmine_gui.core.project.lock import FileLock
from imgmine_gui.core.project.schema import (
    VERSION,
    DamagedCatalogue,
    check_catalogue,
    recover_catalogue,
    update_catalogue,
)
from imgmine_gui.core.text import N_

logger = logging.getLogger(__name__)

DATABASE = "project.db"
RUNS, CACHE, BACKUPS = "runs", "cache", "backups"
SCRATCH = "scratch-"
SUSPECT = "damaged"
"""A file that is left where damage was found, so that the next opening looks for it."""

_LOCK = "lock"

_OPEN_ELSEWHERE = N_("The project is open in another window, so here it can be looked at but not changed.")
_NOT_WRITABLE = N_("The project's folder cannot be written to, so the project can be looked at but not changed.")
_RESTORED = N_(
    "The catalogue of the project was damaged. It was restored from its newest good backup, and the damaged file is "
    "kept beside it. Scan the sources again to bring it up to date."
)
ON_NETWORK = N_(
    "The project lies on a network drive: changes take longer to save there, and it should be open in one window at a "
    "time. It is quicker and safer on a drive of this computer."
)
NO_LOCKS = N_(
    "The drive of the project does not tell whether somebody else has the project open. Make sure that nobody has, or "
    "changes may be lost."
)
_LOG_DROPPED = N_(
    "The last changes to the project were damaged, and were left out. They are kept in a file beside the catalogue. "
    "Scan the sources again to bring the project up to date."
)
_NO_BACKUP = N_("The catalogue could not be backed up. Look whether the drive is full.")


def require_project(folder: Path) -> None:
    """Do nothing if ``folder`` is a project.

    Raises:
        UserError: it is none, or cannot be looked into.
    """
    try:
        names = os.listdir(folder)
        if DATABASE in names or (BACKUPS in names and list_backups(folder / BACKUPS)):
            return
    except FileNotFoundError as error:
        raise UserError(
            N_("There is no project “{path}”."),
            N_("Check whether it was moved, renamed or deleted, and whether its drive is connected."),
            path=printable(str(folder)),
        ) from error
    except OSError as error:
        if error.errno != errno.ENOTDIR:
            raise file_error(error, folder) from error
    raise UserError(
        N_("“{path}” is not a project of ImgMine."),
        N_("Choose a folder whose name ends in .imgmine, or make a new project."),
        path=printable(str(folder)),
    )


def take_lock(folder: Path, told: list[str]) -> FileLock | None:
    """The right to write; ``None`` if it cannot be had, with the reason in ``told``."""
    try:
        lock = FileLock.take(folder / _LOCK)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            told.append(_NOT_WRITABLE)
            return None
        raise file_error(error, folder / _LOCK) from error
    if lock is None:
        told.append(_OPEN_ELSEWHERE)
    return lock


def check_for_reading(database: Path, whole: bool = True) -> None:
    """Do nothing if the catalogue can be read as it is.

    Args:
        database: its file.
        whole: read all of it.

    Raises:
        UserError: it is damaged, or of another version; or it cannot be opened.
    """
    try:
        version = check_catalogue(database, whole=whole)
    except DamagedCatalogue as error:
        raise UserError(
            N_("“{path}” is damaged."),
            N_("Open the project in one window only, with the right to write to its folder: it is then repaired."),
            path=printable(str(database)),
        ) from error
    if version < VERSION:
        raise UserError(
            N_("“{path}” was written by an older version of ImgMine."),
            N_("Open the project in one window only, with the right to write to its folder: it is then converted."),
            path=printable(str(database)),
        )


def prepare(folder: Path, whole: bool, log: bool) -> list[str]:
    """Make the catalogue sound and of the newest version, for whoever has the right to write to it.

    Args:
        folder: of the project.
        whole: look for damage in all of the file; done also where damage was found before.
        log: whether it gets a write-ahead log.

    Returns:
        What the person should know of it: English texts.

    Raises:
        UserError: it is damaged and has no good backup, is of a newer version, or its drive fails.
    """
    database, kept, suspect = folder / DATABASE, folder / BACKUPS, folder / SUSPECT
    told: list[str] = []
    try:
        for part in (RUNS, CACHE, BACKUPS):
            (folder / part).mkdir(exist_ok=True)
        for left in (folder / CACHE).glob(f"{SCRATCH}*"):
            left.unlink(missing_ok=True)
        whole |= suspect.exists()
    except OSError as error:
        raise file_error(error, folder) from error
    try:
        if not database.exists():
            raise DamagedCatalogue("the file is missing")
        recover_catalogue(database)
        if check_catalogue(database, whole=whole) < VERSION and not whole:
            check_catalogue(database)  # before everything is written anew
    except DamagedCatalogue as error:
        if drop_damaged_log(database):
            told.append(_LOG_DROPPED)
        elif restore_newest(database, kept) is not None:
            told.append(_RESTORED)
        else:
            raise UserError(
                N_("“{path}” is damaged, and there is no good backup of it. It was left as it is."),
                N_("Make a new project from the same folders of images, which are untouched."),
                path=printable(str(database)),
            ) from error
    update_catalogue(database, lambda: back_up(database, kept, datetime.now()), log=log)
    with suppress(OSError):
        suspect.unlink(missing_ok=True)
    return told


def back_up_if_due(database: Path, folder: Path, halt: Halt) -> list[str]:
    """Back up once a day; where that fails, what the person should know.

    Raises:
        DamagedCatalogue: the catalogue is damaged.
        Cancelled: ``halt`` was asked.
    """
    try:
        if is_backup_due(folder, datetime.now()):
            back_up(database, folder, datetime.now(), halt)
    except (UserError, OSError):
        logger.warning("no backup", exc_info=True)
        return [_NO_BACKUP]
    return []
