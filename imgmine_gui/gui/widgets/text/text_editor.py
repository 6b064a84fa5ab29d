"""A field for the transcription of an image, with the special characters of the project beside it."""

import unicodedata
from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, HALF, SPACING, FontSize, font

PALETTE = 24
"""So many characters are offered, the most frequent ones."""
KEY = 26
UNKNOWN = N_("Type what is written in the image, and press Enter for the next one")


class TextEditor(QWidget):
    """Enter saves and asks for the next image, Esc takes back what was typed; the arrows up and down ask for others."""

    saved = Signal(str)
    """The person typed another text for the image, and left it for good."""
    step_wanted = Signal(int)
    """Go so many images further on, or back."""
    left = Signal()
    """Esc where nothing was typed: the person wants to leave the field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._reason = ""
        self._characters: tuple[str, ...] = ()
        self.title = QLabel()
        self.title.setFont(font(FontSize.SMALL, bold=True))
        bind(self.title, "setText", N_("Transcription"))
        self.field = _Field(self)
        self.field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
        bind(self.field, "setAccessibleName", N_("Transcription"))
        self.title.setBuddy(self.field)
        self.palette_box = QWidget()
        self._keys = QGridLayout(self.palette_box)
        self._keys.setContentsMargins(0, 0, 0, 0)
        self._keys.setSpacing(HALF // 2)
        bind(self.palette_box, "setAccessibleName", N_("Special characters"))
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self.title)
        row.addWidget(self.field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, SPACING, GAP, SPACING)
        column.setSpacing(HALF)
        column.addLayout(row)
        self.hint = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.hint.setFont(font(FontSize.SMALL))
        self.hint.hide()
        column.addWidget(self.hint)
        column.addWidget(self.palette_box, alignment=Qt.AlignmentFlag.AlignLeft)
        self.palette_box.hide()
        on_language_change(self, self.retranslate)
        self.retranslate()

    @property
    def is_changed(self) -> bool:
        """Whether another text stands in the field than the image has."""
        return self.field.text() != self._text

    def show_text(self, text: str, reason: str = "", hint: str = "") -> None:
        """Show the transcription of an image.

        Args:
            text: "" where it is not known.
            reason: why it cannot be changed, in the present language; "" where it can.
            hint: why it is not known, in the present language.
        """
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._text, self._reason = text, reason
        self.field.setText(text)
        self.retranslate()

    def offer(self, characters: Iterable[str]) -> None:
        """Offer these characters beside the keyboard."""
        offered = tuple(characters)[:PALETTE]
        if offered == self._characters:
            return
        self._characters = offered
        while (item := self._keys.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for place, character in enumerate(offered):
            self._keys.addWidget(self._key(character), 0, place)
        self.palette_box.setVisible(bool(offered))

    def keep(self) -> None:
        """Save what was typed, if anything was."""
        if self.is_changed and self.field.isEnabled():
            self._text = self.field.text()
            self.saved.emit(self._text)

    def retranslate(self) -> None:
        """Say what can be done, in the present language."""
        self.field.setEnabled(not self._reason)
        self.palette_box.setEnabled(not self._reason)
        self.field.setPlaceholderText("" if self._reason else tr(UNKNOWN))
        self.field.setToolTip(self._reason)

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether a key means more here than in any field; does what it means."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.keep()
            self.step_wanted.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Escape and self.is_changed:
            self.field.setText(self._text)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            return False
        return True

    def _key(self, character: str) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setText("◌" + character if unicodedata.combining(character) else character)
        button.setFixedSize(QSize(KEY, KEY))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field keeps it
        name = unicodedata.name(character, f"U+{ord(character):04X}")
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(lambda _on=False: self._insert(character))
        return button

    def _insert(self, character: str) -> None:
        self.field.insert(character)
        self.field.setFocus()


class _Field(QLineEdit):
    """Asks its editor first what a key means."""

    def __init__(self, editor: TextEditor) -> None:
        super().__init__()
        self._editor = editor
        self.setAcceptDrops(False)  # files are for the page

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._editor.take_key(event):
            super().keyPressEvent(event)


def special_characters(texts: Iterable[str]) -> list[str]:
    """The characters of texts that are on no plain keyboard, the most frequent first."""
    counts = Counter(one for text in texts for one in text if not one.isascii() and not one.isspace())
    return [character for character, _ in counts.most_common(PALETTE)]
