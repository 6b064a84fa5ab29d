"""What is worked out from the rows of a catalogue, remembered for as long as no row changes."""

import sqlite3
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from imgmine_gui.core.project.arrays import Numbers

T = TypeVar("T")

MOST_KEPT = 2
"""Results that a connection remembers; one of a million images has 8 MB."""


class KeepingConnection(sqlite3.Connection):
    """A connection with a memory; what it remembers is forgotten once anything is written, by whomever."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._state: tuple[int, int] | None = None
        self._kept: OrderedDict[object, Any] = OrderedDict()
        self.staged: object = None
        """What its temporary tables were made of."""
        self.staged_at: tuple[int, int] | None = None
        """In which state those were made that follow from rows."""
        self.staged_order: Numbers | None = None
        """The ids in those tables by confidence."""

    def state(self) -> tuple[int, int]:
        """Another one after anything was written, by this connection or by another."""
        (written_by_others,) = self.execute("PRAGMA data_version").fetchone()
        return int(written_by_others), self.total_changes

    def recall(self, name: object) -> Any:
        """What is remembered under a name and still holds; ``None`` for nothing."""
        state = self.state()
        if state != self._state:
            self._state = state
            self._kept.clear()
        return self._kept.get(name)

    def remember(self, name: object, value: object) -> None:
        """Remember a value that follows from the rows as they were when ``recall`` was last called."""
        self._kept[name] = value
        self._kept.move_to_end(name)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)


def recalled(db: sqlite3.Connection, name: object) -> Any:
    """What ``db`` remembers under a name; ``None`` for nothing."""
    return db.recall(name) if isinstance(db, KeepingConnection) else None


def kept(db: sqlite3.Connection, name: object, make: Callable[[], T]) -> T:
    """What ``db`` remembers under a name, or else what ``make`` reads, which is remembered.

    Args:
        db: in a transaction.
        name: whatever the value depends on beside the rows.
        make: reads it, and writes nothing.
    """
    found: T | None = recalled(db, name)
    if found is None:
        found = make()
        if isinstance(db, KeepingConnection):
            db.remember(name, found)
    return found
