"""Predictions with what is known of their images, and which of them are shown in which order; all of it in numpy."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.inference.table import PredictionTable

Rows = npt.NDArray[np.intp]
UNKNOWN = -1
"""A true class that is not known, or a predicted one of an image that could not be read."""


class Outcome(StrEnum):
    """Which predictions are shown."""

    ALL = "all"
    RIGHT = "right"
    WRONG = "wrong"
    UNREADABLE = "unreadable"


class Order(StrEnum):
    """What stands first."""

    NAME = "name"
    CONFIDENT = "confident"
    UNSURE = "unsure"
    WRONG = "wrong"
    """The wrong ones, the most confident of them first; then those whose true class is not known, then the right."""


@dataclass(frozen=True)
class Filter:
    """Which rows are shown; all conditions must hold.

    Attributes:
        either: a class that is the true or the predicted one.
        true, predicted: the classes of a cell of the confusion matrix.
        text: part of the name, in any case.
    """

    outcome: Outcome = Outcome.ALL
    either: int | None = None
    true: int | None = None
    predicted: int | None = None
    text: str = ""


@dataclass(frozen=True)
class PredictionRows:
    """A prediction table with the names and true classes of its images.

    Attributes:
        table: the predictions.
        names: what each image is called: its path below a folder, with ``/`` between the parts.
        true: (images,) index of the true class; ``UNKNOWN`` where it is not known or the model does not have it.
        keys: content keys, empty where they are not known.
    """

    table: PredictionTable
    names: tuple[str, ...]
    true: Rows
    keys: tuple[str, ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.table.paths)

    @cached_property
    def predicted(self) -> Rows:
        """(images,) index of the predicted class; ``UNKNOWN`` where the image could not be read."""
        return self.table.predicted

    @cached_property
    def confidence(self) -> npt.NDArray[np.float32]:
        """(images,) the probability of the predicted class; NaN where the image could not be read."""
        return self.table.confidence

    @cached_property
    def judged(self) -> npt.NDArray[np.bool_]:
        """(images,) whether it can be said that the prediction is right or wrong."""
        return np.asarray((self.true != UNKNOWN) & (self.predicted != UNKNOWN))

    @cached_property
    def right(self) -> npt.NDArray[np.bool_]:
        """(images,) whether the prediction is right."""
        return np.asarray(self.judged & (self.true == self.predicted))

    @cached_property
    def wrong(self) -> npt.NDArray[np.bool_]:
        """(images,) whether the prediction is wrong."""
        return np.asarray(self.judged & (self.true != self.predicted))

    @cached_property
    def _folded(self) -> npt.NDArray[np.str_]:
        return np.array([name.casefold() for name in self.names], dtype=np.str_)

    @cached_property
    def _by_name(self) -> Rows:
        return np.argsort(self._folded, kind="stable") if len(self) else np.empty(0, np.intp)

    def chosen(self, wanted: Filter, order: Order) -> Rows:
        """The rows that ``wanted`` lets through, in ``order``; ties by name."""
        shown = self._shown(wanted)
        by_name = self._by_name[shown[self._by_name]]
        if order is Order.NAME:
            return by_name
        return by_name[np.argsort(self._rank(order)[by_name], kind="stable")]

    def _shown(self, wanted: Filter) -> npt.NDArray[np.bool_]:
        shown = {
            Outcome.ALL: np.ones(len(self), np.bool_),
            Outcome.RIGHT: self.right,
            Outcome.WRONG: self.wrong,
            Outcome.UNREADABLE: self.predicted == UNKNOWN,
        }[wanted.outcome]
        if wanted.either is not None:
            shown = shown & ((self.true == wanted.either) | (self.predicted == wanted.either))
        if wanted.true is not None:
            shown = shown & (self.true == wanted.true)
        if wanted.predicted is not None:
            shown = shown & (self.predicted == wanted.predicted)
        if wanted.text and len(self):
            shown = shown & (np.char.find(self._folded, wanted.text.casefold()) >= 0)
        return np.asarray(shown)

    def _rank(self, order: Order) -> npt.NDArray[np.float32]:
        """By which rows are sorted, the smallest first; what could not be read stands at the end."""
        confidence = np.nan_to_num(self.confidence, nan=0.0)
        unread = np.where(self.predicted == UNKNOWN, np.float32(10), np.float32(0))
        if order is Order.CONFIDENT:
            return unread - confidence
        if order is Order.UNSURE:
            return unread + confidence
        return unread - confidence + np.where(self.wrong, 0, np.where(self.right, 4, 2)).astype(np.float32)
