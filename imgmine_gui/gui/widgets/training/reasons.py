"""Buttons that say on hover what they do, or why they cannot be pressed now."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget


def allow(button: QAbstractButton, reason: str, help_text: str = "", heir: QWidget | None = None) -> None:
    """Enable ``button`` where ``reason`` is empty; otherwise disable it and give the reason on hover.

    Args:
        reason, help_text: in the present language.
        heir: gets the focus of a button that is disabled. Qt would give it to the button beside it, and the next press
            of the space bar would do there what nobody asked for.
    """
    if reason and heir is not None:
        hand_focus(button, heir)
    button.setEnabled(not reason)
    button.setToolTip(reason or help_text)
    button.setAccessibleDescription(reason or help_text)


def hand_focus(button: QWidget, heir: QWidget) -> None:
    """Give the focus that ``button`` has to ``heir``, as if by Tab unless the mouse is on the button."""
    if button.hasFocus():
        by_mouse = button.underMouse()
        heir.setFocus(Qt.FocusReason.MouseFocusReason if by_mouse else Qt.FocusReason.TabFocusReason)


def colour_text(label: QLabel, colour: QColor) -> None:
    """Write ``label`` in ``colour``, whatever it stands on."""
    palette = label.palette()
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
        palette.setColor(role, colour)
    label.setPalette(palette)
