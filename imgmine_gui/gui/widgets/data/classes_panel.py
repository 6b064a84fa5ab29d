"""The table of classes; selecting one shows its images."""

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QPushButton, QTableView, QVBoxLayout, QWidget

from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.item_models.data_classes import ClassesModel, ClassRole
from imgmine_gui.gui.theme import SPACING, FontSize, font, theme
from imgmine_gui.gui.widgets.data.class_delegate import PADDING, SWATCH, ClassDelegate
from imgmine_gui.gui.widgets.data.filters import Filters
from imgmine_gui.gui.widgets.data.muted import MutedLabel

ROW = 26
MOST_ROWS = 11
"""So many rows are seen at once; more of them scroll."""
NARROWEST = 38
ALL_COLUMN = 4


class ClassesPanel(QWidget):
    """The table, or what stands in its place while no image has a class.

    Args:
        filters: the table turns and follows its ``label``.
    """

    predict_wanted = Signal()
    """The images have no classes: they are to be predicted."""

    def __init__(self, filters: Filters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = filters
        self._all_width = NARROWEST
        self.model = ClassesModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setItemDelegate(ClassDelegate(self.table))
        self.hint = MutedLabel()
        bind(
            self.hint,
            "setText",
            N_(
                "These images do not lie in folders of classes, so they are unlabelled. They cannot be trained on, but "
                "a trained network can predict them."
            ),
        )
        self.predict = QPushButton()
        bind(self.predict, "setText", N_("Predict them"))
        self.predict.clicked.connect(self.predict_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        for widget in (self.table, self.hint, self.predict):
            column.addWidget(widget)
        self._set_up_table()
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        filters.changed.connect(self._follow)
        theme().changed.connect(self.table.viewport().update)
        on_language_change(self, self._retranslate)
        self.show_classes([], 0)

    def show_classes(self, classes: list[ClassCounts], unlabelled: int) -> None:
        """Show these; ``unlabelled`` is the number of images that have none."""
        with QSignalBlocker(self.table.selectionModel()):
            self.model.show(classes)
        self.table.setVisible(bool(classes))
        self.hint.setVisible(not classes and unlabelled > 0)
        self.predict.setVisible(not classes and unlabelled > 0)
        rows = min(self.model.rowCount(), MOST_ROWS)
        self.table.setFixedHeight(rows * ROW + self.table.horizontalHeader().sizeHint().height() + 2)
        self._fit_columns()
        self._follow()

    def _set_up_table(self) -> None:
        table, header = self.table, self.table.horizontalHeader()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(32)
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        bind(table, "setAccessibleName", N_("Classes"))
        bind(header, "setAccessibleName", N_("Columns of the classes"))

    def _fit_columns(self) -> None:
        """Numbers get the room they need, the names the rest."""
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        last = self.model.rowCount() - 1
        metrics = QFontMetrics(font(FontSize.BODY, bold=True, tabular=True))
        for column in range(1, self.model.columnCount()):
            words = self.model.index(last, column).data() or ""
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, max(NARROWEST, metrics.horizontalAdvance(words) + 2 * PADDING + 2))
        self._make_room()

    def _make_room(self) -> None:
        """Where the names do not fit, the sums give way: they are the least of what the table says."""
        metrics, header = self.table.fontMetrics(), self.table.horizontalHeader()
        longest = max((metrics.horizontalAdvance(one.name) for one in self.model.classes), default=0)
        splits = sum(header.sectionSize(column) for column in range(1, ALL_COLUMN))
        room = self.table.viewport().width() - splits - header.sectionSize(ALL_COLUMN)
        if header.isSectionHidden(ALL_COLUMN):
            room = self.table.viewport().width() - splits - self._all_width
        else:
            self._all_width = header.sectionSize(ALL_COLUMN)
        self.table.setColumnHidden(ALL_COLUMN, longest + SWATCH + 3 * PADDING > room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower column has less room."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._make_room)

    def _on_current(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self._filters.set(label=index.data(ClassRole))

    def _follow(self) -> None:
        """Select the row of the class that is shown."""
        selection = self.table.selectionModel()
        if not self.model.rowCount():
            return
        label = self._filters.query.label
        row = self.model.row_of(label)
        wanted = self.model.index(row, 0)
        if selection.currentIndex().row() != row or not selection.isRowSelected(row):
            # The row of the sums is the last: to show it would scroll a long table to its end.
            self.table.setAutoScroll(label is not None)
            with QSignalBlocker(self._filters):
                selection.setCurrentIndex(
                    wanted,
                    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
                )
            self.table.setAutoScroll(True)

    def _retranslate(self) -> None:
        self._fit_columns()
        self.table.viewport().update()
        self.table.horizontalHeader().viewport().update()
