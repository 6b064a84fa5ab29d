"""A line at the top of a page that says what happened and what to do about it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from imgmine_gui.app.notifier import Severity
from imgmine_gui.core.text import N_, Words, join_sentences, read
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, HALF, ICON_SIZE, SPACING, icon, theme

_LOOKS = {
    Severity.INFORMATION: ("info", "good", N_("Information")),
    Severity.WARNING: ("warning", "warning", N_("Warning")),
    Severity.ERROR: ("warning-circle", "bad", N_("Error")),
}


class MessageBar(QWidget):
    """One message at a time: the newest. Hidden while there is none; Esc or its button closes it."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.severity = Severity.INFORMATION
        self._words: tuple[Words, Words] = "", ""
        self._label: Words = ""
        self._picture = QLabel()
        self.text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.action = QPushButton()  # a place for those of ``offer``
        self.action.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.action.hide()
        self.close_button = QToolButton(autoRaise=True)
        self.close_button.setIcon(icon("x"))
        bind(self.close_button, "setToolTip", N_("Close this message"))
        bind(self.close_button, "setAccessibleName", N_("Close this message"))
        bind(self.text, "setAccessibleName", N_("Message"))
        self.close_button.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, SPACING, SPACING, SPACING)
        row.setSpacing(SPACING + HALF)
        row.addWidget(self._picture)
        row.addWidget(self.text, stretch=1)
        row.addWidget(self.action)
        row.addWidget(self.close_button)
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self.hide()

    def show_message(self, words: Words, remedy: Words = "", severity: Severity = Severity.INFORMATION) -> None:
        """Show ``words`` and what to do about it instead of what is shown."""
        self.severity = severity
        self._words, self._label = (words, remedy), ""
        self.action.hide()
        self.retranslate()
        bind(self, "setAccessibleName", _LOOKS[severity][2])
        self._recolour()
        self.show()

    def retranslate(self) -> None:
        """Say the same in the present language."""
        words, remedy = self._words
        self.text.setText(join_sentences(read(words), read(remedy)))
        self.action.setText(read(self._label))

    def offer(self, label: Words) -> QPushButton:
        """Show a button beside the message; connect to what it returns."""
        self.action.setParent(None)
        self._label = label
        replacement = QPushButton(read(label))
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.insertWidget(2, replacement)
        self.action.deleteLater()
        self.action = replacement
        replacement.clicked.connect(self.dismiss)
        replacement.show()
        return replacement

    def dismiss(self) -> None:
        """Close the message."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the message while the focus is inside."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A tint of the message's colour, and a line of it at the left."""
        colour: QColor = getattr(theme().colours, _LOOKS[self.severity][1])
        tint = QColor(colour)
        tint.setAlphaF(0.10)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colours.surface)
        painter.fillRect(self.rect(), tint)
        painter.fillRect(0, 0, HALF, self.height(), colour)

    def _recolour(self) -> None:
        name, role, _ = _LOOKS[self.severity]
        self._picture.setPixmap(icon(name, role).pixmap(QSize(ICON_SIZE, ICON_SIZE), self.devicePixelRatioF()))
        self.update()
