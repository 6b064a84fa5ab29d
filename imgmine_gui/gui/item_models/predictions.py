"""Predictions as the thumbnail grid shows them."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from imgmine_gui.core.text import join_phrases, tr
from imgmine_gui.gui import format as form
from imgmine_gui.gui.binding import on_language_change
from imgmine_gui.gui.item_models.predictions_rows import UNKNOWN, Filter, Order, PredictionRows
from imgmine_gui.gui.item_models.roles import Badge, BadgeRole, CaptionRole, KeyRole, PathRole, ProblemRole

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class PredictionsModel(QAbstractListModel):
    """The rows that are shown, in their order. A row of the model is not a row of the table: see ``table_row``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: PredictionRows | None = None
        self.filter = Filter()
        self.order = Order.NAME
        self._shown = np.empty(0, np.intp)
        on_language_change(self, self.retranslate)

    def set_rows(self, rows: PredictionRows | None) -> None:
        """Show these predictions, filtered and sorted as before."""
        self._change(rows, self.filter, self.order)

    def set_filter(self, wanted: Filter) -> None:
        """Show only what ``wanted`` lets through."""
        if wanted != self.filter:
            self._change(self.rows, wanted, self.order)

    def set_order(self, order: Order) -> None:
        """Sort anew."""
        if order is not self.order:
            self._change(self.rows, self.filter, order)

    def shown(self) -> list[int]:
        """The rows of the table that are shown, in their order."""
        return [int(row) for row in self._shown]

    def table_row(self, row: int) -> int:
        """The row of the table that is shown in ``row``."""
        return int(self._shown[row])

    def model_row(self, table_row: int) -> int:
        """Where a row of the table is shown; -1: nowhere."""
        found = np.flatnonzero(self._shown == table_row)
        return int(found[0]) if len(found) else -1

    def retranslate(self) -> None:
        """Captions are made when they are asked for."""
        if len(self._shown):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, 0))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many images are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the grid paints."""
        read = _READERS.get(role)
        if read is None or self.rows is None or not 0 <= index.row() < len(self._shown):
            return None
        return read(self.rows, self.table_row(index.row()))

    def _change(self, rows: PredictionRows | None, wanted: Filter, order: Order) -> None:
        self.beginResetModel()
        self.rows, self.filter, self.order = rows, wanted, order
        self._shown = np.empty(0, np.intp) if rows is None else rows.chosen(wanted, order)
        self.endResetModel()


def badge(rows: PredictionRows, row: int) -> Badge | None:
    """The predicted class and its probability; none for an image that could not be read."""
    predicted = int(rows.predicted[row])
    if predicted == UNKNOWN:
        return None
    text = f"{rows.table.classes[predicted]} {form.percentage(float(rows.confidence[row]))}"
    if not rows.judged[row]:
        return text, "neutral"
    return text, "good" if rows.right[row] else "bad"


def caption(rows: PredictionRows, row: int) -> str:
    """The true class; where it is not known the name of the file."""
    true = int(rows.true[row])
    return file_name(rows, row) if true == UNKNOWN else tr("True: {name}", name=rows.table.classes[true])


def problem(rows: PredictionRows, row: int) -> str:
    """Why the image could not be read; empty where it could."""
    return tr(rows.table.reasons.get(rows.table.paths[row], ""))


def file_name(rows: PredictionRows, row: int) -> str:
    """The last part of the image's name."""
    return rows.names[row].rpartition("/")[2]


def spoken(rows: PredictionRows, row: int) -> str:
    """All of it in one line, for a screen reader."""
    told = badge(rows, row)
    parts = [file_name(rows, row), problem(rows, row)]
    if told is not None:
        parts += [tr("Predicted: {name}", name=told[0]), caption(rows, row)]
    if rows.judged[row]:
        parts.append(tr("right") if rows.right[row] else tr("wrong"))
    return join_phrases(parts)


_READERS = {
    PathRole: lambda rows, row: rows.table.paths[row],
    KeyRole: lambda rows, row: rows.keys[row],
    CaptionRole: caption,
    BadgeRole: badge,
    ProblemRole: problem,
    int(Qt.ItemDataRole.DisplayRole): file_name,
    int(Qt.ItemDataRole.AccessibleTextRole): spoken,
}
