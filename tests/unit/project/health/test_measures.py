"""Each measure is what it says, checked where it is known by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageFilter

from imgmine_gui.core.images.decode import ImageError
from imgmine_gui.core.project.health.measures import SIZE, Measures, measure_file, measure_pixels


def grey(values: np.ndarray) -> np.ndarray:
    return np.repeat(np.asarray(values, np.uint8)[..., None], 3, axis=-1)


def test_a_flat_image() -> None:
    measures = measure_pixels(grey(np.full((20, 30), 51)))
    assert measures == Measures(1 << 63, 0.0, 0.2, 0.0, 0.0, 0.0)


def test_half_black_and_half_white() -> None:
    values = np.zeros((20, 40))
    values[:, 20:] = 255
    measures = measure_pixels(grey(values))
    assert (measures.brightness, measures.contrast, measures.entropy) == pytest.approx((0.5, 0.5, 1.0))
    assert measures.saturation == 0


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    values = np.zeros((5, 5))
    values[2, 2] = 10
    # Inside, the Laplacian is -40 in the middle, 10 at its four sides, and 0 in the corners: mean 0.
    assert measure_pixels(grey(values)).sharpness == pytest.approx((1600 + 4 * 100) / 9)
    assert measure_pixels(grey(np.zeros((2, 9)))).sharpness == 0


def test_a_dark_copy_is_as_sharp_and_a_blurred_one_is_not() -> None:
    values = np.random.default_rng(2).integers(0, 256, (64, 64))
    image = Image.fromarray(values.astype(np.uint8)).resize((200, 200), Image.Resampling.BILINEAR)
    bright = measure_pixels(grey(np.asarray(image)))
    dark = measure_pixels(grey(np.asarray(image) // 3))
    blurred = measure_pixels(grey(np.asarray(image.filter(ImageFilter.GaussianBlur(4)))))
    assert dark.sharpness < 0.2 * bright.sharpness
    assert dark.detail == pytest.approx(bright.detail, rel=0.1)
    assert blurred.detail < 0.2 * bright.detail
    assert measure_pixels(grey(np.full((9, 9), 7))).detail == 0


def test_all_levels_alike_are_eight_bits() -> None:
    assert measure_pixels(grey(np.arange(256).reshape(16, 16))).entropy == pytest.approx(8)


def test_saturation_is_the_mean_difference_of_the_channels() -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)
    pixels[:2] = (255, 0, 0)
    assert measure_pixels(pixels).saturation == pytest.approx(0.5)


def test_a_blurred_copy_is_less_sharp_and_a_smaller_one_is_not_less(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    image = Image.fromarray(rng.integers(0, 256, (60, 80, 3), np.uint8)).resize((800, 600), Image.Resampling.NEAREST)
    image.save(tmp_path / "sharp.png")
    image.filter(ImageFilter.GaussianBlur(8)).save(tmp_path / "blurred.png")
    image.resize((400, 300), Image.Resampling.BOX).save(tmp_path / "half.png")
    sharp, blurred, half = (measure_file(str(tmp_path / f"{name}.png")) for name in ("sharp", "blurred", "half"))
    assert blurred.sharpness < 0.2 * sharp.sharpness
    assert half.sharpness > 0.8 * sharp.sharpness


def test_an_image_is_measured_at_a_fixed_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    module = "imgmine_gui.core.project.health.measures.measure_pixels"
    monkeypatch.setattr(module, lambda pixels: sizes.append(pixels.shape[:2]))
    for size in ((1000, 500), (100, 60)):
        Image.new("RGB", size).save(tmp_path / "image.png")
        measure_file(str(tmp_path / "image.png"))
    assert sizes == [(SIZE // 2, SIZE), (60, 100)]


def test_a_damaged_image_gives_its_reason(tmp_path: Path) -> None:
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (50, 50, 3), np.uint8)).save(tmp_path / "cut.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "cut.png").read_bytes()[:4000])
    with pytest.raises(ImageError):
        measure_file(str(tmp_path / "cut.png"))


@settings(max_examples=60, deadline=None)
@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))))
def test_measures_of_any_image_are_in_their_ranges(pixels: np.ndarray) -> None:
    measures = measure_pixels(pixels)
    assert 0 <= measures.perceptual_hash < 2**64
    assert 0 <= measures.sharpness < np.inf
    assert 0 <= measures.brightness <= 1
    assert 0 <= measures.contrast <= 0.5
    assert 0 <= measures.entropy <= 8
    assert 0 <= measures.saturation <= 1
