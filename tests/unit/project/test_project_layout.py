"""What paths say of class and split."""

import os
from pathlib import Path

import pytest

from imgmine_gui.core.project.layout import Layout, Place, Split, read_layout

TRAIN, VALIDATION, TEST = Split.TRAIN, Split.VALIDATION, Split.TEST


def places(*paths: str) -> list[tuple[str | None, Split | None]]:
    layout = read_layout(paths)
    return [tuple(layout.place(path)) for path in paths]


def test_the_folder_of_an_image_is_its_class() -> None:
    assert places("cats/1.jpg", "dogs/2.jpg") == [("cats", None), ("dogs", None)]


def test_images_directly_in_the_source_are_unlabelled() -> None:
    assert places("1.jpg", "2.jpg") == [(None, None), (None, None)]
    assert read_layout([]) == Layout()


def test_of_nested_folders_the_innermost_is_the_class() -> None:
    assert places("animals/cats/1.jpg", "plants/ferns/2.jpg") == [("cats", None), ("ferns", None)]
    assert places("train/animals/cats/1.jpg", "test/animals/dogs/2.jpg") == [("cats", TRAIN), ("dogs", TEST)]


@pytest.mark.parametrize(
    ("folder", "split"),
    [
        ("train", TRAIN),
        ("Training", TRAIN),
        ("validation", VALIDATION),
        ("VAL", VALIDATION),
        ("valid", VALIDATION),
        ("dev", VALIDATION),
        ("Test", TEST),
        ("testing", TEST),
    ],
)
def test_split_folders_are_recognised_beside_another_split(folder: str, split: Split) -> None:
    other = "test" if split is not TEST else "train"
    assert places(f"{folder}/cats/1.jpg", f"{other}/dogs/2.jpg")[0] == ("cats", split)


def test_split_folders_are_recognised_on_any_level() -> None:
    assert places("set/v2/train/cats/1.jpg", "set/v2/test/dogs/2.jpg") == [("cats", TRAIN), ("dogs", TEST)]


def test_images_directly_in_split_folders_are_unlabelled() -> None:
    assert places("train/cats/1.jpg", "test/2.jpg") == [("cats", TRAIN), (None, TEST)]
    assert places("set/train/1.jpg", "set/test/2.jpg") == [(None, TRAIN), (None, TEST)]


@pytest.mark.parametrize("name", ["test", "val", "dev"])
def test_a_class_that_happens_to_be_called_like_a_split_is_a_class(name: str) -> None:
    assert places(f"{name}/1.jpg", "other/2.jpg") == [(name, None), ("other", None)]


def test_two_splits_without_train_are_splits() -> None:
    assert places("val/cats/1.jpg", "test/dogs/2.jpg") == [("cats", VALIDATION), ("dogs", TEST)]


def test_train_alone_is_a_split_if_it_holds_classes_or_stands_alone() -> None:
    assert places("train/cats/1.jpg", "train/dogs/2.jpg") == [("cats", TRAIN), ("dogs", TRAIN)]
    assert places("train/1.jpg") == [(None, TRAIN)]
    assert places("train/cats/1.jpg", "more/3.jpg") == [("cats", TRAIN), ("more", None)]


def test_train_among_other_classes_is_a_class() -> None:
    assert places("train/1.jpg", "car/2.jpg", "ship/3.jpg") == [("train", None), ("car", None), ("ship", None)]


def test_classes_may_stand_above_the_splits() -> None:
    paths = ["cats/train/1.jpg", "cats/test/2.jpg", "dogs/train/3.jpg", "dogs/4.jpg"]
    assert places(*paths) == [("cats", TRAIN), ("cats", TEST), ("dogs", TRAIN), ("dogs", None)]


def test_classes_in_the_split_folders_win_over_those_above() -> None:
    assert places("bottle/train/good/1.png", "cable/test/cut/2.png") == [("good", TRAIN), ("cut", TEST)]


def test_the_topmost_level_of_splits_counts() -> None:
    assert places("train/test/1.jpg", "test/test/2.jpg", "test/train/3.jpg") == [
        ("test", TRAIN),
        ("test", TEST),
        ("train", TEST),
    ]


def test_names_keep_their_case_and_become_nfc() -> None:
    assert places("Cafe\u0301/1.jpg", "caf\u00e9/2.jpg") == [("Caf\u00e9", None), ("caf\u00e9", None)]


def test_bytes_that_are_no_utf8_are_spelled_out() -> None:
    path = os.fsdecode(b"caf\xe9/1.jpg")
    assert read_layout([path, "bar/2.jpg"]).place(path) == Place("caf\\xe9", None)


def test_one_folder_alone_is_a_class() -> None:
    assert places("cats/1.jpg", "cats/2.jpg") == [("cats", None), ("cats", None)]
    assert places("train/cats/1.jpg", "test/cats/2.jpg") == [("cats", TRAIN), ("cats", TEST)]


@pytest.mark.parametrize("name", ["images", "JPEGImages", "img", "imgs", "Photos", "pictures", "data"])
def test_a_name_that_says_nothing_is_no_class(name: str) -> None:
    assert places(f"{name}/1.jpg", f"{name}/2.jpg") == [(None, None), (None, None)]
    assert places("1.jpg", f"{name}/2.jpg") == [(None, None), (None, None)]
    assert places(f"{name}/1.jpg", "cats/2.jpg") == [(name, None), ("cats", None)], "not the only one with images"
    assert places(f"{name}/cats/1.jpg", f"{name}/dogs/2.jpg") == [("cats", None), ("dogs", None)]


def test_below_a_class_or_a_split_such_a_folder_is_passed_over() -> None:
    assert places("cats/images/1.jpg", "dogs/images/2.jpg") == [("cats", None), ("dogs", None)]
    assert places("cats/images/1.jpg") == [("cats", None)]
    assert places("data/images/1.jpg") == [(None, None)]
    assert places("train/images/1.jpg", "val/images/2.jpg") == [(None, TRAIN), (None, VALIDATION)]
    assert places("images/train/1.jpg", "images/val/2.jpg") == [(None, TRAIN), (None, VALIDATION)]
    assert places("images/train/cats/1.jpg", "images/test/dogs/2.jpg") == [("cats", TRAIN), ("dogs", TEST)]
    assert places("train/cats/images/1.jpg", "test/dogs/images/2.jpg") == [("cats", TRAIN), ("dogs", TEST)]
    assert places("train/images/cats/1.jpg", "test/images/dogs/2.jpg") == [("cats", TRAIN), ("dogs", TEST)]
    assert places("cats/train/img/1.jpg", "dogs/test/img/2.jpg") == [("cats", TRAIN), ("dogs", TEST)]
    assert places("train/images/1.jpg") == [(None, TRAIN)]


def test_blood_cells_have_no_classes(shared_data: Path) -> None:
    folder = shared_data / "blood_cells"
    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg")]
    assert len(paths) == 364
    assert set(places(*paths)) == {(None, None)}
