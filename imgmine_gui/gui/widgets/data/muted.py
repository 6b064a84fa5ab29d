"""A label in the quiet colour."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from imgmine_gui.gui.theme import FontSize, font, theme


class MutedLabel(QLabel):
    """Says something beside the point: plain text, wrapped, in the muted colour of the present theme."""

    def __init__(self, size: FontSize = FontSize.BODY, parent: QWidget | None = None) -> None:
        super().__init__(parent, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.setFont(font(size, tabular=True))
        theme().changed.connect(self._recolour)
        self._recolour()

    def _recolour(self) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, theme().colours.text_muted)
        self.setPalette(palette)
