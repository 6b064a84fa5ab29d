"""The history: what is recorded, undone, redone, dropped and trimmed."""

import sqlite3
from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.catalogue import Catalogue, ImageQuery
from imgmine_gui.core.project.edits import history
from imgmine_gui.core.project.edits.changes import Sql, set_column, set_columns
from imgmine_gui.core.project.splits import SplitSettings
from tests.unit.project.records import animals, record, result


@pytest.fixture
def source(catalogue: Catalogue, tmp_path: Path) -> int:
    (tmp_path / "source").mkdir()
    source = catalogue.add_source(str(tmp_path / "source")).id
    catalogue.apply_scan(source, result(*animals(5), record("new.png", "new")))
    return source


def values(catalogue: Catalogue, column: str) -> list[object]:
    with catalogue._database.reading() as db:
        return [value for (value,) in db.execute(f"SELECT {column} FROM images ORDER BY id")]


def changes(catalogue: Catalogue) -> int:
    with catalogue._database.reading() as db:
        return int(db.execute("SELECT count(*) FROM changes").fetchone()[0])


def test_an_edit_can_be_undone_and_redone(catalogue: Catalogue, source: int) -> None:
    done = catalogue.edits.set_rating([2, 3], 4)
    assert tuple(done.image_ids) == (2, 3)
    assert done.edit is not None
    assert done.edit.title == "rate 2 images"
    assert values(catalogue, "rating")[:4] == [0, 4, 4, 0]
    undone = catalogue.edits.undo()
    assert tuple(undone.image_ids) == (2, 3)
    assert undone.edit is not None
    assert undone.edit.undone
    assert set(values(catalogue, "rating")) == {0}
    assert tuple(catalogue.edits.redo().image_ids) == (2, 3)
    assert values(catalogue, "rating")[:4] == [0, 4, 4, 0]


def test_edits_are_undone_one_by_one_in_reverse_order(catalogue: Catalogue, source: int) -> None:
    for rating in (1, 2, 3):
        catalogue.edits.set_rating([1], rating)
    seen = []
    while catalogue.edits.undo().edit:
        seen.append(values(catalogue, "rating")[0])
    assert seen == [2, 1, 0]
    while catalogue.edits.redo().edit:
        seen.append(values(catalogue, "rating")[0])
    assert seen == [2, 1, 0, 1, 2, 3]


def test_without_history_nothing_happens(catalogue: Catalogue, source: int) -> None:
    assert catalogue.edits.undo() == catalogue.edits.redo() == history.Done(None)
    assert catalogue.edits.next_undo() is catalogue.edits.next_redo() is None


