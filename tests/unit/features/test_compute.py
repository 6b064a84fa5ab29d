"""The feature pass: once an image, in whatever pieces."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.architectures.efficientnet_lite import Variant
from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.events import Event, ImageSkipped, PhaseStarted, Progress, Warned
from imgmine_gui.core.features import compute
from imgmine_gui.core.features.cache import FeatureCache
from imgmine_gui.core.features.compute import FeaturePass, FeatureRequest, compute_features
from imgmine_gui.core.features.views import Views
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.layout import Split

REQUEST = FeatureRequest(preprocessing=Preprocessing(width=32, height=32))


class CountingEngine:
    """Features that tell which image they are of: its mean colour, over and over."""

    name, precision = "counting", "f32"
    seen = 0

    def __init__(self, *_: Any) -> None:
        pass

    def __call__(self, pixels: Any) -> tuple[Any, None]:
        CountingEngine.seen += len(pixels)
        return np.repeat(pixels.mean(axis=(1, 2, 3))[:, np.newaxis], 1280, axis=1), None


@pytest.fixture(autouse=True)
def counting(monkeypatch: pytest.MonkeyPatch) -> None:
    CountingEngine.seen = 0
    monkeypatch.setattr(compute, "open_engine", CountingEngine)


def make_items(folder: Path, count: int, first: int = 0) -> list[DataItem]:
    items = []
    for number in range(first, first + count):
        path = folder / f"{number}.png"
        Image.new("RGB", (40, 40), (number % 256,) * 3).save(path)
        items.append(DataItem(str(path), "a", Split.TRAIN, f"{number:032x}"))
    return items


def test_a_second_pass_computes_nothing_and_more_images_compute_those(tmp_path: Path) -> None:
    items = make_items(tmp_path, 120)
    with FeatureCache(tmp_path / "cache") as cache:
        first = compute_features(items[:100], REQUEST, cache, PlainContext())
        assert (first.computed, first.cached, CountingEngine.seen) == (100, 0, 100)
        assert first.engine == "counting f32"
        second = compute_features(items[:100], REQUEST, cache, PlainContext())
        assert (second.computed, second.cached, CountingEngine.seen) == (0, 100, 100)
        assert second.engine == ""
        third = compute_features(items, REQUEST, cache, PlainContext())
        assert (third.computed, third.cached, CountingEngine.seen) == (20, 100, 120)
    assert third.images.tolist() == list(range(120))
    assert np.array_equal(third.values[:, 0], np.arange(120, dtype=np.float16))
    assert np.array_equal(first.values, second.values)


def test_without_a_cache_everything_is_computed(tmp_path: Path) -> None:
    items = make_items(tmp_path, 5)
    assert compute_features(items, REQUEST, None, PlainContext()).values[:, 7].tolist() == [0, 1, 2, 3, 4]


def test_a_cancelled_pass_goes_on_where_it_was(tmp_path: Path) -> None:
    items = make_items(tmp_path, 200)
    context = PlainContext(lambda event: cancel(event))  # noqa: PLW0108 - made before the function

    def cancel(event: Event) -> None:
        if isinstance(event, Progress) and event.done >= 96:
            context.wish = Wish.CANCEL

    with FeatureCache(tmp_path / "cache") as cache:
        with pytest.raises(Cancelled):
            compute_features(items, REQUEST, cache, context)
        done = CountingEngine.seen
        assert 96 <= done < 200
        table = compute_features(items, REQUEST, cache, PlainContext())
    assert table.computed == 200 - done
    assert table.values[:, 0].tolist() == list(range(200))


def test_batches_come_while_the_pass_runs_and_the_cached_first(tmp_path: Path) -> None:
    items = make_items(tmp_path, 100)
    with FeatureCache(tmp_path / "cache") as cache:
        compute_features(items[50:], REQUEST, cache, PlainContext())
        stream = FeaturePass(items, REQUEST, cache, PlainContext()).batches()
        first = next(stream)
        assert not first.computed
        assert first.images.tolist() == list(range(50, 100))
        assert next(stream).images.tolist() == list(range(32))
        stream.close()
        assert compute_features(items, REQUEST, cache, PlainContext()).computed == 18  # what had come is kept


def test_equal_contents_are_computed_once_and_unreadable_ones_left_out(tmp_path: Path) -> None:
    items = make_items(tmp_path, 4)
    copy = DataItem(items[2].path, "b", Split.TEST, items[2].key)
    bad = DataItem(str(tmp_path / "none.png"), "b", Split.TEST, "f" * 32)
    events: list[Event] = []
    table = compute_features([*items, bad, copy], REQUEST, None, PlainContext(events.append))
    assert CountingEngine.seen == 4
    assert table.images.tolist() == [0, 1, 2, 3, 5]
    assert table.values[:, 0].tolist() == [0, 1, 2, 3, 2]
    assert [event.path for event in events if isinstance(event, ImageSkipped)] == [bad.path]
    assert [event.total for event in events if isinstance(event, PhaseStarted)] == [5]


def test_changed_copies_are_rows_of_their_own_and_kept(tmp_path: Path) -> None:
    items = make_items(tmp_path, 10)
    gradient = np.linspace(0, 255, 40 * 40 * 3).reshape(40, 40, 3).astype(np.uint8)
    Image.fromarray(gradient).save(items[3].path)
    request = FeatureRequest(preprocessing=REQUEST.preprocessing, views=Views(copies=2, crop=0.5))
    with FeatureCache(tmp_path / "cache") as cache:
        plain = compute_features(items, REQUEST, cache, PlainContext())
        table = compute_features(items, request, cache, PlainContext())
        again = compute_features(items, request, cache, PlainContext())
    assert table.images.tolist() == list(range(10)) * 3
    assert table.views.tolist() == [0] * 10 + [1] * 10 + [2] * 10
    assert (again.computed, again.cached) == (0, 30)
    assert np.array_equal(again.values, table.values)
    assert np.array_equal(table.values[:10], plain.values)
    of_gradient = table.values[[3, 13, 23], 0]
    assert len(set(of_gradient.tolist())) == 3


def test_where_the_limit_leaves_no_room_the_pass_goes_on_and_says_so_once(tmp_path: Path) -> None:
    items = make_items(tmp_path, 100)
    events: list[Event] = []
    with FeatureCache(tmp_path / "cache") as cache:
        cache.limit = 10
        table = compute_features(items, REQUEST, cache, PlainContext(events.append))
        assert cache.size == 0
    assert table.computed == 100
    assert sum(isinstance(event, Warned) for event in events) == 1


def test_grey_images_and_another_size_are_kept_apart(tmp_path: Path) -> None:
    grey = FeatureRequest(Variant.LITE0, Preprocessing.model_validate({"width": 32, "height": 32, "colour": "grey"}))
    assert grey.space() != REQUEST.space()
    assert FeatureRequest(preprocessing=Preprocessing(width=64, height=32), maps=True).space().shape == (1, 2, 1280)
    items = make_items(tmp_path, 3)
    assert compute_features(items, grey, None, PlainContext()).values[:, 0].tolist() == [0, 1, 2]


def test_what_an_engine_is_asked_and_what_it_answers_go_through_its_pipe(tmp_path: Path) -> None:
    items = make_items(tmp_path, 3)
    for cached in (0, 3):
        with FeatureCache(tmp_path / "cache") as cache:
            table = compute_features(items, pickle.loads(pickle.dumps(REQUEST)), cache, PlainContext())
        assert pickle.loads(pickle.dumps(table)).cached == cached
    assert pickle.loads(pickle.dumps(REQUEST)) == REQUEST
