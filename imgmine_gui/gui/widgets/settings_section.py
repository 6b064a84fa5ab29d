"""One group of settings: a heading that folds, how many values were changed, Reset, and the form."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_, ntr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import FontSize, font, theme
from imgmine_gui.gui.widgets.form_fold import Fold
from imgmine_gui.gui.widgets.option_form import OptionForm

INDENT = 6


class SettingsSection(QWidget):
    """A form under its heading.

    Args:
        heading: an English text marked with ``N_``.
        options_type: what the form edits.
    """

    changed = Signal()

    def __init__(self, heading: str, options_type: type[Options], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = OptionForm(options_type)
        self._holder = QWidget()
        self._inner = QVBoxLayout(self._holder)
        self._inner.setContentsMargins(INDENT, 0, 0, 0)
        self._inner.addWidget(self.form)
        self.fold = Fold(heading, self._holder)
        self.count = QLabel()
        self.count.setFont(font(FontSize.SMALL))
        self.reset = QToolButton(autoRaise=True)
        bind(self.reset, "setText", N_("Reset"))
        self.reset.clicked.connect(self.form.reset)
        self.fold.head.addWidget(self.count)
        self.fold.head.addWidget(self.reset)
        self.setTabOrder(self.fold.button, self.reset)  # beside it, before what it resets
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.fold)
        bind(self, "setAccessibleName", heading)
        self.form.changed.connect(self._on_changed)
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self._recolour()
        self.retranslate()

    def add_below(self, widget: QWidget) -> None:
        """Put ``widget`` under the form, to be folded away with it."""
        self._inner.addWidget(widget)

    def retranslate(self) -> None:
        """Say how many values were changed, and whether Reset does something."""
        changes = self.form.changes()
        self.count.setText(ntr("{count} changed", "{count} changed", changes) if changes else "")
        self.reset.setVisible(changes > 0)
        bind(self.reset, "setToolTip", N_("Goes back to the defaults of this group"))

    def _on_changed(self) -> None:
        self.retranslate()
        if self.form.problems():
            self.fold.set_open(True)
        self.changed.emit()

    def _recolour(self) -> None:
        palette = self.count.palette()
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
            palette.setColor(role, theme().colours.text_muted)
        self.count.setPalette(palette)
