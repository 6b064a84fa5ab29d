"""Random changes to lines: none where none is asked for, repeatable, and no letter leaves its line."""

import math

import numpy as np
import pytest

from imgmine_gui.core.data.augmentation import Augmentation
from imgmine_gui.core.data.line_augmentation import augment_lines

SEED = np.array([3, 5], np.int32)
OPTIONS = [{"shift": 0.2}, {"zoom": 0.3}, {"shear": 10.0}, {"brightness": 0.2}, {"contrast": 0.5}, {"blur": 1.5},
           {"noise": 0.2}]  # fmt: skip
ALL = {name: value for option in OPTIONS for name, value in option.items()}


def changed(images: np.ndarray, seed: np.ndarray = SEED, **options: float) -> np.ndarray:
    return np.asarray(augment_lines(images, Augmentation(**{"shift": 0.0, **options}), seed))


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (48, 16, 64, 1)).astype(np.float32)


def test_nothing_asked_changes_nothing(images: np.ndarray) -> None:
    assert (changed(images) == images).all()
    assert (changed(images, rotation=30.0, flip_horizontal=True, flip_vertical=True) == images).all()


@pytest.mark.parametrize("option", [*OPTIONS, ALL])
def test_same_seed_same_change_other_seed_another(images: np.ndarray, option: dict[str, float]) -> None:
    once, again = changed(images, **option), changed(images, **option)
    assert once.shape == images.shape
    assert once.tobytes() == again.tobytes()
    assert (once != images).any()
    assert (once != changed(images, SEED + 1, **option)).any()
    assert once.min() >= 0
    assert once.max() <= 255.001


@pytest.mark.parametrize("option", [*OPTIONS, ALL])
def test_each_line_has_changes_of_its_own(option: dict[str, float]) -> None:
    same = np.repeat(np.random.default_rng(0).uniform(0, 255, (1, 16, 64, 1)), 8, 0).astype(np.float32)
    assert len({line.tobytes() for line in changed(same, **option)}) == 8


def test_left_edge_stays_and_nothing_grows_wider() -> None:
    """A dot at half height: its column only ever moves to the left, and the first column stays the first."""
    for column in (0, 20, 40):
        dots = np.zeros((64, 17, 64, 1), np.float32)
        dots[:, 8, column] = 255
        found = changed(dots, zoom=0.3, shear=20.0).sum((1, 3))
        at = (found * np.arange(64)).sum(1) / found.sum(1)
        assert at.max() <= column + 0.2  # a dot off half height is slanted a little
        assert at.min() >= column / 1.3 - 0.5
        assert column == 0 or at.std() > 0.5


def test_slant_keeps_to_its_bound_and_slants_both_ways() -> None:
    dots = np.zeros((64, 17, 64, 1), np.float32)
    dots[:, 2, 30] = 255
    found = changed(dots, shear=20.0)[:, 2, :, 0]
    moved = (found * np.arange(64)).sum(1) / found.sum(1) - 30
    assert np.abs(moved).max() <= 6 * math.tan(math.radians(20)) + 0.01
    assert moved.min() < -1
    assert moved.max() > 1


def test_shift_moves_up_and_down_only() -> None:
    dots = np.zeros((64, 17, 64, 1), np.float32)
    dots[:, 8, 30] = 255
    found = changed(dots, shift=0.2)[..., 0]
    assert not np.delete(found, 30, axis=2).any()
    rows = found[:, :, 30].argmax(1) - 8
    assert np.abs(rows).max() <= math.ceil(0.2 * 17)
    assert rows.min() < 0 < rows.max()


def test_changes_do_not_depend_on_each_other() -> None:
    """How far a line is slanted says nothing of how far it is blurred, and so on."""
    size = 400
    dots = np.zeros((size, 17, 32, 1), np.float32)
    dots[:, 2, 14] = 255
    stripes = np.broadcast_to(np.tile(np.array([0, 255], np.float32), 16)[:, None], (size, 17, 32, 1))
    seen = {
        "slant": np.abs((changed(dots, shear=20.0)[:, 2, :, 0] * np.arange(32)).sum(1) / 255 - 14),
        "blur": -changed(stripes, blur=1.0)[:, 8, 4:-4, 0].std(1),
        "noise": changed(np.full((size, 8, 32, 1), 128, np.float32), noise=0.1)[..., 0].std((1, 2)),
        "brightness": np.abs(changed(np.full((size, 2, 2, 1), 128, np.float32), brightness=0.2)[:, 0, 0, 0] - 128),
    }
    related = np.corrcoef(list(seen.values()))
    assert np.abs(related - np.eye(len(seen))).max() < 0.25, dict(zip(seen, related.round(2).tolist(), strict=True))
