"""The images that meet a query, in order: all their ids, or a page of them at once.

Some ways lead to a page, and the quickest is taken. Where an index knows a few images that meet one of the conditions,
these are looked at. Otherwise the images are gone through in order until the page is full, for as long as that takes
some milliseconds: where every condition is met by many, that is soon. Conditions that many images meet, but none of
those that come first, are left: there the images that an index knows to meet one are brought into the order of all
images, which the connection remembers from page to page.
"""

import json
import sqlite3
from array import array

import numpy as np

from imgmine_gui.core.project import page_walk
from imgmine_gui.core.project.arrays import Numbers, select_arrays
from imgmine_gui.core.project.conditions import Conditions, read_conditions
from imgmine_gui.core.project.image_query import ImageOrder, ImageQuery, SortBy
from imgmine_gui.core.project.image_rows import ImageRow, location, select_rows
from imgmine_gui.core.project.keeping import recalled
from imgmine_gui.core.project.names import searchable
from imgmine_gui.core.project.page_walk import among, ids_in_order, ordered_by, predicted_in_order, walk_page

__all__ = [
    "ImageOrder",
    "ImageQuery",
    "ImageRow",
    "SortBy",
    "count_images",
    "location",
    "searchable",
    "select_ids",
    "select_page",
    "select_rows",
]


def select_page(
    db: sqlite3.Connection, query: ImageQuery, after: int | None, limit: int, order: ImageOrder
) -> list[ImageRow]:
    """At most ``limit`` images (-1: all) that follow the image with the id ``after``."""
    conditions = read_conditions(db, query)
    if not conditions.few and limit >= 0:
        found = None
        otherwise_quick = conditions.many and recalled(db, order.by) is not None
        most = page_walk.LOOKED_AT // (4 if otherwise_quick else 1)
        if order.by is not SortBy.CONFIDENCE:
            found = walk_page(db, query, conditions, after, (limit, most), order)
        if found is None and (conditions.many or order.by is SortBy.CONFIDENCE):
            only_predicted = order.by is SortBy.CONFIDENCE and query.of_predictions
            ordered = predicted_in_order(db, order) if only_predicted else ids_in_order(db, order)
            found = _page_of_many(db, conditions, _following(ordered, after, -1), limit)
        if found is not None:
            return select_rows(db, found)
    if after is not None:
        conditions = conditions.or_image(after)
    return select_rows(db, _following(_ids(db, conditions, order), after, limit).tolist())


def select_ids(db: sqlite3.Connection, query: ImageQuery, order: ImageOrder) -> "array[int]":
    """The ids of all images that meet the query, in order."""
    ids = array("q")
    found = np.ascontiguousarray(_ids(db, read_conditions(db, query), order))
    ids.frombytes(found.view(np.uint8).data)  # of a million ids, no further copy
    return ids


def count_images(db: sqlite3.Connection, query: ImageQuery) -> int:
    """How many images meet the query."""
    conditions = read_conditions(db, query)
    if conditions.few:
        return len(_ids_of_few(db, conditions, ImageOrder()))
    statement = f"SELECT count(*) FROM images NOT INDEXED WHERE {conditions.where}"  # noqa: S608 - constants
    return int(db.execute(statement, conditions.values).fetchone()[0])


def _ids(db: sqlite3.Connection, conditions: Conditions, order: ImageOrder) -> Numbers:
    return _ids_of_few(db, conditions, order) if conditions.few else _ids_of_many(db, conditions, order)


def _ids_of_few(db: sqlite3.Connection, conditions: Conditions, order: ImageOrder) -> Numbers:
    """All ids in order, where an index knows the few images that they are among."""
    rest = f"""
        FROM images NOT INDEXED WHERE images.id IN ({conditions.few}) AND {conditions.where}
        ORDER BY {ordered_by(order)}
    """
    (ids,) = select_arrays(db, ["images.id"], rest, (*conditions.few_values, *conditions.values))
    return ids


def _ids_of_many(db: sqlite3.Connection, conditions: Conditions, order: ImageOrder) -> Numbers:
    """All ids in order, where all images have to be looked at."""
    (ids,) = select_arrays(
        db, ["images.id"], f"FROM images NOT INDEXED WHERE {conditions.where} ORDER BY images.id", conditions.values
    )
    if order.by is SortBy.ADDED:
        return ids[::-1] if order.descending else ids
    ordered = ids_in_order(db, order)
    return ordered[among(ordered, ids)[ordered]]


def _page_of_many(db: sqlite3.Connection, conditions: Conditions, ordered: Numbers, limit: int) -> list[int]:
    """A page of some images, or of those that an index knows to meet a condition: looked at until the page is full."""
    if conditions.many:
        many = f"FROM (SELECT NULL AS id WHERE 0 UNION ALL {conditions.many})"
        (ids,) = select_arrays(db, ["id"], many, conditions.many_values)
        ordered = ordered[among(ordered, ids)[ordered]]
    found: list[int] = []
    start, length = 0, 2 * limit
    while len(found) < limit and start < len(ordered):
        piece = ordered[start : start + length].tolist()
        statement = f"SELECT id FROM images WHERE id IN (SELECT value FROM json_each(?)) AND {conditions.where}"  # noqa: S608
        meets = {number for (number,) in db.execute(statement, (json.dumps(piece), *conditions.values))}
        found += [number for number in piece if number in meets]
        start, length = start + length, 2 * length
    return found[:limit]


def _following(ids: Numbers, after: int | None, limit: int) -> Numbers:
    """The page of ``ids`` behind one of them; from the beginning if there is no such image any more."""
    places = np.flatnonzero(ids == after) if after is not None else ids[:0]
    start = int(places[0]) + 1 if len(places) else 0
    return ids[start:] if limit < 0 else ids[start : start + limit]
