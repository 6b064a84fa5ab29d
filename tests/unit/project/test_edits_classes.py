"""Classes made, renamed, merged and deleted by hand, while folders go on naming them."""

from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.catalogue import Catalogue, ClassCounts, ImageQuery
from imgmine_gui.core.project.edits import history
from imgmine_gui.core.project.edits.class_book import ClassBook, read_book
from imgmine_gui.core.project.edits.classes import class_name
from tests.unit.project.records import animals, record, result


@pytest.fixture
def source(catalogue: Catalogue, tmp_path: Path) -> int:
    """Five cats (1 to 5) and five dogs (6 to 10)."""
    (tmp_path / "source").mkdir()
    source = catalogue.add_source(str(tmp_path / "source")).id
    catalogue.apply_scan(source, result(*animals(5)))
    return source


def names(catalogue: Catalogue) -> dict[str, int]:
    """The names of the classes with the numbers of their images, in order."""
    return {one.name: one.used + one.unsplit for one in catalogue.classes()}


def label(catalogue: Catalogue, image_id: int) -> str | None:
    return catalogue.rows([image_id])[0].label


def scan(catalogue: Catalogue, source: int, *labels: str, count: int = 5) -> None:
    catalogue.apply_scan(source, result(*animals(count, *labels)))


def book(catalogue: Catalogue) -> ClassBook:
    with catalogue._database.reading() as db:
        return read_book(db)


@pytest.mark.parametrize(
    ("name", "stored"), [(" owl\t", "owl"), ("e\u0301", "é"), ("猫", "猫"), ("a b", "a b"), ("x" * 200, "x" * 200)]
)
def test_names_are_cleaned(name: str, stored: str) -> None:
    assert class_name(name) == stored


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\nb", "a\x00", "\u200b"])
def test_names_that_cannot_be_used(name: str) -> None:
    with pytest.raises(UserError) as caught:
        class_name(name)
    assert caught.value.remedy


def test_a_class_is_there_without_images(catalogue: Catalogue, source: int) -> None:
    owl = catalogue.edits.add_class("owl")
    assert names(catalogue) == {"cat": 5, "dog": 5, "owl": 0}
    assert [one.colour for one in catalogue.classes()] == [0, 1, 2]
    assert [check.code for check in catalogue.checks() if check.severity == "blocks"] == []
    assert "empty_classes" in [check.code for check in catalogue.checks()]
    catalogue.edits.undo()
    assert names(catalogue) == {"cat": 5, "dog": 5}
    catalogue.edits.redo()
    assert catalogue.classes()[-1].id == owl
    assert catalogue.edits.add_class("fox") > owl


def test_there_are_no_two_classes_of_one_name(catalogue: Catalogue, source: int) -> None:
    for name in ("cat", " cat "):
        with pytest.raises(UserError, match="“cat” already"):
            catalogue.edits.add_class(name)
    with pytest.raises(UserError, match="“dog” already") as caught:
        catalogue.edits.rename_class(1, "dog")
    assert "merge “cat” into “dog”" in caught.value.remedy
    assert catalogue.edits.history() == []
    catalogue.edits.add_class("Cat")


