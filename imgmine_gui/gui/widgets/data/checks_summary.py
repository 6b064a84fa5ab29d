"""One line above the button "Train" that says how many findings there are, wherever the column is scrolled to."""

from PySide6.QtWidgets import QPushButton, QWidget

from imgmine_gui.core.project.checks import DataCheck
from imgmine_gui.core.text import N_, ntr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import FontSize, font, icon
from imgmine_gui.gui.widgets.data.checks_panel import LOOKS


class ChecksSummary(QPushButton):
    """Leads to the findings; hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, flat=True)
        self._checks: list[DataCheck] = []
        self.setFont(font(FontSize.SMALL))
        bind(self, "setToolTip", N_("Show what was found"))
        bind(self, "setAccessibleName", N_("Findings about the images"))
        on_language_change(self, self.retranslate)
        self.hide()

    def show_checks(self, checks: list[DataCheck]) -> None:
        """Count these; the first is the worst."""
        self._checks = checks
        self.setVisible(bool(checks))
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the present language."""
        if self._checks:
            picture, role, _ = LOOKS[self._checks[0].severity]
            self.setIcon(icon(picture, role))
            number = len(self._checks)
            self.setText(ntr("{count} finding before training", "{count} findings before training", number))
