"""Which images are asked for, and in which order."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from imgmine_gui.core.project.edits.changes import Sql
from imgmine_gui.core.project.layout import Split

Bounds = tuple[int | None, int | None]
"""At least so much, and less than so much; ``None`` for no bound."""


@dataclass(frozen=True)
class ImageQuery:
    """Conditions that an image must all meet.

    Attributes:
        source_id: it lies in this source.
        label: it has this label, or this as one of several.
        split: it is in this split.
        unlabelled: whether it has no label; ``None`` for either.
        problems: whether it could not be read; ``None`` for either.
        shared: its content also occurs in another "split", or with another "label".
        text: occurs in its path below the source, or in what is written in it, without regard to case.
        flag: 1 picked, -1 rejected, 0 neither; ``None`` for any.
        rating: it has so many stars, or more.
        excluded: whether it is left out of every split; ``None`` for either.
        by_hand: whether its label was set by a person or an import, or follows from its folder; ``None`` for either.
        changed: its content is no longer the one that it was labelled for by hand.
        noted: it has a note.
        transcribed: whether its text is known; ``None`` for either.
        text_problem: what files say of its text cannot be used.
        with_shapes: it has boxes, polygons, lines or points.
        group: it belongs to this group.
        sides: of its longer side, in pixels.
        sizes: of its file, in bytes.
        since_ns: its file was changed then or later, in nanoseconds since 1970.
        before_ns: its file was changed before that.
        predicted: it is predicted to be of this class, by the model whose predictions are shown.
        agrees: whether the class that is predicted is its label, or one of several; without a label it is neither.
        confidence: of the prediction, 0 to 1.
        among: a SELECT of the ids that it is one of.
    """

    source_id: int | None = None
    label: str | None = None
    split: Split | None = None
    unlabelled: bool | None = None
    problems: bool | None = None
    shared: Literal["split", "label"] | None = None
    text: str = ""
    flag: int | None = None
    rating: int = 0
    excluded: bool | None = None
    by_hand: bool | None = None
    changed: bool = False
    noted: bool = False
    transcribed: bool | None = None
    text_problem: bool = False
    with_shapes: bool = False
    group: str | None = None
    sides: Bounds = (None, None)
    sizes: Bounds = (None, None)
    since_ns: int | None = None
    before_ns: int | None = None
    predicted: str | None = None
    agrees: bool | None = None
    confidence: tuple[float | None, float | None] = (None, None)
    among: Sql | None = None

    @property
    def of_predictions(self) -> bool:
        """Whether any of this is about predictions."""
        return self.predicted is not None or self.agrees is not None or self.confidence != (None, None)


class SortBy(StrEnum):
    """By what images are ordered."""

    ADDED = "added"
    NAME = "name"
    DATE = "date"
    SIZE = "size"
    """Of the file, in bytes."""
    PIXELS = "pixels"
    LABEL = "label"
    """By the order of the classes; images without a label last."""
    SPLIT = "split"
    """Training, validation, test; then those without."""
    RATING = "rating"
    FLAG = "flag"
    CONFIDENCE = "confidence"
    """Of the prediction; images without one last, either way."""


@dataclass(frozen=True)
class ImageOrder:
    """The order of images; those that are equal are in the order in which they were added.

    Attributes:
        by: what is compared.
        descending: the other way round altogether.
    """

    by: SortBy = SortBy.ADDED
    descending: bool = False