def test_a_new_name_outlives_scans(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.rename_class(1, "tiger")
    scan(catalogue, source, "cat", "dog", count=7)
    assert names(catalogue) == {"tiger": 7, "dog": 7}
    catalogue.edits.undo()
    assert names(catalogue) == {"cat": 7, "dog": 7}
    assert book(catalogue) == ClassBook()
    scan(catalogue, source, "cat", "dog", count=8)
    catalogue.edits.redo()
    scan(catalogue, source, "cat", "dog", count=9)
    assert names(catalogue) == {"tiger": 9, "dog": 9}


def test_names_may_be_exchanged(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.rename_class(1, "x")
    catalogue.edits.rename_class(2, "cat")
    catalogue.edits.rename_class(1, "dog")
    scan(catalogue, source, "cat", "dog", count=6)
    assert label(catalogue, 1) == "dog"
    assert label(catalogue, 6) == "cat"
    assert names(catalogue) == {"dog": 6, "cat": 6}
    catalogue.edits.rename_class(1, "x")
    catalogue.edits.rename_class(2, "dog")
    catalogue.edits.rename_class(1, "cat")
    assert book(catalogue) == ClassBook(folders={"x": 1})


def test_the_same_name_again_is_no_edit(catalogue: Catalogue, source: int) -> None:
    assert catalogue.edits.rename_class(1, "cat ").edit is None


def test_merged_classes_stay_merged(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.label([6], 1)
    done = catalogue.edits.merge_class(1, 2)
    assert tuple(done.image_ids) == (1, 2, 3, 4, 5, 6)
    assert names(catalogue) == {"dog": 10}
    scan(catalogue, source, "cat", "dog", count=6)
    assert names(catalogue) == {"dog": 12}
    assert label(catalogue, 11) == "dog"
    catalogue.edits.undo()
    assert names(catalogue) == {"cat": 7, "dog": 5}
    assert label(catalogue, 11) == label(catalogue, 6) == "cat"
    catalogue.edits.redo()
    assert names(catalogue) == {"dog": 12}


def test_classes_are_merged_along_a_chain(catalogue: Catalogue, source: int) -> None:
    owl = catalogue.edits.add_class("owl")
    catalogue.edits.merge_class(1, 2)
    catalogue.edits.merge_class(2, owl)
    scan(catalogue, source, "cat", "dog", count=6)
    assert names(catalogue) == {"owl": 12}
    catalogue.edits.delete_class(owl)
    scan(catalogue, source, "cat", "dog", count=7)
    assert names(catalogue) == {}
    assert catalogue.totals().unlabelled == 14
    for _ in range(4):
        catalogue.edits.undo()
    assert names(catalogue) == {"cat": 7, "dog": 7}


def test_a_class_is_not_merged_into_itself(catalogue: Catalogue, source: int) -> None:
    with pytest.raises(ValueError, match="into itself"):
        catalogue.edits.merge_class(1, 1)


def test_a_deleted_class_stays_deleted(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.label([6], 1)
    assert tuple(catalogue.edits.delete_class(1).image_ids) == (1, 2, 3, 4, 5, 6)
    assert names(catalogue) == {"dog": 4}
    scan(catalogue, source, "cat", "dog", count=6)
    assert names(catalogue) == {"dog": 5}
    assert catalogue.totals().unlabelled == 7
    catalogue.edits.reset_label([6])
    assert label(catalogue, 6) == "dog"
    catalogue.edits.undo()
    catalogue.edits.undo()
    assert names(catalogue) == {"cat": 7, "dog": 5}


def test_a_class_that_was_deleted_may_be_made_anew_without_its_images(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.delete_class(1)
    assert catalogue.edits.add_class("cat") > 2
    scan(catalogue, source, "cat", "dog")
    assert names(catalogue) == {"dog": 5, "cat": 0}


def test_a_folder_of_the_name_of_a_class_by_hand_has_that_class(catalogue: Catalogue, source: int) -> None:
    owl = catalogue.edits.add_class("owl")
    scan(catalogue, source, "cat", "dog", "owl")
    assert names(catalogue) == {"cat": 5, "dog": 5, "owl": 5}
    catalogue.edits.undo()
    assert names(catalogue) == {"cat": 5, "dog": 5, "owl": 5}
    assert catalogue.classes()[-1].id == owl
    catalogue.edits.redo()
    scan(catalogue, source, "cat", "dog")
    assert names(catalogue) == {"cat": 5, "dog": 5, "owl": 0}


def test_a_folder_takes_up_a_class_whose_making_was_undone(catalogue: Catalogue, source: int) -> None:
    owl = catalogue.edits.add_class("owl")
    catalogue.edits.undo()
    scan(catalogue, source, "cat", "dog", "owl")
    assert catalogue.classes()[-1].id == owl
    catalogue.edits.redo()
    catalogue.edits.undo()
    assert names(catalogue) == {"cat": 5, "dog": 5, "owl": 5}


def test_a_folder_of_a_name_that_an_undo_freed_has_its_own_class(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.rename_class(1, "owl")
    catalogue.edits.undo()
    scan(catalogue, source, "cat", "dog", "owl")
    assert names(catalogue) == {"cat": 5, "dog": 5, "owl": 5}
    assert catalogue.edits.redo().splits
    assert names(catalogue) == {"owl": 10, "dog": 5}
    catalogue.edits.undo()
    assert names(catalogue) == {"cat": 5, "dog": 5, "owl": 5}


def test_a_folder_of_a_name_that_was_given_to_a_class_belongs_to_it_while_it_has_the_name(
    catalogue: Catalogue, source: int
) -> None:
    catalogue.edits.rename_class(1, "owl")
    scan(catalogue, source, "cat", "dog", "owl")
    assert names(catalogue) == {"owl": 10, "dog": 5}
    catalogue.edits.undo()
    assert names(catalogue) == {"cat": 5, "dog": 5, "owl": 5}
    catalogue.edits.redo()
    catalogue.edits.rename_class(1, "elk")
    scan(catalogue, source, "cat", "dog", "owl", count=6)
    assert names(catalogue) == {"elk": 12, "dog": 6}
    catalogue.edits.delete_class(1)
    scan(catalogue, source, "cat", "dog", "owl", count=7)
    assert names(catalogue) == {"dog": 7}
    assert catalogue.totals().unlabelled == 14
    for _ in range(3):
        catalogue.edits.undo()
    assert names(catalogue) == {"cat": 7, "dog": 7, "owl": 7}


def test_a_name_that_no_list_shows_is_free(catalogue: Catalogue, source: int) -> None:
    scan(catalogue, source, "dog")
    assert names(catalogue) == {"dog": 5}
    catalogue.edits.rename_class(2, "cat")
    assert names(catalogue) == {"cat": 5}
    scan(catalogue, source, "cat", "dog")
    assert names(catalogue) == {"cat": 10}
    catalogue.edits.undo()
    assert names(catalogue) == {"cat": 5, "dog": 5}


def test_a_class_that_no_list_shows_may_be_added(catalogue: Catalogue, source: int) -> None:
    scan(catalogue, source, "dog")
    assert catalogue.edits.add_class("cat") == 1
    assert names(catalogue) == {"cat": 0, "dog": 5}
    scan(catalogue, source, "cat", "dog")
    assert names(catalogue) == {"cat": 5, "dog": 5}


def test_further_labels_go_with_their_class(catalogue: Catalogue, source: int) -> None:
    edits = catalogue.edits
    edits.set_several_labels(True)
    owl = edits.add_class("owl")
    edits.add_label([1, 6, 7], owl)
    edits.add_label([6], 1)
    edits.merge_class(1, owl)
    assert edits.labels_of([1, 2, 6, 7]) == {1: (owl,), 2: (owl,), 6: (2, owl), 7: (2, owl)}
    edits.undo()
    assert edits.labels_of([1, 2, 6, 7]) == {1: (1, owl), 2: (1,), 6: (2, owl, 1), 7: (2, owl)}
    assert tuple(edits.delete_class(1).image_ids) == (1, 2, 3, 4, 5, 6)
    assert edits.labels_of([1, 2, 6, 7]) == {1: (owl,), 6: (2, owl), 7: (2, owl)}
    edits.undo()
    edits.delete_class(2)
    assert edits.labels_of([1, 6, 7, 8]) == {1: (1, owl), 6: (owl, 1), 7: (owl,)}
    edits.undo()
    assert edits.labels_of([1, 2, 6, 7]) == {1: (1, owl), 2: (1,), 6: (2, owl, 1), 7: (2, owl)}


def test_shapes_go_with_their_class(catalogue: Catalogue, source: int) -> None:
    with catalogue._database.writing() as db:
        db.execute("INSERT INTO shapes (image_id, class_id, kind, points) VALUES (1, 1, 'point', '[[1, 2]]')")

    def shape_class() -> int | None:
        with catalogue._database.reading() as db:
            found: int | None = db.execute("SELECT class_id FROM shapes").fetchone()[0]
            return found

    catalogue.edits.merge_class(1, 2)
    assert shape_class() == 2
    catalogue.edits.delete_class(2)
    assert shape_class() is None
    catalogue.edits.undo()
    catalogue.edits.undo()
    assert shape_class() == 1


def test_a_key_stands_for_one_class(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.set_shortcut(1, "1")
    catalogue.edits.set_shortcut(2, "0")
    catalogue.edits.set_shortcut(2, "1")
    assert [one.shortcut for one in catalogue.classes()] == ["", "1"]
    catalogue.edits.undo()
    assert [one.shortcut for one in catalogue.classes()] == ["1", "0"]
    catalogue.edits.delete_class(2)
    catalogue.edits.set_shortcut(1, "0")
    catalogue.edits.undo()
    catalogue.edits.undo()
    catalogue.edits.set_shortcut(1, "")
    assert [one.shortcut for one in catalogue.classes()] == ["", "0"]
    for wrong in ("a", "10", "12"):
        with pytest.raises(ValueError, match="shortcut"):
            catalogue.edits.set_shortcut(1, wrong)


def test_order_and_colour(catalogue: Catalogue, source: int) -> None:
    owl = catalogue.edits.add_class("owl", colour=9)
    catalogue.edits.set_class_order([owl, 2])
    assert list(names(catalogue)) == ["owl", "dog", "cat"]
    catalogue.edits.set_class_colour(2, 5)
    assert [one.colour for one in catalogue.classes()] == [9, 5, 0]
    catalogue.edits.undo()
    catalogue.edits.undo()
    assert [(one.name, one.colour) for one in catalogue.classes()] == [("cat", 0), ("dog", 1), ("owl", 9)]


def test_a_removed_source_takes_its_classes_along(catalogue: Catalogue, source: int, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    second = catalogue.add_source(str(tmp_path / "second")).id
    catalogue.apply_scan(second, result(record("owl/1.png", "owl1", "owl"), record("cat/x.png", "catx", "cat")))
    done = catalogue.edits.remove_source(second)
    assert done.sources
    assert names(catalogue) == {"cat": 5, "dog": 5}
    assert [one.id for one in catalogue.sources()] == [source]
    assert catalogue.count(ImageQuery()) == 10
    catalogue.edits.undo()
    assert names(catalogue) == {"cat": 6, "dog": 5, "owl": 1}
    catalogue.edits.redo()
    catalogue.close()
    again = Catalogue(catalogue.path)
    again.purge()
    again.edits.undo()
    assert names(again) == {"cat": 6, "dog": 5, "owl": 1}
    again.close()


def test_purging_leaves_what_a_person_made_of_classes(
    catalogue: Catalogue, source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_EDITS", 1)
    catalogue.edits.add_class("elk")
    catalogue.edits.merge_class(1, 2)
    catalogue.edits.remove_source(source)
    catalogue.purge()
    assert catalogue.classes() == [ClassCounts(3, "elk", 2, 0, 0, 0)]
    catalogue.edits.undo()
    assert names(catalogue) == {"dog": 10, "elk": 0}
    catalogue.edits.redo()
    catalogue.edits.set_class_colour(3, 7)
    catalogue.purge()
    with catalogue._database.reading() as db:
        assert db.execute("SELECT count(*) FROM images").fetchone()[0] == 0
        assert [name for (name,) in db.execute("SELECT name FROM classes")] == ["cat", "dog", "elk"]
    assert names(catalogue) == {"elk": 0}
