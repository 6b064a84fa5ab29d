"""However a camera was held, and however much an image is reduced, the pixels come out upright and in place."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from imgmine_gui.core.images.decode import decode_rgb, inspect_image

WIDTH, HEIGHT = 48, 32


def scene() -> np.ndarray:
    """uint8 (32, 48, 3), different in every corner."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.stack([x * 5, y * 7, (x > y) * 200], axis=-1).astype("uint8")


def as_camera(orientation: int) -> Image.Image:
    """The scene as a camera held that way stores it, by an implementation that is not ours."""
    inverse = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}[orientation]
    image = Image.fromarray(scene())
    image.getexif()[0x0112] = inverse
    stored = ImageOps.exif_transpose(image)
    assert stored is not None
    return stored


def save(orientation: int, path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, object] = {"lossless": True} if path.suffix == ".webp" else {}
    if path.suffix in {".jpg", ".avif"}:
        options = {"quality": 100, "subsampling": "4:4:4"}
    as_camera(orientation).save(path, exif=exif, **options)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "webp", "avif"])
def test_every_orientation_gives_the_same_upright_image(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = tmp_path / f"image.{suffix}"
    save(orientation, path)
    result = decode_rgb(path)
    assert result.full_size == (WIDTH, HEIGHT)
    tolerance = {"jpg": 12, "avif": 40}.get(suffix, 0)
    assert np.abs(result.pixels.astype(int) - scene()).max() <= tolerance
    info = inspect_image(path)
    assert (info.width, info.height, info.orientation) == (WIDTH, HEIGHT, orientation)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_reduced_decode_is_upright_too(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = tmp_path / f"image.{suffix}"
    save(orientation, path)
    result = decode_rgb(path, at_least=(12, 8))
    assert result.full_size == (WIDTH, HEIGHT)
    assert result.pixels.shape == (8, 12, 3)
    expected = scene().reshape(8, 4, 12, 4, 3).mean(axis=(1, 3))
    assert np.abs(result.pixels - expected).max() <= 12


def test_orientation_in_the_xmp_of_a_tiff(tmp_path: Path) -> None:
    path = tmp_path / "image.tif"
    as_camera(6).save(path, tiffinfo={700: b'<x tiff:Orientation="6"/>'})
    info = inspect_image(path)
    result = decode_rgb(path)
    assert (info.width, info.height) == result.full_size == (WIDTH, HEIGHT)
    np.testing.assert_array_equal(result.pixels, scene())


@pytest.mark.parametrize("value", [0, 9, 255])
def test_an_orientation_that_does_not_exist_is_ignored(tmp_path: Path, value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    Image.fromarray(scene()).save(tmp_path / "image.png", exif=exif)
    assert inspect_image(tmp_path / "image.png").orientation == 1
    np.testing.assert_array_equal(decode_rgb(tmp_path / "image.png").pixels, scene())


def test_damaged_exif_does_not_cost_the_image(tmp_path: Path) -> None:
    Image.fromarray(scene()).save(tmp_path / "image.png", exif=b"Exif\0\0no tiff at all")
    np.testing.assert_array_equal(decode_rgb(tmp_path / "image.png").pixels, scene())


@pytest.mark.parametrize("at_least", [(12, 8), (24, 16), (25, 16), (48, 32), (49, 1), (1000, 1000), (1, 1)])
@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_reduced_decode_is_never_smaller_than_asked(tmp_path: Path, suffix: str, at_least: tuple[int, int]) -> None:
    path = tmp_path / f"image.{suffix}"
    Image.fromarray(scene()).save(path)
    height, width, _ = decode_rgb(path, at_least=at_least).pixels.shape
    assert width >= min(at_least[0], WIDTH) and height >= min(at_least[1], HEIGHT)
    assert (width, height) in {(48, 32), (24, 16), (12, 8), (6, 4)}


def test_a_reduction_that_would_shift_a_turned_image_is_not_made(tmp_path: Path) -> None:
    for orientation, expected in ((1, (9, 13)), (3, (17, 25))):  # 50 x 34 is divisible by 2, not by 4
        exif = Image.Exif()
        exif[0x0112] = orientation
        for suffix in ("jpg", "png"):
            Image.new("RGB", (50, 34)).save(tmp_path / f"image.{suffix}", exif=exif)
            assert decode_rgb(tmp_path / f"image.{suffix}", at_least=(12, 8)).pixels.shape[:2] == expected


def test_a_large_image_is_reduced_in_bands_without_a_seam(tmp_path: Path) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (1504, 1600, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "image.png", compress_level=1)
    result = decode_rgb(tmp_path / "image.png", at_least=(200, 188)).pixels
    expected = pixels.reshape(188, 8, 200, 8, 3).mean(axis=(1, 3))
    assert np.abs(result - expected).max() <= 1


def test_real_photographs_in_all_orientations_agree(shared_data: Path) -> None:
    for shape in ("Landscape", "Portrait"):
        pictures = []
        for number in range(1, 9):
            path = shared_data / "odd_images" / "exif_orientation" / f"{shape}_{number}.jpg"
            assert inspect_image(path).orientation == number
            pictures.append(decode_rgb(path, at_least=(400, 400)).pixels.astype(float))
        for picture in pictures[1:]:
            assert picture.shape == pictures[0].shape
            # The photographer's files were compressed separately: alike, not equal.
            assert np.abs(picture - pictures[0]).mean() < 6
