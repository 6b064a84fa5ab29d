"""The rules of the split, and that they hold for any project."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings, assign_splits, part_sizes

TRAIN, VALIDATION, TEST = Split.TRAIN, Split.VALIDATION, Split.TEST
DEFAULT = SplitSettings()

rows = st.lists(
    st.tuples(
        st.sampled_from(["cat", "dog", "owl", None]),
        st.sampled_from([None, None, None, TRAIN, TEST, VALIDATION]),
        st.integers(0, 25).map(lambda number: f"{number:x}" if number else ""),
    ),
    max_size=60,
)
fractions = st.builds(
    SplitSettings, validation=st.floats(0, 0.45), test=st.floats(0, 0.45), seed=st.integers(0, 2**31 - 1)
)
Row = tuple[str | None, Split | None, str]


def split(images: list[Row], chosen: SplitSettings = DEFAULT) -> list[Split | None]:
    labels, from_folders, keys = ([row[column] for row in images] for column in range(3))
    return assign_splits(labels, from_folders, keys, chosen)


def ungiven(images: list[Row]) -> list[Row]:
    return [(label, None, key) for label, _, key in images]


def fresh(label: str, count: int, folder: Split | None = None) -> list[Row]:
    return [(label, folder, f"{label}{folder}{number}") for number in range(count)]


def test_nothing_given_is_divided_class_by_class() -> None:
    images = fresh("cat", 100) + fresh("dog", 20)
    assigned = split(images)
    assert Counter(assigned[:100]) == {TRAIN: 70, VALIDATION: 15, TEST: 15}
    assert Counter(assigned[100:]) == {TRAIN: 14, VALIDATION: 3, TEST: 3}


def test_another_seed_gives_another_split() -> None:
    images = fresh("cat", 100)
    assert split(images) == split(images)
    assert split(images) != split(images, SplitSettings(seed=1))


def test_train_and_test_given_cuts_validation_from_train() -> None:
    assigned = split(fresh("cat", 100, TRAIN) + fresh("cat", 30, TEST))
    assert Counter(assigned[:100]) == {TRAIN: 85, VALIDATION: 15}
    assert set(assigned[100:]) == {TEST}


def test_only_train_given_cuts_no_test() -> None:
    assert Counter(split(fresh("cat", 100, TRAIN))) == {TRAIN: 85, VALIDATION: 15}


def test_train_and_validation_given_stays_as_it_is() -> None:
    assert Counter(split(fresh("cat", 50, TRAIN) + fresh("cat", 10, VALIDATION))) == {TRAIN: 50, VALIDATION: 10}


def test_images_outside_split_folders_are_for_training() -> None:
    assigned = split(fresh("cat", 10, TRAIN) + fresh("cat", 5, VALIDATION) + fresh("cat", 7))
    assert set(assigned[15:]) == {TRAIN}


def test_a_copy_of_a_test_image_outside_split_folders_goes_to_the_test() -> None:
    images: list[Row] = [*fresh("cat", 10, TRAIN), ("cat", TEST, "same"), ("cat", None, "same")]
    assert split(images)[-2:] == [TEST, TEST]


def test_a_content_given_for_the_test_is_never_cut_into_validation() -> None:
    images: list[Row] = [("cat", TEST, f"{n}") for n in range(20)] + [("cat", TRAIN, f"{n}") for n in range(20)]
    assert Counter(split(images)) == {TEST: 20, TRAIN: 20}


def test_unlabelled_and_unreadable_images_have_no_split_unless_given() -> None:
    images: list[Row] = [*fresh("cat", 5), (None, None, "k"), ("cat", None, "")]
    assert split(images)[-2:] == [None, None]
    assert split([(None, TEST, "k"), ("cat", TRAIN, "")]) == [TEST, TRAIN]


@pytest.mark.parametrize(
    ("contents", "sizes"),
    [(0, (0, 0)), (1, (0, 0)), (2, (0, 0)), (3, (1, 0)), (4, (1, 1)), (10, (2, 2)), (20, (3, 3)), (1000, (150, 150))],
)
def test_sizes_of_the_parts(contents: int, sizes: tuple[int, int]) -> None:
    assert part_sizes(contents, 0.15, 0.15) == sizes


def test_a_fraction_of_zero_gives_an_empty_part() -> None:
    assert Counter(split(fresh("cat", 50), SplitSettings(validation=0, test=0))) == {TRAIN: 50}


@pytest.mark.parametrize("wrong", [{"validation": 0.5}, {"test": -0.1}, {"seed": -1}, {"folds": 3}])
def test_settings_have_bounds(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        SplitSettings.model_validate(wrong)


@given(rows, fractions, st.randoms(use_true_random=False))
def test_the_order_of_the_images_does_not_matter(
    images: list[Row], chosen: SplitSettings, shuffler: random.Random
) -> None:
    order = list(range(len(images)))
    shuffler.shuffle(order)
    assigned = split(images, chosen)
    assert split([images[index] for index in order], chosen) == [assigned[index] for index in order]


@given(rows, fractions)
def test_the_same_content_never_crosses_splits_made_here(images: list[Row], chosen: SplitSettings) -> None:
    for made in (images, ungiven(images)):
        assigned = split(made, chosen)
        for key in {key for *_, key in made if key}:
            members = [index for index, row in enumerate(made) if row[2] == key]
            given_here = {made[index][1] for index in members} - {None}
            found = {assigned[index] for index in members if made[index][0]}
            assert len(found) <= 1 or found <= given_here


@given(rows, fractions)
def test_what_folders_give_is_kept_but_for_a_missing_validation_part(images: list[Row], chosen: SplitSettings) -> None:
    assigned = split(images, chosen)
    validation_given = any(row[1] is VALIDATION for row in images)
    for row, found in zip(images, assigned, strict=True):
        if row[1] is TRAIN and not validation_given:
            assert found in {TRAIN, VALIDATION}
        elif row[1] is not None:
            assert found is row[1]
        elif row[0] is None or not row[2]:
            assert found is None
        else:
            assert found is not None


@given(rows, fractions)
def test_every_class_keeps_an_image_for_training(images: list[Row], chosen: SplitSettings) -> None:
    images = ungiven(images)
    assigned = split(images, chosen)
    for label in {row[0] for row in images if row[0] is not None and row[2]}:
        assert any(found is TRAIN and row[0] == label for row, found in zip(images, assigned, strict=True))


@settings(max_examples=200)
@given(st.integers(0, 60), fractions, st.integers(0, 10**6))
def test_adding_a_content_moves_at_most_three_others_of_its_class(count: int, chosen: SplitSettings, new: int) -> None:
    images = fresh("cat", count) + fresh("dog", 10)
    before = split(images, chosen)
    after = split([*images, ("cat", None, f"new{new}")], chosen)[:-1]
    moved = [index for index, (old, now) in enumerate(zip(before, after, strict=True)) if old is not now]
    assert len(moved) <= 3
    assert all(index < count for index in moved)
