"""The rows of a list of read lines."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from imgmine_gui.core.text import join_phrases, tr
from imgmine_gui.gui.item_models.text_rows import Rows, TextFilter, TextOrder, TextRows

Index = QModelIndex | QPersistentModelIndex


class LineModel(QAbstractListModel):
    """Which lines are shown, in which order; what changes of a line while it is shown leaves it where it is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: TextRows | None = None
        self._filter, self._order = TextFilter(), TextOrder.NAME
        self._shown: Rows = np.empty(0, np.intp)

    def set_rows(self, rows: TextRows | None) -> None:
        """Show other lines."""
        self._show(rows, self._filter, self._order)

    def set_filter(self, wanted: TextFilter) -> None:
        """Show the lines that this lets through."""
        self._show(self.rows, wanted, self._order)

    def set_order(self, order: TextOrder) -> None:
        """Show the lines in this order."""
        self._show(self.rows, self._filter, order)

    def update_rows(self, rows: TextRows) -> None:
        """Take what is known of the same lines now, and let each stay in its place."""
        self.rows = rows
        if len(self._shown):
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def table_row(self, row: int) -> int:
        """The row of the table that stands at ``row`` of the list."""
        return int(self._shown[row])

    def model_row(self, table_row: int) -> int:
        """Where a row of the table stands in the list; -1 where it is not shown."""
        found = np.flatnonzero(self._shown == table_row)
        return int(found[0]) if len(found) else -1

    def shown(self) -> list[int]:
        """The rows of the table that are shown, in their order."""
        return [int(row) for row in self._shown]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many lines are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The name; for a screen reader, and on hover, the texts as well."""
        if self.rows is None or not index.isValid() or index.row() >= len(self._shown):
            return None
        row = self.table_row(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.rows.names[row]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            true, line = self.rows.true[row], self.rows.table.lines[row]
            read = tr("Read: {text}", text=line.text) if line else tr("Unreadable")
            parts = (self.rows.names[row], read, tr("True: {text}", text=true) if true else "")
            return "\n".join(filter(None, parts)) if role == Qt.ItemDataRole.ToolTipRole else join_phrases(parts)
        return None

    def _show(self, rows: TextRows | None, wanted: TextFilter, order: TextOrder) -> None:
        self.beginResetModel()
        self.rows, self._filter, self._order = rows, wanted, order
        self._shown = rows.chosen(wanted, order) if rows is not None else np.empty(0, np.intp)
        self.endResetModel()
