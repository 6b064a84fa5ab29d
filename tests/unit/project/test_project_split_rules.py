"""Splits by hand and of groups, and that the way for a million images follows the rules to the letter."""

import string
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.split_arrays import CODES, SplitColumns, assign_codes
from imgmine_gui.core.project.splits import SplitSettings, assign_splits, draw, draw_group

TRAIN, VALIDATION, TEST = Split.TRAIN, Split.VALIDATION, Split.TEST
Row = tuple[int | None, Split | None, str, Split | None, str]

splits = st.sampled_from([None, None, None, TRAIN, TEST, VALIDATION])
nothing = st.none()
rows = st.one_of(
    [
        st.lists(
            st.tuples(
                st.sampled_from([None, 1, 2, 10]),
                from_folders,
                st.integers(0, most).map(lambda number: f"{number:x}" if number else ""),
                by_hand,
                st.sampled_from(groups),
            ),
            max_size=60,
        )
        for from_folders in (splits, nothing, st.sampled_from([None, TRAIN]))
        for by_hand in (splits, nothing)
        for groups in ([""], ["", "", *string.ascii_lowercase])
        for most in (8, 1000)
    ]
)
fractions = st.builds(SplitSettings, validation=st.floats(0, 0.45), test=st.floats(0, 0.45), seed=st.integers(0, 9))


def split(images: list[Row], chosen: SplitSettings = SplitSettings()) -> list[Split | None]:  # noqa: B008 - frozen
    labels, from_folders, keys, by_hand, groups = ([row[column] for row in images] for column in range(5))
    return assign_splits(labels, from_folders, keys, chosen, by_hand, groups)  # type: ignore[arg-type]


def fresh(
    count: int, label: int = 1, folder: Split | None = None, by_hand: Split | None = None, group: str = ""
) -> list[Row]:
    return [(label, folder, f"{label}{folder}{by_hand}{group}{number}", by_hand, group) for number in range(count)]


def columns_of(images: list[Row], seed: int) -> SplitColumns:
    names = sorted({group for *_, group in images} - {""})
    number = {name: index for index, name in enumerate(names)} | {"": -1}
    return SplitColumns(
        np.array([label or 0 for label, *_ in images], np.int64),
        np.array([CODES[folder] for _, folder, *_ in images], np.int8),
        np.array([CODES[by_hand] for *_, by_hand, _ in images], np.int8),
        np.array([draw(seed, key) if key else -1 for _, _, key, *_ in images], np.int64),
        np.array([number[group] for *_, group in images], np.int64),
        np.array([draw_group(seed, name) for name in names], np.int64),
    )


@given(rows, fractions)
@settings(deadline=None, max_examples=500)
def test_arrays_follow_the_rules(images: list[Row], chosen: SplitSettings) -> None:
    expected = [CODES[one] for one in split(images, chosen)]
    assert assign_codes(columns_of(images, chosen.seed), chosen).tolist() == expected


@given(rows, fractions)
@settings(deadline=None)
def test_a_group_is_in_one_split(images: list[Row], chosen: SplitSettings) -> None:
    found: dict[str, set[Split]] = {}
    for (*_, group), assigned in zip(images, split(images, chosen), strict=True):
        if group and assigned:
            found.setdefault(group, set()).add(assigned)
    assert all(len(one) == 1 for one in found.values())


@given(rows, fractions)
@settings(deadline=None)
def test_what_a_person_says_holds_outside_groups(images: list[Row], chosen: SplitSettings) -> None:
    with_groups = {key for *_, key, _, group in images if group and key}
    for (_, _, key, by_hand, group), assigned in zip(images, split(images, chosen), strict=True):
        if by_hand and not group and key not in with_groups:
            assert assigned is by_hand


def test_one_image_set_by_hand_leaves_the_others_divided() -> None:
    before = split(fresh(100))
    images = fresh(100)
    images[0] = (1, None, images[0][2], TEST, "")
    after = split(images)
    assert after[0] is TEST
    assert sum(one is not other for one, other in zip(before[1:], after[1:], strict=True)) <= 3


def test_a_copy_goes_along_with_what_a_person_said_of_the_other() -> None:
    for said in Split:
        images: list[Row] = [*fresh(50), (1, None, "same", said, ""), (1, None, "same", None, "")]
        assert split(images)[-2:] == [said, said]


def test_a_person_overrules_a_folder() -> None:
    assert split([*fresh(4, folder=TRAIN), (1, TRAIN, "x", TEST, ""), *fresh(2, folder=VALIDATION)])[4] is TEST


def test_groups_count_like_contents() -> None:
    images = [row for number in range(100) for row in fresh(number % 4 + 1, group=f"patient {number}")]
    of_group = {group: one for (*_, group), one in zip(images, split(images), strict=True)}
    assert Counter(of_group.values()) == {TRAIN: 70, VALIDATION: 15, TEST: 15}


def test_a_group_of_several_classes_is_divided_too() -> None:
    images = [row for number in range(40) for label in (1, 2) for row in fresh(2, label, group=f"plot {number}")]
    assert Counter(split(images)) == {TRAIN: 28 * 4, VALIDATION: 6 * 4, TEST: 6 * 4}


def test_folders_that_disagree_about_a_group_put_it_where_it_is_judged() -> None:
    images = fresh(3, folder=TRAIN, group="a") + fresh(1, folder=VALIDATION, group="a")
    assert set(split(images)) == {VALIDATION}
    assert set(split(images + fresh(1, folder=TEST, group="a"))) == {TEST}
    assert set(split([*images, *fresh(1, by_hand=TRAIN, group="a")])) == {TRAIN}


def test_a_content_connects_two_groups() -> None:
    images: list[Row] = [
        *fresh(3, group="a"),
        *fresh(3, group="b"),
        (1, None, "x", None, "a"),
        (1, TEST, "x", None, "b"),
    ]
    assert set(split(images)) == {TEST}


def test_a_long_chain_of_groups_is_one() -> None:
    chain: list[Row] = [
        (1, None, f"content {number + step}", None, f"group {number}") for number in range(300) for step in (0, 1)
    ]
    chain[-1] = (*chain[-1][:3], TEST, chain[-1][4])
    assert set(assign_codes(columns_of(chain, 0), SplitSettings()).tolist()) == {CODES[TEST]}
