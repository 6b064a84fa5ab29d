"""The images that meet a query, in order: all their ids, or a page of them at once.

Three ways lead to a page, and the quickest is taken. Where an index knows a few images that meet one of the conditions,
these are looked at. Otherwise the images are gone through in order until the page is full, for as long as that takes
some milliseconds: where every condition is met by many, that is soon. What is left, conditions that many images meet
but hardly one all of them, is worked out for all images, as the whole list is.
"""

import sqlite3
from array import array

import numpy as np

from imgmine_gui.core.project.arrays import Numbers, select_arrays
from imgmine_gui.core.project.conditions import Conditions, read_conditions
from imgmine_gui.core.project.image_query import ImageOrder, ImageQuery, SortBy
from imgmine_gui.core.project.image_rows import ImageRow, location, select_rows
from imgmine_gui.core.project.names import searchable
from imgmine_gui.core.project.page_walk import KEYS, walk_page

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
        found = walk_page(db, query, conditions, after, limit, order)
        if found is not None:
            return select_rows(db, found)
    if after is not None:
        conditions = conditions.or_image(after)
    return select_rows(db, _following(_ids(db, conditions, order), after, limit).tolist())


def select_ids(db: sqlite3.Connection, query: ImageQuery, order: ImageOrder) -> "array[int]":
    """The ids of all images that meet the query, in order."""
    ids = array("q")
    ids.frombytes(_ids(db, read_conditions(db, query), order).tobytes())
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
    way = " DESC" if order.descending else ""
    rest = f"""
        FROM images NOT INDEXED WHERE images.id IN ({conditions.few}) AND {conditions.where}
        ORDER BY {KEYS[order.by]}{way}, images.id{way}
    """
    (ids,) = select_arrays(db, ["images.id"], rest, (*conditions.few_values, *conditions.values))
    return ids


def _ids_of_many(db: sqlite3.Connection, conditions: Conditions, order: ImageOrder) -> Numbers:
    """All ids in order, where all images have to be looked at."""
    rest = f"FROM images NOT INDEXED WHERE {conditions.where} ORDER BY images.id"
    if order.by is SortBy.ADDED:
        (ids,) = select_arrays(db, ["images.id"], rest, conditions.values)
    elif order.by is SortBy.NAME:
        (ids,) = select_arrays(db, ["images.id"], rest, conditions.values)
        ids = _by_name(db, ids)
    else:
        ids, keys = select_arrays(db, ["images.id", KEYS[order.by]], rest, conditions.values)
        ids = ids[np.argsort(keys, kind="stable")]
    return ids[::-1] if order.descending else ids


def _by_name(db: sqlite3.Connection, ids: Numbers) -> Numbers:
    """Bring ids into the order of names, which the index knows for all images."""
    if not len(ids):
        return ids
    (ordered,) = select_arrays(db, ["id"], "FROM images INDEXED BY images_by_name ORDER BY name_key, id")
    wanted = np.zeros(int(max(ids[-1], ordered.max())) + 1, np.bool_)
    wanted[ids] = True
    return ordered[wanted[ordered]]


def _following(ids: Numbers, after: int | None, limit: int) -> Numbers:
    """The page of ``ids`` behind one of them; from the beginning if there is no such image any more."""
    places = np.flatnonzero(ids == after) if after is not None else ids[:0]
    start = int(places[0]) + 1 if len(places) else 0
    return ids[start:] if limit < 0 else ids[start : start + limit]
