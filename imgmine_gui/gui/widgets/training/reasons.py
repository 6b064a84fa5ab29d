"""Buttons that say on hover what they do, or why they cannot be pressed now."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QAbstractButton, QLabel


def allow(button: QAbstractButton, reason: str, help_text: str = "") -> None:
    """Enable ``button`` where ``reason`` is empty; otherwise disable it and give the reason on hover.

    Args:
        reason, help_text: in the present language.
    """
    button.setEnabled(not reason)
    button.setToolTip(reason or help_text)
    button.setAccessibleDescription(reason or help_text)


def colour_text(label: QLabel, colour: QColor) -> None:
    """Write ``label`` in ``colour``, whatever it stands on."""
    palette = label.palette()
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
        palette.setColor(role, colour)
    label.setPalette(palette)
