"""Every pixel format becomes the RGB that the rule of ``convert`` states: golden values, written and read back."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.images.convert import grey_levels
from imgmine_gui.core.images.decode import decode_rgb


def decoded(image: Image.Image, path: Path, **options: object) -> list[list[int]]:
    """The pixels of the first row after saving and decoding."""
    image.save(path, **options)
    return decode_rgb(path).pixels[0].tolist()


def grey(*values: int) -> list[list[int]]:
    return [[value] * 3 for value in values]


def row(values: list[object], dtype: str) -> np.ndarray:
    return np.array([values], dtype)


@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 257, 32896, 65535], [0, 1, 128, 255]),  # 16 bits: value / 257
        ([0, 2048, 4095], [0, 128, 255]),  # 12 bits of a microscope in a 16-bit file
        ([0, 100, 255], [0, 100, 255]),  # 8 bits in a 16-bit file
        ([0, 500, 1023], [0, 125, 255]),
        ([300, 300], [75, 75]),
    ],
)
def test_16_bit_grey_keeps_the_scale_of_its_bit_depth(
    tmp_path: Path, suffix: str, values: list[object], expected: list[int]
) -> None:
    image = Image.fromarray(row(values, "uint16"))
    assert decoded(image, tmp_path / f"grey.{suffix}") == grey(*expected)


def test_big_endian_16_bit_grey(tmp_path: Path) -> None:
    image = Image.frombytes("I;16B", (3, 1), b"\x00\x00\x80\x80\xff\xff")
    assert decoded(image, tmp_path / "grey.tif") == grey(0, 128, 255)


def test_signed_32_bit_grey_is_stretched_from_lowest_to_highest(tmp_path: Path) -> None:
    image = Image.fromarray(row([-1000, 0, 1000], "int32"))
    assert decoded(image, tmp_path / "grey.tif") == grey(0, 128, 255)


def test_16_bit_netpbm(tmp_path: Path) -> None:
    (tmp_path / "grey.pgm").write_bytes(b"P5 3 1 65535\n\x00\x00\x80\x80\xff\xff")
    assert decode_rgb(tmp_path / "grey.pgm").pixels[0].tolist() == grey(0, 128, 255)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 0.2], [0, 51]),
        ([-1.0, 0.0, 1.0], [0, 128, 255]),
        ([0.0, 1e38, 2e38], [0, 128, 255]),
        ([-3e38, 3e38], [0, 255]),
        ([0.0, np.nan, 1.0, np.inf, -np.inf], [0, 0, 255, 255, 0]),
        ([np.nan, np.nan], [0, 0]),
        ([7.0, 7.0], [0, 0]),
    ],
)
def test_float(tmp_path: Path, values: list[object], expected: list[int]) -> None:
    assert decoded(Image.fromarray(row(values, "float32")), tmp_path / "float.tif") == grey(*expected)


def test_grey_levels_of_a_series_do_not_depend_on_the_single_image() -> None:
    assert grey_levels(12, 3_900, integers=True) == grey_levels(700, 2_000, integers=True) == (0, 4_095)
    assert grey_levels(0.1, 0.3, integers=False) == (0, 1)
    assert grey_levels(5, 70_000, integers=True) == (5, 70_000)


def test_cmyk_tiff(tmp_path: Path) -> None:
    image = Image.new("CMYK", (4, 1))
    image.putdata([(0, 0, 0, 0), (255, 0, 0, 0), (0, 0, 0, 255), (0, 255, 0, 128)])
    expected = [[255, 255, 255], [0, 255, 255], [0, 0, 0], [127, 0, 127]]
    assert decoded(image, tmp_path / "cmyk.tif") == expected


def test_cmyk_jpeg_is_stored_inverted_by_adobe_and_read_back(tmp_path: Path) -> None:
    image = Image.new("CMYK", (16, 16), (0, 200, 200, 20))
    image.save(tmp_path / "cmyk.jpg", quality=100)
    assert b"Adobe" in (tmp_path / "cmyk.jpg").read_bytes()
    pixel = decode_rgb(tmp_path / "cmyk.jpg").pixels[8, 8]
    assert np.abs(pixel.astype(int) - [235, 51, 51]).max() <= 3


@pytest.mark.parametrize("suffix", ["png", "tif", "webp", "avif"])
def test_transparency_is_composited_on_white(tmp_path: Path, suffix: str) -> None:
    image = Image.new("RGBA", (16, 16), (0, 0, 200, 255))
    image.paste((10, 20, 30, 0), (0, 0, 8, 16))
    options: dict[str, object] = {"lossless": True} if suffix == "webp" else {}
    image.save(tmp_path / f"clear.{suffix}", **options)
    pixels = decode_rgb(tmp_path / f"clear.{suffix}").pixels.astype(int)
    assert np.abs(pixels[4, 2] - [255, 255, 255]).max() <= 2
    assert np.abs(pixels[4, 13] - [0, 0, 200]).max() <= 8


def test_half_transparency(tmp_path: Path) -> None:
    image = Image.new("LA", (3, 1))
    image.putdata([(0, 255), (0, 51), (100, 0)])
    assert decoded(image, tmp_path / "la.png") == grey(0, 204, 255)


def test_palette_with_and_without_transparency(tmp_path: Path) -> None:
    image = Image.new("P", (3, 1))
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    image.putdata([0, 1, 2])
    assert decoded(image, tmp_path / "p.png") == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
    assert decoded(image, tmp_path / "one.gif", transparency=1) == [[255, 0, 0], [255, 255, 255], [0, 0, 255]]
    many = decoded(image, tmp_path / "many.png", transparency=bytes([255, 0, 51]))
    assert many == [[255, 0, 0], [255, 255, 255], [204, 204, 255]]


def test_a_transparent_colour_of_rgb_and_grey(tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[[1, 2, 3], [4, 5, 6]]], "uint8"))
    assert decoded(image, tmp_path / "rgb.png", transparency=(1, 2, 3)) == [[255] * 3, [4, 5, 6]]
    assert decoded(Image.fromarray(row([9, 8], "uint8")), tmp_path / "l.png", transparency=9) == grey(255, 8)


@pytest.mark.parametrize("suffix", ["png", "tif", "bmp", "pbm"])
def test_one_bit(tmp_path: Path, suffix: str) -> None:
    image = Image.fromarray(row([True, False, True], "bool"))
    assert decoded(image, tmp_path / f"bit.{suffix}") == grey(255, 0, 255)


def test_ycbcr_tiff(tmp_path: Path) -> None:
    image = Image.new("RGB", (16, 16), (200, 40, 90)).convert("YCbCr")
    image.save(tmp_path / "y.tif")
    assert np.abs(decode_rgb(tmp_path / "y.tif").pixels[8, 8].astype(int) - [200, 40, 90]).max() <= 2


def test_lab_tiff(tmp_path: Path) -> None:
    # L* = 54.29, a* = 80.8, b* = 69.9 is the red of sRGB under D50; L* = 53.39 without colour is its middle grey.
    image = Image.frombytes("LAB", (3, 1), bytes([138, 81, 70, 136, 0, 0, 255, 0, 0]))
    pixels = np.array(decoded(image, tmp_path / "lab.tif"))
    assert np.abs(pixels - [[255, 0, 0], [127, 127, 127], [255, 255, 255]]).max() <= 6


def test_a_large_image_is_converted_in_bands_without_a_seam(tmp_path: Path) -> None:
    values = np.linspace(0, 65535, 1500 * 1501).astype("uint16").reshape(1500, 1501)
    Image.fromarray(values).save(tmp_path / "large.tif")
    expected = np.floor(values / 257 + 0.5).astype("uint8")
    np.testing.assert_array_equal(decode_rgb(tmp_path / "large.tif").pixels[..., 1], expected)


def test_the_first_frame_of_an_animation_is_used(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    for suffix in ("gif", "png", "tif", "webp"):
        options: dict[str, object] = {"lossless": True} if suffix == "webp" else {}
        frames[0].save(tmp_path / f"two.{suffix}", save_all=True, append_images=frames[1:], **options)
        assert decode_rgb(tmp_path / f"two.{suffix}").pixels[0, 0].tolist() == [255, 0, 0], suffix


def test_no_warning_escapes_even_where_every_warning_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "exif.jpg"
    exif = Image.Exif()
    exif[0x010E] = "a description that is longer than four bytes"
    Image.new("RGB", (8, 8)).save(path, exif=exif)
    data = path.read_bytes()
    place = data.index(b"\x01\x0e\x00\x02") if b"MM\0*" in data else data.index(b"\x0e\x01\x02\x00")
    path.write_bytes(data[: place + 8] + b"\x7f\x7f\x7f\x7f" + data[place + 12 :])  # its text lies nowhere
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning), Image.open(path) as image:
            image.getexif()
        assert decode_rgb(path).pixels.shape == (8, 8, 3)
