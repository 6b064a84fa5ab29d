"""Thumbnails in groups, one below the other: a line of words, and the images of the group side by side."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from imgmine_gui.gui.theme import SPACING, FontSize, font, theme
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader
from imgmine_gui.gui.widgets.thumbnail_grid import ThumbnailGrid

HEAD = 32
"""The height of the words above a group."""
_FLAGS = QItemSelectionModel.SelectionFlag


class GroupedGrid(ThumbnailGrid):
    """A grid whose rows fall into groups; each begins on a new line.

    A click on the words selects the whole group. As in the grid without groups, where a cell lies is worked out.

    Args:
        loader: of the thumbnails.
        head: the words above a group, by its number from 0.
    """

    _starts: npt.NDArray[np.int64] = np.zeros(1, np.int64)
    _tops: npt.NDArray[np.int64] = np.zeros(1, np.int64)

    def __init__(
        self,
        loader: ThumbnailLoader,
        head: Callable[[int], str],
        thumbnail_size: int = 160,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(loader, thumbnail_size, parent)
        self._head = head

    def show_groups(self, sizes: Sequence[int]) -> None:
        """The rows of the model fall into groups of these sizes."""
        self._starts = np.concatenate([[0], np.cumsum(np.asarray(sizes, np.int64))])
        self._lay_out()

    def group_of(self, row: int) -> int:
        """The number of the group of a row."""
        return int(np.searchsorted(self._starts, row, "right")) - 1

    def rows_of(self, group: int) -> range:
        """The rows of a group."""
        return range(int(self._starts[group]), int(self._starts[group + 1]))

    def visible_rows(self) -> range:
        """All rows of the groups that are seen, whole or in part."""
        if self.model() is None or self._count == 0:
            return range(0)
        top = self.verticalScrollBar().value()
        first, last = self._group_at(top), self._group_at(top + self.viewport().height())
        rows = range(int(self._starts[first]), int(self._starts[last + 1]))
        return range(rows.start, min(rows.stop, self.model().rowCount()))

    def updateGeometries(self) -> None:
        """As far as the groups go, the bar scrolls."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(height)
        bar.setRange(0, max(0, int(self._tops[-1]) - height))
        QAbstractItemView.updateGeometries(self)

    def visualRect(self, index: QModelIndex | QPersistentModelIndex) -> QRect:
        """Where the cell of a row lies in the viewport, seen or not."""
        if not index.isValid() or index.column() or index.row() >= int(self._starts[-1]):
            return QRect()
        group, line, column = self._place(index.row())
        cell = self.gridSize()
        top = int(self._tops[group]) + HEAD + line * cell.height() - self.verticalScrollBar().value()
        return QRect(column * cell.width(), top, cell.width(), cell.height())

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Up and down go to the group above or below from its edge; a page goes as far as is seen."""
        actions, model = QAbstractItemView.CursorAction, self.model()
        vertical = {actions.MoveUp: -1, actions.MoveDown: 1, actions.MovePageUp: -1, actions.MovePageDown: 1}
        if model is None or action not in vertical or self._count == 0:
            return super().moveCursor(action, modifiers)
        row = max(0, self.currentIndex().row())
        if action in (actions.MoveUp, actions.MoveDown):
            wanted = self._beside(row, vertical[action])
        else:
            seen = int(self._tops[self.group_of(row)]) + vertical[action] * self.viewport().height()
            wanted = int(self._starts[self._group_at(seen)])
        return model.index(max(0, min(model.rowCount() - 1, wanted)), 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the words above a group selects it."""
        place = event.position().toPoint()
        group = self._head_at(place)
        model = self.model()
        if group < 0 or model is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        rows = self.rows_of(group)
        more = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        self.select_rows(rows, _FLAGS.Select if more else _FLAGS.ClearAndSelect)
        self.selectionModel().setCurrentIndex(model.index(rows.start, 0), _FLAGS.NoUpdate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """G selects the whole group of the current image."""
        if event.key() == Qt.Key.Key_G and not event.modifiers() and self.current_row >= 0:
            self.select_rows(self.rows_of(self.group_of(self.current_row)), _FLAGS.ClearAndSelect)
        else:
            super().keyPressEvent(event)

    def select_rows(self, rows: range, how: QItemSelectionModel.SelectionFlag) -> None:
        """Select some rows that stand one after the other."""
        model = self.model()
        assert model is not None
        selection = QItemSelection(model.index(rows.start, 0), model.index(rows.stop - 1, 0))
        self.selectionModel().select(selection, how | _FLAGS.Rows)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells that are seen, and the words above their groups."""
        super().paintEvent(event)
        rows = self.visible_rows()
        if not rows:
            return
        painter, words = QPainter(self.viewport()), font(FontSize.BODY, bold=True)
        painter.setFont(words)
        colours, width = theme().colours, self.viewport().width()
        for group in range(self.group_of(rows.start), self.group_of(rows.stop - 1) + 1):
            top = int(self._tops[group]) - self.verticalScrollBar().value()
            if group:
                painter.setPen(colours.border)
                painter.drawLine(SPACING, top, width - SPACING, top)
            room = QRect(SPACING, top, width - 2 * SPACING, HEAD)
            text = QFontMetrics(words).elidedText(self._head(group), Qt.TextElideMode.ElideRight, room.width())
            painter.setPen(colours.text)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)

    def _fit_columns(self) -> None:
        super()._fit_columns()
        self._lay_out()

    def _lay_out(self) -> None:
        lines = -(-np.diff(self._starts) // self._columns)
        heights = HEAD + lines * max(1, self.gridSize().height()) + SPACING
        self._tops = np.concatenate([[0], np.cumsum(heights)])
        self.updateGeometries()
        self.viewport().update()
        self._soon.start()

    @property
    def _count(self) -> int:
        """How many groups there are."""
        return len(self._starts) - 1

    def _place(self, row: int) -> tuple[int, int, int]:
        """Group, line in it, and column of a row."""
        group = self.group_of(row)
        line, column = divmod(row - int(self._starts[group]), self._columns)
        return group, line, column

    def _beside(self, row: int, step: int) -> int:
        """The row above (-1) or below (1)."""
        group, line, column = self._place(row)
        rows = self.rows_of(group)
        if step > 0 and line < (len(rows) - 1) // self._columns:
            return min(row + self._columns, rows.stop - 1)
        if step < 0 and line:
            return row - self._columns
        if not 0 <= group + step < self._count:
            return row
        other = self.rows_of(group + step)
        first = 0 if step > 0 else (len(other) - 1) // self._columns * self._columns
        return min(other.start + first + column, other.stop - 1)

    def _group_at(self, y: int) -> int:
        """The group at a height of all of them."""
        return max(0, min(int(np.searchsorted(self._tops, y, "right")) - 1, self._count - 1))

    def _head_at(self, place: QPoint) -> int:
        """The group whose words are at a place of the viewport; -1 for none."""
        y = place.y() + self.verticalScrollBar().value()
        if self._count == 0 or not 0 <= y < int(self._tops[-1]):
            return -1
        group = self._group_at(y)
        return group if y < int(self._tops[group]) + HEAD else -1

    def _row_at(self, place: QPoint) -> int:
        y, cell = place.y() + self.verticalScrollBar().value(), self.gridSize()
        column = place.x() // cell.width()
        if self._count == 0 or not 0 <= y < int(self._tops[-1]) or not 0 <= column < self._columns:
            return -1
        group = self._group_at(y)
        line = (y - int(self._tops[group]) - HEAD) // cell.height()
        row = int(self._starts[group]) + line * self._columns + column
        return row if line >= 0 and row < int(self._starts[group + 1]) else -1

    def _rows_in(self, rect: QRect, count: int) -> list[tuple[int, int]]:
        """The runs of rows that a selection from one corner to the other means."""
        if self.state() != QAbstractItemView.State.DragSelectingState or self._pressed_on_cell:
            return super()._rows_in(rect, count)
        area, model, offset = rect.normalized(), self.model(), self.verticalScrollBar().value()
        groups = range(self._group_at(area.top() + offset), self._group_at(area.bottom() + offset) + 1)
        if model is None:
            return []
        rows = (row for group in groups for row in self.rows_of(group) if row < count)
        return [(row, row) for row in rows if self.visualRect(model.index(row, 0)).intersects(area)]
