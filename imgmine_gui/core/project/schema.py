"""The versions of a catalogue: make one, recognise one, and bring an old one up to date."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.database import (
    APPLICATION_ID,
    BUSY_SECONDS,
    DAMAGED,
    connect,
    connect_for_check,
    error_code,
    translated_errors,
)
from imgmine_gui.core.project.halt import Halt
from imgmine_gui.core.project.migrations import MIGRATIONS, Migration
from imgmine_gui.core.text import N_

VERSION = len(MIGRATIONS)
"""The version that this program writes, and the newest that it reads."""


class DamagedCatalogue(Exception):  # noqa: N818 - says what is the case
    """The file is no catalogue, or a damaged one."""


def create_catalogue(path: Path) -> None:
    """Make an empty catalogue; there must be no file at ``path``.

    Raises:
        UserError: the drive is full, or the folder cannot be written to.
    """
    with translated_errors(path):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("PRAGMA journal_mode = WAL")
            _run(connection, MIGRATIONS, 0)
        finally:
            connection.close()


def check_catalogue(
    path: Path,
    migrations: Sequence[Migration] = MIGRATIONS,
    whole: bool = True,
    halt: Halt | None = None,
    alone: bool = False,
) -> int:
    """The version of the catalogue at ``path``, which is not written to and which nobody writes to meanwhile.

    Args:
        path: of the database file.
        migrations: all steps from the empty file on.
        whole: read the whole file, in order to find damage before anything builds on it; else only its head and where
            its tables begin, which takes some milliseconds for any number of images.
        halt: ends the reading.
        alone: without regard to its write-ahead log.

    Raises:
        DamagedCatalogue: it is none, or a damaged one.
        UserError: it is newer than this program, or cannot be read.
        Cancelled: ``halt`` was asked.
    """
    with _damage(path), closing(connect_for_check(path, alone)) as connection, (halt or Halt()).over(connection):
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if application == APPLICATION_ID and version > len(migrations):
            raise _newer(path)
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if whole else _read_beginnings(connection)
    if application != APPLICATION_ID or version == 0 or verdict != "ok":
        raise DamagedCatalogue(f"application {application}, version {version}: {verdict}")
    return version


def recover_catalogue(path: Path) -> None:
    """Take back the change that a killed process left half made in a catalogue without a write-ahead log.

    For whoever has the right to write to it; reading alone cannot do that.

    Raises:
        DamagedCatalogue: it is none, or a damaged one.
        UserError: the drive fails or cannot be written to.
    """
    if path.with_name(path.name + "-journal").exists():
        with _damage(path), closing(connect(path, read_only=False)) as connection:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()


def check_open_catalogue(path: Path, halt: Halt) -> None:
    """Read all of a catalogue that may be written to meanwhile; needs a write-ahead log for that.

    Raises:
        DamagedCatalogue: it is damaged.
        UserError: it cannot be read.
        Cancelled: ``halt`` was asked.
    """
    with _damage(path), closing(connect(path, read_only=True)) as connection, halt.over(connection):
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise DamagedCatalogue(verdict)


def update_catalogue(
    path: Path,
    back_up: Callable[[], object],
    migrations: Sequence[Migration] = MIGRATIONS,
    log: bool = True,
    halt: Halt | None = None,
) -> None:
    """Bring the catalogue at ``path`` to the newest version, step by step; all of the steps happen or none.

    Args:
        path: of a catalogue that ``check_catalogue`` found sound.
        back_up: called before the first step, if there is any to take.
        migrations: all steps from the empty file on.
        log: whether it gets a write-ahead log, for which the drive must be of this machine.
        halt: ends the steps.

    Raises:
        UserError: the drive is full or cannot be written to; the old version stands.
        Cancelled: ``halt`` was asked; the old version stands.
    """
    with translated_errors(path):
        if not log:
            _drop_log(path)
        connection = connect(path, read_only=False)
        try:
            if log:
                connection.execute("PRAGMA journal_mode = WAL")  # which a restored backup is not in
            connection.execute("PRAGMA foreign_keys = OFF")  # a table that is made anew is dropped in between
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version < len(migrations):
                back_up()
                with (halt or Halt()).over(connection):
                    _run(connection, migrations, version)
        finally:
            connection.close()


def _drop_log(path: Path) -> None:
    """Bring a write-ahead log into the file and do without one from now on; by its only user."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)) as connection:
        # A log whose index lies in memory of this process needs nothing of the drive but reading and writing.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise UserError(
                N_("Another program keeps “{path}” busy. Nothing was changed."),
                N_("Close the other program, then try again."),
                path=printable(str(path)),
            )


def _read_beginnings(connection: sqlite3.Connection) -> str:
    """Read the list of tables and the first row of each."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0").fetchall()
    for (name,) in names:
        connection.execute(f'SELECT * FROM "{name}" LIMIT 1').fetchone()  # noqa: S608 - a name from the file itself
    return "ok" if ("images",) in names else "there is no table of images"


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a damaged file into ``DamagedCatalogue``, and of the drive into words."""
    with translated_errors(path):
        try:
            yield
        except sqlite3.DatabaseError as error:
            if error_code(error) in DAMAGED:
                raise DamagedCatalogue(str(error)) from error
            raise


def _run(connection: sqlite3.Connection, migrations: Sequence[Migration], version: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number, migration in enumerate(migrations[version:], version + 1):
            migration(connection)
            connection.execute(f"PRAGMA user_version = {number}")
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise DamagedCatalogue("a row refers to another that is not there")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _newer(path: Path) -> UserError:
    return UserError(
        N_("“{path}” was written by a newer version of ImgMine. It was left as it is."),
        N_("Install the newest version of ImgMine, then open the project again."),
        path=printable(str(path)),
    )
