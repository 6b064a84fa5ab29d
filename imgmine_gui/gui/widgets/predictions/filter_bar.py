"""Which of the predictions are shown, and what stands first."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.item_models.predictions_rows import Filter, Order
from imgmine_gui.gui.theme import HALF, SPACING, icon
from imgmine_gui.gui.widgets.predictions.outcome_box import OutcomeBox, fill

TYPING_MS = 120
ORDERS = {
    Order.NAME: N_("By name"),
    Order.CONFIDENT: N_("Most confident first"),
    Order.UNSURE: N_("Least confident first"),
    Order.WRONG: N_("Wrong ones first"),
}


class FilterBar(QWidget):
    """Search, outcome, class, order; and the cell of the confusion matrix where one is chosen."""

    filter_changed = Signal(object)
    """The new ``Filter``."""
    order_changed = Signal(object)
    """The new ``Order``."""
    cell_cleared = Signal()
    """The person took the cell of the confusion matrix away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: Sequence[str] = ()
        self._cell: tuple[int, int] | None = None
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("magnifying-glass", "text_muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setAcceptDrops(False)  # files are for the page
        bind(self.search, "setPlaceholderText", N_("Find by name"))
        bind(self.search, "setAccessibleName", N_("Find by name"))
        self.outcome_box = OutcomeBox(N_("Right and wrong need the true classes of the images, which are not known"))
        self.class_box = QComboBox()
        self.order_box = QComboBox()
        for box in (self.outcome_box, self.class_box, self.order_box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(5)
        bind(self.class_box, "setAccessibleName", N_("Show a class, true or predicted"))
        bind(self.class_box, "setToolTip", N_("Images that are of this class, or were predicted as it"))
        bind(self.order_box, "setAccessibleName", N_("Order of the images"))
        self.cell_button = QPushButton()
        self.cell_button.setIcon(icon("x"))
        self.cell_button.hide()
        bind(self.cell_button, "setAccessibleName", N_("Show all images again"))
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._arrange()
        self.retranslate()
        self._connect()

    @property
    def filter(self) -> Filter:
        """What is set now."""
        true, predicted = self._cell or (None, None)
        return Filter(self.outcome_box.outcome, self.class_box.currentData(), true, predicted, self.search.text())

    @property
    def order(self) -> Order:
        """What stands first."""
        return Order(self.order_box.currentData())

    def set_classes(self, classes: Sequence[str]) -> None:
        """Offer these classes; with others than before, class and cell are given up."""
        if tuple(classes) != tuple(self._classes):
            self._classes = classes
            self._cell = None
            with QSignalBlocker(self.class_box):
                self.class_box.setCurrentIndex(0)
            self.retranslate()
            self._tell()

    def set_judged(self, judged: bool) -> None:
        """Whether right and wrong can be told; where not, they cannot be chosen."""
        self.outcome_box.set_judged(judged)

    def set_cell(self, cell: tuple[int, int] | None) -> None:
        """Show the images of one cell of the confusion matrix; None: of all."""
        self._cell = cell
        self.retranslate()
        self._tell()

    def reset(self) -> None:
        """Show all images."""
        with QSignalBlocker(self.search), QSignalBlocker(self.outcome_box), QSignalBlocker(self.class_box):
            self.search.clear()
            self.outcome_box.setCurrentIndex(0)
            self.class_box.setCurrentIndex(0)
        self.cell_cleared.emit()
        self._tell()

    def retranslate(self) -> None:
        """Fill the boxes anew, with the same things chosen."""
        self.outcome_box.retranslate()
        fill(self.order_box, [(tr(words), value) for value, words in ORDERS.items()])
        fill(self.class_box, [(tr("All classes"), None), *((name, one) for one, name in enumerate(self._classes))])
        self.cell_button.setVisible(self._cell is not None)
        if self._cell is not None:
            true, predicted = (self._classes[one] for one in self._cell)
            self.cell_button.setText(tr("{true}, predicted as {predicted}", true=true, predicted=predicted))
            self.cell_button.setToolTip(tr("Show all images again"))
            self.cell_button.setAccessibleName(f"{self.cell_button.text()}. {self.cell_button.toolTip()}")

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        column.setSpacing(HALF)
        column.addWidget(self.search)
        boxes = QHBoxLayout()
        boxes.setSpacing(HALF)
        boxes.addWidget(self.outcome_box, 1)
        boxes.addWidget(self.class_box, 1)
        column.addLayout(boxes)
        column.addWidget(self.order_box)
        column.addWidget(self.cell_button)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(self._tell)
        self.outcome_box.currentIndexChanged.connect(self._tell)
        self.class_box.currentIndexChanged.connect(self._tell)
        self.order_box.currentIndexChanged.connect(lambda _index: self.order_changed.emit(self.order))
        self.cell_button.clicked.connect(self.cell_cleared)
        on_language_change(self, self.retranslate)

    def _tell(self) -> None:
        self.filter_changed.emit(self.filter)
