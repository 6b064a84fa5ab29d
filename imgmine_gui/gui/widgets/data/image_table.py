"""The images as a table beside the grid: the same rows, the same selection, ordered by the catalogue."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from imgmine_gui.core.project.catalogue import ImageOrder
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.class_colours import paint_class_square
from imgmine_gui.gui.item_models.image_columns import COLUMNS
from imgmine_gui.gui.item_models.roles import ClassColourRole
from imgmine_gui.gui.theme import SPACING, theme
from imgmine_gui.gui.widgets.data.filters import Filters

ROW = 26
SQUARE = 11
BAR = 3
"""The width of the bar before the current row, in device-independent pixels."""
LABEL_COLUMN = 1

Index = QModelIndex | QPersistentModelIndex


class ImageTable(QTableView):
    """A row an image; a click on a title orders them.

    Args:
        filters: hold the order.
    """

    activated_row = Signal(int)
    """A row was opened: Enter or a double click."""

    def __init__(self, filters: Filters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = filters
        self._shows_texts = False
        self.setItemDelegate(_CellDelegate(self))
        self.setItemDelegateForColumn(LABEL_COLUMN, _LabelDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows, header = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW)
        rows.setDefaultSectionSize(ROW)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._sort)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(index.row()))
        filters.changed.connect(self._follow)
        filters.offered.connect(self._show_columns)
        bind(self, "setAccessibleName", N_("Table of images"))
        bind(header, "setAccessibleName", N_("Columns"))
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self._recolour()

    def fit_columns(self) -> None:
        """Give each column its width; once, after the model was set."""
        for number, column in enumerate(COLUMNS):
            self.setColumnWidth(number, column.width)
        self._show_columns()
        self._follow()

    def retranslate(self) -> None:
        """Titles and cells are asked for anew."""
        self.viewport().update()
        self.horizontalHeader().viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current row; letters, digits and Space are for the page."""
        command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated_row.emit(self.currentIndex().row())
        elif event.text().isprintable() and event.text() and not event.modifiers() & command:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def show_texts(self, shown: bool) -> None:
        """Whether there are transcriptions, which have a column then."""
        self._shows_texts = shown
        self._show_columns()

    def _show_columns(self) -> None:
        """Those of predictions and of transcriptions only where there are some."""
        for number, column in enumerate(COLUMNS):
            unsaid = column.of_predictions and not self._filters.run
            self.setColumnHidden(number, unsaid or (column.of_texts and not self._shows_texts))

    def _recolour(self) -> None:
        """A quiet ground for the selected rows, as in the grid."""
        palette, colours = self.palette(), theme().colours
        palette.setColor(QPalette.ColorRole.Base, colours.surface)
        palette.setColor(QPalette.ColorRole.AlternateBase, colours.window)
        palette.setColor(QPalette.ColorRole.Highlight, colours.accent_soft)
        palette.setColor(QPalette.ColorRole.HighlightedText, colours.text)
        self.setPalette(palette)

    def _sort(self, section: int) -> None:
        by, order = COLUMNS[section].by, self._filters.order
        if by is not None:
            self._filters.sort(ImageOrder(by, descending=order.by is by and not order.descending))
        self._follow()

    def _follow(self) -> None:
        order = self._filters.order
        section = next((number for number, column in enumerate(COLUMNS) if column.by is order.by), -1)
        way = Qt.SortOrder.DescendingOrder if order.descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(section, way)


class _CellDelegate(QStyledItemDelegate):
    """A bar before the current row tells where the keys go; the frame of the style would dull the words under it."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Without the frame of the focus."""
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell, then the bar."""
        super().paint(painter, option, index)
        table = option.widget
        if index.column() or not isinstance(table, QTableView) or not table.hasFocus():
            return
        if index.row() == table.currentIndex().row():
            painter.fillRect(QRect(option.rect.topLeft(), QSize(BAR, option.rect.height())), theme().colours.accent)


class _LabelDelegate(_CellDelegate):
    """The square of the class before its name."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        number: int | None = index.data(ClassColourRole)
        if number is None:
            super().paint(painter, option, index)
            return
        moved = QStyleOptionViewItem(option)
        self.initStyleOption(moved, index)
        cell = option.rect
        moved.text = ""
        style = option.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, moved, painter, option.widget)
        square = QRectF(cell.left() + SPACING, cell.center().y() - SQUARE / 2 + 0.5, SQUARE, SQUARE)
        paint_class_square(painter, square, number)
        words = cell.adjusted(2 * SPACING + SQUARE, 0, -SPACING // 2, 0)
        selected = bool(option.state & style.StateFlag.State_Selected)
        painter.save()
        painter.setPen(option.palette.highlightedText().color() if selected else option.palette.text().color())
        text = option.fontMetrics.elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()
