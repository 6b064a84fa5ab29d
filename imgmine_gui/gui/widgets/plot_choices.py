"""The controls above the plots: batches or epochs, smoothing, logarithmic loss, and the way back from a zoom."""

import json

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QHBoxLayout, QToolButton, QWidget

from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.style import CONTROL_HEIGHT
from imgmine_gui.gui.theme import GAP, SPACING, icon
from imgmine_gui.gui.widgets.plot_lines import PlotView
from imgmine_gui.gui.widgets.tab_stop import stop_at_chosen
from imgmine_gui.gui.widgets.training.reasons import allow

BATCH_SPANS = (1, 10, 30, 100, 300, 1000)
EPOCH_SPANS = (1, 3, 5, 10, 20, 50)
LOGARITHMIC_HELP = N_("Shows the loss on a logarithmic scale: small differences become visible")
FIT_HELP = N_("Shows the whole curves again (double click, Ctrl+0)")
NOT_ZOOMED = N_("The whole curves are in view. Drag over them, or turn the wheel, to zoom in.")
SMOOTHING_HELP = N_("Shows the mean over so many points, the newer ones counting more; the raw values stay pale behind")


class PlotChoices(QWidget):
    """Chooses a ``PlotView``."""

    changed = Signal(object)
    """The new ``PlotView``."""
    fit_asked = Signal()
    """Show everything again after zooming."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epochs = _segment(N_("Epochs"), N_("Shows one point for each epoch"))
        self.batches = _segment(N_("Batches"), N_("Shows every training step"))
        self._group = QButtonGroup(self)
        for button in (self.epochs, self.batches):
            self._group.addButton(button)
        stop_at_chosen(self._group)
        self.batches.setChecked(True)  # something moves from the first second, however long an epoch takes
        self.smoothing = QComboBox()
        bind(self.smoothing, "setAccessibleName", N_("Smoothing"))
        bind(self.smoothing, "setToolTip", SMOOTHING_HELP)
        self.logarithmic = QCheckBox()
        bind(self.logarithmic, "setText", N_("Log scale"))
        bind(self.logarithmic, "setToolTip", LOGARITHMIC_HELP)
        self.fit = QToolButton(autoRaise=True, toolButtonStyle=Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fit.setIcon(icon("arrows-out"))
        self.fit.setIconSize(QSize(GAP, GAP))
        self.fit.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        bind(self.fit, "setText", N_("Show all"))
        self._spans = {False: 1, True: 30}
        self._zoomed = False
        self._arrange()
        self._group.buttonClicked.connect(self._on_segment)
        self.smoothing.activated.connect(self._on_span)
        self.logarithmic.toggled.connect(self._tell)
        self.fit.clicked.connect(self.fit_asked)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def _arrange(self) -> None:
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
        row.addWidget(self.fit)

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

    def to_json(self) -> str:
        """All choices, also the smoothing of what is not shown, for ``from_json``."""
        spans = {"epochs": self._spans[False], "batches": self._spans[True]}
        view = self.view()
        return json.dumps({"batches": view.batches, "spans": spans, "logarithmic": view.logarithmic})

    def from_json(self, text: str) -> None:
        """Choose what ``to_json`` kept; what cannot be read, or is not offered, stays as it is."""
        try:
            kept = json.loads(text)
            spans = kept["spans"]["epochs"], kept["spans"]["batches"]
            view = PlotView(kept["batches"] is True, 1, kept["logarithmic"] is True)
        except (ValueError, TypeError, KeyError):
            return
        for batches, span, offered in zip((False, True), spans, (EPOCH_SPANS, BATCH_SPANS), strict=True):
            if span in offered:
                self._spans[batches] = span
        self.set_view(PlotView(view.batches, self._spans[view.batches], view.logarithmic))

    def set_zoomed(self, zoomed: bool) -> None:
        """Whether a part of the curves is shown, so that there is a way back."""
        self._zoomed = zoomed
        allow(self.fit, "" if zoomed else tr(NOT_ZOOMED), tr(FIT_HELP))

    def retranslate(self) -> None:
        """Offer the spans that suit what is shown, in the present language."""
        batches = self.batches.isChecked()
        self.smoothing.clear()
        for span in BATCH_SPANS if batches else EPOCH_SPANS:
            self.smoothing.addItem(_span_text(span, batches), span)
        self.smoothing.setCurrentIndex(max(self.smoothing.findData(self._spans[batches]), 0))
        self.set_zoomed(self._zoomed)

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
    button.setMinimumHeight(CONTROL_HEIGHT)
    bind(button, "setText", text)
    bind(button, "setToolTip", help_text)
    return button


def _span_text(span: int, batches: bool) -> str:
    if span == 1:
        return tr("Not smoothed")
    if batches:
        return ntr("Mean of {count} batch", "Mean of {count} batches", span)
    return ntr("Mean of {count} epoch", "Mean of {count} epochs", span)
