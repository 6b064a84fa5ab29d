"""A project: the folder ``NAME.imgmine`` with a catalogue, runs, caches and backups; never the person's images."""

import os
import shutil
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import Event
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.backups import back_up, file_error, is_backup_due, list_backups, sync_folder
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.drives import is_on_network
from imgmine_gui.core.project.halt import Halt
from imgmine_gui.core.project.lock import FileLock
from imgmine_gui.core.project.opening import (
    BACKUPS,
    CACHE,
    DAMAGE_FOUND,
    DATABASE,
    NO_LOCKS,
    ON_NETWORK,
    RUNS,
    SCRATCH,
    SUSPECT,
    back_up_if_due,
    check_for_reading,
    prepare,
    require_project,
    take_lock,
)
from imgmine_gui.core.project.schema import DamagedCatalogue, check_open_catalogue, create_catalogue
from imgmine_gui.core.text import N_

__all__ = ["DATABASE", "SUFFIX", "Project", "check_for_reading", "require_project"]

SUFFIX = ".imgmine"
_LONGEST_NAME = 200  # bytes; file systems take 255, the suffix and a temporary name come on top
_FORBIDDEN = set('/\\<>:"|?*')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}


class Project:
    """An open project. Make one with ``create`` or ``open``, and end with ``close``.

    Attributes:
        folder: ``NAME.imgmine``, absolute.
        catalogue: its sources and images.
        opened_with: what the person should know about the opening: English texts, to be translated with ``tr``.
        on_network: whether it lies on a network drive, and therefore does without a write-ahead log.
    """

    def __init__(
        self, folder: Path, catalogue: Catalogue, lock: FileLock | None, opened_with: list[str], on_network: bool
    ) -> None:
        self.folder = folder
        self.on_network = on_network
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
                for part in (RUNS, CACHE, BACKUPS):
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
        return cls._open(target, True, lambda event: None, Halt())

    @classmethod
    def open(
        cls,
        folder: Path,
        at_once: bool = False,
        report: Callable[[Event], None] = lambda event: None,
        halt: Halt | None = None,
    ) -> "Project":
        """Open the project in ``folder``; for reading only if another process has it open.

        A damaged catalogue is restored from a backup, an old one is brought up to date, and once a day it is backed up.

        Args:
            folder: ``NAME.imgmine``.
            at_once: leave what reads the whole catalogue to ``look_after``, which the caller calls soon.
            report: told of what goes on; for a thread of its own, as ``halt`` is.
            halt: ends it; the project is as it was then.

        Raises:
            TakesLong: ``at_once`` was asked for, but damage was found now or before, or it is of an older version.
            UserError: it is no project, was written by a newer version, is damaged and has no good backup, or its
                drive fails.
            Cancelled: ``halt`` was asked.
        """
        halt = halt or Halt()
        project = cls._open(folder.absolute(), at_once, report, halt)
        if not at_once and not project.read_only:
            try:
                project.catalogue.purge()
                project.opened_with.extend(back_up_if_due(project.folder / DATABASE, project.backups_folder, halt))
            except BaseException:
                project.close()
                raise
        return project

    def look_after(self, halt: Halt) -> list[str]:
        """Look for damage in all of the catalogue, delete for good what was removed, and back up what is due.

        For a thread of its own, soon after ``open(at_once=True)``: a million images take some seconds.

        Returns:
            What the person should know: English texts, to be translated with ``tr``.

        Raises:
            DamagedCatalogue: nothing can be changed any more; the next opening restores a backup.
            UserError: the catalogue cannot be read.
            Cancelled: ``halt`` was asked, or the project was closed.
        """
        database = self.folder / DATABASE
        try:
            if not self.on_network:  # whoever reads everything there, keeps all others from writing for a long time
                check_open_catalogue(database, halt)
            if self.read_only:
                return []
            self.catalogue.purge()
            return back_up_if_due(database, self.backups_folder, halt)
        except DamagedCatalogue:
            self.catalogue.stop_writing()
            raise

    @property
    def name(self) -> str:
        """The name of the project: that of its folder."""
        return printable(self.folder.name.removesuffix(SUFFIX))

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed; ``opened_with`` says why."""
        return self.catalogue.read_only

    @property
    def why_read_only(self) -> str:
        """Why nothing can be changed: an English text; "" where something can."""
        if self.catalogue.damaged:
            return DAMAGE_FOUND
        return self.opened_with[0] if self._lock is None else ""

    @property
    def runs_folder(self) -> Path:
        """Where the trainings are kept."""
        return self.folder / RUNS

    @property
    def cache_folder(self) -> Path:
        """Where things are kept that can be made again."""
        return self.folder / CACHE

    @property
    def backups_folder(self) -> Path:
        """Where copies of the catalogue are kept."""
        return self.folder / BACKUPS

    def new_scratch_file(self) -> Path:
        """A path in the cache for something that is needed for a moment; what a killed process left goes at opening."""
        return self.cache_folder / f"{SCRATCH}{uuid.uuid4().hex}.db"

    @property
    def may_be_restored(self) -> bool:
        """Whether the next opening here can put a backup in the place of the catalogue, if that is damaged."""
        try:
            return self._lock is not None and bool(list_backups(self.backups_folder))
        except OSError:
            return False  # the drive is gone

    @property
    def wants_backup(self) -> bool:
        """Whether something was changed that no backup of this day holds; then ``back_up_closed`` is due."""
        catalogue = self.catalogue
        if self.read_only or not catalogue.changed:
            return False
        try:
            return is_backup_due(self.backups_folder, datetime.now())
        except OSError:
            return False  # the drive is gone

    def back_up_closed(self, halt: Halt) -> None:
        """Back up what was closed, whoever may have it open by now; for a thread of its own.

        Raises:
            UserError: the drive is full or fails; there is no backup.
            DamagedCatalogue: the catalogue is damaged; there is no backup.
            Cancelled: ``halt`` was asked; there is no backup.
        """
        back_up(self.folder / DATABASE, self.backups_folder, datetime.now(), halt, shared=True)

    def close(self) -> None:
        """Close the catalogue and let others write; does nothing the second time."""
        self.catalogue.close()
        if self.catalogue.damaged and self.may_be_restored:
            with suppress(OSError):
                (self.folder / SUSPECT).touch()
        if self._lock is not None:
            self._lock.release()

    @classmethod
    def _open(cls, folder: Path, at_once: bool, report: Callable[[Event], None], halt: Halt) -> "Project":
        require_project(folder)
        told: list[str] = []
        lock = take_lock(folder, told)
        on_network = is_on_network(os.path.realpath(folder))
        if on_network:
            told.append(ON_NETWORK)
        try:
            if lock is None:
                check_for_reading(folder / DATABASE, whole=not at_once)
            else:
                if not lock.is_certain:
                    told.append(NO_LOCKS)
                told.extend(prepare(folder, at_once, not on_network, report, halt))
            catalogue = Catalogue(folder / DATABASE, read_only=lock is None)
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        return cls(folder, catalogue, lock, told, on_network)


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
