"""Labels by hand: one an image or several, beside what folders say and what scans find meanwhile."""

from collections.abc import Callable
from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.catalogue import Catalogue, ImageQuery
from tests.unit.project.records import animals, record, result

Labels = Callable[[], list[str | None]]


@pytest.fixture
def source(catalogue: Catalogue, tmp_path: Path) -> int:
    """Five cats (1 to 5), five dogs (6 to 10), and an image without a label (11)."""
    (tmp_path / "source").mkdir()
    source = catalogue.add_source(str(tmp_path / "source")).id
    catalogue.apply_scan(source, result(*animals(5), record("new.png", "new")))
    return source


@pytest.fixture
def labels(catalogue: Catalogue, source: int) -> Labels:
    return lambda: [row.label for row in catalogue.page(ImageQuery(), None, 99)]


def ids_by_name(catalogue: Catalogue) -> dict[str, int]:
    return {one.name: one.id for one in catalogue.classes()}


def test_a_label_by_hand_wins_over_the_folder(catalogue: Catalogue, source: int, labels: Labels) -> None:
    dog = ids_by_name(catalogue)["dog"]
    done = catalogue.edits.label([1, 11], dog)
    assert tuple(done.image_ids) == (1, 11)
    assert done.splits
    assert labels() == ["dog", *["cat"] * 4, *["dog"] * 6]
    catalogue.apply_scan(source, result(*animals(5), record("new.png", "new")))
    assert labels()[0] == "dog"
    catalogue.edits.undo()
    assert labels() == [*["cat"] * 5, *["dog"] * 5, None]
    catalogue.edits.redo()
    assert labels()[0] == labels()[10] == "dog"
    assert tuple(catalogue.edits.label([1], None).image_ids) == (1,)
    assert labels()[0] is None


def test_a_label_by_hand_that_the_folder_says_too_stays_when_the_folder_changes(
    catalogue: Catalogue, source: int, labels: Labels
) -> None:
    cat = ids_by_name(catalogue)["cat"]
    assert tuple(catalogue.edits.label([1], cat).image_ids) == (1,)
    catalogue.apply_scan(source, result(*(record(f"owl/{n}.png", f"cat{n}", "owl") for n in range(5))))
    assert labels() == ["cat", *["owl"] * 4]
    catalogue.edits.undo()
    assert labels() == ["owl"] * 5
    catalogue.edits.redo()
    assert labels() == ["cat", *["owl"] * 4]


def test_back_to_the_label_of_the_folder(catalogue: Catalogue, source: int, labels: Labels) -> None:
    dog = ids_by_name(catalogue)["dog"]
    catalogue.edits.label([1, 11], dog)
    assert tuple(catalogue.edits.reset_label([1, 2, 11]).image_ids) == (1, 11)
    assert labels() == [*["cat"] * 5, *["dog"] * 5, None]
    catalogue.apply_scan(source, result(*(record(f"owl/{n}.png", f"cat{n}", "owl") for n in range(5))))
    catalogue.edits.undo()
    assert labels() == ["dog", *["owl"] * 4]
    catalogue.edits.redo()
    assert labels() == ["owl"] * 5


def test_labelling_again_what_has_the_label_is_no_edit(catalogue: Catalogue, source: int) -> None:
    dog = ids_by_name(catalogue)["dog"]
    catalogue.edits.label([1], dog)
    assert catalogue.edits.label([1], dog).edit is None
    assert len(catalogue.edits.history()) == 1


def test_a_label_of_a_class_that_is_gone_is_refused(catalogue: Catalogue, source: int) -> None:
    dog = ids_by_name(catalogue)["dog"]
    catalogue.edits.delete_class(dog)
    with pytest.raises(UserError, match="no longer part"):
        catalogue.edits.label([1], dog)
    with pytest.raises(UserError, match="no longer part"):
        catalogue.edits.label([1], 99)


def test_a_class_whose_last_image_is_labelled_otherwise_stays(catalogue: Catalogue, source: int) -> None:
    cat, dog = ids_by_name(catalogue).values()
    catalogue.edits.label(range(1, 6), dog)
    assert ids_by_name(catalogue) == {"cat": cat, "dog": dog}
    catalogue.edits.undo()
    assert [edit.title for edit in catalogue.edits.history()] == ["label 5 images “dog”"]
    catalogue.apply_scan(source, result(), may_be_empty=True)
    assert ids_by_name(catalogue) == {}


