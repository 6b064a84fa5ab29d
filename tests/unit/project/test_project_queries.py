"""Every query in every order gives what looking at each image gives, by whichever way the images are found."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imgmine_gui.core.images.pages import with_page
from imgmine_gui.core.project import conditions, page_walk, queries
from imgmine_gui.core.project.catalogue import Catalogue, ImageOrder, ImageQuery, SortBy
from imgmine_gui.core.project.dividing import divide
from imgmine_gui.core.project.edits.changes import Sql
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.names import natural_key, search_text, stored_names
from imgmine_gui.core.project.predicted import Predictions
from imgmine_gui.core.project.schema import create_catalogue

IMAGES = 150
CLASSES = ["cat", "dog", "owl"]
NAMES = ["leaf_{}.jpg", "Leaf-{}.PNG", "叶子{}.jpg", "é{}", "{}"]
TEXTS = ["", "leaf", "LEAF_1", "jpg", "叶", "叶子", "g", ".p", "e\u0301", "1", "zz", "cat/", "%", '"', "a\0b"]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A catalogue of images with all that can be asked for; some of them missing."""
    path = tmp_path_factory.mktemp("queries") / "catalogue.db"
    create_catalogue(path)
    catalogue = Catalogue(path)
    chance = random.Random(1)
    with catalogue._database.writing() as db:
        db.executemany("INSERT INTO sources (path, is_file) VALUES (?, 0)", [(b"/one",), (b"/two",)])
        db.executemany(
            "INSERT INTO classes (name, colour, position) VALUES (?, 0, ?)", zip(CLASSES, [1, 0, 1], strict=True)
        )
        for number in range(1, IMAGES + 1):
            row = a_row(chance, number)
            db.execute(
                f"INSERT INTO images ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
            )
            if chance.random() < 0.1:
                db.execute("INSERT INTO more_labels (image_id, class_id) VALUES (?, ?)", [number, chance.randint(1, 3)])
            if chance.random() < 0.1:
                db.execute("INSERT INTO shapes (image_id, kind, points) VALUES (?, 'box', '[]')", [number])
        divide(db)
    catalogue.show_predictions(PREDICTIONS)
    yield catalogue
    catalogue.close()


PREDICTIONS = Predictions(
    ("dog", "cat", "elk"),
    [str(key) for key in range(1, IMAGES, 2)],
    [key % 3 for key in range(1, IMAGES, 2)],
    [key % 11 / 10 for key in range(1, IMAGES, 2)],
)
"""Of every second content."""
SAID = {
    key: (PREDICTIONS.classes[place], confidence)
    for key, place, confidence in zip(PREDICTIONS.keys, PREDICTIONS.predicted, PREDICTIONS.confidence, strict=True)
}


def a_row(chance: random.Random, number: int) -> dict[str, object]:
    path = f"{chance.choice(CLASSES)}/{chance.choice(NAMES).format(number)}".encode()
    key = str(chance.randint(1, IMAGES))
    problem = "damaged" if chance.random() < 0.05 else ""
    by_hand = int(chance.random() < 0.3)
    return {
        "source_id": chance.randint(1, 2),
        "path": path,
        "search": search_text(path),
        "name_key": natural_key(path),
        "state": int(chance.random() < 0.05),
        "size": chance.randint(1, 40),
        "mtime_ns": chance.randint(1, 40),
        "inode": 0,
        "key": "" if problem else key,
        "set_key": chance.choice([key, "other"]) if by_hand else "",
        "width": chance.randint(1, 9),
        "height": chance.randint(1, 9),
        "class_id": chance.choice([None, 1, 2, 3]),
        "class_set": by_hand,
        "split_set": chance.choice([None, None, "test"]),
        "excluded": int(chance.random() < 0.1),
        "rating": chance.choice([0, 0, 0, 3, 5]),
        "flag": chance.choice([0, 0, -1, 1]),
        "group_name": chance.choice(["", "", "g1", "g2"]),
        "note": chance.choice(["", "", "n"]),
        "problem": problem,
        "explanation": "",
    }


