"""What happens to the files of a project before it is open: the right to write, damage, older versions, backups."""

import errno
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import Event, PhaseStarted
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
DAMAGE_FOUND = N_("The catalogue of the project is damaged. Nothing in it can be changed any more.")
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


class TakesLong(Exception):  # noqa: N818 - says what is the case
    """All of the catalogue has to be read before the project is open, and perhaps written anew."""


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


def prepare(folder: Path, at_once: bool, log: bool, report: Callable[[Event], None], halt: Halt) -> list[str]:
    """Make the catalogue sound and of the newest version, for whoever has the right to write to it.

    Args:
        folder: of the project.
        at_once: do nothing that takes long, and therefore look for damage at the beginnings of the tables only.
        log: whether it gets a write-ahead log.
        report: told of what goes on.
        halt: ends it; the catalogue is as it was then.

    Returns:
        What the person should know of it: English texts.

    Raises:
        TakesLong: ``at_once`` was asked for, but damage was found now or before, or it is of an older version.
        UserError: it is damaged and has no good backup, is of a newer version, or its drive fails.
        Cancelled: ``halt`` was asked.
    """
    database, suspect = folder / DATABASE, folder / SUSPECT
    _tidy(folder)
    if at_once and suspect.exists():
        raise TakesLong
    told: list[str] = []
    try:
        if not database.exists():
            raise DamagedCatalogue("the file is missing")
        recover_catalogue(database)
        if not at_once:
            report(PhaseStarted(N_("Looking for damage")))
        version = check_catalogue(database, whole=not at_once, halt=halt)
    except DamagedCatalogue as error:
        if at_once:
            raise TakesLong from error
        told.append(_repair(folder, error, report, halt))
    else:
        if at_once and version < VERSION:
            raise TakesLong

    def before_changes() -> None:
        report(PhaseStarted(N_("Bringing the project up to date")))
        back_up(database, folder / BACKUPS, datetime.now(), halt)

    update_catalogue(database, before_changes, log=log, halt=halt)
    with suppress(OSError):
        suspect.unlink(missing_ok=True)
    return told


def _tidy(folder: Path) -> None:
    """Make the folders that are missing, and delete what a killed process left."""
    try:
        for part in (RUNS, CACHE, BACKUPS):
            (folder / part).mkdir(exist_ok=True)
        for left in (folder / CACHE).glob(f"{SCRATCH}*"):
            left.unlink(missing_ok=True)
    except OSError as error:
        raise file_error(error, folder) from error


def _repair(folder: Path, damage: DamagedCatalogue, report: Callable[[Event], None], halt: Halt) -> str:
    """Have a sound catalogue in the place of the damaged one, which is kept; what the person should know of it."""
    database = folder / DATABASE
    report(PhaseStarted(N_("Looking for a good backup")))
    if drop_damaged_log(database, halt):
        return _LOG_DROPPED
    if restore_newest(database, folder / BACKUPS, report, halt) is not None:
        return _RESTORED
    raise UserError(
        N_("“{path}” is damaged, and there is no good backup of it. It was left as it is."),
        N_("Make a new project from the same folders of images, which are untouched."),
        path=printable(str(database)),
    ) from damage


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
