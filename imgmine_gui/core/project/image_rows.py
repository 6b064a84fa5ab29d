"""Images of the catalogue as they are shown and used."""

import json
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imgmine_gui.core.images.pages import with_page
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.records import ScanResult, explain, shown, stored_record
from imgmine_gui.core.project.transcriptions.catalogued import read_options
from imgmine_gui.core.project.transcriptions.options import TranscriptionOptions
from imgmine_gui.core.project.transcriptions.wording import normalised


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
        page: of a file of several, from 0.
        size: of the file, in bytes.
        mtime_ns: when the file was changed, in nanoseconds since 1970.
        class_id: of its class.
        by_hand: whether the label was set by a person or an import.
        changed: whether its content is no longer the one that it was labelled for by hand.
        split_set: the split that a person or an import gave it.
        excluded: whether it is left out of every split.
        rating: stars, 0 to 5.
        flag: 1 picked, -1 rejected, 0 neither.
        group: "" for none.
        note: "" for none.
        text: what is written in it, as it was read or typed; "" if that is not known.
        text_by_hand: whether the text was set by a person or an import.
        text_reason: why what files say of its text cannot be used, in words; "" if there is nothing wrong.
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
    page: int = 0
    size: int = 0
    mtime_ns: int = 0
    class_id: int | None = None
    by_hand: bool = False
    changed: bool = False
    split_set: Split | None = None
    excluded: bool = False
    rating: int = 0
    flag: int = 0
    group: str = ""
    note: str = ""
    text: str = ""
    text_by_hand: bool = False
    text_reason: str = ""


_ROWS = """
    SELECT sources.path, is_file, images.path, explanation, split, split_set, class_set, set_key,
           images.id, source_id, key, width, height, classes.name, problem, page, size, mtime_ns, class_id, excluded,
           rating, flag, group_name, note, text, text_set, text_problem
    FROM images JOIN sources ON sources.id = source_id LEFT JOIN classes ON classes.id = class_id
"""


def location(source: bytes, is_file: int, path: bytes, page: int = 0) -> bytes:
    """Where an image lies: a source that is a file is the image itself; a later page is ``FILE#page=N``, N from 1."""
    return with_page(source if is_file else os.path.join(source, path), page + 1)


def select_rows(db: sqlite3.Connection, ids: Sequence[int]) -> list[ImageRow]:
    """The images of these ids, in this order; those that are gone are left out."""
    statement = f"{_ROWS} WHERE state = 0 AND images.id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
    found = {row.id: row for row in map(_row, db.execute(statement, [json.dumps(list(ids))]))}
    return [found[number] for number in ids if number in found]


def select_items(db: sqlite3.Connection, split: Split | None, labelled: bool | None) -> list[DataItem]:
    """The images that are used: readable and not excluded, in the order of sources and paths.

    Args:
        db: the catalogue.
        split: only those of this split.
        labelled: only those with a label, or only those without.
    """
    statement = """
        SELECT sources.path, is_file, images.path, page, classes.name, split, key, text
        FROM images JOIN sources ON sources.id = source_id LEFT JOIN classes ON classes.id = class_id
        WHERE state = 0 AND problem = '' AND excluded = 0 AND (?1 IS NULL OR split = ?1)
        AND (?2 IS NULL OR (class_id NOT NULL) = ?2) ORDER BY source_id, images.path, page
    """
    values = [None if split is None else split.value, labelled]
    form = (read_options(db) or TranscriptionOptions()).normalisation
    return [
        DataItem(
            os.fsdecode(location(source, is_file, path, page)),
            label,
            Split(kind) if kind else None,
            key,
            normalised(text, form) if text else None,
        )
        for source, is_file, path, page, label, kind, key, text in db.execute(statement, values)
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


def _row(found: tuple[Any, ...]) -> ImageRow:
    source, is_file, path, explanation, split, split_set, class_set, set_key, number, source_id, key, *rest = found
    width, height, label, problem, page, size, mtime_ns, class_id, excluded, rating, flag, group, note, *written = rest
    text, text_set, text_problem = written
    place = with_page(path, page + 1)
    return ImageRow(
        id=number,
        source_id=source_id,
        path=os.fsdecode(location(source, is_file, path, page)),
        name=shown(os.path.basename(place)),
        key=key,
        width=width,
        height=height,
        label=label,
        split=Split(split) if split else None,
        problem=problem,
        reason=explain(explanation, place),
        page=page,
        size=size,
        mtime_ns=mtime_ns,
        class_id=class_id,
        by_hand=bool(class_set),
        changed=bool(class_set) and set_key != key,
        split_set=Split(split_set) if split_set else None,
        excluded=bool(excluded),
        rating=rating,
        flag=flag,
        group=group,
        note=note,
        text=text,
        text_by_hand=bool(text_set),
        text_reason=explain(text_problem, place),
    )
