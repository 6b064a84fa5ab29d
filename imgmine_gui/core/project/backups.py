"""Copies of the catalogue that are known to be sound, and the way back to them.

A backup is made through SQLite's backup interface (a copy of the file alone misses what stands in its write-ahead
log), read again from end to end, and only then given its name ``NNNNNN_YYYY-MM-DD_hhmmss.db``. The running number
gives the order, whatever the clock says. The newest ``KEPT`` are kept.
"""

import errno
import glob
import os
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from imgmine_gui.core.errors import UserError, reason_of
from imgmine_gui.core.events import Event, PhaseStarted, Progress
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.database import (
    DAMAGED,
    connect,
    connect_for_check,
    error_code,
    has_log,
    translated_errors,
)
from imgmine_gui.core.project.halt import Halt
from imgmine_gui.core.project.schema import DamagedCatalogue, check_catalogue
from imgmine_gui.core.text import N_

KEPT = 7
INTERVAL = timedelta(days=1)

_NAME = re.compile(r"(\d{6,})_(\d{4}-\d{2}-\d{2}_\d{6})\.db")
_TIME = "%Y-%m-%d_%H%M%S"
_UNFINISHED = ".unfinished"
_PAGES_AT_ONCE = 1000  # 4 MB
_BYTES_AT_ONCE = 4_000_000


def list_backups(folder: Path) -> list[Path]:
    """All backups, the newest first."""
    numbered = [(int(match[1]), folder / name) for name in os.listdir(folder) if (match := _NAME.fullmatch(name))]
    return [path for _, path in sorted(numbered, reverse=True)]


def is_backup_due(folder: Path, now: datetime) -> bool:
    """Whether the newest backup is older than ``INTERVAL``, or comes from a clock that was wrong."""
    newest = next(iter(list_backups(folder)), None)
    if newest is None:
        return True
    match = _NAME.fullmatch(newest.name)
    assert match is not None
    try:
        made = datetime.strptime(match[2], _TIME)
    except ValueError:
        return True
    return abs(now - made) >= INTERVAL


