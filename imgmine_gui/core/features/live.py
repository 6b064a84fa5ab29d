"""Live training in an engine: kept features stay in memory, and the head goes on from where the last one ended.

What is remembered between two requests lies in this module, that is in one process; a new process starts from the
cache of features and from nothing.
"""

import dataclasses
import functools
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.efficientnet_lite import Variant
from imgmine_gui.core.features.compute import FeaturePass, FeatureRequest
from imgmine_gui.core.features.engines import FeatureEngine, open_engine
from imgmine_gui.core.features.heads import Head, HeadOptions, Labelled, train_head
from imgmine_gui.core.features.quick_check import open_cache
from imgmine_gui.core.features.space import record_name
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.data_items import DataItem

AT_ONCE = 4096
"""Images whose predictions are worked out together: 20 MB in float32."""
MOST_ITERATIONS, FEWEST_ITERATIONS = 200, 12
"""At most so many looks at all images, from nothing and from the last head where a label or two has changed."""
LEARNED, JUDGED, OTHER = 0, 1, 2
"""What an image is for: the head learns from it, is judged by it, or neither."""
UNKNOWN = -1

Half = npt.NDArray[np.float16]


@dataclasses.dataclass(frozen=True)
class LiveRequest:
    """What is wanted.

    Attributes:
        caches: folders for features; the first that can be written is taken.
        keys: (n,) of the images' contents.
        targets: int32 (n,) place of the class of each in ``class_ids``; ``UNKNOWN`` without a label.
        uses: int8 (n,) ``LEARNED``, ``JUDGED`` or ``OTHER``; what has no label is ``OTHER`` whatever is said here.
        class_ids: of the classes, by which the last head's classes are known again.
    """

    caches: tuple[Path, ...]
    keys: tuple[str, ...]
    targets: npt.NDArray[np.int32]
    uses: npt.NDArray[np.int8]
    class_ids: tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class LiveAnswer:
    """What the head says.

    Attributes:
        predicted: int32 (n,) place of the class; ``UNKNOWN`` where there are no features, or nothing was learned.
        confidence: float32 (n,) its probability.
        known: bool (n,) which images have features.
        learned: how many images were learned from.
        classes: of how many classes; below two, nothing is learned.
        judged, right: how many images it was judged by, and how many of them it was right about.
        seconds: it all took.
    """

    predicted: npt.NDArray[np.int32]
    confidence: npt.NDArray[np.float32]
    known: npt.NDArray[np.bool_]
    learned: int
    classes: int
    judged: int
    right: int
    seconds: float


