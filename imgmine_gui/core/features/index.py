"""The index of the cache: which spaces and entries there are, where their records lie, and what is dropped first."""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.features.records import copy, mapped
from imgmine_gui.core.features.space import Space

BUSY_SECONDS = 60.0
ASKED = 500
"""Names in one question."""
DROPPED_PART = 4
"""At least the fourth part of a file is dropped at once, as the rest of it is written anew."""

_SCHEMA = """
    CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE space (
        id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, backbone TEXT NOT NULL, kind TEXT NOT NULL,
        file TEXT NOT NULL, record INTEGER NOT NULL, slots INTEGER NOT NULL, used REAL NOT NULL
    );
    CREATE TABLE entry (
        space INTEGER NOT NULL, name BLOB NOT NULL, slot INTEGER NOT NULL, day INTEGER NOT NULL,
        PRIMARY KEY (space, name)
    ) WITHOUT ROWID;
"""
_SCHEMA_VERSION = 1


def connect(path: Path) -> sqlite3.Connection:
    """The index at ``path``, made if need be; an index of another version is emptied."""
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")  # the newest entries may be lost with the power, nothing worse
        db.execute("BEGIN IMMEDIATE")
        if db.execute("PRAGMA user_version").fetchone()[0] != _SCHEMA_VERSION:
            for name in ("setting", "space", "entry"):
                db.execute(f"DROP TABLE IF EXISTS {name}")
            for statement in _SCHEMA.split(";")[:-1]:
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
        db.commit()
    except BaseException:
        db.close()
        raise
    return db


def row_of(db: sqlite3.Connection, space: Space) -> Any:
    """What the index says of a space; None where it has none."""
    return db.execute("SELECT * FROM space WHERE digest = ?", [space.digest]).fetchone()


def add_space(db: sqlite3.Connection, space: Space) -> Any:
    """Enter a space without entries."""
    db.execute(
        "INSERT INTO space (digest, backbone, kind, file, record, slots, used) VALUES (?, ?, ?, ?, ?, 0, ?)",
        [space.digest, space.backbone, space.kind, file_name(space.digest), space.record.itemsize, time.time()],
    )
    return row_of(db, space)


def file_name(digest: str) -> str:
    """Never one that was used before: somebody may still have that mapped."""
    return f"{digest[:12]}-{time.time_ns():x}.bin"


def slots_of(db: sqlite3.Connection, space: int, names: Sequence[bytes]) -> npt.NDArray[np.int64]:
    """Where the records of ``names`` are, -1 for those that are nowhere."""
    found: dict[bytes, int] = {}
    for start in range(0, len(names), ASKED):
        part = names[start : start + ASKED]
        marks = ",".join("?" * len(part))
        query = f"SELECT name, slot FROM entry WHERE space = ? AND name IN ({marks})"  # noqa: S608 - question marks
        found.update((row["name"], row["slot"]) for row in db.execute(query, [space, *part]))
    return np.array([found.get(name, -1) for name in names], np.int64)


def note_use(db: sqlite3.Connection, space: int, names: Sequence[bytes]) -> None:
    """Write down that the space was used now, and which entries were used today: once a day for each."""
    db.execute("UPDATE space SET used = ? WHERE id = ?", [time.time(), space])
    day = today()
    if db.execute("SELECT 1 FROM entry WHERE space = ? AND day < ? LIMIT 1", [space, day]).fetchone():
        changes = [(day, space, name, day) for name in names]
        db.executemany("UPDATE entry SET day = ? WHERE space = ? AND name = ? AND day < ?", changes)


def total_size(db: sqlite3.Connection) -> int:
    """Bytes of all records."""
    return int(db.execute("SELECT coalesce(sum(slots * record), 0) FROM space").fetchone()[0])


def today() -> int:
    """Days since 1970."""
    return int(time.time() // 86_400)


def drop_oldest(db: sqlite3.Connection, kept: Iterable[str]) -> str | None:
    """Take the space that was not used for the longest time out of the index, unless its digest is among ``kept``.

    Returns:
        Its file, which is to be removed when the transaction has ended well; None where there is nothing to drop.
    """
    digests = set(kept)
    rows = db.execute("SELECT id, digest, file FROM space ORDER BY used").fetchall()
    oldest = next((row for row in rows if row["digest"] not in digests), None)
    if oldest is None:
        return None
    db.execute("DELETE FROM entry WHERE space = ?", [oldest["id"]])
    db.execute("DELETE FROM space WHERE id = ?", [oldest["id"]])
    return str(oldest["file"])


def drop_old_entries(db: sqlite3.Connection, folder: Path, space: int, over: int) -> str | None:
    """Drop entries of one space that were not used today, the longest unused first, until ``over`` bytes are free.

    The records that stay are written to a new file; whoever has the old one mapped goes on with that.

    Returns:
        The old file, which is to be removed when the transaction has ended well; None where nothing could be dropped.
    """
    row = db.execute("SELECT * FROM space WHERE id = ?", [space]).fetchone()
    if row is None:
        return None
    db.execute(
        "DELETE FROM entry WHERE space = ? AND name IN "
        "(SELECT name FROM entry WHERE space = ? AND day < ? ORDER BY day LIMIT ?)",
        [space, space, today(), max(-(-over // row["record"]), row["slots"] // DROPPED_PART)],
    )
    kept = db.execute("SELECT name, slot FROM entry WHERE space = ? ORDER BY slot", [space]).fetchall()
    if len(kept) == row["slots"]:
        return None
    new = file_name(row["digest"])
    source = mapped(folder / row["file"], np.dtype((np.void, row["record"])), row["slots"])
    there = [entry for entry in kept if source is not None and entry["slot"] < len(source)]
    if source is not None:
        copy(source, np.array([entry["slot"] for entry in there], np.int64), folder / new)
    gone = {entry["name"] for entry in kept} - {entry["name"] for entry in there}
    db.executemany("DELETE FROM entry WHERE space = ? AND name = ?", [(space, name) for name in gone])
    moved = [(slot, space, entry["name"]) for slot, entry in enumerate(there)]
    db.executemany("UPDATE entry SET slot = ? WHERE space = ? AND name = ?", moved)
    db.execute("UPDATE space SET file = ?, slots = ? WHERE id = ?", [new, len(there), space])
    return str(row["file"])
