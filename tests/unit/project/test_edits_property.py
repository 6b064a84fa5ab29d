"""Any sequence of edits, scans, undos and redos: undoing all gives what the scans alone give, redoing all the end."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.edits.class_book import classes_in_use
from imgmine_gui.core.project.edits.history import Done
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.records import FileRecord
from imgmine_gui.core.project.schema import create_catalogue
from imgmine_gui.core.project.splits import SplitSettings
from tests.unit.project.records import record, result

FOLDERS = ["cat", "dog", "owl", "fox", None]
NAMES = st.sampled_from(["cat", "dog", "owl", "fox", "Cat", "elk"])
FILES = 8
images = st.lists(st.integers(1, 2 * FILES), min_size=1, max_size=6)
number = st.integers(0, 20)
tables = {
    "images": "id, source_id, path, page, state, key, class_given, class_set, class_id, set_key, split_given, "
    "split_set, split, excluded, group_name, rating, flag, note, problem",
    "classes": "id, name, colour, position, shortcut",
    "more_labels": "image_id, class_id",
    "shapes": "image_id, class_id, kind, points",
    "settings": "name, value",
    "sources": "id, path, removed",
}
"""All that may be seen: the columns of all tables but those of the history."""
only = {
    "classes": "WHERE removed = 0",
    "more_labels": "WHERE removed = 0",
    "shapes": "WHERE removed = 0",
    "settings": "WHERE name NOT IN ('draw_seed', 'splits_stale')",
}
"""Rows that were taken away are not seen, and what the catalogue notes of work to be done is not compared."""


def seen(catalogue: Catalogue) -> dict[str, list[tuple[Any, ...]]]:
    with catalogue._database.reading() as db:
        found = {
            table: db.execute(f"SELECT {columns} FROM {table} {only.get(table, '')} ORDER BY 1, 2").fetchall()
            for table, columns in tables.items()
        }
        found["all classes"] = db.execute("SELECT id, name FROM classes").fetchall()
        found["listed classes"] = [(one.name,) for one in catalogue.classes()]
        return found


def by_name(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, Any]:
    """What is seen, with the names of classes in place of their ids, which depend on what else was made."""
    names = {None: None, **{row[0]: row[1] for row in found.pop("all classes")}}
    place = [column.strip() for column in tables["images"].split(",")].index
    changed = [list(row) for row in found["images"]]
    for row in changed:
        for column in ("class_given", "class_id"):
            row[place(column)] = names[row[place(column)]]
    return {**found, "images": changed, "classes": sorted(found["listed classes"])}


def scanned(folders: list[str | None], first: int) -> list[FileRecord]:
    """Files whose content is known by their number, in folders; -1 for one that is missing."""
    return [
        record(f"{folder}/{first + place}.png" if folder else f"{first + place}.png", f"k{first + place}", folder)
        for place, folder in enumerate(folders)
        if folder != "missing"
    ]


class Editing(RuleBasedStateMachine):
    """A catalogue that is edited, and one beside it that sees the scans only."""

    @initialize(folders=st.lists(st.sampled_from(FOLDERS), min_size=FILES, max_size=FILES))
    def begin(self, folders: list[str | None]) -> None:
        self.place = tempfile.TemporaryDirectory()
        base = Path(self.place.name)
        self.pair = []
        for name in ("edited", "scanned"):
            create_catalogue(base / f"{name}.db")
            self.pair.append(Catalogue(base / f"{name}.db"))
        for source in ("one", "two"):
            (base / source).mkdir()
            for catalogue in self.pair:
                catalogue.add_source(str(base / source))
        self.scan(1, folders)
        self.scan(2, folders[::-1])

    @property
    def edited(self) -> Catalogue:
        return self.pair[0]

    def teardown(self) -> None:
        if hasattr(self, "pair"):
            try:
                self.undo_and_redo_all()
            finally:
                for catalogue in self.pair:
                    catalogue.close()
                self.place.cleanup()

    def undo_and_redo_all(self) -> None:
        end = seen(self.edited)
        count = 0
        while self.edited.edits.undo().edit is not None:
            count += 1
        beginning, expected = by_name(seen(self.edited)), by_name(seen(self.pair[1]))
        for table in tables:
            assert beginning[table] == expected[table]
        self.reopen()
        for _ in range(count):
            assert self.edited.edits.redo().edit is not None
        assert seen(self.edited) == end

    def do(self, edit: Callable[[], Done | int]) -> None:
        """An edit that is refused changes nothing; what it says of the images is true."""
        before = seen(self.edited)
        try:
            done = edit()
        except (UserError, ValueError):
            assert seen(self.edited) == before
            return
        if isinstance(done, Done):
            then = {row[0]: row for row in before["images"]}
            split = [column.strip() for column in tables["images"].split(",")].index("split")
            changed = {
                row[0]
                for row in seen(self.edited)["images"]
                if (*row[:split], *row[split + 1 :]) != (*then[row[0]][:split], *then[row[0]][split + 1 :])
            }
            if not done.sources:
                assert changed <= set(done.image_ids)
            assert done.edit is not None or seen(self.edited) == before

    def a_class(self, at: int) -> int:
        with self.edited._database.reading() as db:
            ids = [row[0] for row in db.execute("SELECT id FROM classes ORDER BY id")]
        return ids[at % len(ids)] if ids else 99

    @rule(ids=images, at=number, none=st.booleans())
    def label(self, ids: list[int], at: int, none: bool) -> None:
        self.do(lambda: self.edited.edits.label(ids, None if none else self.a_class(at)))

    @rule(ids=images, at=number, add=st.booleans())
    def further(self, ids: list[int], at: int, add: bool) -> None:
        edits = self.edited.edits
        self.do(lambda: (edits.add_label if add else edits.remove_label)(ids, self.a_class(at)))

    @rule(ids=images)
    def reset(self, ids: list[int]) -> None:
        self.do(lambda: self.edited.edits.reset_label(ids))

    @rule(several=st.sampled_from([True, True, False]))
    def several(self, several: bool) -> None:
        self.do(lambda: self.edited.edits.set_several_labels(several))

    @rule(name=NAMES)
    def add_class(self, name: str) -> None:
        self.do(lambda: self.edited.edits.add_class(name))

    @rule(ids=images, name=NAMES)
    def label_new(self, ids: list[int], name: str) -> None:
        self.do(lambda: self.edited.edits.label_new(ids, name))

    @rule(at=number, name=NAMES)
    def rename(self, at: int, name: str) -> None:
        self.do(lambda: self.edited.edits.rename_class(self.a_class(at), name))

    @rule(at=number, into=number)
    def merge(self, at: int, into: int) -> None:
        self.do(lambda: self.edited.edits.merge_class(self.a_class(at), self.a_class(into)))

    @rule(at=number)
    def delete(self, at: int) -> None:
        self.do(lambda: self.edited.edits.delete_class(self.a_class(at)))

    @rule(at=number, other=number, colour=number, key=st.sampled_from("0123"))
    def look(self, at: int, other: int, colour: int, key: str) -> None:
        self.do(lambda: self.edited.edits.set_class_colour(self.a_class(at), colour))
        self.do(lambda: self.edited.edits.set_class_order([self.a_class(other), self.a_class(at)]))
        self.do(lambda: self.edited.edits.set_shortcut(self.a_class(at), key))

    @rule(ids=images, value=st.integers(0, 5))
    def marks(self, ids: list[int], value: int) -> None:
        self.do(lambda: self.edited.edits.set_rating(ids, value))
        self.do(lambda: self.edited.edits.set_flag(ids, value % 3 - 1))
        self.do(lambda: self.edited.edits.set_note(ids, "x" * value))

    @rule(ids=images, value=st.sampled_from([None, *Split]), excluded=st.booleans(), group=st.sampled_from(["", "a"]))
    def divide(self, ids: list[int], value: Split | None, excluded: bool, group: str) -> None:
        self.do(lambda: self.edited.edits.set_split(ids, value))
        self.do(lambda: self.edited.edits.set_excluded(ids, excluded))
        self.do(lambda: self.edited.edits.set_group(ids, group))

    @rule(seed=st.integers(0, 3))
    def split_settings(self, seed: int) -> None:
        self.do(lambda: self.edited.edits.set_split_settings(SplitSettings(seed=seed)))

    @rule(source=st.integers(1, 2))
    def remove_source(self, source: int) -> None:
        self.do(lambda: self.edited.edits.remove_source(source))

    @rule(count=st.integers(1, 4))
    def undo(self, count: int) -> None:
        for _ in range(count):
            self.do(self.edited.edits.undo)

    @rule(count=st.integers(1, 4))
    def redo(self, count: int) -> None:
        for _ in range(count):
            self.do(self.edited.edits.redo)

    @rule(
        source=st.integers(1, 2),
        folders=st.lists(st.sampled_from([*FOLDERS, "missing"]), min_size=FILES, max_size=FILES),
    )
    def scan(self, source: int, folders: list[str | None]) -> None:
        found = result(*scanned(folders, FILES * (source - 1)))
        if source in {one.id for one in self.edited.sources()}:
            for catalogue in self.pair:
                catalogue.apply_scan(source, found)

    @rule()
    def reopen(self) -> None:
        self.edited.close()
        self.pair[0] = Catalogue(self.edited.path)
        self.edited.purge()

    @rule()
    def there_and_back(self) -> None:
        self.undo_and_redo_all()

    @invariant()
    def classes_follow(self) -> None:
        if not hasattr(self, "pair"):
            return
        with self.edited._database.reading() as db:
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []
            in_use = classes_in_use(db)
            rows = db.execute("SELECT class_given, class_set, class_id FROM images").fetchall()
            for given, by_hand, class_id in rows:
                assert by_hand or class_id == in_use[given]
                assert in_use[class_id] == class_id


Editing.TestCase.settings = settings(
    max_examples=80, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestEditing = Editing.TestCase
