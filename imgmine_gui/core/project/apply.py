"""Bring the catalogue in line with what a scan found, inside one transaction.

An image whose file was moved or renamed inside its source is recognised by its content: its row, with its id, goes
along. An image whose file is gone keeps its row, marked as missing, and takes it up again when the file comes back.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from imgmine_gui.core.images.pages import with_page
from imgmine_gui.core.project.edits.class_book import classes_in_use, ensure_folder_classes
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.queries import searchable
from imgmine_gui.core.project.records import FileRecord, ScanResult, explain, shown
from imgmine_gui.core.project.splits import SplitSettings, assign_splits


@dataclass(frozen=True)
class Applied:
    """How many images a scan found to be new, of other content, moved, and missing that were there before."""

    added: int
    changed: int
    moved: int
    missing: int


class _Columns(NamedTuple):
    """What a scan says of an image, as it is stored."""

    page: int
    size: int
    mtime_ns: int
    inode: int
    key: str
    width: int
    height: int
    class_given: int | None
    split_given: str | None
    problem: str
    explanation: str


class _Known(NamedTuple):
    """A row of the catalogue before the scan."""

    id: int
    state: int
    columns: _Columns


_NAMES = ", ".join(_Columns._fields)
_SELECT = f"SELECT path, id, state, {_NAMES} FROM images"  # noqa: S608 - made of constants
_INSERT = (
    f"INSERT INTO images (source_id, path, search, {_NAMES}, class_id) "  # noqa: S608 - made of constants
    f"VALUES (?, ?, ?, {', '.join('?' * len(_Columns._fields))}, ?)"
)
_UPDATE = (
    f"UPDATE images SET state = 0, path = ?, search = ?, {', '.join(f'{name} = ?' for name in _Columns._fields)}, "  # noqa: S608
    "class_id = CASE WHEN class_set THEN class_id ELSE ? END WHERE id = ?"
)


def known_files(db: sqlite3.Connection, source_id: int) -> dict[bytes, FileRecord]:
    """What the last scans of a source found, by place; with the files that were missing lately."""
    rows = db.execute(f"{_SELECT} WHERE source_id = ?", [source_id])
    return {record.place: record for record in _records(db, rows)}


def last_scan(db: sqlite3.Connection) -> ScanResult:
    """What the last scans of all sources found, as if they were one."""
    rows = db.execute(f"{_SELECT} WHERE state = 0 ORDER BY source_id, path, page")
    records = tuple(_records(db, rows))
    unreadable = [record for record in records if record.problem]
    not_images = db.execute("SELECT coalesce(sum(not_images), 0) FROM sources WHERE removed = 0").fetchone()[0]
    return ScanResult(records, unreadable, not_images, len(records) - len(unreadable))


def write_scan(db: sqlite3.Connection, source_id: int, result: ScanResult) -> Applied:
    """Write what a scan of a source found. Splits are assigned afterwards, by ``write_splits``."""
    class_ids = ensure_folder_classes(db, (record.label for record in result.records if record.label is not None))
    in_use = classes_in_use(db)
    known = {
        with_page(path, columns[0] + 1): _Known(number, state, _Columns(*columns))
        for path, number, state, *columns in db.execute(f"{_SELECT} WHERE source_id = ?", [source_id])
    }
    gone = dict(known)
    for record in result.records:
        gone.pop(record.place, None)
    moved = _moved((record for record in result.records if record.place not in known), gone)
    added: list[tuple[object, ...]] = []
    updated: list[tuple[object, ...]] = []
    changed = 0
    for record in result.records:
        columns = _columns(record, class_ids)
        path = (record.path, searchable(shown(record.place)))
        before = moved.get(record.place) or known.get(record.place)
        if before is None:
            added.append((source_id, *path, *columns, in_use[columns.class_given]))
        elif before.state or before.columns != columns or record.place in moved:
            updated.append((*path, *columns, in_use[columns.class_given], before.id))
            changed += before.columns.key != columns.key
    missing = [(row.id,) for row in gone.values() if row.state == 0]
    db.executemany(_UPDATE, updated)
    db.executemany(_INSERT, added)
    db.executemany("UPDATE images SET state = 1 WHERE id = ?", missing)
    counts = [result.images, len(result.unreadable), result.not_images]
    db.execute("UPDATE sources SET images = ?, unreadable = ?, not_images = ? WHERE id = ?", [*counts, source_id])
    return Applied(len(added), changed, len(moved), len(missing))


def write_splits(db: sqlite3.Connection, settings: SplitSettings) -> None:
    """Assign the splits of all images anew; only rows whose split changes are written."""
    rows = db.execute(
        "SELECT id, class_id, split_given, key, split FROM images WHERE state = 0 AND problem = '' ORDER BY id"
    ).fetchall()
    assigned = assign_splits(
        [None if class_id is None else str(class_id) for _, class_id, *_ in rows],
        [Split(given) if given else None for _, _, given, *_ in rows],
        [key for *_, key, _ in rows],
        settings,
    )
    changes = [
        (split, number)
        for (number, *_, before), split in zip(rows, assigned, strict=True)
        if before != (split.value if split else None)
    ]
    db.executemany("UPDATE images SET split = ? WHERE id = ?", changes)
    db.execute("UPDATE images SET split = NULL WHERE split IS NOT NULL AND (state <> 0 OR problem <> '')")


def _records(db: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> Iterator[FileRecord]:
    """Rows of ``_SELECT`` as records."""
    classes = dict(db.execute("SELECT id, name FROM classes").fetchall())
    for path, _, _, page, size, mtime_ns, inode, key, width, height, class_id, given, problem, explanation in rows:
        label = None if class_id is None else classes[class_id]
        split = Split(given) if given else None
        reason = explain(explanation, with_page(path, page + 1))
        yield FileRecord(
            path, size, mtime_ns, inode, key, width, height, label, split, problem, reason, explanation, page
        )


def _moved(new: Iterable[FileRecord], gone: dict[bytes, _Known]) -> dict[bytes, _Known]:
    """The rows of images that went to another place, by the new one; they are taken out of ``gone``."""
    by_key: dict[str, list[bytes]] = defaultdict(list)
    for place in sorted(gone, reverse=True):
        by_key[gone[place].columns.key].append(place)
    return {record.place: gone.pop(by_key[record.key].pop()) for record in new if record.key and by_key.get(record.key)}


def _columns(record: FileRecord, class_ids: Mapping[str, int]) -> _Columns:
    return _Columns(
        record.page,
        record.size,
        record.mtime_ns,
        record.inode,
        record.key,
        record.width,
        record.height,
        None if record.label is None else class_ids[record.label],
        record.split.value if record.split else None,
        record.problem,
        record.explanation,
    )
