"""Findings from tables made by hand: each image is found for the reason that it was made for."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from imgmine_gui.core.project.health.findings import (
    Finding,
    FindingKind,
    Member,
    duplicate_findings,
    duplicates,
    oddness,
    single_findings,
)
from imgmine_gui.core.project.health.table import HealthTable
from imgmine_gui.core.project.health.thresholds import HealthThresholds

DEFAULTS = HealthThresholds()


def table(count: int = 40, **changes: dict[int, float]) -> HealthTable:
    """Ordinary images with ids from 101; ``changes`` names columns, and their values by id."""
    columns: dict[str, np.ndarray] = {
        "ids": np.arange(101, 101 + count),
        "hashes": np.random.default_rng(0).integers(0, 2**64, count, dtype=np.uint64),
        "widths": np.full(count, 640),
        "heights": np.full(count, 480),
        "sharpness": np.full(count, 400, np.float32),
        "brightness": np.full(count, 0.5, np.float32),
        "contrast": np.full(count, 0.2, np.float32),
        "entropy": np.full(count, 7, np.float32),
        "saturation": np.full(count, 0.2, np.float32),
    }
    for name, values in changes.items():
        for number, value in values.items():
            columns[name][number - 101] = value
    return HealthTable(**columns)


def ids(found: list[Finding]) -> dict[FindingKind, tuple[int, ...]]:
    return {finding.kind: finding.ids for finding in found if finding.ids}


def member(**values: object) -> Member:
    return replace(Member(100, 10, "train", 1, ""), **values)


def test_ordinary_images_are_not_found() -> None:
    assert ids(single_findings(table(), DEFAULTS)) == {}
    assert ids(single_findings(table(0), DEFAULTS)) == {}


def test_each_single_finding_the_clearest_first() -> None:
    found = single_findings(
        table(
            sharpness={101: 70, 102: 20, 103: 90},
            brightness={104: 0.19, 105: 0.02, 106: 0.81, 107: 0.95, 108: 0.25, 109: 0.75},
            contrast={110: 0.019, 111: 0.0},
            entropy={112: 0.1},
            widths={113: 6400, 114: 645},
            heights={115: 3000},
            saturation={116: 0.0},
        ),
        DEFAULTS,
    )
    assert ids(found) == {
        FindingKind.BLURRED: (102, 101),
        FindingKind.DARK: (105, 104),
        FindingKind.BRIGHT: (107, 106),
        FindingKind.LOW_INFORMATION: (111, 110, 112),
        FindingKind.ODD_SIZE: (113, 115),
        FindingKind.GREY: (116,),
    }


def test_what_is_of_one_colour_is_not_called_blurred() -> None:
    found = ids(single_findings(table(sharpness={101: 0}, contrast={101: 0}), DEFAULTS))
    assert found == {FindingKind.LOW_INFORMATION: (101,)}


def test_greyscale_is_found_only_among_colour() -> None:
    half = dict.fromkeys(range(101, 121), 0.0)
    assert ids(single_findings(table(saturation=half), DEFAULTS)) == {}
    del half[101]
    assert FindingKind.GREY in ids(single_findings(table(saturation=half), DEFAULTS))


def test_every_threshold_counts() -> None:
    images = table(
        sharpness={101: 350}, brightness={102: 0.45, 103: 0.55}, contrast={104: 0.15}, entropy={105: 6},
        widths={106: 680}, saturation={107: 0.15},
    )  # fmt: skip
    assert ids(single_findings(images, DEFAULTS)) == {FindingKind.ODD_SIZE: (106,)}
    wide = HealthThresholds(
        distance=0, sharpness=0.9, dark=0.95, bright=0.95, contrast=0.16, entropy=6.5, grey=0.16, oddness=3
    )
    assert ids(single_findings(images, wide)) == {
        FindingKind.BLURRED: (101,),
        FindingKind.DARK: (102,),
        FindingKind.BRIGHT: (103,),
        FindingKind.LOW_INFORMATION: (104, 105),
        FindingKind.ODD_SIZE: (106,),
        FindingKind.GREY: (107,),
    }
    assert ids(single_findings(images, HealthThresholds(oddness=100))) == {}


def test_oddness_of_two_cameras_and_of_one_stray_image() -> None:
    two = np.array([4000] * 60 + [3000] * 40), np.array([3000] * 60 + [2000] * 40)
    assert oddness(*two).max() < 3.5
    one = np.array([4000] * 99 + [3000]), np.array([3000] * 99 + [2000])
    assert np.flatnonzero(oddness(*one) > 3.5).tolist() == [99]
    upright = np.array([4000, 3000] * 50), np.array([3000, 4000] * 50)
    assert oddness(*upright).max() == 0
    nearly = np.array([4000] * 99 + [4001]), np.array([3000] * 100)
    assert oddness(*nearly).max() < 3.5


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9000), st.integers(1, 9000)), max_size=60))
def test_oddness_does_not_depend_on_which_side_is_which(sizes: list[tuple[int, int]]) -> None:
    widths, heights = np.array([one for one, _ in sizes], int), np.array([other for _, other in sizes], int)
    np.testing.assert_allclose(oddness(widths, heights), oddness(heights, widths), rtol=1e-6, atol=1e-9)
    assert (oddness(widths, heights) >= 0).all()


def test_near_groups_have_different_contents() -> None:
    images = table(hashes={101: 7, 102: 7, 103: 3, 105: 7 << 50, 106: 7 << 50})
    near, every = duplicates(images, [(101, 102), (105, 106), (201, 202)], DEFAULTS)
    # 101 and 102 are one content, and 103 is near it; 105 and 106 are one content only; 201 is not measured.
    assert near == [(101, 102, 103)]
    assert every == [(101, 102, 103), (105, 106), (201, 202)]
    assert duplicates(images, [], HealthThresholds(distance=0))[0] == [(101, 102), (105, 106)]


def test_images_of_one_colour_are_near_nothing() -> None:
    images = table(hashes={101: 7, 102: 7, 103: 7, 104: 7}, contrast={101: 0.001, 102: 0.001}, entropy={103: 0.0})
    near, every = duplicates(images, [(101, 103)], DEFAULTS)
    assert near == []
    assert every == [(101, 103)]


def test_groups_by_what_differs_in_them() -> None:
    members = {
        1: member(split="train"), 2: member(split="test"),
        3: member(class_id=1), 4: member(class_id=2), 5: member(class_id=None),
        6: member(group="A"), 7: member(group="B"),
        8: member(split=None, class_id=None), 9: member(group="A"),
    }  # fmt: skip
    exact, near = [(1, 2)], [(3, 4, 5), (6, 7), (8, 9)]
    found = {one.kind: one for one in duplicate_findings(exact, near, near + exact, members)}
    assert found[FindingKind.EXACT].groups == ((1, 2),)
    assert found[FindingKind.NEAR].groups == ((3, 4, 5), (6, 7), (8, 9))
    assert found[FindingKind.ACROSS_SPLITS].groups == ((1, 2),)
    assert found[FindingKind.OTHER_LABELS].groups == ((3, 4, 5),)
    assert found[FindingKind.ACROSS_GROUPS].groups == ((6, 7),)
    assert found[FindingKind.NEAR].ids == (3, 4, 5, 6, 7, 8, 9)


def test_the_largest_image_of_a_group_is_the_best() -> None:
    members = {1: member(pixels=50), 2: member(pixels=200, size=5), 3: member(pixels=200, size=9), 4: member(pixels=9)}
    (finding, *_) = duplicate_findings([(1, 2, 3, 4)], [], [(1, 2, 3, 4)], members)
    assert finding.groups == ((3, 2, 1, 4),)
    assert finding.spare == (2, 1, 4)
