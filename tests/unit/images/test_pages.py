"""A page of a file is an image like any other: named by one string, decoded, hashed and refused for itself."""

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.images import reading
from imgmine_gui.core.images.decode import ImageError, ImageInfo, ImageProblem, decode_rgb, inspect_image, inspect_pages
from imgmine_gui.core.images.hashing import content_key, page_key
from imgmine_gui.core.images.pages import PAGE_LIMIT, split_page, with_page
from imgmine_gui.core.images.thumbnails import make_thumbnail

COLOURS = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (90, 90, 90), (250, 250, 0)]


def write_pages(path: Path, count: int = 3, **options: object) -> Path:
    """A TIFF whose page N has colour N and is 10 + N pixels wide."""
    pages = [Image.new("RGB", (11 + number, 9), COLOURS[number]) for number in range(count)]
    pages[0].save(path, "TIFF", save_all=True, append_images=pages[1:], **options)
    return path


def directory(entries: Sequence[tuple[int, int]]) -> bytes:
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return struct.pack("<H", len(entries)) + body + bytes(4)


def write_directories(path: Path, kinds: Sequence[tuple[int, int] | None]) -> Path:
    """A TIFF of one grey pixel a page, each directory with this tag (and value) before all others."""
    data, links = bytearray(b"II*\0\0\0\0\0"), 4
    for number, kind in enumerate(kinds):
        strip, start = len(data), len(data) + 2
        data += bytes([number * 10 % 256, 0])
        entries = [kind] if kind else []
        entries += [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, strip), (277, 1), (278, 1), (279, 1)]
        data[links : links + 4] = struct.pack("<I", start)
        data += directory(entries)
        links = len(data) - 4
    path.write_bytes(data)
    return path


def test_a_page_is_named_by_one_string() -> None:
    assert with_page("scan.tif", 1) == "scan.tif"
    assert with_page("scan.tif", 12) == "scan.tif#page=12"
    assert with_page(b"sc\xe4n.tif", 2) == b"sc\xe4n.tif#page=2"
    assert split_page("nowhere/scan.tif#page=12") == ("nowhere/scan.tif", 12)


@pytest.mark.parametrize(
    "name",
    ["scan.tif", "#page=1x", "a#page=0", "a#page=-1", "a#page=01", "a#page=", "a#page=2.tif", "a#page=1234567890"],
)
def test_what_is_no_page_is_a_path(name: str) -> None:
    assert split_page(name) == (name, 1)


def test_a_file_that_has_the_whole_name_is_that_file(tmp_path: Path) -> None:
    write_pages(tmp_path / "scan.tif")
    Image.new("RGB", (5, 5)).save(tmp_path / "scan.tif#page=2", "PNG")
    assert split_page(str(tmp_path / "scan.tif#page=2")) == (str(tmp_path / "scan.tif#page=2"), 1)
    assert decode_rgb(tmp_path / "scan.tif#page=2").full_size == (5, 5)
    assert decode_rgb(tmp_path / "scan.tif#page=3").full_size == (13, 9)


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_deflate", "packbits"])
@pytest.mark.parametrize("big", [False, True])
def test_every_page_has_its_own_size_and_pixels(tmp_path: Path, compression: str | None, big: bool) -> None:
    path = write_pages(tmp_path / "scan.tif", 5, compression=compression, big_tiff=big)
    for number, colour in enumerate(COLOURS):
        page = with_page(str(path), number + 1)
        info = inspect_image(page)
        assert (info.width, info.height, info.pages, info.frames) == (11 + number, 9, 5, 5)
        pixels = decode_rgb(page).pixels
        assert pixels.shape == (9, 11 + number, 3)
        assert (pixels == colour).all()
        assert make_thumbnail(page, 6).max(axis=(0, 1)).tolist() == list(colour)
    infos = inspect_pages(path)
    assert [info.width for info in infos if isinstance(info, ImageInfo)] == [11, 12, 13, 14, 15]


def test_pages_of_the_other_byte_order(shared_data: Path) -> None:
    path = shared_data / "odd_images" / "pillow_tests" / "multipage.tiff"
    sizes = [(info.width, info.height) for info in inspect_pages(path) if isinstance(info, ImageInfo)]
    with Image.open(path) as image:
        expected = []
        for number in range(3):
            image.seek(number)
            expected.append(image.size)
            pixels = decode_rgb(with_page(str(path), number + 1)).pixels
            np.testing.assert_array_equal(pixels, np.asarray(image.convert("RGB")))
    assert sizes == expected


