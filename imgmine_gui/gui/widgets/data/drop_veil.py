"""What lies over the page while a folder is held above it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import GAP, FontSize, font, theme

RADIUS = 8.0


class DropVeil(QWidget):
    """Says what letting go will do; lets everything through that the mouse does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        bind(self, "setAccessibleName", N_("Drop to add"))
        self.hide()

    def cover(self) -> None:
        """Lie over the whole parent."""
        page = self.parentWidget()
        assert page is not None
        self.setGeometry(page.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A thin veil, a frame in the accent, and a line of words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme().colours.window)
        veil.setAlphaF(0.85)
        painter.setBrush(veil)
        painter.setPen(QPen(theme().colours.accent, 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(GAP, GAP, -GAP, -GAP), RADIUS, RADIUS)
        painter.setPen(theme().colours.text)
        painter.setFont(font(FontSize.HEADING))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr(N_("Let go to add these images")))
