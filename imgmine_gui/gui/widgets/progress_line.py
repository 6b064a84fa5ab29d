"""A thin line that fills up."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from imgmine_gui.gui.theme import theme

THICKNESS = 6
STEPS = 1000
UNKNOWN_SHARE = 0.25
"""How much of the line is filled while nothing is known: it stands still, since nothing here blinks or runs about."""


class ProgressLine(QProgressBar):
    """A progress bar without text; a screen reader still hears its value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, textVisible=False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_fraction(None)

    def set_fraction(self, fraction: float | None) -> None:
        """How much is done, 0 to 1; ``None`` where that is not known."""
        self.setRange(0, 0 if fraction is None else STEPS)
        if fraction is not None:
            self.setValue(round(fraction * STEPS))
        self.update()

    def sizeHint(self) -> QSize:
        """As thin as it is drawn."""
        return QSize(160, THICKNESS)

    def minimumSizeHint(self) -> QSize:
        """Short enough for the strip at the top."""
        return QSize(48, THICKNESS)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded groove with the part that is done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(0, (self.height() - THICKNESS) / 2, self.width(), THICKNESS)
        painter.setBrush(theme().colours.border)
        painter.drawRoundedRect(groove, THICKNESS / 2, THICKNESS / 2)
        known = self.maximum() > 0
        share = self.value() / self.maximum() if known else UNKNOWN_SHARE
        if share <= 0:
            return
        filled = QRectF(groove)
        filled.setWidth(max(THICKNESS, groove.width() * share))
        painter.setBrush(theme().colours.accent if known else theme().colours.text_disabled)
        painter.drawRoundedRect(filled, THICKNESS / 2, THICKNESS / 2)
