"""A line of text that ends in "…" where there is no room for all of it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """Takes what width it gets; the whole text is shown on hover where it does not fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, textFormat=Qt.TextFormat.PlainText)
        self._hover = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_hover(self, text: str) -> None:
        """Show ``text`` on hover, in the present language, whether the label is cut or not."""
        self._hover = text
        self.setToolTip(text)

    def sizeHint(self) -> QSize:
        """One line, also while it is empty, so that nothing below it moves."""
        return QSize(0, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """As narrow as need be."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, cut at its end."""
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        hover = self._hover or (self.text() if shown != self.text() else "")
        if self.toolTip() != hover:
            self.setToolTip(hover)
