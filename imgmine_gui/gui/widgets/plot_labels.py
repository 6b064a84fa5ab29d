"""The names of curves, written where the curves end and where they cover as little as may be."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsSimpleTextItem, QStyleOptionGraphicsItem, QWidget

from imgmine_gui.gui.widgets.plot_series import Array

GAP = 7
"""Pixels between the end of a curve and its name."""
EDGE = 2
"""Pixels between a name and the right edge of the plot."""
WIDEST = 120
"""A longer name is cut."""
COVERED = 3.0
"""Covering a curve is as bad as standing so many lines of text away from the end."""
OVERLAPPING = 100.0
"""The same for covering another name."""
STAYING = 2.0
"""So many lines away from the end a name stays rather than jump while its curve grows."""

Band = tuple[float, float]
"""From y to y, in pixels: what a curve takes up beside a name."""


@dataclass(frozen=True)
class Name:
    """A name for the curve through (x, y), in coordinates of the plot.

    Attributes:
        value: what is read from the curve under the pointer, written behind the name; empty without a pointer.
    """

    text: str
    colour: QColor
    x: Array
    y: Array
    font: QFont
    value: str = ""


class VeilText(QGraphicsSimpleTextItem):
    """A text that veils what it covers."""

    def __init__(self, box: pg.ViewBox, height: float) -> None:
        super().__init__(box)
        self.setZValue(height)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._veil = QColor()

    def set_background(self, background: QColor) -> None:
        """Veil in the colour of the plot."""
        self._veil = QColor(background)
        self._veil.setAlphaF(0.75)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """The text on a patch of the background's colour."""
        painter.fillRect(self.boundingRect(), self._veil)
        super().paint(painter, option, widget)  # type: ignore[arg-type] # Qt takes none as well


class CurveNames:
    """Writes names to the right of the ends of curves, so that none covers another, nor a curve where that can be."""

    def __init__(self, box: pg.ViewBox) -> None:
        self._box = box
        self._items: list[VeilText] = []
        self._moves: dict[str, float] = {}

    def place(self, names: list[Name], background: QColor) -> None:
        """Show these names and no others, on ``background``; those that come first choose their places first."""
        curves = [self._in_pixels(name) for name in names]
        seen = [(name, x, y) for name, (x, y) in zip(names, curves, strict=True) if len(x)]
        while len(self._items) < len(seen):
            self._items.append(VeilText(self._box, 100))
        for item in self._items[len(seen) :]:
            item.hide()
        taken: list[QRectF] = []
        before, self._moves = self._moves, {}
        for item, (name, x, y) in zip(self._items, seen, strict=False):
            item.set_background(background)
            _write(item, name)
            wanted = self._wanted(item, x, y)
            bands = [band for curve in curves if (band := band_beside(*curve, wanted)) is not None]
            taken.append(settle(wanted, bands, taken, self._box.height(), before.get(name.text)))
            self._moves[name.text] = taken[-1].top() - wanted.top()
            item.setPos(taken[-1].topLeft())
            item.show()

    def texts(self) -> list[str]:
        """The names that are shown."""
        return [item.text() for item in self._items if item.isVisible()]

    def _in_pixels(self, name: Name) -> tuple[Array, Array]:
        """The curve in pixels of the plot, down to y; nothing where no point of it is in view."""
        (left, right), (bottom, top) = self._box.viewRange()
        inside = (name.x >= left) & (name.x <= right) & (name.y >= bottom) & (name.y <= top)
        if not inside.any():
            return name.x[:0], name.y[:0]
        x = (name.x - left) / (right - left) * self._box.width()
        return x, (top - name.y) / (top - bottom) * self._box.height()

    def _wanted(self, item: VeilText, x: Array, y: Array) -> QRectF:
        """The place right of the curve's end, or at the edge over a curve that goes on behind it."""
        width, height = self._box.width(), self._box.height()
        size = item.boundingRect().size()
        last = int(((x >= 0) & (x <= width) & (y >= 0) & (y <= height)).nonzero()[0][-1])
        left = max(0.0, min(float(x[last]) + GAP, width - size.width() - EDGE))
        return QRectF(left, float(y[last]) - size.height() / 2, size.width(), size.height())


def _write(item: VeilText, name: Name) -> None:
    item.setFont(name.font)
    metrics = QFontMetricsF(name.font)
    text = metrics.elidedText(name.text, Qt.TextElideMode.ElideRight, WIDEST)
    item.setText(f"{text}  {name.value}" if name.value else text)
    item.setBrush(QBrush(name.colour))


def band_beside(x: Array, y: Array, box: QRectF) -> Band | None:
    """The heights that the curve through (x, y) takes up above, in and below ``box``; None where it is not there."""
    if not len(x) or x[0] > box.right() or x[-1] < box.left():
        return None
    first, end = np.searchsorted(x, (box.left(), box.right()))
    ends = np.interp((box.left(), box.right()), x, y, left=np.nan, right=np.nan)
    heights = np.concatenate([y[first:end], ends])
    heights = heights[np.isfinite(heights)]
    return (float(heights.min()), float(heights.max())) if len(heights) else None


def settle(
    wanted: QRectF, bands: Sequence[Band], taken: Sequence[QRectF], height: float, before: float | None = None
) -> QRectF:
    """``wanted`` moved up or down, by half lines, to where it covers least; it stays in 0 to ``height``.

    Args:
        bands: of the curves beside it.
        taken: the places of other names.
        before: by how many pixels the name was moved the last time; None where it is new.
    """
    line, best, least = wanted.height(), wanted, math.inf
    for step in range(2 * int(2 * height / line) + 1):
        move = (-1) ** step * ((step + 1) // 2) * line / 2  # nearer places first
        place = wanted.translated(0, move)
        away = abs(move) / line
        if away - STAYING >= least:
            break  # nor can any that is farther away be better
        if place.top() < 0 or place.bottom() > height:
            continue
        covered = sum(low < place.bottom() and place.top() < high for low, high in bands)
        overlapping = sum(place.intersects(other) for other in taken)
        stays = before is not None and abs(move - before) < line / 4
        cost = away + COVERED * covered + OVERLAPPING * overlapping - STAYING * stays
        if cost < least:
            best, least = place, cost
    return best
