"""Which images are asked for, as SQL, and the rows that come back."""

import json
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from imgmine_gui.core.images.pages import with_page
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.names import searchable
from imgmine_gui.core.project.records import ScanResult, explain, shown, stored_record


@dataclass(frozen=True)
class ImageQuery:
    """Conditions that an image must all meet.

    Attributes:
        source_id: it lies in this source.
        label: it has this label.
        split: it is in this split.
        unlabelled: whether it has no label; ``None`` for either.
        problems: whether it could not be read; ``None`` for either.
        shared: its content also occurs in another "split", or with another "label".
        text: occurs in its path below the source, without regard to case.
    """

    source_id: int | None = None
    label: str | None = None
    split: Split | None = None
    unlabelled: bool | None = None
    problems: bool | None = None
    shared: Literal["split", "label"] | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ImageRow:
    """An image of the catalogue.

    Attributes:
        id: never given to another image.
        source_id: of its source.
        path: absolute, of a later page ``FILE#page=N``; bytes that are no UTF-8 as ``os.fsdecode`` gives them.
        name: of the file (and the page), as it can be shown.
        key: of the content; "" if it could not be read.
        width: in pixels, oriented; 0 if unknown.
        height: in pixels, oriented; 0 if unknown.
        label: its class.
        split: what it is used for.
        problem: value of an ``ImageProblem``; "" if there is none.
        reason: the problem in words, in the current language; "" if there is none.
    """

    id: int
    source_id: int
    path: str
    name: str
    key: str
    width: int
    height: int
    label: str | None
    split: Split | None
    problem: str
    reason: str


_ROWS = """
    SELECT images.id, source_id, sources.path, is_file, images.path, page, key, width, height, classes.name, split,
           problem, explanation
    FROM images JOIN sources ON sources.id = source_id LEFT JOIN classes ON classes.id = class_id
"""


_SHARED = {
    column: f"""key IN (
        SELECT key FROM images WHERE state = 0 AND key <> '' GROUP BY key HAVING min({column}) <> max({column})
    )"""  # noqa: S608 - made of constants
    for column in ("split", "class_id")
}


def location(source: bytes, is_file: int, path: bytes, page: int = 0) -> bytes:
    """Where an image lies: a source that is a file is the image itself; a later page is ``FILE#page=N``, N from 1."""
    return with_page(source if is_file else os.path.join(source, path), page + 1)


def select_page(db: sqlite3.Connection, query: ImageQuery, after: int | None, limit: int) -> list[ImageRow]:
    """At most ``limit`` images with ids above ``after``, in the order of their ids."""
    where, values = _condition(query)
    statement = f"{_ROWS} WHERE {where} AND images.id > ? ORDER BY images.id LIMIT ?"
    return [_row(found) for found in db.execute(statement, [*values, -1 if after is None else after, limit])]


def select_ids(db: sqlite3.Connection, query: ImageQuery) -> list[int]:
    """The ids of all images that meet the query, in their order."""
    where, values = _condition(query)
    return [found[0] for found in db.execute(f"SELECT id FROM images WHERE {where} ORDER BY id", values)]  # noqa: S608 - constants


def select_rows(db: sqlite3.Connection, ids: Sequence[int]) -> list[ImageRow]:
    """The images of these ids, in this order; those that are gone are left out."""
    statement = f"{_ROWS} WHERE state = 0 AND images.id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
    found = {row.id: row for row in map(_row, db.execute(statement, [json.dumps(list(ids))]))}
    return [found[number] for number in ids if number in found]


def count_images(db: sqlite3.Connection, query: ImageQuery) -> int:
    """How many images meet the query."""
    where, values = _condition(query)
    return int(db.execute(f"SELECT count(*) FROM images WHERE {where}", values).fetchone()[0])  # noqa: S608 - constants


def select_items(db: sqlite3.Connection, split: Split | None, labelled: bool | None) -> list[DataItem]:
    """The readable images of a split (or of all), labelled, unlabelled or both, in the order of sources and paths."""
    where, values = _condition(
        ImageQuery(split=split, unlabelled=None if labelled is None else not labelled, problems=False)
    )
    return [
        DataItem(os.fsdecode(location(source, is_file, path, page)), label, Split(kind) if kind else None, key)
        for source, is_file, path, page, label, kind, key in db.execute(
            f"""
            SELECT sources.path, is_file, images.path, page, classes.name, split, key
            FROM images JOIN sources ON sources.id = source_id LEFT JOIN classes ON classes.id = class_id
            WHERE {where} ORDER BY source_id, images.path, page
            """,  # noqa: S608 - made of constants
            values,
        )
    ]


def select_scan(db: sqlite3.Connection) -> ScanResult:
    """What the last scans of all sources found, as if they were one; paths are relative to their sources."""
    rows = db.execute(
        """
        SELECT images.path, size, mtime_ns, inode, key, width, height, name, split_given, problem, explanation, page
        FROM images LEFT JOIN classes ON classes.id = class_given WHERE state = 0 ORDER BY source_id, images.path, page
        """
    )
    records = tuple(map(stored_record, rows))
    unreadable = [record for record in records if record.problem]
    not_images = db.execute("SELECT coalesce(sum(not_images), 0) FROM sources WHERE removed = 0").fetchone()[0]
    return ScanResult(records, unreadable, not_images, len(records) - len(unreadable))


def _condition(query: ImageQuery) -> tuple[str, list[object]]:
    """The condition of a ``WHERE``, made of constants only, and the values of its question marks."""
    parts: list[str] = ["state = 0"]
    values: list[object] = []
    if query.source_id is not None:
        parts.append("source_id = ?")
        values.append(query.source_id)
    if query.label is not None:
        parts.append("class_id = (SELECT id FROM classes WHERE name = ? AND removed = 0)")
        values.append(query.label)
    if query.split is not None:
        parts.append("split = ?")
        values.append(query.split.value)
    if query.unlabelled is not None:
        parts.append("class_id IS NULL" if query.unlabelled else "class_id IS NOT NULL")
    if query.problems is not None:
        parts.append("problem <> ''" if query.problems else "problem = ''")
    if query.shared is not None:
        parts.append(_SHARED["split" if query.shared == "split" else "class_id"])
    if query.text:
        parts.append("instr(search, ?) > 0")
        values.append(searchable(query.text))
    return " AND ".join(parts), values


def _row(found: tuple[int, int, bytes, int, bytes, int, str, int, int, str | None, str | None, str, str]) -> ImageRow:
    number, source_id, source, is_file, path, page, key, width, height, label, split, problem, explanation = found
    place = with_page(path, page + 1)
    return ImageRow(
        number,
        source_id,
        os.fsdecode(location(source, is_file, path, page)),
        shown(os.path.basename(place)),
        key,
        width,
        height,
        label,
        Split(split) if split else None,
        problem,
        explain(explanation, place),
    )