def test_an_edit_that_changes_nothing_is_none(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.set_rating([1], 4)
    catalogue.edits.undo()
    assert catalogue.edits.set_rating([1, 999], 0) == history.Done(None)
    assert [edit.title for edit in catalogue.edits.history()] == ["rate an image"]
    assert catalogue.edits.redo().edit is not None


def test_only_rows_that_change_are_recorded(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.set_rating([1], 4)
    assert tuple(catalogue.edits.set_rating([1, 2], 4).image_ids) == (2,)
    assert changes(catalogue) == 2


def test_a_new_edit_drops_what_was_undone(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.set_rating([1], 4)
    catalogue.edits.set_flag([1], 1)
    catalogue.edits.undo()
    catalogue.edits.undo()
    catalogue.edits.set_note([1], "blurred")
    assert [edit.title for edit in catalogue.edits.history()] == ["change the note of an image"]
    assert catalogue.edits.next_redo() is None
    assert changes(catalogue) == 1


def test_the_history_survives_closing(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.set_rating([1], 4)
    catalogue.edits.set_rating([1], 5)
    catalogue.edits.undo()
    catalogue.close()
    again = Catalogue(catalogue.path)
    before, after = again.edits.next_undo(), again.edits.next_redo()
    assert before is not None
    assert after is not None
    assert (before.undone, after.undone) == (False, True)
    assert before.id < after.id
    again.edits.redo()
    assert values(again, "rating")[0] == 5
    again.edits.undo()
    again.edits.undo()
    assert values(again, "rating")[0] == 0
    again.close()


def test_what_is_dropped_is_deleted_little_by_little(
    catalogue: Catalogue, source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.edits.set_rating(range(1, 11), 4)
    catalogue.edits.label(range(1, 4), 2)
    catalogue.edits.undo()
    catalogue.edits.undo()
    monkeypatch.setattr(history, "SWEPT_AT_ONCE", 6)
    for kept, flag in ((14, 1), (9, -1), (4, 1), (4, -1)):
        catalogue.edits.set_flag([1], flag)
        assert catalogue.edits.next_redo() is None
        assert {edit.title for edit in catalogue.edits.history()} <= {"pick an image", "reject an image"}
        assert changes(catalogue) == kept
    assert len(catalogue.edits.history()) == 4
    while catalogue.edits.undo().edit:
        pass
    assert set(values(catalogue, "rating")) == set(values(catalogue, "flag")) == {0}


def test_the_oldest_edits_are_forgotten(catalogue: Catalogue, source: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_EDITS", 3)
    for rating in (1, 2, 3, 4, 5):
        catalogue.edits.set_rating([1], rating)
    assert len(catalogue.edits.history()) == changes(catalogue) == 3
    while catalogue.edits.undo().edit:
        pass
    assert values(catalogue, "rating")[0] == 2


def test_the_changes_are_bounded_but_for_those_of_the_newest_edit(
    catalogue: Catalogue, source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_CHANGES", 5)
    for rating, images in ((1, [1]), (2, [1, 2]), (3, [1, 2, 3])):
        catalogue.edits.set_rating(images, rating)
    assert [edit.values["changes"] for edit in catalogue.edits.history()] == [3, 2]
    catalogue.edits.set_rating(range(1, 9), 5)
    assert [edit.values["changes"] for edit in catalogue.edits.history()] == [8]
    assert changes(catalogue) == 8


def test_a_failing_edit_leaves_no_trace(catalogue: Catalogue, source: int) -> None:
    with pytest.raises(ZeroDivisionError), catalogue.edits.recording("rate") as (db, edit):
        set_column(db, edit.id, "images.rating", [1], 3)
        raise ZeroDivisionError
    assert catalogue.edits.history() == []
    assert values(catalogue, "rating")[0] == 0


def test_several_steps_on_one_column_are_one_change(catalogue: Catalogue, source: int) -> None:
    with catalogue.edits.recording("rate") as (db, edit):
        set_column(db, edit.id, "images.rating", [1, 2], 3)
        set_column(db, edit.id, "images.rating", Sql("SELECT id FROM images WHERE rating = ?", (3,)), 5)
    assert values(catalogue, "rating")[:3] == [5, 5, 0]
    catalogue.edits.undo()
    assert values(catalogue, "rating")[:3] == [0, 0, 0]
    catalogue.edits.redo()
    assert values(catalogue, "rating")[:3] == [5, 5, 0]


@pytest.mark.parametrize("target", ["images.split", "images.class_given", "images.state", "edits.title", "images", ""])
def test_what_scans_write_and_what_follows_is_in_no_edit(catalogue: Catalogue, source: int, target: str) -> None:
    with pytest.raises(ValueError, match="no edit may change"), catalogue.edits.recording("x") as (db, edit):
        set_column(db, edit.id, target, [1], 1)


def test_a_label_is_not_changed_in_part(catalogue: Catalogue, source: int) -> None:
    with pytest.raises(ValueError, match="change together"), catalogue.edits.recording("x") as (db, edit):
        set_columns(db, edit.id, "images", [1], {"class_set": 1, "class_id": 2})


def test_settings_of_the_split_are_an_edit(catalogue: Catalogue, source: int) -> None:
    before = values(catalogue, "split")
    settings = SplitSettings(seed=7, test=0.4)
    assert catalogue.edits.set_split_settings(settings).splits
    after = values(catalogue, "split")
    assert after != before
    catalogue.edits.undo()
    assert catalogue.split_settings() == SplitSettings()
    assert values(catalogue, "split") == before
    catalogue.edits.redo()
    assert catalogue.split_settings() == settings
    assert values(catalogue, "split") == after


def test_an_edit_of_a_read_only_catalogue_is_refused(catalogue: Catalogue, source: int) -> None:
    reader = Catalogue(catalogue.path, read_only=True)
    for change in (lambda: reader.edits.set_rating([1], 3), reader.edits.undo):
        with pytest.raises(UserError, match="reading only"):
            change()
    reader.close()


def test_titles_with_braces_in_names_are_shown(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.add_class("{count} of {name}")
    edit = catalogue.edits.next_undo()
    assert edit is not None
    assert edit.title == "add the class “{count} of {name}”"


def test_images_may_be_chosen_by_a_query(catalogue: Catalogue, source: int) -> None:
    ids = catalogue.ids(ImageQuery(label="cat"))
    cats = Sql("SELECT id FROM images WHERE search LIKE ?", ("cat%",))
    assert tuple(catalogue.edits.set_flag(cats, -1).image_ids) == tuple(ids)


def test_a_database_error_inside_an_edit_is_not_dressed_up(catalogue: Catalogue, source: int) -> None:
    with pytest.raises(sqlite3.IntegrityError), catalogue.edits.recording("x") as (db, edit):
        set_column(db, edit.id, "images.rating", [1], 9)
    assert values(catalogue, "rating")[0] == 0