def back_up(database: Path, folder: Path, now: datetime, halt: Halt | None = None, shared: bool = False) -> Path:
    """Copy the catalogue at ``database`` into ``folder``, check the copy, and drop the oldest backups.

    The caller may write to it meanwhile, in other threads.

    Args:
        database: the file of the catalogue.
        folder: of the backups.
        now: for the name of the copy.
        halt: ends the copying.
        shared: whether another process may have the right to write to it.

    Raises:
        UserError: the drive is full or fails; the backups are as they were.
        DamagedCatalogue: the copy is damaged, so the catalogue is; the copy was dropped.
        Cancelled: ``halt`` was asked; the backups are as they were.
    """
    halt = halt or Halt()
    try:
        backup = folder / f"{_next_number(folder):06}_{now.strftime(_TIME)}.db"
        unfinished = backup.with_suffix(_UNFINISHED)
        try:
            _copy(database, unfinished, halt, shared)
            check_catalogue(unfinished, halt=halt)
            os.replace(unfinished, backup)
        finally:
            for left in folder.glob(f"*{_UNFINISHED}*"):
                left.unlink(missing_ok=True)
        sync_folder(folder)
        for old in list_backups(folder)[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise file_error(error, folder) from error
    return backup


def restore_newest(
    database: Path, folder: Path, report: Callable[[Event], None] = lambda event: None, halt: Halt | None = None
) -> Path | None:
    """Put the newest sound backup in the place of a damaged catalogue, which is kept beside it.

    Args:
        database: the file of the catalogue.
        folder: of the backups.
        report: told of what goes on.
        halt: ends it, as long as the damaged catalogue is in its place.

    Returns:
        The backup that was taken; ``None`` if there is no sound one, and everything is as it was.

    Raises:
        UserError: the drive is full, fails or cannot be written to.
        Cancelled: ``halt`` was asked; everything is as it was.
    """
    halt = halt or Halt()
    try:
        for backup in list_backups(folder) if folder.is_dir() else []:
            try:
                check_catalogue(backup, halt=halt)
            except (DamagedCatalogue, UserError):
                continue
            report(PhaseStarted(N_("Restoring the backup")))
            restored = database.with_name(database.name + ".restored")
            try:
                _copy_file(backup, restored, report, halt)
            except BaseException:
                restored.unlink(missing_ok=True)
                raise
            _keep_damaged(database)
            os.replace(restored, database)
            sync_folder(database.parent)
            return backup
    except OSError as error:
        raise file_error(error, database) from error
    return None


def drop_damaged_log(database: Path, halt: Halt | None = None) -> bool:
    """Where the catalogue is sound without its write-ahead log, do without that, which is kept beside it.

    A program that copies folders may bring the log of another state; what is in the file itself is newer than any
    backup.

    Args:
        database: the file of the catalogue.
        halt: ends the reading.

    Returns:
        Whether it was so; else everything is as it was.

    Raises:
        UserError: the drive cannot be written to.
        Cancelled: ``halt`` was asked; everything is as it was.
    """
    try:
        if not database.exists() or not database.with_name(database.name + "-wal").exists():
            return False
        try:
            check_catalogue(database, halt=halt, alone=True)
        except (DamagedCatalogue, UserError):
            return False
        _keep_damaged(database, ("-wal", "-shm"))
        sync_folder(database.parent)
    except OSError as error:
        raise file_error(error, database) from error
    return True


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the drive, where the system can do that."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def file_error(error: OSError, path: Path) -> UserError:
    """What an ``OSError`` on the files of a project means for a person."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return UserError(
            N_("There is no room left on the drive of “{path}”. Nothing was changed."),
            N_("Free some space on the drive, then try again."),
            path=printable(str(path)),
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return UserError(
            N_("“{path}” cannot be written to. Nothing was changed."),
            N_("Change the permissions of the folder, or choose a folder of yours."),
            path=printable(str(path)),
        )
    return UserError(
        N_("“{path}” could not be read or written: {reason}."),
        N_("Check the drive or the network connection, then try again."),
        path=printable(str(path)),
        reason=reason_of(error),
    )


def _next_number(folder: Path) -> int:
    newest = next(iter(list_backups(folder)), None)
    return 1 + (int(newest.name.split("_")[0]) if newest else 0)


def _copy(database: Path, copy: Path, halt: Halt, shared: bool) -> None:
    with translated_errors(copy):
        try:
            with (
                closing(connect(database, False) if shared else connect_for_check(database)) as source,
                closing(sqlite3.connect(copy, isolation_level=None)) as target,
            ):
                if has_log(source):
                    # One state of the catalogue is copied, whatever is written meanwhile. Without a log, nobody could
                    # write then: there, the copying begins anew after a change.
                    source.execute("BEGIN")
                    source.execute("SELECT 1 FROM sqlite_master").fetchone()
                source.backup(target, pages=_PAGES_AT_ONCE, progress=lambda *_: halt.check())
                # One file that stands for itself, without a write-ahead log beside it.
                target.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.DatabaseError as error:
            if error_code(error) in DAMAGED:
                raise DamagedCatalogue(str(error)) from error
            raise


def _copy_file(file: Path, copy: Path, report: Callable[[Event], None], halt: Halt) -> None:
    """Copy a file that nobody writes to, until it is on the drive."""
    total, done = file.stat().st_size, 0
    with open(file, "rb") as source, open(copy, "wb") as target:
        while part := source.read(_BYTES_AT_ONCE):
            target.write(part)
            done += len(part)
            report(Progress(done, total))
            halt.check()
        target.flush()
        os.fsync(target.fileno())


def _keep_damaged(database: Path, suffixes: Sequence[str] = ("-wal", "-shm", "-journal", "")) -> None:
    """Move the damaged catalogue, with its write-ahead log, to the first free name ``project.damaged-N.db``."""
    number = 1
    while any(database.parent.glob(f"{glob.escape(database.stem)}.damaged-{number}.db*")):
        number += 1
    kept = database.with_name(f"{database.stem}.damaged-{number}.db")
    for suffix in suffixes:
        beside = database.with_name(database.name + suffix)
        if beside.exists():
            os.replace(beside, kept.with_name(kept.name + suffix))
