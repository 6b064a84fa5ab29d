"""An outline with dashes: here a folder can be dropped."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from imgmine_gui.gui.theme import theme

RADIUS = 8.0


class DropZone(QWidget):
    """Draws the outline alone; what is dropped goes to the window, which takes it everywhere."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dashed rounded rectangle on the surface."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme().colours.text_disabled, 1.2, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(theme().colours.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
