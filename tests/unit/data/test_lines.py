"""Lines of different widths: read once, kept, batched without harm, and told of where they cannot be read."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imgmine_gui.core.data import cache_file, lines
from imgmine_gui.core.data.lines import (
    ALIGNED,
    NARROWEST,
    POOL,
    LineStore,
    as_batch,
    line_width,
    load_line,
    order_by_width,
)
from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.images.decode import ImageError
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.layout import Split

GREY = {"height": 32, "width": 400, "colour": "grey"}
PREPROCESSING = Preprocessing(**GREY)
SIZES = ((100, 20), (64, 32), (333, 64), (3, 90), (200, 5), (400, 32))
WIDTHS = (160, 64, 166, NARROWEST, 0, 400)
"""Of the lines of ``SIZES``; the fifth would have 1280 px."""


def item(path: Path, size: tuple[int, int], mode: str = "L") -> DataItem:
    """An image of one grey, and where in a list it stands."""
    path.parent.mkdir(exist_ok=True)
    Image.new(mode, size, 10 * len(list(path.parent.iterdir()))).save(path)
    return DataItem(str(path), None, Split.TRAIN, f"key of {path.name}", "text")


@pytest.fixture
def items(tmp_path: Path) -> list[DataItem]:
    """Lines of all kinds of sizes, the last but one too wide, and one that is no image."""
    made = [item(tmp_path / "images" / f"{number}.png", size) for number, size in enumerate(SIZES)]
    broken = tmp_path / "images" / "broken.png"
    broken.write_bytes(b"no image")
    return [*made, DataItem(str(broken), None, Split.TRAIN, "broken", "text")]


def test_width_follows_height() -> None:
    assert [line_width(size, PREPROCESSING) for size in SIZES] == [160, 64, 166, NARROWEST, 1280, 400]
    assert line_width((1, 100_000), PREPROCESSING) == NARROWEST
    assert line_width((20_000, 640), PREPROCESSING) == 1000


def test_lines_are_read_in_order_with_their_widths(items: list[DataItem], tmp_path: Path) -> None:
    with LineStore(items, PREPROCESSING, tmp_path / "cache") as store:
        assert store.widths.tolist() == [*WIDTHS, 0]
        assert store.widths.dtype == np.int32
        for _ in range(2):  # decoded, then from the cache
            (pixels, widths), indices = store.read(np.array([5, 4, 0, 6, 3, 0]))
            assert indices.tolist() == [5, 0, 3, 0]
            assert widths.tolist() == [400, 160, NARROWEST, 160]
            assert pixels.shape == (4, 32, 416, 1)
            assert (pixels.dtype, widths.dtype) == (np.uint8, np.int32)
            assert pixels[:, 0, 0, 0].tolist() == [50, 0, 30, 0]
            assert (pixels[1] == 0).all()


def test_unreadable_and_too_wide_are_told_once_and_why(items: list[DataItem], tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    for count in (1, 2):
        with LineStore(items, PREPROCESSING, tmp_path / "cache", lambda *one: told.append(one)) as store:
            for _ in range(2):
                store.read(np.arange(len(items)))
            assert store.skipped == 2
        assert [path for path, _ in told] == [items[4].path, items[6].path] * count
    assert "1,280" in told[0][1] or "1280" in told[0][1]
    assert told[0][1] != told[1][1]


def test_nothing_readable_is_an_empty_batch(items: list[DataItem], tmp_path: Path) -> None:
    with LineStore([items[4], items[6]], PREPROCESSING, tmp_path / "cache") as store:
        (pixels, widths), indices = store.read(np.arange(2))
        assert (pixels.shape, widths.shape, indices.shape) == ((0, 32, ALIGNED, 1), (0,), (0,))


def test_image_that_changed_since_its_header_was_read_is_left_out(items: list[DataItem]) -> None:
    told: list[str] = []
    with LineStore(items, PREPROCESSING, None, lambda path, reason: told.append(path)) as store:
        Image.new("L", (50, 20)).save(items[0].path)
        Path(items[1].path).unlink()
        assert store.read(np.arange(3))[1].tolist() == [2]
        assert store.read(np.arange(3))[1].tolist() == [2]
    assert sorted(told) == sorted([items[4].path, items[6].path, items[0].path, items[1].path])


def test_second_run_decodes_nothing(items: list[DataItem], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LineStore(items, PREPROCESSING, tmp_path / "cache") as store:
        (first, widths), _ = store.read(np.arange(len(items)))
    assert sum(path.stat().st_size for path in (tmp_path / "cache").glob("*.bin")) == 32 * sum(WIDTHS)
    monkeypatch.setattr(lines, "load_line", lambda *arguments: pytest.fail("decoded again"))
    with LineStore(items, PREPROCESSING, tmp_path / "cache") as store:
        (again, again_widths), indices = store.read(np.arange(len(items)))
    assert again.tobytes() == first.tobytes()
    assert again_widths.tolist() == widths.tolist()
    assert indices.tolist() == [0, 1, 2, 3, 5]


@pytest.mark.parametrize("change", [{"height": 30}, {"colour": "rgb"}, {"width": 300}])
def test_other_preprocessing_is_decoded_anew(items: list[DataItem], tmp_path: Path, change: dict[str, object]) -> None:
    with LineStore(items, PREPROCESSING, tmp_path / "cache") as store:
        store.read(np.arange(3))
    other = Preprocessing(**{**GREY, **change})
    with LineStore(items, other, tmp_path / "cache") as store:
        assert not store.cached(np.arange(3)).any()
        (pixels, widths), _ = store.read(np.arange(3))
        assert pixels.shape[1::2] == (other.height, other.channels)
        assert widths.tolist() == [line_width(size, other) for size in SIZES[:3]]


@pytest.mark.parametrize("room", [0, 32 * 160, 32 * 200, 32 * (160 + 64 + 166)])
def test_what_does_not_fit_is_decoded_each_time(
    items: list[DataItem], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    with LineStore(items, PREPROCESSING, None) as store:
        (expected, _), _ = store.read(np.arange(len(items)))
    monkeypatch.setattr(cache_file, "CACHE_LIMIT", room)
    for _ in range(2):
        with LineStore(items, PREPROCESSING, tmp_path / "cache") as store:
            for _ in range(2):
                (pixels, _), indices = store.read(np.arange(len(items)))
                assert indices.tolist() == [0, 1, 2, 3, 5]
                assert pixels.tobytes() == expected.tobytes()
    held = [path.stat().st_size for path in (tmp_path / "cache").glob("*.bin")]
    assert sum(held) <= room
    assert bool(held) == bool(room)


def test_killed_store_leaves_no_false_pixels(items: list[DataItem], tmp_path: Path) -> None:
    store = LineStore(items, PREPROCESSING, tmp_path / "cache")
    (expected, _), _ = store.read(np.arange(3))  # and never closed: the file is there, the flags are not
    with LineStore(items, PREPROCESSING, tmp_path / "cache") as again:
        assert not again.cached(np.arange(6)).any()
        assert again.read(np.arange(3))[0][0].tobytes() == expected.tobytes()
    store.close()


@pytest.mark.parametrize(("size", "width"), [((10, 5), 64), ((200, 1), 6400), ((20_000, 400), 1600), ((5, 20_000), 16)])
def test_extreme_images(tmp_path: Path, size: tuple[int, int], width: int) -> None:
    path = item(tmp_path / "a" / "line.png", size, "RGB").path
    if width > 2048:
        with pytest.raises(ImageError, match=r"2,?048"):
            load_line(path, Preprocessing(height=32, width=2048))
        return
    pixels, geometry = load_line(path, Preprocessing(height=32, width=2048))
    assert pixels.shape == (32, width, 3)
    corner = geometry.to_target([size])[0]
    np.testing.assert_allclose(corner, (width, 32), atol=1e-3)


def test_batch_is_padded_with_the_last_column() -> None:
    narrow, wide = np.arange(40).reshape(2, 20, 1).astype(np.uint8), np.full((2, 65, 1), 9, np.uint8)
    pixels, widths = as_batch([narrow, wide])
    assert widths.tolist() == [20, 65]
    assert pixels.shape == (2, 2, 96, 1)
    assert (pixels[0, :, :20] == narrow).all()
    assert (pixels[0, :, 20:] == narrow[:, -1:]).all()
    assert as_batch([wide[:, :64]])[0].shape == (1, 2, 64, 1)


def batches_of(order: np.ndarray, size: int) -> Iterator[np.ndarray]:
    return (order[start : start + size] for start in range(0, len(order), size))


@given(count=st.integers(0, 700), size=st.integers(1, 7), seed=st.integers(0, 99))
def test_order_by_width_is_a_permutation_in_even_batches(count: int, size: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    widths = random.integers(16, 500, count + 5).astype(np.int32)
    chosen = random.permutation(count + 5)[:count].astype(np.intp)  # not all images are trained on
    order = order_by_width(chosen, widths, size, np.random.default_rng(seed))
    assert sorted(order) == sorted(chosen)
    assert order.tolist() == order_by_width(chosen, widths, size, np.random.default_rng(seed)).tolist()
    for batch in batches_of(order, size):  # cut by number as the training cuts them, each is sorted by itself
        assert (np.diff(widths[batch]) >= 0).all()
    pools = [set(pool.tolist()) for pool in batches_of(chosen, POOL * size)]
    for batch in batches_of(order, size):  # all batches but one are whole, so none is of two pools
        assert sum(bool(pool & set(batch.tolist())) for pool in pools) == 1


def test_order_by_width_saves_padding_and_mixes() -> None:
    random = np.random.default_rng(0)
    widths = random.integers(16, 500, 1000).astype(np.int32)
    mixed = random.permutation(1000)
    order = order_by_width(mixed, widths, 10, np.random.default_rng(1))

    def padding(batches: Iterator[np.ndarray]) -> int:
        return sum(int((widths[batch].max() - widths[batch]).sum()) for batch in batches)

    assert padding(batches_of(order, 10)) < 0.1 * padding(batches_of(mixed, 10))
    means = [widths[batch].mean() for batch in batches_of(order, 10)]
    assert abs(np.corrcoef(means, np.arange(100))[0, 1]) < 0.3  # not from the narrow to the wide
    assert order.tolist() != order_by_width(mixed, widths, 10, np.random.default_rng(2)).tolist()
