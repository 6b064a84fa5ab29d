"""The legend of a heatmap: its colours from 0 to 1."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgmine_gui.core.images.colormaps import COLORMAPS, DEFAULT_COLORMAP
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.pixels import image_of
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, theme

THICKNESS = 10


class ColourScale(QWidget):
    """A strip of the colours with 0 and 1 at its ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(font(FontSize.SMALL, tabular=True))
        self._strip = image_of(COLORMAPS[DEFAULT_COLORMAP][None].copy())
        bind(self, "setAccessibleName", N_("Colours of the heatmap, from 0 to 1"))
        bind(self, "setToolTip", N_("0: this place did not matter. 1: it mattered most in this image."))
        theme().changed.connect(self.update)

    def set_colormap(self, name: str) -> None:
        """Show the colours of the map ``name``."""
        self._strip = image_of(COLORMAPS[name][None].copy())
        self.update()

    def sizeHint(self) -> QSize:
        """The strip alone; the numbers stand at its sides."""
        return QSize(120, max(THICKNESS, self.fontMetrics().height()) + HALF)

    def paintEvent(self, event: QPaintEvent) -> None:
        """0, the colours, 1."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(theme().colours.text_muted)
        room = self.fontMetrics().horizontalAdvance("0") + SPACING
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "0")
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "1")
        strip = QRectF(room, (self.height() - THICKNESS) / 2, self.width() - 2 * room, THICKNESS)
        painter.drawImage(strip, self._strip)
