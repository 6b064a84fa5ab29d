"""The controls above the plots: batches or epochs, smoothing, logarithmic loss."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QHBoxLayout, QToolButton, QWidget

from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import SPACING
from imgmine_gui.gui.widgets.plot_lines import PlotView

BATCH_SPANS = (1, 10, 30, 100, 300, 1000)
EPOCH_SPANS = (1, 3, 5, 10, 20, 50)
LOGARITHMIC_HELP = N_("Shows the loss on a logarithmic scale: small differences become visible")
SMOOTHING_HELP = N_("Shows the mean over so many points, the newer ones counting more; the raw values stay pale behind")


class PlotChoices(QWidget):
    """Chooses a ``PlotView``."""

    changed = Signal(object)
    """The new ``PlotView``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epochs = _segment(N_("Epochs"), N_("Shows one point for each epoch"))
        self.batches = _segment(N_("Batches"), N_("Shows every training step"))
        self._group = QButtonGroup(self)
        for button in (self.epochs, self.batches):
            self._group.addButton(button)
        self.batches.setChecked(True)  # something moves from the first second, however long an epoch takes
        self.smoothing = QComboBox()
        bind(self.smoothing, "setAccessibleName", N_("Smoothing"))
        bind(self.smoothing, "setToolTip", SMOOTHING_HELP)
        self.logarithmic = QCheckBox()
        bind(self.logarithmic, "setText", N_("Log scale"))
        bind(self.logarithmic, "setToolTip", LOGARITHMIC_HELP)
        self._spans = {False: 1, True: 30}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.epochs)
        row.addWidget(self.batches)
        row.addSpacing(SPACING)
        row.addWidget(self.smoothing)
        row.addSpacing(SPACING)
        row.addWidget(self.logarithmic)
        row.addStretch(1)
        self._group.buttonClicked.connect(self._on_segment)
        self.smoothing.activated.connect(self._on_span)
        self.logarithmic.toggled.connect(self._tell)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def view(self) -> PlotView:
        """What is chosen."""
        batches = self.batches.isChecked()
        return PlotView(batches, self._spans[batches], self.logarithmic.isChecked())

    def set_view(self, view: PlotView) -> None:
        """Choose ``view``."""
        (self.batches if view.batches else self.epochs).setChecked(True)
        self._spans[view.batches] = view.span
        self.logarithmic.setChecked(view.logarithmic)
        self.retranslate()
        self._tell()

    def retranslate(self) -> None:
        """Offer the spans that suit what is shown, in the present language."""
        batches = self.batches.isChecked()
        self.smoothing.clear()
        for span in BATCH_SPANS if batches else EPOCH_SPANS:
            self.smoothing.addItem(_span_text(span, batches), span)
        self.smoothing.setCurrentIndex(max(self.smoothing.findData(self._spans[batches]), 0))

    def _on_segment(self) -> None:
        self.retranslate()
        self._tell()

    def _on_span(self, _index: int) -> None:
        self._spans[self.batches.isChecked()] = int(self.smoothing.currentData())
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self.view())


def _segment(text: str, help_text: str) -> QToolButton:
    button = QToolButton(toolButtonStyle=Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    bind(button, "setText", text)
    bind(button, "setToolTip", help_text)
    return button


def _span_text(span: int, batches: bool) -> str:
    if span == 1:
        return tr("Not smoothed")
    if batches:
        return ntr("Mean of {count} batch", "Mean of {count} batches", span)
    return ntr("Mean of {count} epoch", "Mean of {count} epochs", span)
