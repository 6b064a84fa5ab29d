"""The quick look at a header finds what the real readers find, or leaves the file to them."""

import io
import random
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from imgmine_gui.core.images.convert import Size
from imgmine_gui.core.images.decode import ImageError, inspect_image
from imgmine_gui.core.images.quick_size import quick_size

VARIETIES: dict[str, tuple[str, str, dict[str, object]]] = {
    "jpeg": ("RGB", "JPEG", {}),
    "grey jpeg": ("L", "JPEG", {"dpi": (72, 72), "comment": b"a leaf"}),
    "progressive jpeg": ("RGB", "JPEG", {"progressive": True, "icc_profile": bytes(200_000)}),
    "cmyk jpeg": ("CMYK", "JPEG", {}),
    "png": ("RGB", "PNG", {"dpi": (72, 72)}),
    "grey png": ("L", "PNG", {}),
    "clear png": ("RGBA", "PNG", {}),
    "palette png": ("P", "PNG", {"transparency": 0}),
    "one bit png": ("1", "PNG", {}),
    "gif": ("P", "GIF", {"comment": b"a leaf", "transparency": 0}),
    "bmp": ("RGB", "BMP", {}),
    "grey bmp": ("L", "BMP", {}),
    "webp": ("RGB", "WEBP", {}),
    "lossless webp": ("RGB", "WEBP", {"lossless": True}),
}


def encoded(name: str, orientation: int = 0) -> bytes:
    """A small image, 40 x 24 as it is stored."""
    mode, suffix, options = VARIETIES[name]
    if orientation:
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x010F] = "A camera of some make"
        options = {**options, "exif": exif}
    buffer = io.BytesIO()
    Image.new(mode, (40, 24), 1 if mode in {"L", "P", "1"} else None).save(buffer, suffix, **options)
    return buffer.getvalue()


def real_size(path: Path) -> Size | None:
    """What the real reader finds; ``None`` if it refuses."""
    try:
        info = inspect_image(path)
    except ImageError:
        return None
    return info.width, info.height


def check(path: Path, data: bytes) -> bool:
    """Compare both; whether the quick look gave an answer."""
    path.write_bytes(data)
    size = quick_size(data[: 2**20], len(data))
    assert size is None or size == real_size(path), path
    return size is not None


@pytest.mark.parametrize("name", VARIETIES)
def test_ordinary_images_need_no_real_reader(name: str) -> None:
    data = encoded(name)
    assert quick_size(data, len(data)) == (40, 24)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["jpeg", "png"])
def test_the_orientation_is_applied(tmp_path: Path, name: str, orientation: int) -> None:
    data = encoded(name, orientation)
    assert quick_size(data, len(data)) == ((24, 40) if orientation >= 5 else (40, 24))
    assert check(tmp_path / "image", data)


def test_the_orientation_in_the_xmp_of_a_jpeg_counts_where_exif_has_none(tmp_path: Path) -> None:
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="6"/>'
    for orientation, expected in ((0, (24, 40)), (1, (40, 24))):
        data = encoded("jpeg", orientation)
        data = data[:2] + b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp + data[2:]
        assert quick_size(data, len(data)) == expected
        assert check(tmp_path / "image", data)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"RIFF", b"no image", bytes(200)],
)
def test_what_is_cut_short_or_no_image_is_left_to_the_real_reader(data: bytes) -> None:
    assert quick_size(data, len(data)) is None


def test_what_is_too_large_is_left_to_the_real_reader() -> None:
    header = struct.pack("<IIIHHIIIIII", 40, 30_000, 30_000, 1, 24, 0, 0, 0, 0, 0, 0)
    data = b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header
    assert quick_size(data, len(data)) is None


def test_both_say_the_same_of_every_odd_image(shared_data: Path, tmp_path: Path) -> None:
    paths = [path for path in (shared_data / "odd_images").rglob("*") if path.is_file()]
    answered = sum(check(tmp_path / "image", path.read_bytes()) for path in paths)
    assert len(paths) > 900
    assert answered > 400


def test_both_say_the_same_of_photographs_and_lines_of_text(shared_data: Path, tmp_path: Path) -> None:
    for folder, pattern in (
        ("clothing", "*.jpg"),
        ("blood_cells", "*.jpg"),
        ("captcha", "*.png"),
        ("fraktur_lines", "*.png"),
    ):
        paths = random.Random(0).sample(sorted((shared_data / folder).rglob(pattern)), 200)
        answered = sum(check(tmp_path / "image", path.read_bytes()) for path in paths)
        assert answered > 190, folder


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    name=st.sampled_from(sorted(VARIETIES)),
    orientation=st.integers(0, 8),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.sampled_from([0, 1, 127, 128, 255]) | st.integers(0, 255))),
    cut=st.floats(0.2, 1),
)
def test_flipped_bytes_never_give_another_answer(
    tmp_path: Path, name: str, orientation: int, changes: list[tuple[float, int]], cut: float
) -> None:
    data = bytearray(encoded(name, orientation if name in {"jpeg", "png", "webp"} else 0))
    for place, value in changes[:5]:
        data[int(place**3 * len(data))] = value  # mostly in the header, where the branches are
    check(tmp_path / "mutated", bytes(data if len(changes) % 3 else data[: int(cut * len(data))]))