optional = st.one_of(st.none(), st.booleans())
bounds = st.tuples(*[st.one_of(st.none(), st.integers(0, 45))] * 2)
all_queries = st.builds(
    ImageQuery,
    source_id=st.sampled_from([None, None, 1, 9]),
    label=st.sampled_from([None, None, *CLASSES, "elk"]),
    split=st.sampled_from([None, None, *Split]),
    unlabelled=optional,
    problems=optional,
    shared=st.sampled_from([None, None, None, "split", "label"]),
    text=st.sampled_from(TEXTS),
    flag=st.sampled_from([None, None, -1, 0, 1]),
    rating=st.sampled_from([0, 0, 1, 4]),
    excluded=optional,
    by_hand=optional,
    changed=st.booleans(),
    noted=st.booleans(),
    with_shapes=st.booleans(),
    group=st.sampled_from([None, None, "g1", "none"]),
    sides=bounds,
    sizes=bounds,
    since_ns=st.sampled_from([None, None, 7]),
    before_ns=st.sampled_from([None, None, 30]),
    predicted=st.sampled_from([None, "dog", "elk", "none"]),
    agrees=optional,
    confidence=st.tuples(*[st.sampled_from([None, 0.3, 0.8])] * 2),
    among=st.sampled_from([None, Sql("SELECT id FROM images WHERE id % 2 = ?", (1,))]),
)
# Of all conditions at once hardly an image meets all: some at a time.
some_queries = st.tuples(
    all_queries, st.sets(st.sampled_from(sorted(ImageQuery.__dataclass_fields__)), max_size=3)
).map(lambda pair: ImageQuery(**{name: getattr(pair[0], name) for name in pair[1]}))
orders = st.builds(ImageOrder, st.sampled_from(SortBy), st.booleans())


KEYS: dict[SortBy, Callable[[dict[str, Any]], Any]] = {
    SortBy.ADDED: lambda row: row["id"],
    SortBy.NAME: lambda row: row["name_key"],
    SortBy.DATE: lambda row: row["mtime_ns"],
    SortBy.SIZE: lambda row: row["size"],
    SortBy.PIXELS: lambda row: row["width"] * row["height"],
    SortBy.LABEL: lambda row: [9, 1, 0, 2][row["class_id"] or 0],
    SortBy.SPLIT: lambda row: [*Split, None].index(row["split"]),
    SortBy.RATING: lambda row: row["rating"],
    SortBy.FLAG: lambda row: row["flag"],
    SortBy.CONFIDENCE: lambda row: SAID[row["key"]][1] if row["key"] in SAID else 2,
}


Row = dict[str, Any]
Test = Callable[[Row], bool]


def naive(catalogue: Catalogue, query: ImageQuery, order: ImageOrder) -> list[int]:
    """Looks at every image."""
    with catalogue._database.reading() as db:
        db.row_factory = lambda cursor, row: {
            name[0]: value for name, value in zip(cursor.description, row, strict=True)
        }
        rows = db.execute("SELECT * FROM images WHERE state = 0 ORDER BY id").fetchall()
        shapes = {row["image_id"] for row in db.execute("SELECT image_id FROM shapes")}
        more = {(row["image_id"], row["class_id"]) for row in db.execute("SELECT * FROM more_labels")}
        db.row_factory = None
    tests = [*of_labels(query, rows, more), *of_files_and_marks(query, shapes), *of_predictions(query, more)]
    found = sorted((row for row in rows if all(test(row) for test in tests)), key=KEYS[order.by])
    found = found[:: -1 if order.descending else 1]
    if order.by is SortBy.CONFIDENCE:
        found.sort(key=lambda row: row["key"] not in SAID)
    return [row["id"] for row in found]


def within(value: float, limits: tuple[float | None, float | None]) -> bool:
    return (limits[0] is None or value >= limits[0]) and (limits[1] is None or value < limits[1])


