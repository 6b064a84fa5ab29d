"""Which sources of a catalogue are to be watched."""

import os
from dataclasses import dataclass

from imgmine_gui.core.project.database import Database


@dataclass(frozen=True)
class WatchedSource:
    """A source as far as watching needs it.

    Attributes:
        id: of the source.
        path: absolute.
        is_file: whether it is a single image.
    """

    id: int
    path: str
    is_file: bool


@dataclass(frozen=True)
class Wanted:
    """What a person wants to be watched.

    Attributes:
        sources: to be watched: those that are not switched off, and have been scanned once.
        off: ids of those that are switched off.
    """

    sources: tuple[WatchedSource, ...] = ()
    off: frozenset[int] = frozenset()


class Watches:
    """The switches of the sources of a catalogue.

    Args:
        database: of the catalogue.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def wanted(self) -> Wanted:
        """What is to be watched now.

        Raises:
            UserError: the catalogue cannot be read.
        """
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT id, path, is_file, watched, scan_ended_ns > 0 FROM sources WHERE removed = 0 ORDER BY id"
            ).fetchall()
        return Wanted(
            tuple(
                WatchedSource(number, os.fsdecode(path), bool(is_file))
                for number, path, is_file, watched, scanned in rows
                if watched and scanned
            ),
            frozenset(number for number, _, _, watched, _ in rows if not watched),
        )

    def switch(self, source_id: int, on: bool) -> None:
        """Have a source watched from now on, or not.

        Raises:
            UserError: the catalogue cannot be written.
        """
        with self._database.writing() as db:
            db.execute("UPDATE sources SET watched = ? WHERE id = ?", [int(on), source_id])
