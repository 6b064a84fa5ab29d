"""Thumbnails are kept, bounded, made again when damaged, and never fail because the disk does."""

import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.images import thumbnails
from imgmine_gui.core.images.decode import ImageError, ImageProblem
from imgmine_gui.core.images.hashing import content_key
from imgmine_gui.core.images.thumbnails import ThumbnailCache

REPOSITORY = Path(__file__).resolve().parents[3]


def picture(folder: Path, name: str = "image.png", size: tuple[int, int] = (300, 200), seed: int = 0) -> str:
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)
    Image.fromarray(pixels).save(folder / name)
    return str(folder / name)


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the images that thumbnails were made of, instead of read from the folder."""
    paths: list[str] = []
    make = thumbnails.make_thumbnail

    def counting(path: str, size: int) -> np.ndarray:
        paths.append(path)
        return make(path, size)

    monkeypatch.setattr(thumbnails, "make_thumbnail", counting)
    return paths


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((300, 200), (128, 85)),
        ((200, 300), (85, 128)),
        ((128, 128), (128, 128)),
        ((50, 20), (50, 20)),
        ((3000, 2), (128, 1)),
    ],
)
def test_the_longest_side_is_bounded_and_small_images_stay(
    tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    path = picture(tmp_path, size=size)
    cache = ThumbnailCache(tmp_path / "cache")
    for _ in range(2):
        result = cache.get(path, "key", 128)
        assert (result.shape[1], result.shape[0]) == expected
        assert result.dtype == np.uint8


def test_a_thumbnail_is_made_once_for_each_content_and_size(tmp_path: Path, made: list[str]) -> None:
    path = picture(tmp_path)
    cache = ThumbnailCache(tmp_path / "cache")
    first = cache.get(path, content_key(path), 64)
    again = cache.get(path, content_key(path), 64)
    assert made == [path]
    assert first.shape == again.shape
    assert np.abs(first.astype(int) - again).mean() < 12  # noise, kept as JPEG
    assert max(cache.get(path, content_key(path), 32).shape) == 32
    cache.get(path, "another content", 64)
    assert len(made) == 3
    places = kept(tmp_path / "cache")
    assert len(places) == 3
    for place in places:
        assert place.suffix == ".jpg"
        assert place.parent.name == place.name[2:4] and place.parent.parent.name == place.name[:2]


def test_no_key_leads_out_of_the_folder(tmp_path: Path) -> None:
    path = picture(tmp_path)
    ThumbnailCache(tmp_path / "cache").get(path, "../../outside\0\udcff", 64)
    assert len(kept(tmp_path / "cache")) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "image.png"]


def test_a_damaged_thumbnail_is_made_again(tmp_path: Path, made: list[str]) -> None:
    path = picture(tmp_path)
    cache = ThumbnailCache(tmp_path / "cache")
    whole = cache.get(path, "key", 64)
    place = kept(tmp_path / "cache")[0]
    data = place.read_bytes()
    for damaged in (b"", data[: len(data) // 2], data[: len(data) // 2] + bytes(len(data) // 2), b"something else"):
        place.write_bytes(damaged)
        np.testing.assert_array_equal(cache.get(path, "key", 64), whole)
        assert place.read_bytes() == data
    assert len(made) == 5


def test_an_image_that_cannot_be_used_gives_its_reason(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no image")
    cache = ThumbnailCache(tmp_path / "cache")
    for _ in range(2):
        with pytest.raises(ImageError) as caught:
            cache.get(str(tmp_path / "text.jpg"), "key", 64)
        assert caught.value.problem is ImageProblem.NOT_AN_IMAGE
    assert kept(tmp_path / "cache") == []


def test_the_folder_is_bounded_and_what_was_not_looked_at_goes_first(tmp_path: Path, made: list[str]) -> None:
    paths = [picture(tmp_path, f"{number}.png", seed=number) for number in range(12)]
    one = ThumbnailCache(tmp_path / "one")
    one.get(paths[0], "0", 64)
    size = kept(tmp_path / "one")[0].stat().st_size
    folder = tmp_path / "cache"
    cache = ThumbnailCache(folder, limit_bytes=size * 10)
    for number, path in enumerate(paths[:9]):
        cache.get(path, str(number), 64)
        for place in kept(folder):  # make all of them old, the first the oldest
            os.utime(place, ns=(place.stat().st_mtime_ns - 10**9, place.stat().st_mtime_ns - 10**9))
    cache.get(paths[0], "0", 64)  # looked at again
    for number in range(9, 12):
        cache.get(paths[number], str(number), 64)
    assert sum(place.stat().st_size for place in kept(folder)) <= size * 10
    made.clear()
    cache.get(paths[0], "0", 64)
    cache.get(paths[11], "11", 64)
    assert made == []
    cache.get(paths[1], "1", 64)
    assert made == [paths[1]]


def test_a_new_cache_counts_what_an_earlier_one_left(tmp_path: Path) -> None:
    path = picture(tmp_path)
    for number in range(5):
        ThumbnailCache(tmp_path / "cache").get(path, str(number), 64)
    size = kept(tmp_path / "cache")[0].stat().st_size
    ThumbnailCache(tmp_path / "cache", limit_bytes=size * 3).get(path, "another", 64)
    assert len(kept(tmp_path / "cache")) <= 3


def test_a_folder_that_cannot_be_made_costs_only_the_keeping(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = picture(tmp_path)
    (tmp_path / "file").write_text("not a folder")
    cache = ThumbnailCache(tmp_path / "file" / "cache")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert max(cache.get(path, "key", 64).shape) == 64
    assert len(caplog.records) == 1  # said once, not for each image


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from imgmine_gui.core.images.thumbnails import ThumbnailCache
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
folder = Path(sys.argv[2])
print(max(ThumbnailCache(folder).get(sys.argv[1], "key", 64).shape))
print([path.name for path in folder.rglob("*") if path.is_file()])
"""


def test_a_write_that_fails_in_the_middle_leaves_nothing_and_returns_the_thumbnail(tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="limits of a process exist on Unix only")
    result = subprocess.run(
        [sys.executable, "-c", FULL_DISK, picture(tmp_path), str(tmp_path / "cache")],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    assert result.stdout.split("\n")[:2] == ["64", "[]"], result.stderr


def test_threads_share_a_cache(tmp_path: Path) -> None:
    paths = [picture(tmp_path, f"{number}.png", seed=number) for number in range(6)]
    cache = ThumbnailCache(tmp_path / "cache", limit_bytes=20_000)
    with ThreadPoolExecutor(8) as pool:
        jobs = [(paths[number % 6], str(number % 6)) for number in range(200)]
        shapes = {result.shape for result in pool.map(lambda job: cache.get(*job, 64), jobs)}
    assert shapes == {(43, 64, 3)}
    assert not [place for place in kept(tmp_path / "cache") if place.suffix == ".tmp"]
