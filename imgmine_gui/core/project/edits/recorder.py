"""What all edits of a catalogue stand on: the database, the recording of each, and the history."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.project.database import Database
from imgmine_gui.core.project.edits import history
from imgmine_gui.core.project.edits.history import Done, Edit, Recording


class Recorder:
    """Records edits, and takes them back; see ``Edits``.

    Args:
        database: of the catalogue.
        divide: assigns the splits anew, in the transaction that it is given.
    """

    def __init__(self, database: Database, divide: Callable[[sqlite3.Connection], None]) -> None:
        self._database = database
        self._divide = divide
        self._local = threading.local()

    @contextmanager
    def giving_up(self, wanted: Callable[[], bool]) -> Iterator[None]:
        """Let the edits that this thread makes in the block be given up: then nothing of them has happened.

        Args:
            wanted: asked every millisecond whether to give up; the edit then raises ``Cancelled``.
        """
        self._local.wanted = wanted
        try:
            yield
        finally:
            self._local.wanted = None

    def undo(self) -> Done:
        """Take back the newest edit that stands; where there is none, nothing."""
        return self._turn(history.undo)

    def redo(self) -> Done:
        """Make the oldest edit that is undone again; where there is none, nothing."""
        return self._turn(history.redo)

    def next_undo(self) -> Edit | None:
        """The edit that ``undo`` would take back."""
        with self._database.reading() as db:
            return history.next_undo(db)

    def next_redo(self) -> Edit | None:
        """The edit that ``redo`` would make again."""
        with self._database.reading() as db:
            return history.next_redo(db)

    def history(self) -> list[Edit]:
        """All edits that are remembered, newest first."""
        with self._database.reading() as db:
            return history.select_edits(db)

    @contextmanager
    def recording(
        self, title: str, several: str = "", /, **values: Any
    ) -> Iterator[tuple[sqlite3.Connection, Recording]]:
        """An edit of several steps, as an import is one; see ``history.record``.

        Yields:
            The connection, and the edit: its ``id`` for the functions of this package, ``done`` after the block.
        """
        with self._writing() as db:
            with history.record(db, title, several, **values) as edit:
                yield db, edit
            if edit.done.splits:
                self._divide(db)

    def _turn(self, turn: Callable[[sqlite3.Connection], Done]) -> Done:
        with self._writing() as db:
            done = turn(db)
            if done.splits:
                self._divide(db)
            return done

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        wanted: Callable[[], bool] | None = getattr(self._local, "wanted", None)
        with self._database.writing(cancelled=wanted) as db:
            yield db
            if wanted is not None and wanted():
                raise Cancelled

    def _name(self, class_id: int | None) -> str:
        """The name of a class, for the title of an edit; that it was removed is said by the edit itself."""
        with self._database.reading() as db:
            row = db.execute("SELECT name FROM classes WHERE id = ?", [class_id]).fetchone()
        return "" if row is None else str(row[0])
