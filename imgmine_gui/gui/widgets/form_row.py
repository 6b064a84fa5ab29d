"""One option in a form: its name, its control, what is wrong with its value, and the way back to the default."""

from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.options import OptionField
from imgmine_gui.core.text import join_sentences, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.style import blend
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.form_editors import Editor
from imgmine_gui.gui.widgets.form_optional import editor_for
from imgmine_gui.gui.widgets.form_words import hover_text, value_text

MARK = 16
TINT = 0.16
"""How much of the warning's colour is mixed into a field whose value cannot be used."""


class _Title(QLabel):
    """A name that wraps; as high as it is in bold, so that nothing below moves when it becomes that."""

    def heightForWidth(self, width: int) -> int:
        """For the bolder of the two."""
        wrap = Qt.TextFlag.TextWordWrap
        bold = QFontMetrics(font(bold=True)).boundingRect(QRect(0, 0, width, 1000), int(wrap), self.text())
        return max(super().heightForWidth(width), bold.height())


class OptionRow(QWidget):
    """A row of an ``OptionForm``."""

    changed = Signal()

    def __init__(self, field: OptionField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.editor: Editor = editor_for(field)
        self.title = _Title(wordWrap=True)
        self.title.setBuddy(self.editor)
        bind(self.title, "setText", field.title)
        self.undo = QToolButton(autoRaise=True)
        self.undo.setIcon(icon("arrow-counter-clockwise", "accent"))
        self.undo.setIconSize(QSize(MARK, MARK))
        self.undo.clicked.connect(self.reset)
        keep = self.undo.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.undo.setSizePolicy(keep)
        self.problem = QLabel(wordWrap=True)
        self.problem.setFont(font(FontSize.SMALL))
        self.problem.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACING)
        grid.setVerticalSpacing(HALF)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.title, 0, 0, alignment=Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.editor, 0, 1)
        grid.addWidget(self.undo, 0, 2)
        grid.addWidget(self.problem, 1, 0, 1, 2)
        self.editor.set_value(field.default)
        self.editor.changed.connect(self._on_changed)
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self._recolour()
        self.retranslate()

    def value(self) -> Any:
        """The value of the option.

        Raises:
            UserError: what was typed is none.
        """
        return self.editor.value()

    def set_field(self, field: OptionField) -> None:
        """Describe the option otherwise, as with another default; its value stays."""
        self.field = field
        bind(self.title, "setText", field.title)
        self.retranslate()

    def is_changed(self) -> bool:
        """Whether the value is another than the default; what cannot be read is another."""
        try:
            return bool(self.value() != self.field.default)
        except UserError:
            return True

    def reset(self) -> None:
        """Go back to the default."""
        self.editor.set_value(self.field.default)
        self.editor.setFocus()

    def show_problem(self, text: str) -> None:
        """Say below the control what is wrong, in the present language; nothing where ``text`` is empty."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        palette, colours = QPalette(), theme().colours
        if text:
            palette.setColor(QPalette.ColorRole.Base, blend(colours.surface, colours.bad, TINT))
        self.editor.control.setPalette(palette)
        self.editor.control.setAccessibleDescription(text or self._description())

    def retranslate(self) -> None:
        """Write everything in the present language."""
        hover = hover_text(self.field)
        self.title.setToolTip(hover)
        self.editor.control.setToolTip(hover)
        back = tr("Back to {value}", value=value_text(self.field, self.field.default))
        self.undo.setToolTip(back)
        self.undo.setAccessibleName(tr("{title}: {description}", title=tr(self.field.title), description=back))
        self._mark()

    def _on_changed(self) -> None:
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        """Show whether the value is another than the default."""
        changed = self.is_changed()
        self.undo.setVisible(changed)
        self.title.setFont(font(bold=changed))
        self.editor.control.setAccessibleDescription(self.problem.text() or self._description())

    def _description(self) -> str:
        words = tr(self.field.description)
        return join_sentences(words, tr("Changed.") if self.is_changed() else "")

    def _recolour(self) -> None:
        palette = self.problem.palette()
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
            palette.setColor(role, theme().colours.bad)
        self.problem.setPalette(palette)
        self.show_problem(self.problem.text())
