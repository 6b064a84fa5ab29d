"""The classes of an image with their squares, then its stars and its flag, on one line."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgmine_gui.gui.class_colours import paint_class_square
from imgmine_gui.gui.theme import HALF, SPACING, theme
from imgmine_gui.gui.widgets.data.shapes_layer import ClassLook

SQUARE = 11
LEAST = 72
"""So much of the line is shown in any case, in device-independent pixels."""


class MarksLine(QWidget):
    """As wide as its words; where there is less room, it is cut at its end and told whole on hover."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[tuple[str, int | None], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    @property
    def text(self) -> str:
        """All that is said."""
        return "   ".join(word for word, _ in self._parts)

    def show_marks(self, classes: Sequence[ClassLook], words: Sequence[str]) -> None:
        """Show these classes, and then these words; empty ones are left out."""
        self._parts = (*((one.name, one.colour) for one in classes), *((word, None) for word in words if word))
        self.setAccessibleName(self.text)
        self.setToolTip(self.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all of it."""
        metrics = self.fontMetrics()
        widths = (metrics.horizontalAdvance(word) + self._before(colour) for word, colour in self._parts)
        return QSize(sum(widths) + 2 * SPACING * max(0, len(self._parts) - 1) + 1, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """As narrow as need be."""
        return QSize(min(LEAST, self.sizeHint().width()), self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """One part after the other, as far as there is room."""
        painter, metrics, left = QPainter(self), self.fontMetrics(), 0
        painter.setPen(theme().colours.text)
        for word, colour in self._parts:
            if colour is not None:
                paint_class_square(painter, QRectF(left, (self.height() - SQUARE) / 2, SQUARE, SQUARE), colour)
                left += self._before(colour)
            room = max(0, self.width() - left)
            shown = metrics.elidedText(word, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(left, 0, room, self.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
            left += metrics.horizontalAdvance(word) + 2 * SPACING
            if left >= self.width():
                break

    @staticmethod
    def _before(colour: int | None) -> int:
        return 0 if colour is None else SQUARE + HALF
