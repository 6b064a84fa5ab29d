"""Above the page: which check is shown, into how many parts the images are divided, and the button that starts it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from imgmine_gui.core.features.intervals import MOST_FOLDS
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, HALF, SPACING, FontSize, icon
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.training.reasons import allow

FOLDS = 5
PARTS_HELP = N_(
    "Into how many parts (folds) the images are divided. A network is trained once for each part; 5 is usual, and 10 "
    "learns from more of few images."
)
CHECKS = (
    (
        N_("Cross-validation"),
        "chart-bar",
        N_("Cross-validate"),
        N_("Trains once for each part, and judges by that part"),
    ),
    (
        N_("Learning curve"),
        "trend-up",
        N_("Draw the learning curve"),
        N_("Trains on ever more of the images: would more images help?"),
    ),
)
"""Title, icon, button and hover text of each."""


class CheckBar(QWidget):
    """The switch, the number of parts, the button, and a line below them."""

    turned = Signal(int)
    """The check with this number is to be shown: 0 the cross-validation, 1 the learning curve."""
    started = Signal()
    """The check that is shown is to be done."""
    folds_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reason = ""
        self.switch = [QPushButton(icon(name), "") for _, name, _, _ in CHECKS]
        self._group = QButtonGroup(self)
        for number, button in enumerate(self.switch):
            button.setCheckable(True)
            bind(button, "setText", CHECKS[number][0])
            self._group.addButton(button, number)
        self.switch[0].setChecked(True)
        self.folds = QSpinBox(minimum=2, maximum=MOST_FOLDS, value=FOLDS)
        self.start = QPushButton(icon("play"), "")
        self.line = MutedLabel(FontSize.SMALL)
        self._group.idToggled.connect(self._on_toggled)
        self.start.clicked.connect(self.started)
        self.folds.valueChanged.connect(lambda _value: self.folds_changed.emit())
        self._arrange()
        on_language_change(self, self.retranslate)
        self.retranslate()

    @property
    def chosen(self) -> int:
        """The number of the check that is shown."""
        return self._group.checkedId()

    def set_reason(self, reason: str, words: str) -> None:
        """Say on hover why the check cannot be started, "" where it can; and ``words`` in the line below."""
        self._reason = reason
        self.line.setText(words)
        self.retranslate()

    def retranslate(self) -> None:
        """Name the button after what it does."""
        _, _, action, helping = CHECKS[self.chosen]
        self.start.setText(tr(action))
        allow(self.start, self._reason, tr(helping), self.switch[self.chosen])

    def _on_toggled(self, number: int, on: bool) -> None:
        if on:
            self.retranslate()
            self.turned.emit(number)

    def _arrange(self) -> None:
        title = QLabel()
        bind(title, "setText", N_("Parts"))
        bind(self.folds, "setAccessibleName", N_("Parts"))
        for widget in (title, self.folds):
            bind(widget, "setToolTip", PARTS_HELP)
        row = QHBoxLayout()
        row.setSpacing(HALF)
        for button in self.switch:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(title)
        row.addSpacing(HALF)
        row.addWidget(self.folds)
        row.addSpacing(SPACING)
        row.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, SPACING, GAP, SPACING)
        column.setSpacing(SPACING)
        column.addLayout(row)
        column.addWidget(self.line)
        bind(self, "setAccessibleName", N_("Quick check"))
