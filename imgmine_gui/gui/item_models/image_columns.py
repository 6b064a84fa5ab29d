"""The columns of the table of images: what stands in each, and by what the catalogue orders it."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QDateTime, QLocale, Qt

from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.catalogue import ImageRow, SortBy
from imgmine_gui.core.project.gallery import ImageMarks
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.format import count, percentage, size_in_bytes

SPLIT_NAMES = {Split.TRAIN: N_("Train"), Split.VALIDATION: N_("Validation"), Split.TEST: N_("Test")}
FLAG_NAMES = {1: N_("Picked"), -1: N_("Rejected"), 0: N_("Not flagged")}
STAR = "★"
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class ImageLine:
    """An image as the table shows it; ``label`` are its classes in words."""

    image: ImageRow
    marks: ImageMarks
    label: str


@dataclass(frozen=True)
class ImageColumn:
    """A column.

    Attributes:
        title: marked with ``N_``.
        text: what stands in a cell, in the current language.
        by: the order that the catalogue gives it; ``None`` where it cannot be sorted.
        width: in device-independent pixels.
        of_predictions: whether it is empty where no run has predicted anything.
        of_texts: whether it is empty where no image has a transcription.
    """

    title: str
    text: Callable[[ImageLine], str]
    by: SortBy | None
    width: int
    alignment: Qt.AlignmentFlag = _LEFT
    of_predictions: bool = False
    of_texts: bool = False


def date_text(mtime_ns: int) -> str:
    """The day and the time of a change, as they are written in the current language."""
    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(mtime_ns // 1_000_000), QLocale.FormatType.ShortFormat)


def _split(line: ImageLine) -> str:
    if line.image.excluded:
        return tr(N_("Excluded"))
    return tr(SPLIT_NAMES[line.image.split]) if line.image.split else ""


def _prediction(line: ImageLine) -> str:
    return line.marks.prediction.name if line.marks.prediction is not None else ""


def _confidence(line: ImageLine) -> str:
    return percentage(line.marks.prediction.confidence) if line.marks.prediction is not None else ""


def _pixels(line: ImageLine) -> str:
    return tr(N_("{width} × {height}"), width=count(line.image.width), height=count(line.image.height))


COLUMNS = (
    ImageColumn(N_("Name"), lambda line: line.image.name, SortBy.NAME, 200),
    ImageColumn(N_("Class"), lambda line: line.label, SortBy.LABEL, 140),
    ImageColumn(N_("Transcription"), lambda line: line.image.text, None, 260, of_texts=True),
    ImageColumn(N_("Prediction"), _prediction, None, 140, of_predictions=True),
    ImageColumn(N_("Confidence"), _confidence, SortBy.CONFIDENCE, 90, _RIGHT, of_predictions=True),
    ImageColumn(N_("Split"), _split, SortBy.SPLIT, 90),
    ImageColumn(N_("Rating"), lambda line: STAR * line.image.rating, SortBy.RATING, 80),
    ImageColumn(N_("Flag"), lambda line: tr(FLAG_NAMES[line.image.flag]) if line.image.flag else "", SortBy.FLAG, 80),
    ImageColumn(N_("Pixels"), _pixels, SortBy.PIXELS, 110, _RIGHT),
    ImageColumn(N_("File size"), lambda line: size_in_bytes(line.image.size), SortBy.SIZE, 90, _RIGHT),
    ImageColumn(N_("Changed"), lambda line: date_text(line.image.mtime_ns), SortBy.DATE, 140),
    ImageColumn(N_("Group"), lambda line: line.image.group, None, 100),
    ImageColumn(N_("Note"), lambda line: line.image.note.replace("\n", " "), None, 160),
    ImageColumn(N_("Folder"), lambda line: printable(os.path.dirname(line.image.path)), None, 260),
)
"""In the order in which the table shows them."""
