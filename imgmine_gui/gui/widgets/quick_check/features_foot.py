"""Below the page: how much the kept features take, how much they may take, and the button that clears them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QPushButton, QWidget

from imgmine_gui.app.session_quick_check import KeptFeatures
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count, size_in_bytes
from imgmine_gui.gui.theme import GAP, SPACING, FontSize, font
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.training.reasons import allow

GIGABYTE = 1_000_000_000
MOST = 1000.0
LIMIT_HELP = N_("At most so much of the drive; what was not used for the longest time is dropped first.")


class FeaturesFoot(QWidget):
    """One line."""

    limit_wanted = Signal(object)
    """Bytes that the features may take from now on."""
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: KeptFeatures | None = None
        self._busy = ""
        self.words = MutedLabel(FontSize.SMALL)
        self.limit = QDoubleSpinBox(minimum=0.1, maximum=MOST, decimals=1, singleStep=0.5, suffix=" GB")
        self.limit.setKeyboardTracking(False)
        self.clear = QPushButton()
        bind(self.clear, "setText", N_("Clear"))
        title = QLabel()
        title.setFont(font(FontSize.SMALL))
        bind(title, "setText", N_("At most"))
        for widget in (title, self.limit):
            bind(widget, "setToolTip", LIMIT_HELP)
        bind(self.limit, "setAccessibleName", N_("Most that kept features may take"))
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, SPACING, GAP, SPACING)
        row.setSpacing(SPACING)
        row.addWidget(self.words, 1)
        row.addWidget(title)
        row.addWidget(self.limit)
        row.addWidget(self.clear)
        self.limit.valueChanged.connect(lambda value: self.limit_wanted.emit(round(value * GIGABYTE)))
        self.clear.clicked.connect(self.clear_wanted)
        bind(self, "setAccessibleName", N_("Kept features"))
        on_language_change(self, self.retranslate)

    def show_kept(self, kept: KeptFeatures) -> None:
        """Show what the cache takes."""
        self._kept = kept
        blocked = self.limit.blockSignals(True)
        self.limit.setValue(kept.limit / GIGABYTE)
        self.limit.blockSignals(blocked)
        self.retranslate()

    def set_busy(self, reason: str) -> None:
        """Say why nothing can be cleared now, in the present language; empty where it can."""
        self._busy = reason
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the present language."""
        kept = self._kept
        self.setVisible(kept is not None)
        if kept is None:
            return
        nothing = tr("No features are kept yet: the first check computes them.")
        words = ntr(
            "Features of {images} image are kept with the project: {size}",
            "Features of {images} images are kept with the project: {size}",
            kept.entries,
            images=count(kept.entries),
            size=size_in_bytes(kept.size),
        )
        self.words.setText(words if kept.entries else nothing)
        reason = self._busy or ("" if kept.entries else tr("No features are kept."))
        allow(self.clear, reason, tr("The next check computes them again."))
