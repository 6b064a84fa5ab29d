"""The one button of a page that matters most, in the accent colour, and the row of buttons below a dialog."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from imgmine_gui.gui.theme import SPACING, theme


class PrimaryButton(QPushButton):
    """A push button in the accent colour; at most one is seen at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme().changed.connect(self._recolour)
        self._recolour()

    def _recolour(self) -> None:
        colours, role, group = theme().colours, QPalette.ColorRole, QPalette.ColorGroup
        palette = QPalette()
        for enabled in (group.Active, group.Inactive):
            palette.setColor(enabled, role.Button, colours.accent)
            palette.setColor(enabled, role.ButtonText, colours.on_accent)
            palette.setColor(enabled, role.Mid, colours.accent)
            palette.setColor(enabled, role.Highlight, colours.text)
        self.setPalette(palette)


def button_row(bar: QWidget, *buttons: QPushButton) -> QHBoxLayout:
    """The foot of a dialog: its progress, which takes what room there is, then its buttons."""
    row = QHBoxLayout()
    row.setSpacing(SPACING)
    row.addWidget(bar, 1)
    row.addStretch(0)
    for button in buttons:
        row.addWidget(button)
    return row
