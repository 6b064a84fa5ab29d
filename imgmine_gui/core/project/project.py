"""A project: the folder ``NAME.imgmine`` with a catalogue, runs, caches and backups; never the person's images."""

import errno
import os
import shutil
import uuid
from datetime import datetime
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.backups import (
    back_up,
    file_error,
    is_backup_due,
    list_backups,
    restore_newest,
    sync_folder,
)
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.lock import FileLock
from imgmine_gui.core.project.schema import (
    VERSION,
    DamagedCatalogue,
    check_catalogue,
    create_catalogue,
    update_catalogue,
)
from imgmine_gui.core.text import N_

SUFFIX = ".imgmine"
DATABASE = "project.db"

_LOCK = "lock"
_RUNS, _CACHE, _BACKUPS = "runs", "cache", "backups"
_SCRATCH = "scratch-"
_LONGEST_NAME = 200  # bytes; file systems take 255, the suffix and a temporary name come on top
_FORBIDDEN = set('/\\<>:"|?*')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}

_OPEN_ELSEWHERE = N_("The project is open in another window, so here it can be looked at but not changed.")
_NOT_WRITABLE = N_("The project's folder cannot be written to, so the project can be looked at but not changed.")
_RESTORED = N_(
    "The catalogue of the project was damaged. It was restored from its newest good backup, and the damaged file is "
    "kept beside it. Scan the sources again to bring it up to date."
)
_NO_BACKUP = N_("The catalogue could not be backed up. Look whether the drive is full.")


class Project:
    """An open project. Make one with ``create`` or ``open``, and end with ``close``.

    Attributes:
        folder: ``NAME.imgmine``, absolute.
        catalogue: its sources and images.
        opened_with: what the person should know about the opening: English texts, to be translated with ``tr``.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, lock: FileLock | None, opened_with: list[str]) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self.opened_with = opened_with
        self._lock = lock

    @classmethod
    def create(cls, folder: Path, name: str) -> "Project":
        """Make a new project ``folder/NAME.imgmine``, and open it.

        Args:
            folder: in which the project's folder is made. If it ends in ``.imgmine`` itself, it is the project's.
            name: of the project, as a person writes it.

        Raises:
            UserError: the name cannot be used, something of this name exists, or the drive cannot be written to.
        """
        target = (folder if folder.suffix == SUFFIX else folder / (_checked(name) + SUFFIX)).absolute()
        unfinished = target.with_name(f".{target.stem}.{os.getpid()}.new")
        try:
            if target.exists():
                _require_empty(target)
            unfinished.mkdir(parents=True)
            try:
                for part in (_RUNS, _CACHE, _BACKUPS):
                    (unfinished / part).mkdir()
                create_catalogue(unfinished / DATABASE)
                if target.exists():
                    target.rmdir()
                os.rename(unfinished, target)
            except BaseException:
                shutil.rmtree(unfinished, ignore_errors=True)
                raise
            sync_folder(target.parent)
        except OSError as error:
            raise file_error(error, target) from error
        return cls._open(target, backups=False)

    @classmethod
    def open(cls, folder: Path) -> "Project":
        """Open the project in ``folder``; for reading only if another process has it open.

        A damaged catalogue is restored from a backup, an old one is brought up to date, and once a day it is backed up.

        Raises:
            UserError: it is no project, was written by a newer version, is damaged and has no good backup, or its
                drive fails.
        """
        return cls._open(folder.absolute(), backups=True)

    @property
    def name(self) -> str:
        """The name of the project: that of its folder."""
        return printable(self.folder.name.removesuffix(SUFFIX))

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed; ``opened_with`` says why."""
        return self.catalogue.read_only

    @property
    def runs_folder(self) -> Path:
        """Where the trainings are kept."""
        return self.folder / _RUNS

    @property
    def cache_folder(self) -> Path:
        """Where things are kept that can be made again."""
        return self.folder / _CACHE

    @property
    def backups_folder(self) -> Path:
        """Where copies of the catalogue are kept."""
        return self.folder / _BACKUPS

    def new_scratch_file(self) -> Path:
        """A path in the cache for something that is needed for a moment; what a killed process left goes at opening."""
        return self.cache_folder / f"{_SCRATCH}{uuid.uuid4().hex}.db"

    def close(self) -> None:
        """Close the catalogue and let others write; does nothing the second time."""
        self.catalogue.close()
        if self._lock is not None:
            self._lock.release()

    @classmethod
    def _open(cls, folder: Path, backups: bool) -> "Project":
        require_project(folder)
        told: list[str] = []
        lock = _take_lock(folder, told)
        try:
            if lock is None:
                check_for_reading(folder / DATABASE)
            else:
                told.extend(_prepare(folder, backups))
            catalogue = Catalogue(folder / DATABASE, read_only=lock is None)
            if lock is not None:
                catalogue.purge()
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        return cls(folder, catalogue, lock, told)


