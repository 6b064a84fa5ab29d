"""Two buttons side by side: look at one image, or at the scores of all."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.theme import HALF, icon


class ViewSwitch(QWidget):
    """Image or scores."""

    scores_wanted = Signal(bool)
    """Whether the scores are to be shown now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image_button, self.scores_button = QPushButton(), QPushButton()
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(HALF)
        for button, text, name in (
            (self.image_button, N_("Image"), "image"),
            (self.scores_button, N_("Scores"), "grid-four"),
        ):
            button.setCheckable(True)
            button.setIcon(icon(name))
            bind(button, "setText", text)
            self._group.addButton(button)
            row.addWidget(button)
        self.image_button.setChecked(True)
        self.scores_button.toggled.connect(self.scores_wanted)

    def show_scores(self, wanted: bool) -> None:
        """Press one of the buttons."""
        (self.scores_button if wanted else self.image_button).setChecked(True)
