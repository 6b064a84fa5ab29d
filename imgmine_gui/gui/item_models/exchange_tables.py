"""What a preview of an import shows: images with what would change, and places of the file that cannot be used."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from imgmine_gui.core.project.exchange.description import Problem
from imgmine_gui.core.project.exchange.plan import Example
from imgmine_gui.core.text import N_, join_list, tr
from imgmine_gui.gui.format import DASH, count

AnyIndex = QModelIndex | QPersistentModelIndex
RowT = TypeVar("RowT")

ARROW = "→"
SPLITS = {"train": N_("Train"), "validation": N_("Validation"), "test": N_("Test")}


class RowsModel(QAbstractTableModel, Generic[RowT]):
    """A table of plain rows.

    Args:
        headers: of the columns; English texts marked with ``N_``.
        cells: the words of a row, one a column, in the present language.
    """

    def __init__(self, headers: Sequence[str], cells: Callable[[RowT], Sequence[str]]) -> None:
        super().__init__()
        self._headers = headers
        self._cells = cells
        self._rows: Sequence[RowT] = ()

    @property
    def rows(self) -> Sequence[RowT]:
        """What is shown, from the top."""
        return self._rows

    def show(self, rows: Sequence[RowT]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One a row."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One a header."""
        return 0 if parent.isValid() else len(self._headers)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell."""
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._cells(self._rows[index.row()])[index.column()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(self._headers[section])
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None


def examples_model() -> RowsModel[Example]:
    """Images with what would change."""
    return RowsModel((N_("Image"), N_("Label"), N_("Split"), N_("Shapes in the file")), _example_cells)


def place_problems_model() -> RowsModel[Problem]:
    """Places of the file that cannot be used."""
    return RowsModel((N_("Problem"),), lambda problem: (problem.text,))


def _example_cells(example: Example) -> tuple[str, str, str, str]:
    label = _change(example.label_before, None if example.labels is None else join_list(example.labels) or DASH)
    before = SPLITS.get(example.split_before or "")
    split = _change(before and tr(before), None if example.split is None else tr(SPLITS[example.split]))
    return example.name, label, split, DASH if example.shapes is None else count(example.shapes)


def _change(before: str | None, after: str | None) -> str:
    """``before → after``; what stays is said once."""
    if after is None or after == before:
        return before or DASH
    return f"{before or DASH} {ARROW} {after}"
