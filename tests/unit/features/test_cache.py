"""The cache of features: kept, found again, bounded, and sound whatever happens to it."""

import multiprocessing
import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.features import index
from imgmine_gui.core.features.cache import INDEX, FeatureCache
from imgmine_gui.core.features.space import Space, record_name
from tests.small_drive import fill, mounted

SPACE = Space("ab" * 32, "pooled", "{}", (40,))
OTHER = Space("cd" * 32, "pooled", "{}", (40,))
RECORD = SPACE.record.itemsize


def names(first: int, count: int) -> list[bytes]:
    return [record_name(f"{number:032x}") for number in range(first, first + count)]


def values(first: int, count: int) -> np.ndarray:
    return (np.arange(first, first + count)[:, np.newaxis] + np.arange(40) / 64).astype(np.float32)


def kept(cache: FeatureCache, space: Space, first: int, count: int) -> np.ndarray:
    """Which of the images are there; their values are right."""
    rows = cache.rows(space, names(first, count))
    there = np.flatnonzero(rows.found)
    assert np.array_equal(rows.take(there), values(first, count)[there].astype(np.float16))
    return rows.found


def test_what_was_put_is_found_by_a_later_run(tmp_path: Path) -> None:
    with FeatureCache(tmp_path) as cache:
        assert cache.put(SPACE, names(0, 700), values(0, 700)) == 700
        assert cache.put(SPACE, names(650, 100), values(650, 100)) == 100
        assert cache.size == 750 * RECORD
    with FeatureCache(tmp_path) as cache:
        assert kept(cache, SPACE, 0, 750).all()
        assert not kept(cache, SPACE, 750, 5).any()
        assert not kept(cache, OTHER, 0, 5).any()
        assert [use.entries for use in cache.uses()] == [750]
        cache.clear()
        assert cache.size == 0
    assert not list(tmp_path.glob("*.bin"))


def test_the_space_of_other_weights_or_pixels_is_another_one() -> None:
    assert len({SPACE.digest, OTHER.digest, Space("ab" * 32, "pooled", '{"width": 96}', (40,)).digest}) == 3


def test_values_too_large_for_float16_stay_finite(tmp_path: Path) -> None:
    with FeatureCache(tmp_path) as cache:
        cache.put(SPACE, names(0, 1), np.full((1, 40), 1e9, np.float32))
        assert np.isfinite(cache.rows(SPACE, names(0, 1)).take(np.array([0]))).all()


