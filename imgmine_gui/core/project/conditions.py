"""The conditions of a query as SQL, each with the way to the images that meet it, if an index knows it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from imgmine_gui.core.project.edits.changes import Plain
from imgmine_gui.core.project.image_query import Bounds, ImageQuery
from imgmine_gui.core.project.text_search import find_text

FEW = 20_000
"""So many images are looked at one by one in about 30 ms."""
MANY = 200_000
"""The ids of so many images are read from the index of texts in about 20 ms."""


@dataclass(frozen=True)
class Condition:
    """Something that a row of ``images`` must meet.

    Attributes:
        text: SQL over the columns of ``images``.
        values: for its question marks.
        ids: a SELECT, through an index, of the ids of all rows that meet it (and perhaps some more); "" for none.
        id_values: for the question marks of that.
        quick: whether the ids of ``MANY`` images come from the index in some milliseconds, while to look at an image
            itself is slow.
    """

    text: str
    values: tuple[Plain, ...] = ()
    ids: str = ""
    id_values: tuple[Plain, ...] = ()
    quick: bool = False


@dataclass(frozen=True)
class Conditions:
    """All conditions of a query.

    Attributes:
        where: they all, as SQL.
        values: for its question marks.
        few: a SELECT of the ids of at most ``FEW`` images, all those that meet the query among them; "" for none.
        few_values: for the question marks of that.
        many: a quick SELECT of the ids of at most ``MANY`` images, all those that meet the query among them, where
            there is no ``few``; "" for none.
        many_values: for the question marks of that.
    """

    where: str
    values: tuple[Plain, ...]
    few: str = ""
    few_values: tuple[Plain, ...] = ()
    many: str = ""
    many_values: tuple[Plain, ...] = ()

    def or_image(self, image_id: int) -> "Conditions":
        """The same, but this image meets them too."""
        few = f"SELECT * FROM ({self.few}) UNION ALL SELECT ?" if self.few else ""  # noqa: S608 - of this module
        few_values = (*self.few_values, image_id) if self.few else ()
        return Conditions(f"({self.where} OR images.id = ?)", (*self.values, image_id), few, few_values)


def read_conditions(db: sqlite3.Connection, query: ImageQuery) -> Conditions:
    """The conditions of a query, with the quickest way to its images."""
    found = list(_conditions(db, query))
    where = " AND ".join(("state = 0", *(one.text for one in found)))
    values = tuple(value for one in found for value in one.values)
    fewest, way = FEW + 1, None
    for one in found:
        if one.ids and (count := _count(db, one, fewest)) < fewest:
            fewest, way = count, one
    if way is not None:
        return Conditions(where, values, way.ids, way.id_values)
    many = next((one for one in found if one.quick and one.ids and _count(db, one, MANY + 1) <= MANY), None)
    return Conditions(where, values, many=many.ids, many_values=many.id_values) if many else Conditions(where, values)


def _count(db: sqlite3.Connection, condition: Condition, most: int) -> int:
    """How many images a condition finds, as far as that matters."""
    statement = f"SELECT count(*) FROM (SELECT 1 FROM ({condition.ids}) LIMIT {most})"  # noqa: S608 - of this module
    return int(db.execute(statement, condition.id_values).fetchone()[0])


def _conditions(db: sqlite3.Connection, query: ImageQuery) -> Iterator[Condition]:
    yield from _labels(db, query)
    yield from _marks(query)
    yield from _predictions(query)
    if query.source_id is not None:
        yield _indexed("source_id = ?", query.source_id)
    if query.problems is not None:
        yield _indexed("problem <> ''", index="images_with_problem") if query.problems else Condition("problem = ''")
    if query.shared is not None:
        shared = "SELECT image_id FROM shared_contents WHERE kind = ?"
        yield Condition(f"images.id IN ({shared})", (query.shared,), shared, (query.shared,))
    if query.text:
        yield _text(db, query.text)
    if query.among is not None:
        among, values = query.among.text, query.among.values
        yield Condition(f"images.id IN ({among})", values, among, values)
    yield from _bounds("max(width, height)", query.sides, "images_by_side")
    yield from _bounds("size", query.sizes, "images_by_size")
    yield from _bounds("mtime_ns", (query.since_ns, query.before_ns), "images_by_time")


def _labels(db: sqlite3.Connection, query: ImageQuery) -> Iterator[Condition]:
    split = None if query.split is None else query.split.value
    if query.label is not None:
        yield _label(db, query.label, split)
    elif split is not None:
        yield _indexed("split = ?", split, index="images_by_split")
    if query.unlabelled is not None:
        text = "class_id IS NULL" if query.unlabelled else "class_id IS NOT NULL"
        yield _indexed(text, index="images_by_class")
    if query.by_hand is not None:
        yield _indexed("class_set = 1", index="images_set_by_hand") if query.by_hand else Condition("class_set = 0")


def _label(db: sqlite3.Connection, label: str, split: str | None) -> Condition:
    row = db.execute("SELECT id FROM classes WHERE name = ? AND removed = 0", [label]).fetchone()
    if row is None:
        return Condition("0", (), "SELECT id FROM images WHERE 0")
    class_id = int(row[0])
    in_split = "" if split is None else " AND split = ?"
    values: tuple[Plain, ...] = (class_id,) if split is None else (class_id, split)
    first = f"SELECT id FROM images WHERE class_id = ?{in_split}"  # noqa: S608 - constants
    if db.execute("SELECT 1 FROM more_labels WHERE class_id = ? AND removed = 0", [class_id]).fetchone() is None:
        return Condition(f"class_id = ?{in_split}", values, first, values)
    further = "SELECT image_id FROM more_labels WHERE class_id = ? AND removed = 0"
    text = f"(class_id = ? OR images.id IN ({further})){in_split}"
    both = (class_id, *values)
    return Condition(text, both, f"{first} UNION {further}", (*values, class_id))


def _marks(query: ImageQuery) -> Iterator[Condition]:
    if query.flag is not None:
        yield (
            _indexed("flag <> 0 AND flag = ?", query.flag, index="images_by_flag")
            if query.flag
            else Condition("flag = 0")
        )
    if query.rating:
        yield _indexed("rating > 0 AND rating >= ?", query.rating, index="images_by_rating")
    if query.excluded is not None:
        yield _indexed("excluded = 1", index="images_excluded") if query.excluded else Condition("excluded = 0")
    if query.changed:
        yield _indexed("class_set = 1 AND set_key <> key", index="images_changed")
    if query.noted:
        yield _indexed("note <> ''", index="images_noted")
    if query.transcribed is not None:
        yield _indexed("text <> ''", index="images_with_text") if query.transcribed else Condition("text = ''")
    if query.text_problem:
        yield _indexed("text_problem <> ''", index="images_with_text_problem")
    if query.group is not None:
        yield _indexed("group_name <> '' AND group_name = ?", query.group, index="images_by_group")
    if query.with_shapes:
        shapes = "SELECT image_id FROM shapes WHERE removed = 0"
        yield Condition(f"images.id IN ({shapes})", (), shapes)


def _predictions(query: ImageQuery) -> Iterator[Condition]:
    if query.predicted is not None:
        yield _predicted("name = ?", query.predicted)
    if query.agrees is not None:
        yield _predicted("agrees = ?", int(query.agrees))
    pairs = zip(("confidence >= ?", "confidence < ?"), query.confidence, strict=True)
    given = [(text, value) for text, value in pairs if value is not None]
    if given:
        yield _predicted(" AND ".join(text for text, _ in given), *(value for _, value in given))


def _predicted(text: str, *values: Plain) -> Condition:
    ids = f"SELECT id FROM temp.predicted WHERE {text}"  # noqa: S608 - constants
    return Condition(f"images.id IN ({ids})", values, ids, values, quick=True)


def _indexed(text: str, *values: Plain, index: str = "") -> Condition:
    """A condition that an index answers; without a name, that of the constraint on places."""
    by = f"INDEXED BY {index}" if index else ""
    return Condition(text, values, f"SELECT id FROM images {by} WHERE {text}", values)  # noqa: S608 - constants


def _bounds(column: str, bounds: Bounds, index: str) -> Iterator[Condition]:
    pairs = zip((f"{column} >= ?", f"{column} < ?"), bounds, strict=True)
    given = [(text, value) for text, value in pairs if value is not None]
    if given:
        yield _indexed(" AND ".join(text for text, _ in given), *(value for _, value in given), index=index)


def _text(db: sqlite3.Connection, text: str) -> Condition:
    found = find_text(db, text, MANY)
    return Condition("instr(search, ?) > 0", (found.text,), found.ids, found.id_values, quick=True)
