"""What every page of the window is."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """A page: it is made when it is first shown, and then kept.

    A page overrides what it can do; the menu entries for the rest are disabled while it is shown.
    """

    status_changed = Signal(str)
    """Counts and the selection for the status bar, in the current language: "3,412 images, 12 selected"."""
    go_to = Signal(str)
    """The person wants another page: "data", "train", "predictions"."""

    can_zoom = False
    """Whether ``zoom`` does something."""
    can_search = False
    """Whether ``search`` does something."""

    def zoom(self, step: int) -> None:
        """Ctrl and + (step 1), - (-1), 0 (0: fit)."""

    def search(self) -> None:
        """Ctrl+F: put the focus into the field that searches."""

    def receive(self, paths: Sequence[Path]) -> None:
        """Images or a model were dropped on the window, or named on the command line, and belong on this page."""

    def shown(self) -> None:
        """The page has just come to the front."""

    def save_state(self) -> None:
        """The window closes: keep splitters and the like in the settings."""
