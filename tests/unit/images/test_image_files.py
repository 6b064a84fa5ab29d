"""What counts as an image, what its header says, and by what its content is recognised."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from imgmine_gui.core.images.decode import SUFFIXES, ImageInfo, decode_rgb, inspect_image, looks_like_image
from imgmine_gui.core.images.formats import READERS, UNREAD_SUFFIXES, image_format
from imgmine_gui.core.images.frames import FRAME_LIMIT, count_frames
from imgmine_gui.core.images.hashing import content_key

SAVED_AS = {
    "JPEG": ".jpg", "PNG": ".png", "TIFF": ".tif", "WEBP": ".webp", "AVIF": ".avif",
    "GIF": ".gif", "BMP": ".bmp", "PPM": ".ppm", "JPEG2000": ".jp2",
}  # fmt: skip


def frames(count: int) -> list[Image.Image]:
    return [Image.new("RGB", (12, 10), (number * 20, 0, 0)) for number in range(count)]


@pytest.mark.parametrize("name", READERS)
def test_every_format_is_recognised_by_its_first_bytes(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"image{SAVED_AS[name]}"
    Image.new("RGB", (12, 10)).save(path)
    assert image_format(path.read_bytes()[:32]) == name
    assert looks_like_image(path.read_bytes()[:32])
    assert path.suffix in SUFFIXES - UNREAD_SUFFIXES
    assert inspect_image(path) == ImageInfo(12, 10, name, inspect_image(path).mode, 1, 1)


def test_texts_and_other_files_do_not_look_like_images() -> None:
    others = [
        b"",
        b"P",
        b"P5",
        b"BM",
        b"GIF",
        b"%PDF-1.7",
        b"P3 is here",
        b"BMW and others, a list",
        b"PK\3\4",
        b"\xff\xd8",
    ]
    assert not [data for data in others if looks_like_image(data)]


def test_suffixes_are_lower_case_with_a_dot() -> None:
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in SUFFIXES)
    assert {".jpg", ".jpeg", ".png", ".tif", ".heic"} <= SUFFIXES


@pytest.mark.parametrize("suffix", [".gif", ".tif", ".png", ".webp", ".avif"])
def test_frames_are_counted(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"image{suffix}"
    first, *others = frames(5)
    first.save(path, save_all=True, append_images=others)
    assert inspect_image(path).frames == 5


def test_frames_of_big_tiff_and_of_other_byte_order(tmp_path: Path) -> None:
    first, *others = frames(3)
    first.save(tmp_path / "big.tif", save_all=True, append_images=others, big_tiff=True)
    assert inspect_image(tmp_path / "big.tif").frames == 3


def test_pages_that_point_at_each_other_are_counted_once(tmp_path: Path) -> None:
    first, *others = frames(2)
    first.save(tmp_path / "loop.tif", save_all=True, append_images=others)
    data = bytearray((tmp_path / "loop.tif").read_bytes())
    start = int.from_bytes(data[4:8], "little")
    link = start + 2 + 12 * int.from_bytes(data[start : start + 2], "little")
    data[link : link + 4] = start.to_bytes(4, "little")
    (tmp_path / "loop.tif").write_bytes(data)
    assert inspect_image(tmp_path / "loop.tif").frames == 1


def test_counting_frames_ends(tmp_path: Path) -> None:
    frame = b",\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
    path = tmp_path / "many.gif"
    path.write_bytes(b"GIF89a\1\0\1\0\0\0\0" + frame * (2 * FRAME_LIMIT) + b";")
    assert inspect_image(path).frames == FRAME_LIMIT
    with path.open("rb") as file, Image.open(path) as image:
        assert isinstance(image, ImageFile.ImageFile)
        assert count_frames(image, file) == FRAME_LIMIT
        assert file.tell() <= 13 + len(frame) * FRAME_LIMIT  # it did not read on


def test_the_header_alone_is_read(tmp_path: Path) -> None:
    path = tmp_path / "image.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:20_000])
    assert (inspect_image(path).width, inspect_image(path).height) == (400, 300)


def test_the_content_key_is_the_hash_of_the_bytes(tmp_path: Path) -> None:
    for size in (0, 1, 2**20, 2**20 + 1, 3 * 2**20):
        data = np.random.default_rng(size).bytes(size)
        (tmp_path / "file").write_bytes(data)
        assert content_key(tmp_path / "file") == hashlib.blake2b(data, digest_size=16).hexdigest()


def test_threads_decode_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    paths = []
    for number, suffix in enumerate(list(SAVED_AS.values()) * 3):
        paths.append(tmp_path / f"{number}{suffix}")
        Image.fromarray(rng.integers(0, 256, (40, 50, 3), np.uint8)).save(paths[-1])
    alone = [decode_rgb(path).pixels for path in paths]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            together = list(pool.map(lambda path: decode_rgb(path).pixels, paths))
            assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))