def test_each_page_is_turned_as_it_says(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    pages = [Image.new("RGB", (20, 10)), Image.new("RGB", (20, 10))]
    pages[1].encoderinfo = {"exif": turned}
    pages[0].save(tmp_path / "scan.tif", save_all=True, append_images=pages[1:])
    assert decode_rgb(tmp_path / "scan.tif").full_size == (20, 10)
    assert decode_rgb(with_page(str(tmp_path / "scan.tif"), 2)).full_size == (10, 20)


@pytest.mark.parametrize("reduced", [(254, 1), (254, 4), (255, 2)])
def test_previews_and_masks_are_no_pages(tmp_path: Path, reduced: tuple[int, int]) -> None:
    path = write_directories(tmp_path / "scan.tif", [None, reduced, (254, 2), reduced, (254, 0)])
    assert inspect_image(path).pages == 3
    values = [int(decode_rgb(with_page(str(path), page)).pixels[0, 0, 0]) for page in (1, 2, 3)]
    assert values == [0, 20, 40]


def test_a_page_that_is_not_there_is_missing(tmp_path: Path) -> None:
    path = write_pages(tmp_path / "scan.tif")
    Image.new("RGB", (5, 5)).save(tmp_path / "one.png")
    for name, page, pages in (("scan.tif", 4, 3), ("one.png", 2, 1)):
        with pytest.raises(ImageError) as caught:
            decode_rgb(with_page(str(tmp_path / name), page))
        assert caught.value.problem is ImageProblem.MISSING
        assert caught.value.path == with_page(str(tmp_path / name), page)
        assert f"no page {page}" in caught.value.message and f"{pages}." in caught.value.message
    with pytest.raises(ImageError) as caught:
        decode_rgb(with_page(str(path.with_name("nowhere.tif")), 2))
    assert caught.value.problem is ImageProblem.MISSING


def test_a_page_that_is_cut_short_does_not_cost_the_others(tmp_path: Path) -> None:
    path = write_directories(tmp_path / "scan.tif", [None, None, None])
    data = bytearray(path.read_bytes())
    second = data.index(struct.pack("<HHII", 273, 4, 1, 8 + 2 + 2 + 9 * 12 + 4))  # the strip lies behind the first
    data[second + 8 : second + 12] = struct.pack("<I", len(data) + 100)
    path.write_bytes(data)
    assert int(decode_rgb(path).pixels[0, 0, 0]) == 0
    assert int(decode_rgb(with_page(str(path), 3)).pixels[0, 0, 0]) == 20
    with pytest.raises(ImageError) as caught:
        decode_rgb(with_page(str(path), 2))
    assert caught.value.problem is ImageProblem.TRUNCATED


def test_a_page_that_cannot_be_used_is_an_error_in_its_place(tmp_path: Path) -> None:
    path = write_directories(tmp_path / "scan.tif", [None, None, None])
    data = bytearray(path.read_bytes())
    second = data.index(struct.pack("<HHII", 256, 4, 1, 1), 100)
    data[second + 8 : second + 12] = data[second + 20 : second + 24] = struct.pack("<I", 100_000)
    path.write_bytes(data)
    first, refused, third = inspect_pages(path)
    assert isinstance(first, ImageInfo) and isinstance(third, ImageInfo)
    assert isinstance(refused, ImageError)
    assert refused.problem is ImageProblem.TOO_LARGE
    assert refused.path == with_page(str(path), 2)
    assert refused.__traceback__ is None


def test_an_animation_is_one_image(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in COLOURS[:3]]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    assert (inspect_image(tmp_path / "moving.gif").pages, inspect_image(tmp_path / "moving.gif").frames) == (1, 3)
    assert len(inspect_pages(tmp_path / "moving.gif")) == 1


def test_counting_pages_ends_and_all_of_them_are_looked_at_in_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_directories(tmp_path / "many.tif", [None] * 300)
    monkeypatch.setattr("imgmine_gui.core.images.pages.PAGE_LIMIT", 200)
    assert PAGE_LIMIT == 10_000
    assert inspect_image(path).pages == 200
    assert all(isinstance(info, ImageInfo) for info in inspect_pages(path))
    monkeypatch.setattr(reading, "HEADER_LIMIT", 20_000)
    problems = {info.problem for info in inspect_pages(path) if isinstance(info, ImageError)}
    assert problems == {ImageProblem.TOO_LARGE}


def test_every_page_has_a_key_of_its_own(tmp_path: Path) -> None:
    path = write_pages(tmp_path / "scan.tif")
    keys = [content_key(with_page(str(path), page)) for page in (1, 2, 3)]
    assert keys == [page_key(content_key(path), page) for page in (1, 2, 3)]
    assert len(set(keys)) == 3 and keys[0] == content_key(path)
    assert {len(key) for key in keys} == {32}
