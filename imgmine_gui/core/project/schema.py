"""The versions of a catalogue: make one, recognise one, and bring an old one up to date."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.database import (
    APPLICATION_ID,
    DAMAGED,
    connect,
    connect_for_check,
    error_code,
    translated_errors,
)
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


def check_catalogue(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """The version of the catalogue at ``path``, which is not written to.

    Reads the whole file, in order to find damage before anything builds on it.

    Raises:
        DamagedCatalogue: it is none, or a damaged one.
        UserError: it is newer than this program, or cannot be read.
    """
    with translated_errors(path):
        try:
            connection = connect_for_check(path)
            try:
                application = connection.execute("PRAGMA application_id").fetchone()[0]
                version = int(connection.execute("PRAGMA user_version").fetchone()[0])
                if application == APPLICATION_ID and version > len(migrations):
                    raise _newer(path)
                verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            finally:
                connection.close()
        except sqlite3.DatabaseError as error:
            if error_code(error) in DAMAGED:
                raise DamagedCatalogue(str(error)) from error
            raise
    if application != APPLICATION_ID or version == 0 or verdict != "ok":
        raise DamagedCatalogue(f"application {application}, version {version}: {verdict}")
    return version


def update_catalogue(path: Path, back_up: Callable[[], object], migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the catalogue at ``path`` to the newest version, step by step; all of the steps happen or none.

    Args:
        path: of a catalogue that ``check_catalogue`` found sound.
        back_up: called before the first step, if there is any to take.
        migrations: all steps from the empty file on.

    Raises:
        UserError: the drive is full or cannot be written to; the old version stands.
    """
    with translated_errors(path):
        connection = connect(path, read_only=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")  # which a restored backup is not in
            connection.execute("PRAGMA foreign_keys = OFF")  # a table that is made anew is dropped in between
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version < len(migrations):
                back_up()
                _run(connection, migrations, version)
        finally:
            connection.close()


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
