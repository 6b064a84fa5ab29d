"""How right the predictions of a classification are; the definitions are those of scikit-learn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class ClassScore:
    """Scores of one class: precision, recall and F1 are 0 where they are not defined."""

    name: str
    precision: float
    recall: float
    f1: float
    images: int


@dataclass(frozen=True)
class ClassificationReport:
    """Scores of a classification.

    Attributes:
        confusion: int64 (classes, classes): rows are the true class, columns the predicted one.
        accuracy: part of the images whose predicted class is the true one.
        balanced_accuracy: mean of the recalls of the classes that occur.
        macro_f1: mean of the F1 scores of the classes that occur or were predicted.
    """

    classes: tuple[str, ...]
    confusion: npt.NDArray[np.int64]
    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    per_class: tuple[ClassScore, ...]

    @property
    def images(self) -> int:
        """How many images were scored."""
        return int(self.confusion.sum())


def confusion_matrix(
    true: npt.NDArray[np.intp], predicted: npt.NDArray[np.intp], classes: int
) -> npt.NDArray[np.int64]:
    """Counts of (true, predicted), int64 (classes, classes)."""
    counts = np.bincount(true * classes + predicted, minlength=classes * classes)
    return counts.reshape(classes, classes).astype(np.int64)


def report(true: npt.NDArray[np.intp], predicted: npt.NDArray[np.intp], classes: Sequence[str]) -> ClassificationReport:
    """Score predictions.

    Args:
        true, predicted: (images,) indices into ``classes``; without images every score is 0.
    """
    confusion = confusion_matrix(true, predicted, len(classes))
    right = confusion.diagonal()
    truly, said = confusion.sum(axis=1), confusion.sum(axis=0)
    recall, precision = _ratio(right, truly), _ratio(right, said)
    f1 = _ratio(2 * right, truly + said)
    seen, involved = truly > 0, (truly + said) > 0
    return ClassificationReport(
        classes=tuple(classes),
        confusion=confusion,
        accuracy=float(right.sum() / max(1, confusion.sum())),
        balanced_accuracy=float(recall[seen].mean()) if seen.any() else 0.0,
        macro_f1=float(f1[involved].mean()) if involved.any() else 0.0,
        per_class=tuple(
            ClassScore(name, float(precision[i]), float(recall[i]), float(f1[i]), int(truly[i]))
            for i, name in enumerate(classes)
        ),
    )


def _ratio(numerator: npt.NDArray[np.int64], denominator: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    return numerator / np.maximum(denominator, 1)
