"""Go through images in order, as indices have it, until a page is full; or give up soon."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from imgmine_gui.core.project.arrays import Numbers, select_arrays
from imgmine_gui.core.project.conditions import Conditions
from imgmine_gui.core.project.edits.changes import Plain
from imgmine_gui.core.project.image_query import ImageOrder, ImageQuery, SortBy
from imgmine_gui.core.project.keeping import kept
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.predicted import ids_by_confidence
from imgmine_gui.core.project.split_arrays import Mask

LOOKED_AT = 20_000
"""So many images are gone through in search of a page, in about 30 ms where they lie anywhere in the file."""

_SEQUENTIAL = 5
"""Times as many where they lie in the file one after the other."""
_CLASS_KEY = "position * 0x1000000 + id"
_SPLITS = " ".join(f"WHEN '{split.value}' THEN {place}" for place, split in enumerate(Split))
KEYS = {
    SortBy.ADDED: "images.id",
    SortBy.NAME: "name_key",
    SortBy.DATE: "mtime_ns",
    SortBy.SIZE: "size",
    SortBy.PIXELS: "width * height",
    SortBy.LABEL: f"ifnull((SELECT {_CLASS_KEY} FROM classes WHERE classes.id = class_id), {2**62})",  # noqa: S608 - constants
    SortBy.SPLIT: f"CASE split {_SPLITS} ELSE {len(Split)} END",
    SortBy.RATING: "rating",
    SortBy.FLAG: "flag",
    SortBy.CONFIDENCE: "ifnull((SELECT confidence FROM temp.predicted WHERE predicted.id = images.id), 2)",
}
"""SQL for what is compared."""
_CONFIDENCE_DOWN = KEYS[SortBy.CONFIDENCE].replace(" 2)", " -1)")
"""The same, so that images without a prediction come last when the order is descending."""

_INDICES = {
    SortBy.NAME: "images_by_name",
    SortBy.DATE: "images_by_time",
    SortBy.SIZE: "images_by_size",
    SortBy.PIXELS: "images_by_pixels",
}


@dataclass(frozen=True)
class _Stretch:
    """Images that follow each other in an index.

    Attributes:
        index: "INDEXED BY ..."; or "NOT INDEXED", for the order of ids.
        where: what they have in common, as SQL; it ends in AND.
        values: for its question marks.
        column: by which they are ordered before their ids; "" for none.
    """

    index: str
    where: str = ""
    values: tuple[Plain, ...] = ()
    column: str = ""


def walk_page(
    db: sqlite3.Connection,
    query: ImageQuery,
    conditions: Conditions,
    after: int | None,
    bounds: tuple[int, int],
    order: ImageOrder,
) -> list[int] | None:
    """The ids of the images that follow ``after``; ``None`` if that would take too long to find out.

    Args:
        db: the catalogue.
        query: which images.
        conditions: of the query.
        after: the id of an image.
        bounds: how many images at most, and how many are looked at for them: some of ``LOOKED_AT``.
        order: of the images.
    """
    limit, left = bounds
    stretches = list(_stretches(db, _sorted_by(query, order.by)))
    stretches = [_within(stretch, query) for stretch in stretches]
    if order.descending:
        stretches.reverse()
    first = 0
    if after is not None and len(stretches) > 1:
        first = next((place for place, one in enumerate(stretches) if _holds(db, one, after)), 0)
    found: list[int] = []
    for stretch in stretches[first:]:
        ids, looked_at = _walk(db, stretch, conditions, after, (limit - len(found), left), order.descending)
        found += ids
        left -= looked_at
        after = None
        if len(found) == limit:
            return found
        if left <= 0:
            return None
    return found


def ordered_by(order: ImageOrder) -> str:
    """SQL for the order, to be put behind ORDER BY."""
    way = " DESC" if order.descending else ""
    key = _CONFIDENCE_DOWN if order.by is SortBy.CONFIDENCE and order.descending else KEYS[order.by]
    return f"{key}{way}, images.id{way}"


def ids_in_order(db: sqlite3.Connection, order: ImageOrder) -> Numbers:
    """The ids of all images, in use or not, in order; int64 (images,).

    The connection remembers them: what the next queries find is brought into order by them.
    """
    if order.by is SortBy.CONFIDENCE:
        return kept(db, order, lambda: _by_confidence(db, order))
    ids = kept(db, order.by, lambda: _all_in_order(db, order.by))
    return ids[::-1] if order.descending else ids


def _by_confidence(db: sqlite3.Connection, order: ImageOrder) -> Numbers:
    """Those with a prediction first, either way."""
    predicted, others = predicted_in_order(db, order), _all_in_order(db, SortBy.ADDED)
    others = others[~among(others, predicted)[others]]
    return np.concatenate([predicted, others[::-1] if order.descending else others])


def predicted_in_order(db: sqlite3.Connection, order: ImageOrder) -> Numbers:
    """The ids of the images with a prediction by their confidence; int64 (images,)."""
    ids = ids_by_confidence(db)
    return ids[::-1] if order.descending else ids


def among(ordered: Numbers, ids: Numbers) -> Mask:
    """Which numbers are ``ids``: bool, long enough for all of ``ordered``."""
    wanted = np.zeros(1 + max(int(numbers.max(initial=0)) for numbers in (ordered, ids)), np.bool_)
    wanted[ids] = True
    return wanted


def _all_in_order(db: sqlite3.Connection, by: SortBy) -> Numbers:
    found = []
    for one in _stretches(db, by):
        ordered = f"{one.column}, id" if one.column else "id"
        rest = f"FROM images {one.index} WHERE {one.where} 1 ORDER BY {ordered}"
        found += select_arrays(db, ["id"], rest, one.values)
    return np.concatenate(found)


def _walk(
    db: sqlite3.Connection,
    stretch: _Stretch,
    conditions: Conditions,
    after: int | None,
    bounds: tuple[int, int],
    descending: bool,
) -> tuple[list[int], int]:
    """The images of a stretch behind ``after`` that meet the conditions, and how many were looked at.

    Args:
        bounds: how many images at most, and how many are looked at for them.
    """
    limit, most = bounds
    most *= 1 if stretch.index.startswith("INDEXED") else _SEQUENTIAL
    columns = f"{stretch.column}, id" if stretch.column else "id"
    way, beyond, short = ("DESC", "<", ">") if descending else ("ASC", ">", "<")
    ordered = f"{columns.replace(',', f' {way},')} {way}"
    where, values = stretch.where, stretch.values
    if after is not None:
        begin = f"SELECT {columns} FROM images WHERE id = ?" if stretch.column else "?"  # noqa: S608 - constants
        where, values = f"{where} ({columns}) {beyond} ({begin}) AND", (*values, after)
    start = f"FROM images {stretch.index} WHERE {where}"
    end = db.execute(f"SELECT {columns} {start} 1 ORDER BY {ordered} LIMIT 1 OFFSET ?", (*values, most)).fetchone()
    if end is None:
        (looked_at,) = db.execute(f"SELECT count(*) {start} 1", values).fetchone()
    else:
        looked_at = bounds[1]
        start, values = f"{start} ({columns}) {short} ({', '.join('?' * len(end))}) AND", (*values, *end)
    rows = db.execute(
        f"SELECT id {start} {conditions.where} ORDER BY {ordered} LIMIT ?",
        (*values, *conditions.values, limit),
    )
    return [number for (number,) in rows], looked_at


def _holds(db: sqlite3.Connection, stretch: _Stretch, image_id: int) -> bool:
    statement = f"SELECT 1 FROM images WHERE {stretch.where} id = ?"  # noqa: S608 - constants
    return db.execute(statement, (*stretch.values, image_id)).fetchone() is not None


def _sorted_by(query: ImageQuery, by: SortBy) -> SortBy:
    """The order, or that of ids where all images that meet the query are equal."""
    equal = {SortBy.SPLIT: query.split is not None, SortBy.FLAG: query.flag is not None}
    return SortBy.ADDED if equal.get(by) else by


def _within(stretch: _Stretch, query: ImageQuery) -> _Stretch:
    """The part of a stretch between the bounds that the query has for what it is ordered by."""
    bounds = {"size": query.sizes, "mtime_ns": (query.since_ns, query.before_ns)}.get(stretch.column, (None, None))
    where, values = stretch.where, stretch.values
    for sign, value in zip((">=", "<"), bounds, strict=True):
        if value is not None:
            where, values = f"{where} {stretch.column} {sign} ? AND", (*values, value)
    return replace(stretch, where=where, values=values)


def _stretches(db: sqlite3.Connection, by: SortBy) -> Iterator[_Stretch]:
    """All images in order; nothing for an order that no index has."""
    if by is SortBy.ADDED:
        yield _Stretch("NOT INDEXED")
    elif by in _INDICES:
        yield _Stretch(f"INDEXED BY {_INDICES[by]}", column=KEYS[by])
    elif by is SortBy.LABEL:
        classes = db.execute(f"SELECT id FROM classes ORDER BY {_CLASS_KEY}").fetchall()  # noqa: S608 - constant
        yield from _equal("class_id", [class_id for (class_id,) in classes], "images_by_class")
        yield _Stretch("INDEXED BY images_by_class", "class_id IS NULL AND")
    elif by is SortBy.SPLIT:
        yield from _equal("split", [split.value for split in Split], "images_by_split")
        yield _Stretch("INDEXED BY images_by_split", "split IS NULL AND")
    elif by is SortBy.RATING:
        yield _Stretch("NOT INDEXED", "rating = 0 AND")
        yield from _equal("rating > 0 AND rating", range(1, 6), "images_by_rating")
    elif by is SortBy.FLAG:
        yield from _equal("flag <> 0 AND flag", [-1], "images_by_flag")
        yield _Stretch("NOT INDEXED", "flag = 0 AND")
        yield from _equal("flag <> 0 AND flag", [1], "images_by_flag")


def _equal(column: str, values: Iterable[Plain], index: str) -> Iterator[_Stretch]:
    for value in values:
        yield _Stretch(f"INDEXED BY {index}", f"{column} = ? AND", (value,))
