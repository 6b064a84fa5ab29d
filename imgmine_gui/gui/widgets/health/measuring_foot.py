"""How many images are measured, and the button that measures the others."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from imgmine_gui.core.project.health.health import MeasuringState
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count
from imgmine_gui.gui.theme import GAP, SPACING, FontSize, icon
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.health.finding_head import READ_ONLY


class MeasuringFoot(QWidget):
    """Stands below the list of findings; the button hides where there is nothing to measure."""

    measure_wanted = Signal()
    """The images that are not measured yet are to be measured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = MeasuringState(0, 0)
        self.words = MutedLabel(FontSize.SMALL)
        self.button = QPushButton(icon("gauge"), "")
        self.button.clicked.connect(self.measure_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, SPACING, GAP, GAP)
        column.setSpacing(SPACING)
        column.addWidget(self.words)
        column.addWidget(self.button)
        bind(self, "setAccessibleName", N_("Measured images"))
        on_language_change(self, self.retranslate)
        self.retranslate()

    def show_state(self, state: MeasuringState, offered: bool, read_only: bool) -> None:
        """Show how far the measuring is.

        Args:
            offered: whether the button is shown where images are left: no measuring runs, and none else offers it.
            read_only: whether nothing can be written.
        """
        self._state = state
        self.button.setVisible(state.left > 0 and offered)
        self.button.setEnabled(not read_only)
        bind(self.button, "setToolTip", READ_ONLY if read_only else N_("Each image is decoded once."))
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the present language."""
        state = self._state
        self.words.setText(
            tr("{measured} of {images} measured", measured=count(state.measured), images=count(state.contents))
        )
        self.words.setVisible(state.contents > 0)
        self.button.setText(
            ntr("Measure {images} image", "Measure {images} images", state.left, images=count(state.left))
        )