class LiveHead:
    """Features and the last head, from request to request.

    Args:
        request: of the features.
    """

    def __init__(self, request: FeatureRequest | None = None) -> None:
        self._request = request or FeatureRequest()
        width = self._request.space().shape[-1]
        self._places: dict[str, int] = {}
        self._values: Half = np.zeros((0, width), np.float16)
        self._columns: dict[int, tuple[npt.NDArray[np.float32], np.float32]] = {}
        self._learned: dict[str, int] = {}

    def train(self, wanted: LiveRequest, context: JobContext) -> LiveAnswer:
        """Train the head anew on what has a label and features, and let it speak of all that has features.

        Raises:
            UserError: the cache cannot be read.
            Cancelled: nobody wants the answer any more.
        """
        began = time.perf_counter()
        rows = self._rows_of(wanted.keys, wanted.caches)
        known, labelled = rows >= 0, wanted.targets >= 0
        learned = np.flatnonzero(known & labelled & (wanted.uses == LEARNED))
        present = np.unique(wanted.targets[learned])
        predicted = np.full(len(rows), UNKNOWN, np.int32)
        confidence = np.zeros(len(rows), np.float32)
        check_cancelled(context)
        if len(present) > 1:
            targets = np.searchsorted(present, wanted.targets[learned])
            ids = [wanted.class_ids[place] for place in present]
            labels = {wanted.keys[image]: ids[target] for image, target in zip(learned, targets, strict=True)}
            head = self._fit(Labelled(self._values[rows[learned]], targets), ids, labels)
            check_cancelled(context)
            said = np.flatnonzero(known)
            for start in range(0, len(said), AT_ONCE):
                part = said[start : start + AT_ONCE]
                probabilities = head.probabilities(self._values[rows[part]])
                predicted[part] = present[probabilities.argmax(axis=1)]
                confidence[part] = probabilities.max(axis=1)
        judged = np.flatnonzero(known & labelled & (wanted.uses == JUDGED)) if len(present) > 1 else learned[:0]
        right = int((predicted[judged] == wanted.targets[judged]).sum())
        seconds = time.perf_counter() - began
        return LiveAnswer(predicted, confidence, known, len(learned), len(present), len(judged), right, seconds)

    def _fit(self, training: Labelled, ids: Sequence[int], labels: dict[str, int]) -> Head:
        """Go on from the last head, the longer the more labels are others; new classes begin at zero."""
        start, iterations = None, MOST_ITERATIONS
        if any(number in self._columns for number in ids):
            nothing = np.zeros(self._values.shape[1], np.float32), np.float32(0)
            columns = [self._columns.get(number, nothing) for number in ids]
            kernel, bias = np.stack([one for one, _ in columns], axis=1), np.array([one for _, one in columns])
            start = {"logits/kernel": kernel, "logits/bias": bias}
            share = len(labels.items() ^ self._learned.items()) / len(labels)
            iterations = min(MOST_ITERATIONS, round(FEWEST_ITERATIONS + 5 * MOST_ITERATIONS * share))
        head = train_head(training, len(ids), HeadOptions(iterations=iterations), start=start)
        kernel, bias = head.arrays["logits/kernel"], head.arrays["logits/bias"]
        self._columns = {number: (kernel[:, place], bias[place]) for place, number in enumerate(ids)}
        self._learned = labels
        return head

    def _rows_of(self, keys: Sequence[str], caches: Sequence[Path]) -> npt.NDArray[np.intp]:
        """(n,) row of each content in the features at hand; -1 for those that are not in the cache."""
        new = list(dict.fromkeys(key for key in keys if key not in self._places))
        if new:
            with open_cache(caches) as cache:
                found = cache.rows(self._request.space(), [record_name(key) for key in new])
                there = np.flatnonzero(found.found)
                values = found.take(there)
            if len(there):
                kept = [key for key in dict.fromkeys(keys) if key in self._places]
                old = self._values[[self._places[key] for key in kept]]
                self._values = np.concatenate([old, values])
                names = [*kept, *(new[place] for place in there)]
                self._places = {key: place for place, key in enumerate(names)}
        return np.array([self._places.get(key, -1) for key in keys], np.intp)


@functools.cache
def _live_head() -> LiveHead:
    return LiveHead()


def train_live(wanted: LiveRequest, context: JobContext) -> LiveAnswer:
    """``LiveHead.train`` as a job for an engine, which goes on from its last one."""
    return _live_head().train(wanted, context)


def compute_live(caches: tuple[Path, ...], items: Sequence[DataItem], context: JobContext) -> None:
    """Compute and keep the features of ``items``, as a job for an engine, which keeps what it computes with.

    Raises:
        UserError: the backbone's weights are not on this computer, or the disk is full.
        Cancelled: the person cancelled or stopped; what was computed is kept.
    """
    with open_cache(caches) as cache:
        for _ in FeaturePass(items, _KeepingRequest(), cache, context).batches():
            check_cancelled(context)


class _KeepingRequest(FeatureRequest):
    """The default request; the engine, which takes a second to open, is opened once in a process."""

    def open_engine(self) -> FeatureEngine:
        size = (self.preprocessing.height, self.preprocessing.width)
        return _kept_engine(self.variant, size, self.preprocessing.channels, self.maps)


@functools.cache
def _kept_engine(variant: Variant, size: tuple[int, int], channels: int, maps: bool) -> FeatureEngine:
    return open_engine(variant, size, channels, maps)