def of_labels(query: ImageQuery, rows: list[Row], more: set[tuple[int, int]]) -> list[Test]:
    used = [row for row in rows if not row["problem"] and not row["excluded"]]

    def shared(row: Row) -> bool:
        column = "split" if query.shared == "split" else "class_id"
        found = {one[column] for one in used if one["key"] == row["key"]} - {None}
        return row in used and len(found) > 1

    wanted = CLASSES.index(query.label) + 1 if query.label in CLASSES else 0
    return [
        lambda row: query.label is None or row["class_id"] == wanted or (row["id"], wanted) in more,
        lambda row: query.split in {None, row["split"]},
        lambda row: query.unlabelled in {None, row["class_id"] is None},
        lambda row: query.shared is None or shared(row),
        lambda row: query.by_hand in {None, bool(row["class_set"])},
        lambda row: not query.changed or bool(row["class_set"] and row["key"] != row["set_key"]),
        lambda row: query.group in {None, row["group_name"]},
    ]


def of_files_and_marks(query: ImageQuery, shapes: set[int]) -> list[Test]:
    return [
        lambda row: query.source_id in {None, row["source_id"]},
        lambda row: query.problems in {None, row["problem"] != ""},
        lambda row: queries.searchable(query.text) in row["search"],
        lambda row: query.flag in {None, row["flag"]},
        lambda row: row["rating"] >= query.rating,
        lambda row: query.excluded in {None, bool(row["excluded"])},
        lambda row: not query.noted or row["note"] != "",
        lambda row: not query.with_shapes or row["id"] in shapes,
        lambda row: within(max(row["width"], row["height"]), query.sides),
        lambda row: within(row["size"], query.sizes),
        lambda row: within(row["mtime_ns"], (query.since_ns, query.before_ns)),
        lambda row: query.among is None or row["id"] % 2 == 1,
    ]


def of_predictions(query: ImageQuery, more: set[tuple[int, int]]) -> list[Test]:
    def said(row: Row) -> tuple[str, float]:
        return SAID.get(row["key"], ("", 0.0))

    def agreement(row: Row) -> bool | None:
        name = said(row)[0]
        number = CLASSES.index(name) + 1 if name in CLASSES else 0
        is_label = row["class_id"] == number or (row["id"], number) in more
        return is_label if row["class_id"] or is_label else None

    return [
        lambda row: query.predicted is None or said(row)[0] == query.predicted,
        lambda row: query.agrees is None or (row["key"] in SAID and agreement(row) is query.agrees),
        lambda row: query.confidence == (None, None) or (row["key"] in SAID and within(said(row)[1], query.confidence)),
    ]


@pytest.mark.parametrize(("few", "many", "looked_at"), [(20_000, 0, 20_000), (5, 0, 20_000), (5, 0, 12), (5, 200, 12)])
@given(query=some_queries, order=orders, size=st.integers(1, 50))
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_queries_are_answered_exactly(
    filled: Catalogue, few: int, many: int, looked_at: int, query: ImageQuery, order: ImageOrder, size: int
) -> None:
    with pytest.MonkeyPatch.context() as ways:
        ways.setattr(conditions, "FEW", few)
        ways.setattr(conditions, "MANY", many)
        ways.setattr(page_walk, "LOOKED_AT", looked_at)
        expected = naive(filled, query, order)
        assert filled.ids(query, order).tolist() == expected
        assert filled.count(query) == len(expected)
        paged: list[int] = []
        while page := filled.page(query, paged[-1] if paged else None, size, order):
            assert len(page) <= size
            paged += [row.id for row in page]
        assert paged == expected
        assert [row.id for row in filled.page(query, None, -1, order)] == expected


