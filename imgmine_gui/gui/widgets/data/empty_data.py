"""What the page of data shows before there is anything: where images come from."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from imgmine_gui.app.samples import Sample
from imgmine_gui.app.session import Session
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import on_language_change
from imgmine_gui.gui.opening import Opening
from imgmine_gui.gui.widgets.empty_state import EmptyState

NO_PROJECT = N_("Open a folder of images, or drop one here. Each of its sub-folders becomes a class.")
NO_SOURCE = N_("Add a folder of images, or drop one here. Each of its sub-folders becomes a class.")


class NoProject(EmptyState):
    """Offers a folder, and below it the samples."""

    def __init__(self, session: Session, opening: Opening) -> None:
        super().__init__("folder-open", NO_PROJECT, N_("Open folder…"))
        self.triggered.connect(opening.open_folder)
        self.samples: list[tuple[Sample, QPushButton]] = []
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        below = column.indexOf(self.button) + 1
        for place, sample in enumerate(session.samples()):
            button = QPushButton()
            button.clicked.connect(partial(opening.open_sample, sample.name))
            column.insertWidget(below + place, button, alignment=Qt.AlignmentFlag.AlignHCenter)
            self.samples.append((sample, button))
        on_language_change(self, self._retranslate)
        self._retranslate()

    def _retranslate(self) -> None:
        for sample, button in self.samples:
            button.setText(tr("Try the sample “{name}”", name=sample.title))
            button.setToolTip(sample.summary)
