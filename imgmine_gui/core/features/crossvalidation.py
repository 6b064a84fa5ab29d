"""Cross-validation of a head on kept features: how good a training on these images is, in seconds."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.features.folds import stratified_folds
from imgmine_gui.core.features.heads import Head, HeadOptions, Labelled, balanced_weights, train_head
from imgmine_gui.core.features.intervals import METHOD, Interval, fold_interval
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.text import N_


@dataclass(frozen=True)
class Judged:
    """Labelled images by their features.

    Attributes:
        features: (n, channels), any float type.
        targets: (n,) index of the class of each row.
        groups: (n,) what belongs together and is never cut: the content, or the group that a person gave.
        classes: how many there are.
        copies: bool (n,), rows that are learned from but not judged: changed copies of images; None: none.
        balanced: whether every class counts alike in the training.
    """

    features: npt.NDArray[np.floating]
    targets: npt.NDArray[np.int32]
    groups: Sequence[str]
    classes: int
    copies: npt.NDArray[np.bool_] | None = None
    balanced: bool = False

    @property
    def originals(self) -> npt.NDArray[np.bool_]:
        """The rows that are judged; bool (n,)."""
        return np.ones(len(self.targets), np.bool_) if self.copies is None else ~self.copies

    def train(self, rows: npt.NDArray[np.intp], options: HeadOptions) -> Head:
        """A head trained on some rows."""
        targets = self.targets[rows]
        weights = balanced_weights(targets, self.classes) if self.balanced else None
        return train_head(Labelled(self.features[rows], targets, weights), self.classes, options)


@dataclass(frozen=True)
class CrossValidation:
    """What a cross-validation found.

    Attributes:
        accuracy, balanced_accuracy: means over the folds, with 95 percent intervals.
        by_fold: accuracy of each fold.
        fold: (n,) the fold of each row.
        probabilities: float32 (n, classes) of each row by the head that has not seen it; of copies, zeros.
        method: of the intervals.
        seconds: it took.
    """

    accuracy: Interval
    balanced_accuracy: Interval
    by_fold: tuple[float, ...]
    fold: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float32]
    method: str
    seconds: float


def cross_validate(
    judged: Judged, options: HeadOptions, context: JobContext, folds: int = 5, seed: int = 0
) -> CrossValidation:
    """Train as often as there are folds, each time on all but one, and judge that one.

    There is no early stopping: what ends a training must not be what judges it.

    Raises:
        UserError: there are fewer different images than folds.
        Cancelled: the person cancelled.
    """
    began = time.perf_counter()
    fold = stratified_folds(judged.targets, judged.groups, folds, seed)
    probabilities = np.zeros((len(judged.targets), judged.classes), np.float32)
    context.report(PhaseStarted(N_("Cross-validating"), folds))
    scores: list[tuple[float, float]] = []
    for number in range(folds):
        check_cancelled(context)
        head = judged.train(np.flatnonzero(fold != number), options)
        test = np.flatnonzero((fold == number) & judged.originals)
        probabilities[test] = head.probabilities(judged.features[test])
        scores.append(_scores(probabilities[test].argmax(axis=1), judged.targets[test]))
        context.report(Progress(number + 1, folds))
    accuracies, balanced = zip(*scores, strict=True)
    return CrossValidation(
        fold_interval(accuracies), fold_interval(balanced), accuracies, fold, probabilities, METHOD,
        time.perf_counter() - began,
    )  # fmt: skip


def _scores(predicted: npt.NDArray[np.intp], targets: npt.NDArray[np.int32]) -> tuple[float, float]:
    """Accuracy, and the mean of the recalls of the classes that occur."""
    right = predicted == targets
    recalls = [float(right[targets == target].mean()) for target in np.unique(targets)]
    return float(right.mean()), float(np.mean(recalls))