def test_a_page_goes_on_behind_an_image_that_no_longer_meets_the_query(catalogue: Catalogue, tmp_path: Path) -> None:
    with catalogue._database.writing() as db:
        db.execute("INSERT INTO sources (path, is_file) VALUES (?, 0)", [b"/one"])
        chance = random.Random(2)
        for number in range(1, 41):
            row = {**a_row(chance, number), "source_id": 1, "state": 0, "class_id": None, "rating": 1}
            db.execute(
                f"INSERT INTO images ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
            )
    for few, looked_at in ((20_000, 20_000), (5, 20_000), (5, 12)):
        with pytest.MonkeyPatch.context() as ways:
            ways.setattr(conditions, "FEW", few)
            ways.setattr(page_walk, "LOOKED_AT", looked_at)
            for by in SortBy:
                order = ImageOrder(by)
                with catalogue._database.writing() as db:
                    db.execute("UPDATE images SET rating = 1")
                ids = catalogue.ids(ImageQuery(rating=1), order).tolist()
                with catalogue._database.writing() as db:
                    db.execute("UPDATE images SET rating = 0 WHERE id = ?", [ids[9]])
                if by is SortBy.RATING:
                    continue  # it has moved to the front, and the page goes on there
                page = catalogue.page(ImageQuery(rating=1), ids[9], 5, order)
                assert [row.id for row in page] == ids[10:15]


def test_an_order_that_is_remembered_follows_what_is_written(catalogue: Catalogue, tmp_path: Path) -> None:
    """By the connection itself, and by another."""
    chance = random.Random(3)
    with catalogue._database.writing() as db:
        db.execute("INSERT INTO sources (path, is_file) VALUES (?, 0)", [b"/one"])
        for number in range(1, 9):
            row = {**a_row(chance, number), "source_id": 1, "state": 0, "class_id": None, "rating": 1, "size": number}
            db.execute(
                f"INSERT INTO images ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
            )
    order = ImageOrder(SortBy.SIZE)
    with pytest.MonkeyPatch.context() as ways:
        ways.setattr(conditions, "FEW", 0)
        assert catalogue.ids(ImageQuery(), order).tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
        with catalogue._database.writing() as db:
            db.execute("UPDATE images SET size = 10 WHERE id = 1")
        assert catalogue.ids(ImageQuery(), order).tolist() == [2, 3, 4, 5, 6, 7, 8, 1]
        other = Catalogue(catalogue.path)
        with other._database.writing() as db:
            db.execute("UPDATE images SET size = 11 WHERE id = 2")
        other.close()
        assert catalogue.ids(ImageQuery(), order).tolist() == [3, 4, 5, 6, 7, 8, 1, 2]


def test_rows_say_all_that_is_known(filled: Catalogue) -> None:
    with filled._database.reading() as db:
        (number,) = db.execute(
            "SELECT id FROM images WHERE state = 0 AND class_set = 1 AND set_key <> key AND split_set = 'test' "
            "AND rating > 0 AND note <> '' AND group_name <> '' AND excluded = 0 AND problem = '' AND class_id NOT NULL"
        ).fetchone()
        columns = "size, mtime_ns, class_id, rating, flag, group_name, note, page"
        expected = db.execute(f"SELECT {columns} FROM images WHERE id = ?", [number]).fetchone()
    (row,) = filled.rows([number])
    found = (row.size, row.mtime_ns, row.class_id, row.rating, row.flag, row.group, row.note, row.page)
    assert found == expected
    assert (row.by_hand, row.changed, row.split_set, row.split, row.excluded) == (
        True,
        True,
        Split.TEST,
        Split.TEST,
        False,
    )
    assert row.class_id is not None and row.label == CLASSES[row.class_id - 1]


@pytest.mark.parametrize(
    "names", [["a2", "a10", "b1"], ["IMG_9.jpg", "img_10.jpg", "img_010.jpg"], ["1", "2", "10", "a"], ["é1", "é12"]]
)
def test_names_are_sorted_as_people_count(names: list[str]) -> None:
    keys = [natural_key(f"z/{name}".encode()) for name in names]
    assert keys == sorted(keys)


@given(st.binary(min_size=1, max_size=20) | st.text("aB/9.É\n ", min_size=1).map(os.fsencode), st.integers(0, 2))
def test_names_that_are_stored_are_those_that_are_sorted_and_searched(path: bytes, page: int) -> None:
    assert stored_names(path, page) == (natural_key(path), search_text(with_page(path, page + 1)))
