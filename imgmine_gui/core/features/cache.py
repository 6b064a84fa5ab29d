"""The cache of features: files of records with an index, safe for several processes and against being killed.

Records are brought to the disk before the index tells of them, in one transaction that one process has at a time. A
process that is killed in between leaves bytes that nothing points to, and the next writer puts its own there. Every
record carries a checksum of its name and values: one that is damaged is computed anew.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.features.index import (
    ASKED,
    add_space,
    connect,
    drop_old_entries,
    drop_oldest,
    note_use,
    row_of,
    slots_of,
    today,
    total_size,
)
from imgmine_gui.core.features.records import Records, append, mapped
from imgmine_gui.core.features.space import Features, Space, are_whole, make_records
from imgmine_gui.core.project.database import DAMAGED, error_code, translated_errors
from imgmine_gui.core.storage.atomic import write_error

FOLDER = "features"
"""Within a cache folder."""
DEFAULT_LIMIT = 4_000_000_000
"""Bytes: the pooled features of 1.5 million images, or 30,000 maps of 7x7."""
INDEX = "index.db"


@dataclass(frozen=True)
class SpaceUse:
    """What one space takes.

    Attributes:
        backbone: SHA-256 of its weights.
        kind: ``POOLED`` or ``MAP``.
        entries: images and views of images.
        size: in bytes.
        used: when it was last read or written, in seconds since 1970.
    """

    backbone: str
    kind: str
    entries: int
    size: int
    used: float


class Rows:
    """Features by position, read from the disk when they are asked for.

    Attributes:
        found: bool (n,), which of the names asked for are there, undamaged.
    """

    def __init__(self, space: Space, records: Records, slots: npt.NDArray[np.int64]) -> None:
        self.found = slots >= 0
        self._shape, self._records, self._slots = space.shape, records, slots

    def take(self, positions: npt.NDArray[np.intp]) -> Features:
        """float16 (len(positions), *shape); all of them must have been found."""
        if not len(positions):
            return np.zeros((0, *self._shape), np.float16)
        values: Features = self._records["values"][self._slots[positions]]
        return values


class FeatureCache:
    """The features in ``folder``, for one thread.

    Args:
        folder: made if need be; nothing else may lie in it.

    Raises:
        UserError: the folder cannot be made or written to. A damaged index is no error: the cache starts anew.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._in_use: set[str] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_error(folder, error) from error
        with translated_errors(folder / INDEX):
            self._db = self._open()
            self._remove_orphans()

    def rows(self, space: Space, names: Sequence[bytes]) -> Rows:
        """The features of ``names``; damaged ones count as not there, and are forgotten."""
        self._in_use.add(space.digest)
        slots, records = np.full(len(names), -1, np.int64), np.zeros(0, space.record)
        for _ in range(2):  # another process may write the file anew between the two looks
            with self._reading() as db:
                row = row_of(db, space)
                slots = slots_of(db, row["id"], names) if row else slots
            if row is None:
                break
            with suppress(UserError), self._writing() as db:  # a full drive can still be read
                note_use(db, row["id"], [name for name, slot in zip(names, slots, strict=True) if slot >= 0])
            mapping = mapped(self.folder / row["file"], space.record, row["slots"])
            if mapping is not None:
                records = mapping
                break
        self._forget_damaged(space, names, slots, records)
        return Rows(space, records, slots)

    def put(self, space: Space, names: Sequence[bytes], values: npt.NDArray[np.floating[Any]]) -> int:
        """Keep ``values`` (n, *shape); they are on the disk afterwards.

        Returns:
            How many of the names are kept now; 0 where the limit leaves no room.

        Raises:
            UserError: the disk is full or cannot be written; what was there before is unharmed.
        """
        self._in_use.add(space.digest)
        dropped: list[str] = []
        with self._writing() as db:
            row = row_of(db, space) or add_space(db, space)
            there = slots_of(db, row["id"], names) >= 0
            new = [position for position, name in enumerate(names) if not there[position]]
            if not new:
                return len(names)
            if not self._make_room(db, row["id"], len(new) * row["record"], dropped):
                return int(there.sum())
            row = row_of(db, space) or row
            records = make_records(space, [names[position] for position in new], values[new])
            append(self.folder / row["file"], row["slots"], records)
            day = today()
            slots = range(row["slots"], row["slots"] + len(new))
            rows = [(row["id"], names[position], slot, day) for position, slot in zip(new, slots, strict=True)]
            db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", rows)
            db.execute("UPDATE space SET slots = slots + ?, used = ? WHERE id = ?", [len(new), time.time(), row["id"]])
        self._unlink(dropped)
        return len(names)

    @property
    def limit(self) -> int:
        """Bytes that the cache may take; kept with it, for every process that uses it."""
        with translated_errors(self.folder / INDEX):
            row = self._db.execute("SELECT value FROM setting WHERE name = 'limit'").fetchone()
        return int(row["value"]) if row else DEFAULT_LIMIT

    @limit.setter
    def limit(self, value: int) -> None:
        dropped: list[str] = []
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES ('limit', ?)", [value])
            self._make_room(db, -1, 0, dropped)
        self._unlink(dropped)

    @property
    def size(self) -> int:
        """Bytes of all records."""
        with translated_errors(self.folder / INDEX):
            return total_size(self._db)

    def uses(self) -> list[SpaceUse]:
        """What takes how much, the most recently used first."""
        with translated_errors(self.folder / INDEX):
            rows = self._db.execute(
                "SELECT *, (SELECT count(*) FROM entry WHERE space = id) entries FROM space ORDER BY used DESC"
            ).fetchall()
        return [
            SpaceUse(row["backbone"], row["kind"], row["entries"], row["slots"] * row["record"], row["used"])
            for row in rows
        ]

    def clear(self) -> None:
        """Forget everything but the limit."""
        with self._writing() as db:
            files = [row["file"] for row in db.execute("SELECT file FROM space")]
            db.execute("DELETE FROM entry")
            db.execute("DELETE FROM space")
        self._unlink(files)

    def close(self) -> None:
        """Give the index back."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> sqlite3.Connection:
        try:
            return connect(self.folder / INDEX)
        except sqlite3.DatabaseError as error:
            if error_code(error) not in DAMAGED:
                raise
        for path in self.folder.glob(f"{INDEX}*"):
            path.unlink(missing_ok=True)
        return connect(self.folder / INDEX)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction in which several questions see one state."""
        with translated_errors(self.folder / INDEX):
            self._db.execute("BEGIN")
            try:
                yield self._db
            finally:
                self._db.rollback()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that only one process has at a time: all of the block happens, or nothing of it."""
        with translated_errors(self.folder / INDEX):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.commit()
            except BaseException:
                if self._db.in_transaction:  # a full disk has ended it already
                    self._db.rollback()
                raise

    def _remove_orphans(self) -> None:
        """Remove files that the index does not know: of a process that was killed before it could tell of them."""
        with self._writing() as db:
            known = {row["file"] for row in db.execute("SELECT file FROM space")}
            self._unlink([path.name for path in self.folder.glob("*.bin") if path.name not in known])

    def _unlink(self, files: Sequence[str]) -> None:
        for name in files:
            try:
                (self.folder / name).unlink(missing_ok=True)
            except PermissionError:
                continue  # another process has it mapped, on Windows: whoever opens the cache later removes it

    def _forget_damaged(
        self, space: Space, names: Sequence[bytes], slots: npt.NDArray[np.int64], records: Records
    ) -> None:
        """Take the entries without a whole record out of the index, and out of ``slots``."""
        claimed = np.flatnonzero(slots >= 0)
        whole = np.zeros(len(claimed), np.bool_)
        within = np.flatnonzero(slots[claimed] < len(records))
        for start in range(0, len(within), ASKED):
            part = within[start : start + ASKED]
            positions = claimed[part]
            whole[part] = are_whole([names[position] for position in positions], records[slots[positions]])
        damaged = claimed[~whole]
        if not len(damaged):
            return
        with suppress(UserError), self._writing() as db:  # on a full drive they are found damaged again
            row = row_of(db, space)
            if row is not None:
                gone = [(row["id"], names[position], int(slots[position])) for position in damaged]
                db.executemany("DELETE FROM entry WHERE space = ? AND name = ? AND slot = ?", gone)
        slots[damaged] = -1

    def _make_room(self, db: sqlite3.Connection, space: int, need: int, dropped: list[str]) -> bool:
        """Drop what was not used for the longest time: first spaces that are not in use here, then old entries.

        Args:
            space: that ``need`` bytes are to be added to.
            dropped: takes the names of the files that are to be removed when the transaction has ended well.

        Returns:
            Whether there is room now.
        """
        limit = self.limit
        while (over := total_size(db) + need - limit) > 0:
            file = drop_oldest(db, self._in_use) or drop_old_entries(db, self.folder, space, over)
            if file is None:
                return False
            dropped.append(file)
        return True