def test_titles_say_how_many_images_are_labelled(catalogue: Catalogue, source: int) -> None:
    dog = ids_by_name(catalogue)["dog"]
    for images, class_id in ((range(4, 9), dog), ([1], dog), ([1], None), ([2, 4], None)):
        catalogue.edits.label(images, class_id)
    assert [edit.title for edit in reversed(catalogue.edits.history())] == [
        "label 5 images “dog”",
        "label an image “dog”",
        "take the label from an image",
        "take the labels from 2 images",
    ]


@pytest.fixture
def several(catalogue: Catalogue, source: int) -> Catalogue:
    """A project with several labels an image, and the classes cat (1), dog (2) and owl (3)."""
    assert not catalogue.edits.several_labels()
    catalogue.edits.set_several_labels(True)
    assert catalogue.edits.several_labels()
    assert catalogue.edits.add_class("owl") == 3
    return catalogue


def test_further_labels_are_added_in_order(several: Catalogue) -> None:
    edits = several.edits
    assert tuple(edits.add_label([1, 6, 11], 3).image_ids) == (1, 6, 11)
    assert tuple(edits.add_label([1, 6], 2).image_ids) == (1,)
    assert edits.labels_of([1, 2, 6, 11, 99]) == {1: (1, 3, 2), 2: (1,), 6: (2, 3), 11: (3,)}
    assert edits.add_label([1, 6, 11], 3).edit is None
    for _ in range(2):
        edits.undo()
    assert edits.labels_of([1, 6, 11]) == {1: (1,), 6: (2,)}
    for _ in range(2):
        edits.redo()
    assert edits.labels_of([1, 6, 11]) == {1: (1, 3, 2), 6: (2, 3), 11: (3,)}


def test_the_next_label_takes_the_place_of_the_first(several: Catalogue) -> None:
    edits = several.edits
    edits.add_label([1, 2], 3)
    edits.add_label([1], 2)
    assert tuple(edits.remove_label([1, 2, 3, 6], 1).image_ids) == (1, 2, 3)
    assert edits.labels_of([1, 2, 3, 6]) == {1: (3, 2), 2: (3,), 6: (2,)}
    edits.undo()
    assert edits.labels_of([1, 2, 3]) == {1: (1, 3, 2), 2: (1, 3), 3: (1,)}
    edits.remove_label([1], 3)
    assert edits.labels_of([1]) == {1: (1, 2)}


def test_one_label_takes_the_place_of_all(several: Catalogue) -> None:
    edits = several.edits
    edits.add_label([1, 2], 3)
    edits.label([1], 3)
    assert edits.labels_of([1, 2]) == {1: (3,), 2: (1, 3)}
    edits.label([1, 2], None)
    assert edits.labels_of([1, 2]) == {}
    edits.reset_label([1, 2])
    assert edits.labels_of([1, 2]) == {1: (1,), 2: (1,)}
    edits.undo()
    edits.undo()
    edits.undo()
    assert edits.labels_of([1, 2]) == {1: (1, 3), 2: (1, 3)}


def test_in_a_project_with_one_label_adding_is_replacing(catalogue: Catalogue, source: int) -> None:
    catalogue.edits.add_label([1], 2)
    assert catalogue.edits.labels_of([1]) == {1: (2,)}
    catalogue.edits.remove_label([1], 2)
    assert catalogue.edits.labels_of([1]) == {}


def test_a_new_class_and_its_first_label_are_one_edit(catalogue: Catalogue, source: int, labels: Labels) -> None:
    done = catalogue.edits.label_new([1, 2], " owl ")
    assert done.edit is not None
    assert done.edit.title == "label 2 images “owl”, a new class"
    assert done.classes
    assert labels()[:3] == ["owl", "owl", "cat"]
    catalogue.edits.undo()
    assert labels()[:3] == ["cat"] * 3
    assert list(ids_by_name(catalogue)) == ["cat", "dog"]


def test_counts_follow(catalogue: Catalogue, several: Catalogue) -> None:
    catalogue.edits.add_label([1, 6], 3)
    cat, dog, owl = catalogue.classes()
    assert (cat.used, dog.used, owl.used, owl.further) == (5, 5, 0, 2)
    catalogue.edits.label([11], 3)
    assert catalogue.classes()[2].used == 1


def test_undoing_a_new_class_gives_its_image_the_label_of_the_folder_where_it_is_now(
    catalogue: Catalogue, source: int, labels: Labels
) -> None:
    catalogue.edits.label_new([1], "owl")
    catalogue.apply_scan(source, result(record("dog/0.png", "cat0", "dog")))
    catalogue.edits.undo()
    assert labels() == ["dog"]
