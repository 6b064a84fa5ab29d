"""A grid of thumbnails over any model that offers the roles of ``gui.item_models.roles``.

Where a cell lies is worked out from its row, not looked up: Qt's own list lays out all rows at each change of its size,
which takes a second for a million of them.
"""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QRegion,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyleOptionViewItem, QWidget

from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.item_models.roles import KeyRole, PathRole
from imgmine_gui.gui.theme import SPACING, theme
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader, Wanted
from imgmine_gui.gui.widgets.thumbnail_delegate import ThumbnailDelegate

SMALLEST, LARGEST, STEP = 64, 384, 32
PAGES_AHEAD = 1
"""How many screens below and above the visible one are loaded once that is there."""


class ThumbnailGrid(QListView):
    """Pictures of one size with a caption and a badge each; only what is seen is loaded.

    Args:
        loader: of the thumbnails; several grids may share one.
        thumbnail_size: the side of the square that holds each picture, in device-independent pixels.
    """

    activated_row = Signal(int)
    """A row was opened: Enter or a double click."""
    current_row_changed = Signal(int)
    """Another row is the current one; -1: none."""
    thumbnail_size_changed = Signal(int)

    def __init__(self, loader: ThumbnailLoader, thumbnail_size: int = 128, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._size = thumbnail_size
        self._pressed_on_cell = False
        self._delegate = ThumbnailDelegate(loader, thumbnail_size, self)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._want_visible)
        self.setItemDelegate(self._delegate)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        bind(self, "setAccessibleName", N_("Images"))
        self.activated.connect(lambda index: self.activated_row.emit(index.row()))
        self.verticalScrollBar().valueChanged.connect(self._look_again)
        loader.arrived.connect(self.viewport().update)
        loader.offline_changed.connect(self._look_again)
        theme().changed.connect(self._recolour)
        on_language_change(self, self.retranslate)
        self._recolour()
        self._fit_columns()

    @property
    def thumbnail_size(self) -> int:
        """The side of the square that holds each picture, in device-independent pixels."""
        return self._size

    def set_thumbnail_size(self, size: int) -> None:
        """Make the pictures larger or smaller; the current row stays in view."""
        size = max(SMALLEST, min(LARGEST, size))
        if size != self._size:
            self._size = size
            self._fit_columns()
            if self.currentIndex().isValid():
                self.scrollTo(self.currentIndex())
            self.thumbnail_size_changed.emit(size)

    def set_current_row(self, row: int) -> None:
        """Make ``row`` the current and only selected one and bring it into view; a row that is not there: none."""
        model = self.model()
        self.setCurrentIndex(
            model.index(row, 0) if model is not None and 0 <= row < model.rowCount() else QModelIndex()
        )

    @property
    def current_row(self) -> int:
        """The current row; -1 where there is none."""
        return self.currentIndex().row()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show ``model``."""
        old = self.model()
        if old is not None:
            for signal in _changes_of(old):
                signal.disconnect(self._look_again)
        super().setModel(model)
        if model is not None:
            for signal in (
                model.modelReset,
                model.layoutChanged,
                model.rowsInserted,
                model.rowsRemoved,
                model.dataChanged,
            ):
                signal.connect(self._look_again)
        self._soon.start()

    def retranslate(self) -> None:
        """Captions and badges are asked for anew."""
        self.viewport().update()

    def visible_rows(self) -> range:
        """The rows that are seen now, whole or in part."""
        model, cell = self.model(), self.gridSize()
        if model is None or cell.isEmpty():
            return range(0)
        columns = self._columns
        top = self.verticalScrollBar().value()
        first = top // cell.height() * columns
        last = ((top + self.viewport().height()) // cell.height() + 1) * columns
        return range(first, min(last, model.rowCount()))

    def doItemsLayout(self) -> None:
        """Nothing is laid out beforehand."""
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        """As far as the rows go, the bar scrolls."""
        model, cell, bar = self.model(), self.gridSize(), self.verticalScrollBar()
        lines = -(-model.rowCount() // self._columns) if model is not None else 0
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, lines * cell.height() - self.viewport().height()))
        QAbstractItemView.updateGeometries(self)

    def scrollContentsBy(self, across: int, down: int) -> None:
        """Move what is painted; only what comes into view is painted anew."""
        self.viewport().scroll(across, down)

    def verticalOffset(self) -> int:
        """How far it is scrolled down."""
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        """It never scrolls to the side."""
        return 0

    def visualRect(self, index: QModelIndex | QPersistentModelIndex) -> QRect:
        """Where the cell of a row lies in the viewport, seen or not."""
        if not index.isValid() or index.column():
            return QRect()
        line, column = divmod(index.row(), self._columns)
        cell = self.gridSize()
        top = line * cell.height() - self.verticalScrollBar().value()
        return QRect(column * cell.width(), top, cell.width(), cell.height())

    def indexAt(self, place: QPoint) -> QModelIndex:
        """The row under a place of the viewport."""
        row = self._row_at(place)
        model = self.model()
        return model.index(row, 0) if model is not None and 0 <= row < model.rowCount() else QModelIndex()

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll as little as brings the row into view; to the middle or an edge where that is asked for."""
        self.executeDelayedItemsLayout()  # of rows that have just come, the bar knows nothing yet
        rect, height, bar = self.visualRect(index), self.viewport().height(), self.verticalScrollBar()
        if not rect.isValid():
            return
        hints = QAbstractItemView.ScrollHint
        if hint == hints.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - height // 2)
        elif hint == hints.PositionAtTop or (hint == hints.EnsureVisible and rect.top() < 0):
            bar.setValue(bar.value() + rect.top())
        elif hint == hints.PositionAtBottom or rect.bottom() >= height:
            bar.setValue(bar.value() + rect.bottom() - height + 1)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Where a key leads from the current row."""
        model = self.model()
        if model is None or not model.rowCount():
            return QModelIndex()
        row, last = max(0, self.currentIndex().row()), model.rowCount() - 1
        actions, columns = QAbstractItemView.CursorAction, self._columns
        page = max(1, self.viewport().height() // self.gridSize().height()) * columns
        steps = {
            actions.MoveLeft: -1,
            actions.MovePrevious: -1,
            actions.MoveRight: 1,
            actions.MoveNext: 1,
            actions.MoveUp: -columns,
            actions.MoveDown: columns,
            actions.MovePageUp: -page,
            actions.MovePageDown: page,
            actions.MoveHome: -row,
            actions.MoveEnd: last - row,
        }
        step = steps[action]
        wanted = row + step
        if action in (actions.MoveUp, actions.MoveDown) and not 0 <= wanted <= last:
            # Up from the first line stays; down to a last line that is shorter ends at its end.
            wanted = last if step > 0 and row // columns < last // columns else row
        return model.index(max(0, min(last, wanted)), 0)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Between two cells, all rows from the one to the other; the lines of a rubber band by what it touches."""
        model, selection = self.model(), QItemSelection()
        if model is not None and model.rowCount():
            for first, last in self._rows_in(rect, model.rowCount()):
                selection.select(model.index(first, 0), model.index(last, 0))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """All that is seen: it is painted anew as a whole."""
        return QRegion(self.viewport().rect())

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Whole rows, so that a table beside it shows the same."""
        command = super().selectionCommand(index, event)
        # A press on one of several waits for the release: with any flag set, Qt would think that it was answered.
        nothing = QItemSelectionModel.SelectionFlag.NoUpdate
        return command if command == nothing else command | QItemSelectionModel.SelectionFlag.Rows

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """From here a rubber band begins; with Shift, a range ends."""
        self._pressed_on_cell = self.indexAt(event.position().toPoint()).isValid()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells that are seen."""
        model = self.model()
        if model is None:
            return
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        selected, current = self.selectionModel(), self.currentIndex().row()
        pointer = self.viewport().mapFromGlobal(self.cursor().pos())
        hovered = self._row_at(pointer) if self.viewport().underMouse() else -1
        states = QStyle.StateFlag
        plain = option.state & ~(states.State_HasFocus | states.State_MouseOver | states.State_Selected)
        for row in self.visible_rows():
            index = model.index(row, 0)
            option.rect = self.visualRect(index)
            if not event.rect().intersects(option.rect):
                continue
            option.state = plain
            if selected.isSelected(index):
                option.state |= states.State_Selected
            if row == hovered:
                option.state |= states.State_MouseOver
            if row == current and self.hasFocus():
                option.state |= states.State_HasFocus
            self._delegate.paint(painter, option, index)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell which row is the current one now."""
        super().currentChanged(current, previous)
        if current.row() != previous.row() or not previous.isValid():
            self.current_row_changed.emit(current.row())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Paint all of it anew: one paint is cheaper than many small ones."""
        super().selectionChanged(selected, deselected)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit, filling the width."""
        super().resizeEvent(event)
        self._fit_columns()

    def showEvent(self, event: QShowEvent) -> None:
        """Load what is seen."""
        super().showEvent(event)
        self._soon.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel change the size of the pictures."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_thumbnail_size(self._size + (STEP if event.angleDelta().y() > 0 else -STEP))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current row on every system; letters, digits and Space are for the page."""
        command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated_row.emit(self.current_row)
        elif event.text().isprintable() and event.text() and not event.modifiers() & command:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _fit_columns(self) -> None:
        least = self._size + 2 * SPACING
        width = max(least, self._room() // max(1, self._room() // least))
        self._delegate.set_picture_size(width - 2 * SPACING)  # the pictures take the room that is left over
        cell = self._delegate.cell_size()
        if self.gridSize() != QSize(width, cell.height()):
            self.setGridSize(QSize(width, cell.height()))
        self.updateGeometries()
        self.verticalScrollBar().setSingleStep(cell.height() // 3)
        self._soon.start()

    @property
    def _columns(self) -> int:
        """Cells in a line."""
        return max(1, self._room() // max(1, self.gridSize().width()))

    def _room(self) -> int:
        """The width that is filled with cells."""
        return max(1, self.viewport().width() - 1)

    def _row_at(self, place: QPoint) -> int:
        """The row under a place, which may be one that there is not; -1 beside the cells."""
        cell = self.gridSize()
        column, line = place.x() // cell.width(), (place.y() + self.verticalScrollBar().value()) // cell.height()
        return line * self._columns + column if 0 <= column < self._columns and line >= 0 else -1

    def _rows_in(self, rect: QRect, count: int) -> list[tuple[int, int]]:
        """The runs of rows that a selection from one corner to the other means."""
        cell, columns, offset = self.gridSize(), self._columns, self.verticalScrollBar().value()
        if self.state() != QAbstractItemView.State.DragSelectingState or self._pressed_on_cell:
            ends = [self._row_at(rect.topLeft()), self._row_at(rect.bottomRight())]
            known = sorted(min(end, count - 1) for end in ends if end >= 0)
            return [(known[0], known[-1])] if known else []
        area = rect.normalized()
        left, right = max(0, area.left() // cell.width()), min(columns - 1, area.right() // cell.width())
        lines = range(max(0, (area.top() + offset) // cell.height()), (area.bottom() + offset) // cell.height() + 1)
        runs = [(line * columns + left, min(count - 1, line * columns + right)) for line in lines]
        return [(first, last) for first, last in runs if first <= last]

    def _look_again(self) -> None:
        """Once, however much changes in this round of events; what the signals bring along is of no use here."""
        self._soon.start()

    def _want_visible(self) -> None:
        model = self.model()
        if model is None or not self.isVisible():
            return
        seen = self.visible_rows()
        ahead = len(seen) * PAGES_AHEAD
        rows = [
            *seen,
            *range(seen.stop, min(seen.stop + ahead, model.rowCount())),
            *range(max(0, seen.start - ahead), seen.start),
        ]
        side = round((self.gridSize().width() - 2 * SPACING) * self.devicePixelRatioF())
        indices = (model.index(row, 0) for row in rows)
        # A model that reads its rows when they are looked at knows no path until then.
        found = ((index.data(PathRole), index.data(KeyRole) or "") for index in indices)
        self._loader.want(Wanted(path, key, side) for path, key in found if path)

    def _recolour(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme().colours.window)
        self.setPalette(palette)


def _changes_of(model: QAbstractItemModel) -> tuple[SignalInstance, ...]:
    return model.modelReset, model.layoutChanged, model.rowsInserted, model.rowsRemoved
