"""A thin line between two parts of a page."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from imgmine_gui.gui.theme import theme

THICKNESS = 1
"""In device-independent pixels."""


class Rule(QWidget):
    """Fills all of its thin place; at 150 percent, the line of a ``QFrame`` falls between two pixels and is lost."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if orientation is Qt.Orientation.Horizontal:
            self.setFixedHeight(THICKNESS)
        else:
            self.setFixedWidth(THICKNESS)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The colour of borders."""
        QPainter(self).fillRect(self.rect(), theme().colours.border)
