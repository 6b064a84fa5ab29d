"""What every page of the window is."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from imgmine_gui.core.project.edits.changes import Sql


class Page(QWidget):
    """A page: it is made when it is first shown, and then kept.

    A page overrides what it can do; the menu entries for the rest are disabled while it is shown.
    """

    status_changed = Signal(str)
    """Counts and the selection for the status bar, in the current language: "3,412 images, 12 selected".

    The window shows them again whenever the page comes to the front.
    """
    go_to = Signal(str)
    """The person wants another page: "data", "train", "predictions"."""

    show_predictions = Signal(str)
    """The person wants to see what the run at this path predicts."""

    show_images = Signal(object, str)
    """The person wants to see certain images on the page of data: an ``Sql`` that selects their ids, and what they are
    called, marked with ``N_``."""

    can_zoom = False
    """Whether ``zoom`` does something."""
    can_search = False
    """Whether ``search`` does something."""

    own_jobs: ClassVar[frozenset[str]] = frozenset()
    """The kinds of jobs that the page shows itself, each with its phase, progress, time left and Cancel.

    While the page is in front, the strip at the top says nothing of them; of all others it only says that they run.
    """

    keys: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Keys that the page takes without an action, for the list of keys: ``("Space", N_("Hide the heatmap"))``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = ""
        """What ``status_changed`` said last."""
        self.status_changed.connect(self._keep_status)

    def start(self) -> None:
        """Ctrl+T, on the page Train alone: train with what is set there."""

    def _keep_status(self, text: str) -> None:
        self.status = text

    def zoom(self, step: int) -> None:
        """Ctrl and + (step 1), - (-1), 0 (0: fit)."""

    def search(self) -> None:
        """Ctrl+F: put the focus into the field that searches."""

    def receive(self, paths: Sequence[Path]) -> None:
        """Images or a model were dropped on the window, or named on the command line, and belong on this page."""

    def show_run(self, path: str) -> None:
        """Show what the run at ``path`` predicts, on the page of predictions."""

    def show_only(self, ids: Sql, title: str) -> None:
        """Show these images and no others, on the page of data; see ``show_images``."""

    def shown(self) -> None:
        """The page has just come to the front."""

    def save_state(self) -> None:
        """The window closes: keep splitters and the like in the settings."""
