"""Pixels and heatmaps go where the geometry says: properties over all sizes, and pixels looked up by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.images.geometry import Geometry, ResizeMode

# How long an example takes is the machine's business, and says nothing about what is tested.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
sides = st.integers(1, 300)
sizes = st.tuples(sides, sides)
modes = st.sampled_from(list(ResizeMode))


@unhurried
@given(source=sizes, target=sizes, mode=modes, x=st.floats(-500, 500), y=st.floats(-500, 500))
def test_there_and_back_is_where_it_started(
    source: tuple[int, int], target: tuple[int, int], mode: ResizeMode, x: float, y: float
) -> None:
    geometry = Geometry.plan(source, target, mode)
    there = geometry.to_target([(x, y)])
    np.testing.assert_allclose(geometry.to_source(there), [(x, y)], rtol=1e-9, atol=1e-6)


@unhurried
@given(source=sizes, target=sizes)
def test_stretch_brings_the_corners_to_the_corners(source: tuple[int, int], target: tuple[int, int]) -> None:
    geometry = Geometry.plan(source, target, ResizeMode.STRETCH)
    np.testing.assert_allclose(geometry.to_target([(0, 0), source]), [(0, 0), target])


@unhurried
@given(source=sizes, target=sizes)
def test_fit_shows_the_whole_source_in_the_middle_and_touches_two_sides(
    source: tuple[int, int], target: tuple[int, int]
) -> None:
    geometry = Geometry.plan(source, target, ResizeMode.FIT)
    (left, top), (right, bottom) = geometry.to_target([(0, 0), source])
    assert min(left, top) >= 0
    assert right <= target[0] + 1e-6
    assert bottom <= target[1] + 1e-6
    assert abs(left - (target[0] - right)) <= 1 + 1e-6
    assert abs(top - (target[1] - bottom)) <= 1 + 1e-6
    assert left == 0 or top == 0


@unhurried
@given(source=sizes, target=sizes)
def test_crop_fills_the_target_from_the_middle_in_true_proportions(
    source: tuple[int, int], target: tuple[int, int]
) -> None:
    geometry = Geometry.plan(source, target, ResizeMode.CROP)
    corners = geometry.to_source([(0, 0), target])
    assert corners.min() >= -1e-6
    assert (corners[1] <= np.add(source, 1e-6)).all()
    np.testing.assert_allclose(corners.mean(axis=0), np.divide(source, 2))
    assert geometry.scale[0] == geometry.scale[1]


@unhurried
@given(source=sizes, target=sizes, mode=modes, value=st.integers(0, 255))
def test_a_constant_image_stays_constant_and_only_fit_has_a_border(
    source: tuple[int, int], target: tuple[int, int], mode: ResizeMode, value: int
) -> None:
    geometry = Geometry.plan(source, target, mode)
    result = geometry.apply(np.full((source[1], source[0], 3), value, np.uint8), fill=255 - value)
    assert result.shape == (target[1], target[0], 3)
    y, x = np.nonzero(result[..., 0] != value)
    assert mode is ResizeMode.FIT or len(x) == 0
    outside = geometry.to_source(np.stack([x + 0.5, y + 0.5], axis=-1))
    assert ((outside < 0) | (outside > source)).any(axis=1).all()
    if mode is ResizeMode.FIT:
        (left, top), (right, bottom) = np.rint(geometry.to_target([(0, 0), source])).astype(int)
        assert (result[top:bottom, left:right] == value).all()
        assert (result == value).all(axis=-1).sum() == (bottom - top) * (right - left)


@unhurried
@given(
    source=sizes,
    target=sizes,
    mode=modes,
    cells=st.tuples(st.integers(1, 20), st.integers(1, 20)),
    place=st.tuples(st.floats(0, 0.999), st.floats(0, 0.999)),
)
@example((300, 200), (224, 224), ResizeMode.FIT, (14, 14), (0.5, 0.2))
def test_the_peak_of_a_heatmap_lands_on_the_right_pixel(
    source: tuple[int, int],
    target: tuple[int, int],
    mode: ResizeMode,
    cells: tuple[int, int],
    place: tuple[float, float],
) -> None:
    geometry = Geometry.plan(source, target, mode)
    column, row = int(place[0] * cells[0]), int(place[1] * cells[1])
    values = np.zeros((cells[1], cells[0]), np.float32)
    values[row, column] = 1
    cell = np.divide(target, cells)  # in target pixels
    expected = geometry.to_source([((column + 0.5) * cell[0], (row + 0.5) * cell[1])])[0]
    assume(((expected > 0) & (expected < source)).all())  # a cell of the border is not on the image

    result = geometry.heatmap_to_source(values)

    assert result.shape == (source[1], source[0])
    assert result.dtype == np.float32
    y, x = np.unravel_index(result.argmax(), result.shape)
    half_a_cell = cell / geometry.scale / 2
    assert (np.abs(np.add((x, y), 0.5) - expected) <= np.maximum(half_a_cell, 0.5) + 0.5).all()


@unhurried
@given(source=sizes, target=sizes, mode=modes, cells=st.tuples(st.integers(1, 40), st.integers(1, 40)))
def test_a_constant_heatmap_is_constant_where_the_network_looked_and_zero_elsewhere(
    source: tuple[int, int], target: tuple[int, int], mode: ResizeMode, cells: tuple[int, int]
) -> None:
    geometry = Geometry.plan(source, target, mode)
    result = geometry.heatmap_to_source(np.full((cells[1], cells[0]), 0.7, np.float32))
    y, x = np.mgrid[: source[1], : source[0]]
    corners = np.stack([x.ravel(), y.ravel()], axis=-1)
    starts, ends = geometry.to_target(corners), geometry.to_target(corners + 1)
    edge = (np.abs(ends) < 1e-5) | (np.abs(starts - target) < 1e-5)
    seen = ((ends > 0) & (starts < target)).all(axis=1)
    assert result.any()
    expected = np.where(seen, np.float32(0.7), 0)
    keep = ~edge.any(axis=1)
    np.testing.assert_allclose(result.ravel()[keep], expected[keep], rtol=1e-5)
    assert result.min() >= 0
    assert result.max() <= np.float32(0.7)


def test_bilinear_between_half_pixel_centres() -> None:
    geometry = Geometry.plan((8, 1), (4, 1), ResizeMode.STRETCH)
    result = geometry.heatmap_to_source(np.array([[0, 1]], np.float32))
    # The cells' centres lie at source x = 2 and 6; pixel centres at 0.5, 1.5, ...
    np.testing.assert_allclose(result[0], [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1], atol=1e-6)


def test_a_heatmap_finer_than_the_result_is_averaged_and_not_sampled() -> None:
    geometry = Geometry.plan((64, 64), (64, 64), ResizeMode.STRETCH)
    checked = (np.indices((64, 64)).sum(axis=0) % 2).astype(np.float32)
    result = geometry.heatmap_to_size(checked, (10, 10))
    assert np.abs(result - 0.5).max() < 0.1


@pytest.mark.parametrize("mode", ResizeMode)
def test_a_small_display_shows_what_the_full_size_shows(mode: ResizeMode) -> None:
    geometry = Geometry.plan((600, 400), (224, 224), mode)
    values = np.random.default_rng(1).random((7, 7)).astype(np.float32)
    small = geometry.heatmap_to_size(values, (60, 40))
    full = geometry.heatmap_to_source(values).reshape(40, 10, 60, 10).mean(axis=(1, 3))
    inner = small[:, 11:49] if mode is ResizeMode.CROP else small
    assert np.abs(inner - (full[:, 11:49] if mode is ResizeMode.CROP else full)).max() < 0.05


@pytest.mark.parametrize("mode", ResizeMode)
def test_a_spot_in_the_pixels_is_where_its_heatmap_says(mode: ResizeMode) -> None:
    pixels = np.zeros((300, 400, 3), np.uint8)
    pixels[130:140, 250:260] = 255
    geometry = Geometry.plan((400, 300), (224, 112), mode)
    seen = geometry.apply(pixels)[..., 0].astype(np.float32)
    back = geometry.heatmap_to_source(seen / 255)
    y, x = np.unravel_index(back.argmax(), back.shape)
    assert abs(x + 0.5 - 255) <= 3
    assert abs(y + 0.5 - 135) <= 3
    centre = geometry.to_target([(255, 135)])[0]
    y, x = np.unravel_index(seen.argmax(), seen.shape)
    assert np.abs(np.add((x, y), 0.5) - centre).max() <= 2


@pytest.mark.parametrize("mode", ResizeMode)
@pytest.mark.parametrize("suffix", ["png", "jpg"])
@pytest.mark.parametrize("size", [(1600, 1200), (1601, 1203)])
def test_a_reduced_decode_gives_the_same_target(
    tmp_path: Path, mode: ResizeMode, suffix: str, size: tuple[int, int]
) -> None:
    y, x = np.mgrid[: size[1], : size[0]]
    pixels = np.stack([127 + 120 * np.sin(x / 40), 127 + 120 * np.cos(y / 50), x * 0 + 80], axis=-1).astype("uint8")
    path = tmp_path / f"image.{suffix}"
    options = {"quality": 95, "subsampling": 0} if suffix == "jpg" else {}
    Image.fromarray(pixels).save(path, **options)
    reduced = decode_rgb(path, at_least=(120, 96))
    assert reduced.pixels.shape[1] < 250
    geometry = Geometry.plan(reduced.full_size, (120, 96), mode)
    difference = np.abs(geometry.apply(reduced.pixels).astype(int) - geometry.apply(pixels))
    assert difference.mean() < 1.5
    assert difference[:, -3:].mean() < 3  # the far edge is where a wrong scale would show


def test_a_checkerboard_does_not_alias() -> None:
    pixels = np.repeat((np.indices((512, 512)).sum(axis=0) % 2 * 255).astype(np.uint8)[..., None], 3, axis=-1)
    for mode in ResizeMode:
        result = Geometry.plan((512, 512), (50, 50), mode).apply(pixels).astype(int)
        assert np.abs(result - 127).max() <= 12


def test_extreme_proportions() -> None:
    for source in ((10_000, 1), (1, 10_000)):
        for mode in ResizeMode:
            geometry = Geometry.plan(source, (64, 48), mode)
            assert geometry.apply(np.full((source[1], source[0], 3), 9, np.uint8)).max() == 9
            assert np.isfinite(geometry.heatmap_to_source(np.ones((6, 8), np.float32))).all()


def test_the_target_can_be_written_to() -> None:
    for mode in ResizeMode:
        Geometry.plan((10, 20), (8, 8), mode).apply(np.zeros((20, 10, 3), np.uint8))[0, 0] = 1


def test_sizes_must_be_positive() -> None:
    with pytest.raises(ValueError, match="Received"):
        Geometry.plan((0, 5), (4, 4), ResizeMode.FIT)
