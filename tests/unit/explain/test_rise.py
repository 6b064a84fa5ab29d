import numpy as np
import pytest

from imgmine_gui.core.explain.baselines import Baseline
from imgmine_gui.core.explain.heatmap import normalise
from imgmine_gui.core.explain.rise import Rise, RiseOptions
from tests.unit.explain.linear_networks import region_subject
from tests.unit.explain.small_networks import pictures, subject_of

ONE = np.array([1])


@pytest.mark.parametrize("top", [0, 16])
@pytest.mark.parametrize("left", [0, 20])
def test_the_informative_quadrant_is_found(top: int, left: int) -> None:
    rows, columns = slice(top, top + 16), slice(left, left + 20)
    subject = region_subject(32, 40, rows, columns, weight=1e-4)
    image = np.full((1, 32, 40, 1), 200, np.float32)
    options = RiseOptions(masks=1000, cells=4, baseline=Baseline.BLACK)
    map_ = Rise(options).explain(subject, image, np.array([0]))[0]
    inside = np.zeros((32, 40), bool)
    inside[rows, columns] = True
    assert inside.ravel()[map_.argmax()]
    heatmap = normalise(map_, "rise", 0).values
    assert heatmap[inside].mean() > 2 * heatmap[~inside].mean()


def test_the_map_is_the_mean_probability_while_a_pixel_is_visible() -> None:
    image, subject = pictures(1)[0], subject_of("sequential")
    rise = Rise(RiseOptions(masks=300, cells=5, visible=40, seed=3, baseline=Baseline.MEAN))
    masks = np.concatenate(list(rise._masks(24, 32)))
    assert masks.shape == (300, 24, 32)
    grey = image.mean((0, 1))
    top, bottom = np.zeros((24, 32)), np.zeros((24, 32))
    for mask in masks:
        masked = image * mask[..., None] + grey * (1 - mask[..., None])
        top += subject.probabilities(masked[None].astype(np.float32))[0, 1] * mask
        bottom += mask
    np.testing.assert_allclose(rise.explain(subject, image[None], ONE)[0], top / bottom, rtol=1e-4)


def test_masks_are_smooth_and_as_open_as_asked() -> None:
    masks = np.concatenate(list(Rise(RiseOptions(masks=2000, cells=6, visible=30))._masks(48, 60)))
    assert masks.min() == 0
    assert masks.max() == pytest.approx(1)
    assert masks.mean() == pytest.approx(0.3, abs=0.02)
    assert np.abs(masks.mean(0) - 0.3).max() < 0.06  # no place is seen more often than another
    assert np.abs(np.diff(masks, axis=1)).max() <= 6 / 48 + 1e-5
    assert np.abs(np.diff(masks, axis=2)).max() <= 6 / 60 + 1e-5


def test_the_seed_decides_the_masks() -> None:
    image, subject = pictures(1), subject_of("sequential")
    first, again, other = (Rise(RiseOptions(masks=32, seed=seed)).explain(subject, image, ONE) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


def test_a_network_that_says_the_same_of_every_image_gives_a_flat_map() -> None:
    subject = region_subject(32, 40, slice(0, 0), slice(0, 0))
    map_ = Rise().explain(subject, pictures(1, (32, 40, 1)), ONE)[0]
    np.testing.assert_allclose(map_, 0.5, rtol=1e-6)
    assert normalise(map_, "rise", 1).flat
