"""Real files of every rare mode against pixels that no line of Pillow had a part in."""

import struct
from pathlib import Path

import numpy as np
import pytest

from imgmine_gui.core.images.decode import decode_rgb
from tests.unit.images.plain_readers import read_netpbm, read_png, read_tiff


@pytest.fixture
def odd(shared_data: Path) -> Path:
    return shared_data / "odd_images" / "pillow_tests"


def grey_of(path: Path) -> np.ndarray:
    pixels = decode_rgb(path).pixels
    assert (pixels == pixels[..., :1]).all()
    return pixels[..., 0]


def linear(values: np.ndarray, black: float, white: float) -> np.ndarray:
    shares = (values.astype(np.float64) - black) / (white - black)
    return np.floor(shares.clip(0, 1) * 255 + 0.5).astype(np.uint8)


def on_white(colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    return colour * (alpha / 255.0) + 255.0 * (1 - alpha / 255.0)


@pytest.mark.parametrize("name", ["16bit.cropped.tif", "16bit.MM.cropped.tif", "12bit.cropped.tif"])
def test_grey_of_16_and_12_bits(odd: Path, name: str) -> None:
    values = read_tiff(odd / name)[..., 0]
    white = next(white for white in (255, 1023, 4095, 16383, 65535) if values.max() <= white)
    np.testing.assert_array_equal(grey_of(odd / name), linear(values, 0, white))


def test_16_bit_netpbm(odd: Path) -> None:
    values = read_netpbm(odd / "hopper_16bit.pgm")
    np.testing.assert_array_equal(grey_of(odd / "hopper_16bit.pgm"), linear(values, 0, 65535))


def test_float(odd: Path) -> None:
    values = read_tiff(odd / "10ct_32bit_128.tiff")[..., 0]
    assert values.dtype.kind == "f" and values.min() < 0
    np.testing.assert_array_equal(grey_of(odd / "10ct_32bit_128.tiff"), linear(values, values.min(), values.max()))


@pytest.mark.parametrize("name", ["hopper.pfm", "hopper_be.pfm"])
def test_float_netpbm(odd: Path, name: str) -> None:
    values = read_netpbm(odd / name)
    low, high = (0.0, 1.0) if values.min() >= 0 and values.max() <= 1 else (values.min(), values.max())
    np.testing.assert_array_equal(grey_of(odd / name), linear(values, low, high))


def test_one_bit(odd: Path) -> None:
    np.testing.assert_array_equal(grey_of(odd / "hopper_1bit.pbm"), read_netpbm(odd / "hopper_1bit.pbm") * 255)
    values, _ = read_png(odd / "hopper_bw_500.png")
    np.testing.assert_array_equal(grey_of(odd / "hopper_bw_500.png"), values[..., 0] * 255)


@pytest.mark.parametrize("name", ["tga/common/200x32_la.png", "uncompressed_la.png"])
def test_grey_with_transparency(odd: Path, name: str) -> None:
    values, _ = read_png(odd / name)
    assert values.shape[2] == 2
    assert np.abs(grey_of(odd / name) - on_white(values[..., 0], values[..., 1])).max() <= 1
    clear = values[..., 1] == 255
    np.testing.assert_array_equal(grey_of(odd / name)[clear], values[..., 0][clear])


@pytest.mark.parametrize(
    "name",
    ["tga/common/200x32_p.png", "pal8rletrns.png", "tiny.png", "p_trns_single.png", "apng/mode_palette_alpha.png"],
)
def test_palettes(odd: Path, name: str) -> None:
    indices, extra = read_png(odd / name)
    colours = extra["palette"][indices[..., 0]].astype(np.float64)
    if "clear" in extra:
        alpha = np.concatenate([extra["clear"], np.full(256, 255, np.uint8)])[indices]
        colours = on_white(colours, alpha.astype(np.float64))
    assert np.abs(decode_rgb(odd / name).pixels - colours).max() <= 1


def test_cmyk(tmp_path: Path) -> None:
    inks = np.random.default_rng(5).integers(0, 256, (7, 9, 4), np.uint8)
    entries = [(256, 9), (257, 7), (258, 8), (259, 1), (262, 5), (273, 8), (277, 4), (278, 7), (279, inks.size)]
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    head = b"II*\0" + struct.pack("<I", 8 + inks.size)
    (tmp_path / "cmyk.tif").write_bytes(head + inks.tobytes() + struct.pack("<H", len(entries)) + body + bytes(4))
    paper = 255.0 - inks
    expected = paper[..., :3] * paper[..., 3:] / 255
    assert np.abs(decode_rgb(tmp_path / "cmyk.tif").pixels - expected).max() <= 1
