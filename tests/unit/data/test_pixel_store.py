"""Decoded pixels: read once, kept, found again, and never wrong."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.data import cache_file, pixel_store
from imgmine_gui.core.data.batches import batches, channel_statistics, epoch_order
from imgmine_gui.core.data.pixel_store import PixelStore
from imgmine_gui.core.data.preprocessing import Preprocessing, to_grey
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.layout import Split

PREPROCESSING = Preprocessing(width=16, height=16)


@pytest.fixture
def items(tmp_path: Path) -> list[DataItem]:
    """Ten pictures of one colour each."""
    found = []
    for number in range(10):
        path = tmp_path / "images" / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (16, 16), (number * 20, 0, 255)).save(path)
        found.append(DataItem(str(path), "a", Split.TRAIN, f"key{number}"))
    return found


def reds(pixels: np.ndarray) -> list[int]:
    return pixels[:, 0, 0, 0].tolist()


def everything(store: PixelStore) -> np.ndarray:
    return store.read(np.arange(10))[0]


def test_pixels_come_in_the_order_asked_for(items: list[DataItem], tmp_path: Path) -> None:
    with PixelStore(items, PREPROCESSING, tmp_path / "cache") as store:
        for _ in range(2):
            pixels, indices = store.read(np.array([7, 2, 7, 0]))
            assert reds(pixels) == [140, 40, 140, 0]
            assert indices.tolist() == [7, 2, 7, 0]


def test_second_store_decodes_nothing(items: list[DataItem], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PixelStore(items, PREPROCESSING, tmp_path / "cache") as store:
        first = everything(store)
    monkeypatch.setattr(pixel_store, "load_sample", lambda *arguments: pytest.fail("decoded again"))
    with PixelStore(items, PREPROCESSING, tmp_path / "cache") as store:
        assert everything(store).tobytes() == first.tobytes()


@pytest.mark.parametrize("change", ["content", "size"])
def test_other_images_or_another_size_are_decoded_anew(items: list[DataItem], tmp_path: Path, change: str) -> None:
    with PixelStore(items, PREPROCESSING, tmp_path / "cache") as store:
        everything(store)
    Image.new("RGB", (16, 16), (9, 9, 9)).save(items[0].path)
    preprocessing = PREPROCESSING
    if change == "content":
        items[0] = DataItem(items[0].path, "a", Split.TRAIN, "another key")
    else:
        preprocessing = Preprocessing(width=17, height=16)
    with PixelStore(items, preprocessing, tmp_path / "cache") as store:
        assert reds(everything(store))[0] == 9


def test_killed_store_leaves_no_false_pixels(items: list[DataItem], tmp_path: Path) -> None:
    store = PixelStore(items, PREPROCESSING, tmp_path / "cache")
    store.read(np.arange(5))  # and never closed: the file is there, the flags are not
    with PixelStore(items, PREPROCESSING, tmp_path / "cache") as again:
        assert reds(everything(again)) == [number * 20 for number in range(10)]
    store.close()


def test_what_does_not_fit_is_decoded_each_time(
    items: list[DataItem], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_file, "CACHE_LIMIT", 4 * 16 * 16 * 3)
    with PixelStore(items, PREPROCESSING, tmp_path / "cache") as store:
        for _ in range(2):
            assert reds(everything(store)) == [number * 20 for number in range(10)]
    assert sum(path.stat().st_size for path in (tmp_path / "cache").glob("*.bin")) == 4 * 16 * 16 * 3


def test_full_disk_and_no_folder_only_cost_time(
    items: list[DataItem], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    for folder in (tmp_path / "cache", None):
        with PixelStore(items, PREPROCESSING, folder) as store:
            assert reds(everything(store)) == [number * 20 for number in range(10)]


def test_unreadable_images_are_left_out_and_told_once(items: list[DataItem], tmp_path: Path) -> None:
    Path(items[3].path).write_bytes(b"gone")
    told: list[str] = []
    with PixelStore(items, PREPROCESSING, tmp_path / "cache", lambda path, reason: told.append(path)) as store:
        for _ in range(2):
            pixels, indices = store.read(np.arange(10))
            assert indices.tolist() == [0, 1, 2, 4, 5, 6, 7, 8, 9]
            assert reds(pixels) == [20 * number for number in indices]
        assert store.skipped == 1
    assert told == [items[3].path]


def test_old_files_make_room(items: list[DataItem], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_file, "CACHE_LIMIT", 25 * 16 * 16 * 3)
    for key in "abc":
        renamed = [DataItem(item.path, "a", Split.TRAIN, key + item.key) for item in items]
        with PixelStore(renamed, PREPROCESSING, tmp_path / "cache") as store:
            everything(store)
    assert len(list((tmp_path / "cache").glob("*.bin"))) == 2


def test_batches_cover_the_order_once_and_go_on_from_a_step(items: list[DataItem], tmp_path: Path) -> None:
    order = epoch_order(10, seed=1, epoch=2)
    assert sorted(order) == list(range(10))
    assert order.tolist() == epoch_order(10, seed=1, epoch=2).tolist()
    assert order.tolist() != epoch_order(10, seed=1, epoch=3).tolist()
    with PixelStore(items, PREPROCESSING, tmp_path / "cache") as store:
        whole = [batch.indices.tolist() for batch in batches(store, order, 4)]
        assert [index for indices in whole for index in indices] == order.tolist()
        assert [batch.indices.tolist() for batch in batches(store, order, 4, first_step=1)] == whole[1:]
        stream = batches(store, order, 1)
        next(stream)
        stream.close()  # ends its thread, or the store could not close


def test_channel_statistics(items: list[DataItem], tmp_path: Path) -> None:
    with PixelStore(items, PREPROCESSING, tmp_path / "cache") as store:
        mean, variance = channel_statistics(store, np.arange(10))
    level = np.arange(10) * 20
    np.testing.assert_allclose(mean, [level.mean(), 0, 255])
    np.testing.assert_allclose(variance, [level.var(), 1e-3, 1e-3])


def test_grey_of_grey_is_exact() -> None:
    levels = np.arange(256, dtype=np.uint8)
    assert to_grey(np.stack([levels] * 3, -1)[np.newaxis])[0, :, 0].tolist() == levels.tolist()
