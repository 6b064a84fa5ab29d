"""The names of curves, written where the curves end."""

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsSimpleTextItem, QStyleOptionGraphicsItem, QWidget

from imgmine_gui.gui.widgets.plot_series import Array

GAP = 7
"""Pixels between the end of a curve and its name."""
WIDEST = 120
"""A longer name is cut."""


@dataclass(frozen=True)
class Name:
    """A name for the curve through (x, y), in coordinates of the plot."""

    text: str
    colour: QColor
    x: Array
    y: Array
    font: QFont


class _Text(QGraphicsSimpleTextItem):
    """A text that veils what it covers."""

    veil = QColor()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """The text on a patch of the background's colour."""
        painter.fillRect(self.boundingRect(), self.veil)
        super().paint(painter, option, widget)  # type: ignore[arg-type] # Qt takes none as well


class CurveNames:
    """Writes names to the right of the ends of curves, so that none covers another."""

    def __init__(self, box: pg.ViewBox) -> None:
        self._box = box
        self._items: list[_Text] = []

    def place(self, names: list[Name], background: QColor) -> None:
        """Show these names and no others, on ``background``."""
        veil = QColor(background)
        veil.setAlphaF(0.75)
        seen = [(name, end) for name in names if (end := self._end(name)) is not None]
        while len(self._items) < len(seen):
            item = _Text(self._box)
            item.setZValue(100)
            item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
            self._items.append(item)
        for item in self._items:
            item.veil = veil
        for item in self._items[len(seen) :]:
            item.hide()
        self._arrange(seen)

    def texts(self) -> list[str]:
        """The names that are shown."""
        return [item.text() for item in self._items if item.isVisible()]

    def _end(self, name: Name) -> QPointF | None:
        """The last point of the curve that the plot shows, in pixels; None where it shows none."""
        (left, right), (bottom, top) = self._box.viewRange()
        inside = (name.x >= left) & (name.x <= right) & (name.y >= bottom) & (name.y <= top)
        found = inside.nonzero()[0]
        if not len(found):
            return None
        last = int(found[-1])
        end: QPointF = self._box.mapFromView(QPointF(float(name.x[last]), float(name.y[last])))
        return end

    def _arrange(self, seen: list[tuple[Name, QPointF]]) -> None:
        boxes = []
        for item, (name, end) in zip(self._items, seen, strict=False):
            metrics = QFontMetricsF(name.font)
            item.setFont(name.font)
            item.setText(metrics.elidedText(name.text, Qt.TextElideMode.ElideRight, WIDEST))
            item.setBrush(QBrush(name.colour))
            wide, high = metrics.horizontalAdvance(item.text()), metrics.height()
            left = max(0.0, min(end.x() + GAP, self._box.width() - wide - 2))
            boxes.append(QRectF(left, end.y() - high / 2, wide, high))
        for item, box in zip(self._items, spread(boxes, self._box.height()), strict=False):
            item.setPos(box.topLeft())
            item.show()


def spread(boxes: list[QRectF], height: float) -> list[QRectF]:
    """The boxes, moved up and down as little as it takes that none covers another and all lie in 0 to ``height``."""
    moved = [QRectF(box) for box in boxes]
    order = sorted(range(len(moved)), key=lambda n: moved[n].y())
    for position, number in enumerate(order):
        above = [moved[n].bottom() for n in order[:position] if _beside(moved[n], moved[number])]
        moved[number].moveTop(max([0.0, moved[number].y(), *above]))
    for position in reversed(range(len(order))):
        number = order[position]
        below = [moved[n].top() for n in order[position + 1 :] if _beside(moved[n], moved[number])]
        moved[number].moveBottom(min([height, moved[number].bottom(), *below]))
    return moved


def _beside(one: QRectF, other: QRectF) -> bool:
    return one.left() < other.right() and other.left() < one.right()