def require_project(folder: Path) -> None:
    """Do nothing if ``folder`` is a project.

    Raises:
        UserError: it is none, or cannot be looked into.
    """
    try:
        names = os.listdir(folder)
        if DATABASE in names or (_BACKUPS in names and list_backups(folder / _BACKUPS)):
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


def _take_lock(folder: Path, told: list[str]) -> FileLock | None:
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


def check_for_reading(database: Path) -> None:
    """Do nothing if the catalogue can be read as it is.

    Raises:
        UserError: it is damaged, or of another version; or it cannot be opened.
    """
    try:
        version = check_catalogue(database)
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


def _prepare(folder: Path, backups: bool) -> list[str]:
    """Make the catalogue sound, of the newest version, and backed up; what the person should know of it."""
    database, kept = folder / DATABASE, folder / _BACKUPS
    told: list[str] = []
    try:
        for part in (_RUNS, _CACHE, _BACKUPS):
            (folder / part).mkdir(exist_ok=True)
        for left in (folder / _CACHE).glob(f"{_SCRATCH}*"):
            left.unlink(missing_ok=True)
    except OSError as error:
        raise file_error(error, folder) from error
    try:
        if not database.exists():
            raise DamagedCatalogue("the file is missing")
        check_catalogue(database)
    except DamagedCatalogue as error:
        if restore_newest(database, kept) is None:
            raise UserError(
                N_("“{path}” is damaged, and there is no good backup of it. It was left as it is."),
                N_("Make a new project from the same folders of images, which are untouched."),
                path=printable(str(database)),
            ) from error
        told.append(_RESTORED)
    update_catalogue(database, lambda: back_up(database, kept, datetime.now()))
    if backups and is_backup_due(kept, datetime.now()):
        try:
            back_up(database, kept, datetime.now())
        except (UserError, DamagedCatalogue):
            told.append(_NO_BACKUP)
    return told


def _checked(name: str) -> str:
    """``name`` if it can be that of a folder on every system."""
    name = name.strip().removesuffix(SUFFIX)
    wrong = (
        not name
        or name.startswith(".")
        or name.endswith((".", " "))
        or name.split(".")[0].lower() in _RESERVED
        or len(os.fsencode(name)) > _LONGEST_NAME
        or any(character in _FORBIDDEN or not character.isprintable() for character in name)
    )
    if wrong:
        raise UserError(
            N_("“{name}” cannot be the name of a project."),
            N_("Choose a shorter name of letters, digits and spaces, without any of {forbidden}"),
            name=printable(name),
            forbidden=" ".join(sorted(_FORBIDDEN)),
        )
    return name


def _require_empty(target: Path) -> None:
    if not target.is_dir() or any(target.iterdir()):
        raise UserError(
            N_("“{path}” exists already."),
            N_("Open it, or choose another name for the new project."),
            path=printable(str(target)),
        )
