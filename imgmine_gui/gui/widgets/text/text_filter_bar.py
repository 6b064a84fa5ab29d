"""Which of the read lines are shown, and what stands first."""

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.item_models.text_rows import TextFilter, TextOrder
from imgmine_gui.gui.theme import HALF, SPACING, icon
from imgmine_gui.gui.widgets.predictions.filter_bar import TYPING_MS
from imgmine_gui.gui.widgets.predictions.outcome_box import OutcomeBox, fill

ORDERS = {
    TextOrder.ERRORS: N_("Most errors first"),
    TextOrder.UNSURE: N_("Least confident first"),
    TextOrder.CONFIDENT: N_("Most confident first"),
    TextOrder.NAME: N_("By name"),
}
NOTHING = N_("nothing")
"""Stands for the missing side of a confusion."""


class TextFilterBar(QWidget):
    """Search, outcome and order; and the confusion whose lines are shown, where one is chosen."""

    filter_changed = Signal(object)
    """The new ``TextFilter``."""
    order_changed = Signal(object)
    """The new ``TextOrder``."""
    confusion_cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._confusion: tuple[str, str] | None = None
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.addAction(icon("magnifying-glass", "text_muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setAcceptDrops(False)  # files are for the page
        bind(self.search, "setPlaceholderText", N_("Find in names and texts"))
        bind(self.search, "setAccessibleName", N_("Find in names and texts"))
        self.outcome_box = OutcomeBox(N_("Right and wrong need the transcriptions of the images"))
        self.order_box = QComboBox()
        bind(self.order_box, "setAccessibleName", N_("Order of the lines"))
        self.confusion_button = QPushButton(icon("x"), "")
        self.confusion_button.hide()
        bind(self.confusion_button, "setToolTip", N_("Show all lines again"))
        row = QHBoxLayout()
        row.setSpacing(HALF)
        row.addWidget(self.search, 1)
        row.addWidget(self.outcome_box)
        row.addWidget(self.order_box)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        column.setSpacing(HALF)
        column.addLayout(row)
        column.addWidget(self.confusion_button)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(self._tell)
        self.outcome_box.currentIndexChanged.connect(self._tell)
        self.order_box.currentIndexChanged.connect(lambda _index: self.order_changed.emit(self.order))
        self.confusion_button.clicked.connect(self.confusion_cleared)
        self.retranslate()
        on_language_change(self, self.retranslate)

    @property
    def filter(self) -> TextFilter:
        """What is set now."""
        return TextFilter(self.outcome_box.outcome, self.search.text(), self._confusion)

    @property
    def order(self) -> TextOrder:
        """What stands first."""
        return TextOrder(self.order_box.currentData())

    def set_judged(self, judged: bool) -> None:
        """Whether true texts are known; where not, right and wrong cannot be chosen."""
        self.outcome_box.set_judged(judged)

    def set_confusion(self, confusion: tuple[str, str] | None) -> None:
        """Show the lines with one confusion; None: all."""
        self._confusion = confusion
        self.retranslate()
        self._tell()

    def reset(self) -> None:
        """Show all lines."""
        with QSignalBlocker(self.search), QSignalBlocker(self.outcome_box):
            self.search.clear()
            self.outcome_box.setCurrentIndex(0)
        self.confusion_cleared.emit()
        self._tell()

    def retranslate(self) -> None:
        """Fill the boxes anew, with the same things chosen."""
        self.outcome_box.retranslate()
        fill(self.order_box, [(tr(words), value) for value, words in ORDERS.items()])
        self.confusion_button.setVisible(self._confusion is not None)
        if self._confusion is not None:
            true, read = (one or tr(NOTHING) for one in self._confusion)
            self.confusion_button.setText(tr("“{true}” read as “{read}”", true=true, read=read))

    def _tell(self) -> None:
        self.filter_changed.emit(self.filter)
