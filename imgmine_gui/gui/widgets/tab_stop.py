"""One stop of the Tab key for a group of buttons of which one is chosen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup


def stop_at_chosen(group: QButtonGroup) -> None:
    """Let Tab reach the chosen button of an exclusive ``group`` alone; arrow keys go from there to the others.

    Qt does so only once one of them had the focus: before that, Tab stops at the first, chosen or not.
    """
    for button in group.buttons():
        button.toggled.connect(lambda _on: _mark(group))
    _mark(group)


def _mark(group: QButtonGroup) -> None:
    for button in group.buttons():
        chosen = button.isChecked()
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)
