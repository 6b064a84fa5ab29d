"""Random changes: repeatable, within their bounds, and each of its own."""

import numpy as np
import pytest

from imgmine_gui.core.data.augmentation import Augmentation, augment

SEED = np.array([3, 5], np.int32)
NONE = {"shift": 0.0}


def changed(images: np.ndarray, seed: np.ndarray = SEED, **options: float) -> np.ndarray:
    return np.asarray(augment(images, Augmentation(**{**NONE, **options}), seed))


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(0).uniform(0, 255, (64, 9, 9, 3)).astype(np.float32)


def test_nothing_asked_changes_nothing(images: np.ndarray) -> None:
    assert changed(images) is images or (changed(images) == images).all()


@pytest.mark.parametrize(
    "option",
    [{"flip_horizontal": True}, {"flip_vertical": True}, {"rotation": 20.0}, {"shift": 0.2}, {"zoom": 0.3},
     {"brightness": 0.2}, {"contrast": 0.5}, {"shear": 20.0}, {"blur": 1.5}, {"noise": 0.2}],
)  # fmt: skip
def test_same_seed_same_change_other_seed_another(images: np.ndarray, option: dict[str, float]) -> None:
    once, again = changed(images, **option), changed(images, **option)
    other = changed(images, SEED + 1, **option)
    assert once.tobytes() == again.tobytes()
    assert (once != images).any()
    assert (once != other).any()
    assert once.min() >= 0
    assert once.max() <= 255.001


def test_mirroring_mirrors_half_of_them_exactly(images: np.ndarray) -> None:
    found = changed(images, flip_horizontal=True)
    mirrored = np.isclose(found, images[:, :, ::-1], atol=1e-2).all((1, 2, 3))
    same = np.isclose(found, images, atol=1e-2).all((1, 2, 3))
    assert (mirrored | same).all()
    assert 16 < mirrored.sum() < 48


def test_shift_keeps_to_its_bound() -> None:
    dots = np.zeros((64, 21, 21, 1), np.float32)
    dots[:, 10, 10] = 255
    found = changed(dots, shift=0.2)
    rows, columns = np.unravel_index(found.reshape(64, -1).argmax(1), (21, 21))
    assert np.abs(rows - 10).max() <= 5
    assert np.abs(columns - 10).max() <= 5
    assert len(set(rows)) > 2


def test_rotation_turns_about_the_centre() -> None:
    dots = np.zeros((64, 21, 21, 1), np.float32)
    dots[:, 10, 10] = 255
    assert (changed(dots, rotation=90.0)[:, 10, 10, 0] > 200).all()


def test_brightness_keeps_to_its_bound() -> None:
    grey = np.full((64, 4, 4, 1), 128, np.float32)
    moved = changed(grey, brightness=0.1)[:, 0, 0, 0] - 128
    assert np.abs(moved).max() <= 25.6
    assert moved.std() > 5


def test_shear_slants_about_the_centre() -> None:
    dots = np.zeros((64, 21, 21, 1), np.float32)
    dots[:, [4, 10, 16], 10] = 255
    found = changed(dots, shear=20.0)[..., 0]
    assert (found[:, 10, 10] > 250).all()
    above, below = ((found[:, row] * np.arange(21)).sum(1) / 255 - 10 for row in (4, 16))
    np.testing.assert_allclose(above, -below, atol=0.02)
    assert np.abs(above).max() <= 6 * np.tan(np.radians(20)) + 0.02
    assert above.min() < -1
    assert above.max() > 1


def test_blur_keeps_what_is_even_and_the_whole_brightness() -> None:
    even = np.full((4, 9, 9, 3), 77, np.float32)
    np.testing.assert_allclose(changed(even, blur=2.0), even, atol=1e-3)
    dots = np.zeros((64, 21, 21, 1), np.float32)
    dots[:, 10, 10] = 255
    found = changed(dots, blur=2.0)[..., 0]
    np.testing.assert_allclose(found.sum((1, 2)), 255, rtol=1e-4)
    assert found[:, 10, 10].min() < 60
    assert found[:, 10, 10].max() > 200
    np.testing.assert_allclose(found, found[:, ::-1, ::-1], atol=1e-3)


def test_noise_keeps_to_its_bound_and_to_the_mean() -> None:
    grey = np.full((64, 32, 32, 1), 128, np.float32)
    spread = changed(grey, noise=0.1).std((1, 2, 3))
    assert spread.max() <= 25.5 * 1.1
    assert spread.min() < 5
    assert abs(changed(grey, noise=0.1).mean() - 128) < 1
