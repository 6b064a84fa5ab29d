import numpy as np
import pytest
import tensorflow as tf

from imgmine_gui.core.explain.baselines import BLUR_SIGMA, Baseline, baseline_images
from imgmine_gui.core.explain.batches import MOST_AT_ONCE, PIXELS_AT_ONCE, images_at_once, slices
from imgmine_gui.core.explain.heatmap import normalise
from imgmine_gui.core.explain.interpolation import bilinear_matrix, gaussian_matrix, resize
from tests.unit.explain.small_networks import pictures


def test_a_map_is_stretched_to_the_whole_range() -> None:
    heatmap = normalise(np.array([[2.0, 4.0], [3.0, 6.0]]), "m", 5)
    np.testing.assert_allclose(heatmap.values, [[0, 0.5], [0.25, 1]])
    assert (heatmap.method, heatmap.target, heatmap.flat, heatmap.values.dtype) == ("m", 5, False, np.float32)


def test_a_zero_based_map_keeps_its_ratios() -> None:
    np.testing.assert_allclose(normalise(np.array([[2.0, 4.0]]), "m", 0, zero_based=True).values, [[0.5, 1]])


def test_single_bright_pixels_are_cut() -> None:
    raw = np.arange(1000.0).reshape(10, 100)
    raw[3, 3] = 1e6
    values = normalise(raw, "m", 0, percentile=99).values
    assert values[3, 3] == 1
    assert np.median(values) == pytest.approx(0.5, abs=0.01)


def test_a_map_with_less_than_a_hundredth_of_its_pixels_lit_is_not_cut_away() -> None:
    raw = np.zeros((20, 20))
    raw[0, 0], raw[5, 5] = 1, 0.5
    heatmap = normalise(raw, "m", 0, percentile=99)
    assert not heatmap.flat
    np.testing.assert_allclose(heatmap.values, raw)


@pytest.mark.parametrize(
    "raw",
    [np.zeros((3, 3)), np.full((3, 3), 0.7), np.array([[1.0, 1.0 + 1e-7]]), np.array([[1.0, np.nan]])],
    ids=["zero", "constant", "rounding", "not a number"],
)
def test_a_map_without_differences_is_flagged(raw: np.ndarray) -> None:
    for zero_based in (True, False):
        heatmap = normalise(raw, "m", 0, zero_based=zero_based)
        assert heatmap.flat
        assert not heatmap.values.any()


def test_faint_maps_are_maps() -> None:
    assert not normalise(np.array([[0.0, 1e-12]]), "m", 0).flat


@pytest.mark.parametrize(
    ("source", "target"), [((7, 7), (224, 224)), ((3, 5), (8, 31)), ((1, 9), (6, 40)), ((6, 8), (4, 5))]
)
def test_resizing_is_that_of_tensorflow(source: tuple[int, int], target: tuple[int, int]) -> None:
    maps = np.random.default_rng(0).random((2, *source)).astype(np.float32)
    expected = tf.image.resize(maps[..., None], target)[..., 0]
    np.testing.assert_allclose(resize(maps, *target), expected, atol=1e-5)


def test_matrices_are_shared_and_so_cannot_be_written_to() -> None:
    for matrix in (bilinear_matrix(5, 3), gaussian_matrix(5, 1.0)):
        with pytest.raises(ValueError, match="read-only"):
            matrix[0, 0] = 1


def test_a_blurred_point_is_a_bell_of_the_stated_width() -> None:
    image = np.zeros((1, 201, 101, 1), np.float32)
    image[0, 100, 50] = 1
    blurred = baseline_images(image, Baseline.BLURRED)[0, ..., 0]
    assert blurred.sum() == pytest.approx(1, abs=1e-4)
    rows = np.arange(201) - 100
    assert (blurred.sum(1) * rows**2).sum() == pytest.approx((201 * BLUR_SIGMA) ** 2, rel=0.01)
    columns = np.arange(101) - 50
    assert (blurred.sum(0) * columns**2).sum() == pytest.approx((101 * BLUR_SIGMA) ** 2, rel=0.01)


def test_baselines_take_the_information_away_and_keep_a_plain_image() -> None:
    images = pictures(2)
    assert not baseline_images(images, Baseline.BLACK).any()
    np.testing.assert_allclose(baseline_images(images, Baseline.MEAN)[1, 3, 4], images[1].mean((0, 1)), rtol=1e-5)
    plain = np.full((1, 20, 30, 3), (10.0, 20.0, 30.0), np.float32)
    for baseline in (Baseline.MEAN, Baseline.BLURRED):
        np.testing.assert_allclose(baseline_images(plain, baseline), plain, rtol=1e-5)
        assert baseline_images(images, baseline).std() < 0.8 * images.std()


def test_batches_are_bounded_and_never_empty() -> None:
    for side in (8, 96, 224, 500, 5000):
        count, with_gradients = images_at_once(side, side), images_at_once(side, side, gradients=True)
        assert 1 <= with_gradients <= count <= MOST_AT_ONCE
        assert count == 1 or count * side * side <= PIXELS_AT_ONCE
    assert (images_at_once(224, 224), images_at_once(224, 224, gradients=True)) == (16, 8)
    assert [list(range(10))[part] for part in slices(10, 4)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
