"""Colour maps have the published colours, and an overlay mixes as it says."""

import hashlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imgmine_gui.core.images.colormaps import COLORMAP_TITLES, COLORMAPS, DEFAULT_COLORMAP, colour_heatmap
from imgmine_gui.core.images.overlay import overlay

# The first, middle and last colour as published with each map, and the SHA-256 of matplotlib's whole table.
PUBLISHED = {
    "viridis": ("440154", "20908c", "fde724", "96a1f6f37d4041f9"),
    "cividis": ("00224d", "7c7b78", "fde737", "8a6c6bf382be7cc3"),
    "inferno": ("000003", "bb3754", "fcfea4", "8092f65256023cef"),
    "magma": ("000003", "b63679", "fbfcbf", "e2e7c21b2cdebd6f"),
}

# How long an example takes is the machine's business, and says nothing about what is tested.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", COLORMAPS)
def test_the_colours_are_the_published_ones(name: str) -> None:
    table = COLORMAPS[name]
    assert table.shape == (256, 3)
    assert table.dtype == np.uint8
    first, middle, last, digest = PUBLISHED[name]
    assert [f"{red:02x}{green:02x}{blue:02x}" for red, green, blue in table[[0, 128, 255]]] == [first, middle, last]
    assert hashlib.sha256(table.tobytes()).hexdigest().startswith(digest)


def test_every_map_has_a_title_and_grows_brighter() -> None:
    assert list(COLORMAP_TITLES) == list(COLORMAPS)
    assert DEFAULT_COLORMAP in COLORMAPS
    for table in COLORMAPS.values():
        luminance = table @ np.array([0.2126, 0.7152, 0.0722])
        assert (np.diff(luminance[::16]) > 0).all()


def test_tables_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValueError, match="read-only"):
        COLORMAPS["viridis"][0] = 0


def test_colour_and_opacity_rise_with_the_value() -> None:
    values = np.array([[0, 0.5, 1], [-3, 7, np.nan]], np.float32)
    result = colour_heatmap(values, "magma")
    assert result.shape == (2, 3, 4)
    assert result.dtype == np.uint8
    assert result[..., 3].tolist() == [[0, 128, 255], [0, 255, 0]]
    for index, level in (((0, 0), 0), ((0, 1), 128), ((0, 2), 255), ((1, 1), 255)):
        np.testing.assert_array_equal(result[index][:3], COLORMAPS["magma"][level])


def test_an_unknown_map_is_a_fault() -> None:
    with pytest.raises(KeyError):
        colour_heatmap(np.zeros((2, 2), np.float32), "rainbow")


@unhurried
@given(
    below=st.integers(0, 255), colour=st.integers(0, 255), alpha=st.integers(0, 255), opacity=st.floats(0, 1, width=32)
)
def test_an_overlay_is_the_weighted_mean(below: int, colour: int, alpha: int, opacity: float) -> None:
    image = np.full((2, 3, 3), below, np.uint8)
    rgba = np.full((2, 3, 4), colour, np.uint8)
    rgba[..., 3] = alpha
    weight = opacity * alpha / 255
    result = overlay(image, rgba, opacity)
    assert result.dtype == np.uint8
    assert np.abs(result - (below * (1 - weight) + colour * weight)).max() <= 0.5 + 1e-3


def test_ends_of_the_scale_are_exact() -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (1100, 1000, 3), np.uint8)  # more than one band
    rgba = rng.integers(0, 256, (1100, 1000, 4), np.uint8)
    np.testing.assert_array_equal(overlay(image, rgba, 0.0), image)
    rgba[..., 3] = 255
    np.testing.assert_array_equal(overlay(image, rgba, 1.0), rgba[..., :3])
    rgba[..., 3] = 0
    np.testing.assert_array_equal(overlay(image, rgba, 1.0), image)


def test_wrong_sizes_and_opacities_are_refused() -> None:
    image, rgba = np.zeros((2, 3, 3), np.uint8), np.zeros((3, 2, 4), np.uint8)
    with pytest.raises(ValueError, match="sizes differ"):
        overlay(image, rgba, 0.5)
    with pytest.raises(ValueError, match="opacity"):
        overlay(image, np.zeros((2, 3, 4), np.uint8), 1.5)