def test_a_damaged_record_is_forgotten_and_can_be_put_again(tmp_path: Path) -> None:
    with FeatureCache(tmp_path) as cache:
        cache.put(SPACE, names(0, 10), values(0, 10))
        (file,) = tmp_path.glob("*.bin")
        content = bytearray(file.read_bytes())
        content[3 * RECORD + 20] ^= 1
        file.write_bytes(content[: -RECORD // 2])  # one bit in the fourth record, and half of the last one
        assert np.flatnonzero(~kept(cache, SPACE, 0, 10)).tolist() == [3, 9]
        cache.put(SPACE, names(0, 10), values(0, 10))
        assert kept(cache, SPACE, 0, 10).all()


@pytest.mark.parametrize("garbage", [b"", b"no database at all" * 400])
def test_a_cache_whose_index_is_gone_or_damaged_starts_anew(tmp_path: Path, garbage: bytes) -> None:
    with FeatureCache(tmp_path) as cache:
        cache.put(SPACE, names(0, 10), values(0, 10))
    for path in tmp_path.glob(f"{INDEX}*"):
        path.unlink()
    (tmp_path / INDEX).write_bytes(garbage)
    with FeatureCache(tmp_path) as cache:
        assert not list(tmp_path.glob("*.bin"))
        cache.put(SPACE, names(0, 10), values(0, 10))
        assert kept(cache, SPACE, 0, 10).all()


def test_a_file_that_somebody_deleted_is_no_error(tmp_path: Path) -> None:
    with FeatureCache(tmp_path) as cache:
        cache.put(SPACE, names(0, 10), values(0, 10))
        for file in tmp_path.glob("*.bin"):
            file.unlink()
        assert not kept(cache, SPACE, 0, 10).any()
        cache.put(SPACE, names(0, 10), values(0, 10))
        assert kept(cache, SPACE, 0, 10).all()


def test_the_limit_drops_the_space_that_was_not_used_for_longest(tmp_path: Path) -> None:
    third = Space("ef" * 32, "pooled", "{}", (40,))
    with FeatureCache(tmp_path) as cache:
        for space in (SPACE, OTHER):
            cache.put(space, names(0, 100), values(0, 100))
        cache.rows(SPACE, names(0, 1))
    with FeatureCache(tmp_path) as cache:
        cache.limit = 250 * RECORD
        cache.put(third, names(0, 100), values(0, 100))
        assert cache.size == 200 * RECORD
        assert kept(cache, SPACE, 0, 100).all()
        assert not kept(cache, OTHER, 0, 100).any()
    assert len(list(tmp_path.glob("*.bin"))) == 2


def test_what_is_in_use_is_not_dropped_and_the_rest_is_not_kept(tmp_path: Path) -> None:
    with FeatureCache(tmp_path) as cache:
        cache.limit = 100 * RECORD
        assert cache.put(SPACE, names(0, 100), values(0, 100)) == 100
        assert cache.put(SPACE, names(95, 50), values(95, 50)) == 5
        assert cache.put(OTHER, names(0, 10), values(0, 10)) == 0
        assert kept(cache, SPACE, 0, 100).all()


def test_the_limit_drops_entries_of_earlier_days_and_keeps_what_others_have_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = index.today()
    with FeatureCache(tmp_path) as cache:
        cache.limit = 100 * RECORD
        monkeypatch.setattr(index, "today", lambda: today - 3)
        monkeypatch.setattr("imgmine_gui.core.features.cache.today", lambda: today - 3)
        cache.put(SPACE, names(0, 100), values(0, 100))
        monkeypatch.undo()
        mapped_before = cache.rows(SPACE, names(0, 60))  # these are used today
        assert cache.put(SPACE, names(200, 20), values(200, 20)) == 20
        assert kept(cache, SPACE, 0, 60).all()
        assert kept(cache, SPACE, 200, 20).all()
        assert kept(cache, SPACE, 60, 40).sum() <= 20
        assert cache.size <= 100 * RECORD
        assert np.array_equal(mapped_before.take(np.arange(60)), values(0, 60).astype(np.float16))


def test_a_full_drive_is_told_with_the_file_and_leaves_the_cache_sound(tmp_path: Path) -> None:
    with mounted(tmp_path / "drive", "2m") as drive, FeatureCache(drive) as cache:
        cache.put(SPACE, names(0, 100), values(0, 100))
        fill(drive)
        with pytest.raises(UserError) as caught:
            for start in range(100, 20_000, 1000):
                cache.put(SPACE, names(start, 1000), values(start, 1000))
        assert "full" in caught.value.message or "no room" in caught.value.message
        assert str(drive) in caught.value.message
        assert kept(cache, SPACE, 0, 100).all()
        (drive / "filler").unlink()
        assert cache.put(SPACE, names(500, 200), values(500, 200)) == 200
        assert kept(cache, SPACE, 500, 200).all()


def write_many(folder: str, first: int, count: int) -> None:
    with FeatureCache(Path(folder)) as cache:
        for start in range(first, first + count, 10):
            cache.put(SPACE, names(start, 10), values(start, 10))


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(str(tmp_path), first, 400)) for first in (0, 300)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    with FeatureCache(tmp_path) as cache:
        assert kept(cache, SPACE, 0, 700).all()
        assert cache.size == 700 * RECORD  # what both computed is kept once


def write_until_killed(folder: str, ready: "multiprocessing.connection.Connection") -> None:
    with FeatureCache(Path(folder)) as cache:
        for start in range(0, 10**9, 20):
            cache.put(SPACE, names(start, 20), values(start, 20))
            if start == 200:
                ready.send(True)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_killed_writer_leaves_nothing_torn(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    for _ in range(3):
        ours, theirs = context.Pipe()
        writer = context.Process(target=write_until_killed, args=(str(tmp_path), theirs))
        writer.start()
        assert ours.recv()
        os.kill(writer.pid or 0, signal.SIGKILL)
        writer.join()
        with FeatureCache(tmp_path) as cache:
            count = cache.uses()[0].entries
            assert count >= 220
            assert kept(cache, SPACE, 0, count).all()
            assert not kept(cache, SPACE, count, 100).any()
