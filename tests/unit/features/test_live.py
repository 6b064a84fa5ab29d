"""The head that goes on from where it ended, on features of a known kind."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imgmine_gui.core.features import live
from imgmine_gui.core.features.cache import FeatureCache
from imgmine_gui.core.features.compute import FeatureRequest
from imgmine_gui.core.features.heads import train_head
from imgmine_gui.core.features.live import JUDGED, LEARNED, OTHER, LiveHead, LiveRequest
from imgmine_gui.core.features.space import record_name
from imgmine_gui.core.jobs import PlainContext

IMAGES = 120
CONTEXT = PlainContext()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Features of three clouds, of all images but the last ten."""
    random = np.random.default_rng(1)
    centres = random.normal(0, 1, (3, 1280))
    values = centres[np.arange(IMAGES) % 3] + random.normal(0, 1, (IMAGES, 1280))
    with FeatureCache(tmp_path / "features") as cache:
        names = [record_name(f"key {number}") for number in range(IMAGES - 10)]
        cache.put(FeatureRequest().space(), names, values[: IMAGES - 10].astype(np.float16))
    return tmp_path / "features"


def request(folder: Path, **changes: Any) -> LiveRequest:
    """Every second image has its class; of those, every fifth judges."""
    numbers = np.arange(IMAGES)
    targets = np.where(numbers % 2 == 0, numbers % 3, -1).astype(np.int32)
    uses = np.where(numbers % 5 == 0, JUDGED, LEARNED).astype(np.int8)
    keys = tuple(f"key {number}" for number in range(IMAGES))
    wanted = {"caches": (folder,), "keys": keys, "targets": targets, "uses": uses, "class_ids": (7, 8, 9)}
    return LiveRequest(**{**wanted, **changes})


def test_it_speaks_of_all_images_with_features_and_of_no_others(folder: Path) -> None:
    answer = LiveHead().train(request(folder), CONTEXT)
    assert answer.known.tolist() == [True] * (IMAGES - 10) + [False] * 10
    assert (answer.predicted[:-10] == np.arange(IMAGES - 10) % 3).all()
    assert (answer.predicted[-10:] == -1).all()
    assert answer.judged == answer.right == 11
    assert answer.learned == 44


def test_it_goes_on_from_the_last_head_with_few_looks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[tuple[int, bool]] = []

    def counting(*arguments: Any, **options: Any) -> Any:
        head = train_head(*arguments, **options)
        looks.append((head.iterations, options["start"] is not None))
        return head

    monkeypatch.setattr(live, "train_head", counting)
    head = LiveHead()
    head.train(request(folder), CONTEXT)
    again = head.train(request(folder), CONTEXT)
    fresh = LiveHead().train(request(folder), CONTEXT)
    assert [warm for _, warm in looks] == [False, True, False]
    assert looks[1][0] <= live.FEWEST_ITERATIONS
    np.testing.assert_allclose(again.confidence, fresh.confidence, atol=0.02)


def test_classes_may_come_and_go_and_be_others_in_order(folder: Path) -> None:
    head = LiveHead()
    wanted = request(folder)
    head.train(wanted, CONTEXT)
    turned = np.where(wanted.targets >= 0, 2 - wanted.targets, -1).astype(np.int32)
    answer = head.train(request(folder, targets=turned, class_ids=(9, 8, 7)), CONTEXT)
    assert answer.right == answer.judged == 11
    two = np.where(wanted.targets == 2, -1, wanted.targets).astype(np.int32)
    answer = head.train(request(folder, targets=two), CONTEXT)
    assert set(answer.predicted[:-10].tolist()) == {0, 1}
    assert answer.classes == 2
    one = np.where(wanted.targets == 0, 0, -1).astype(np.int32)
    answer = head.train(request(folder, targets=one), CONTEXT)
    assert (answer.predicted == -1).all()
    assert (answer.classes, answer.judged) == (1, 0)


def test_the_test_stays_out_of_it(folder: Path) -> None:
    wanted = request(folder)
    held = np.where(wanted.uses == JUDGED, OTHER, wanted.uses).astype(np.int8)
    answer = LiveHead().train(request(folder, uses=held), CONTEXT)
    assert (answer.learned, answer.judged) == (44, 0)


def test_features_that_come_later_are_found(folder: Path) -> None:
    head = LiveHead()
    head.train(request(folder), CONTEXT)
    with FeatureCache(folder) as cache:
        late = [record_name(f"key {number}") for number in range(IMAGES - 10, IMAGES)]
        cache.put(FeatureRequest().space(), late, np.zeros((10, 1280), np.float16))
    assert head.train(request(folder), CONTEXT).known.all()
