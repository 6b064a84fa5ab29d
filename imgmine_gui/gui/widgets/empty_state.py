"""What an empty page shows: one sentence about what belongs there, and the one button that brings it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import GAP, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.buttons import PrimaryButton

PICTURE = 56
TEXT_WIDTH = 420


class EmptyState(QWidget):
    """An invitation in the middle of an empty page.

    Args:
        icon_name: of the icon set, see ``theme.icon``.
        sentence: an English text marked with ``N_``.
        button: the text of the button, marked with ``N_``; empty for no button.
    """

    triggered = Signal()
    """The button was pressed."""

    def __init__(self, icon_name: str, sentence: str, button: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.sentence = Sentence(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.sentence.setFont(font(FontSize.HEADING))
        self.say(sentence)
        self.button = PrimaryButton()
        self.button.setVisible(bool(button))
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button else Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self.triggered)
        if button:
            bind(self.button, "setText", button)
        row = QHBoxLayout()  # keeps the height that the sentence needs, which an alignment would not
        row.addStretch(1)
        row.addWidget(self.sentence)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(GAP)
        column.addStretch(2)
        column.addWidget(self._picture)
        column.addLayout(row)
        column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(SPACING)
        column.addStretch(3)
        theme().changed.connect(self._recolour)
        self._recolour()

    def say(self, sentence: str) -> None:
        """Show another sentence: an English text marked with ``N_``."""
        bind(self.sentence, "setText", sentence)
        bind(self, "setAccessibleName", sentence)

    def _recolour(self) -> None:
        drawn = icon(self._icon_name, "text_muted").pixmap(QSize(PICTURE, PICTURE), self.devicePixelRatioF())
        self._picture.setPixmap(drawn)
        palette = self.sentence.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme().colours.text_muted)
        self.sentence.setPalette(palette)


class Sentence(QLabel):
    """Wrapped words of one width, as high as they need: in a column of centred things Qt would cut them off."""

    def sizeHint(self) -> QSize:
        """All of the words."""
        return QSize(TEXT_WIDTH, self.heightForWidth(TEXT_WIDTH))

    def minimumSizeHint(self) -> QSize:
        """All of the words."""
        return self.sizeHint()
