"""Paints a read text above the true one, character below character, with what differs marked by colour and by shape."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QPainter, QPen

from imgmine_gui.core.evaluation.text_alignment import Edit, EditKind
from imgmine_gui.gui.theme import theme

SMALLEST = 7.0
"""Points of the letters in lines that are long for their place."""
GAP_MARK = "‸"
"""Stands in the read text where a character was left out."""


@dataclass(frozen=True)
class DiffFont:
    """Letters that are equally wide, of a size at which a line fits, and the places of its columns.

    Attributes:
        places: (columns + 1) the left edges, and the right end, from 0.
    """

    font: QFont
    places: tuple[float, ...]


def fitted(edits: Sequence[Edit], width: float, points: float) -> DiffFont:
    """The largest font up to ``points`` with which all columns fit into ``width``; at the smallest some may not."""
    letters = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    while True:
        letters.setPointSizeF(points)
        metrics, places = QFontMetricsF(letters), [0.0]
        for edit in edits:
            places.append(places[-1] + max(map(metrics.horizontalAdvance, (edit.true, edit.recognised, "m"))))
        if places[-1] <= width or points <= SMALLEST:
            return DiffFont(letters, tuple(places))
        points = max(SMALLEST, min(points - 0.5, points * width / places[-1]))


def paint_pair(painter: QPainter, place: QRectF, edits: Sequence[Edit], points: float, mirrored: bool) -> None:
    """The read text in the upper half of ``place``, the true one in the lower.

    Args:
        mirrored: whether the text runs from right to left, and its columns do.
    """
    look = fitted(edits, place.width(), points)
    painter.save()
    painter.setFont(look.font)
    painter.setClipRect(place.adjusted(-1, 0, 1, 0))
    height = place.height() / 2
    for number, edit in enumerate(edits):
        left, right = look.places[number], look.places[number + 1]
        x = place.right() - right if mirrored else place.left() + left
        upper = QRectF(x, place.top(), right - left, height)
        _paint_cell(painter, upper, edit, read=True)
        _paint_cell(painter, upper.translated(0, height), edit, read=False)
    painter.restore()


def _paint_cell(painter: QPainter, cell: QRectF, edit: Edit, read: bool) -> None:
    colours, kind = theme().colours, edit.kind
    letter = edit.recognised if read else edit.true
    differs = kind is not EditKind.MATCH
    if not letter and read:
        letter = GAP_MARK
    painter.setPen(colours.bad if differs else colours.text if read else colours.text_muted)
    if differs and letter and letter != GAP_MARK:
        painter.save()
        painter.setOpacity(0.16)
        painter.fillRect(cell.adjusted(0, 1, 0, -1), colours.bad)
        painter.restore()
    painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), letter)
    if not differs or not letter or letter == GAP_MARK:
        return
    painter.setPen(QPen(colours.bad, 1.5))
    if kind is EditKind.INSERTION:
        middle = cell.center().y()
        painter.drawLine(QPointF(cell.left() + 1, middle), QPointF(cell.right() - 1, middle))
    else:
        painter.drawLine(QPointF(cell.left() + 1, cell.bottom() - 2), QPointF(cell.right() - 1, cell.bottom() - 2))
