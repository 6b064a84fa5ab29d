"""The images that could not be read, each with its reason, as a table, as text and as CSV."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from imgmine_gui.core.images.problems import PROBLEM_TITLES, ImageProblem, printable
from imgmine_gui.core.project.catalogue import ImageRow
from imgmine_gui.core.text import N_, tr

AnyIndex = QModelIndex | QPersistentModelIndex

RowRole = Qt.ItemDataRole.UserRole + 1
"""The ``ImageRow`` of a row."""

_HEADERS = (N_("File"), N_("Problem"), N_("Reason"))


class ProblemsModel(QAbstractTableModel):
    """One row an image that could not be read."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ImageRow] = []

    @property
    def rows(self) -> list[ImageRow]:
        """What is shown, from the top."""
        return self._rows

    def show(self, rows: Sequence[ImageRow]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One an image."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """File, problem, reason."""
        return 0 if parent.isValid() else len(_HEADERS)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a cell."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == RowRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _cells(row)[index.column()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(_HEADERS[section])
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None


def problem_title(problem: str) -> str:
    """The heading of a problem, in the current language."""
    return tr(PROBLEM_TITLES[ImageProblem(problem)])


def as_text(rows: Sequence[ImageRow]) -> str:
    """The rows as lines to paste, with tabs between path, problem and reason."""
    return "\n".join("\t".join((printable(row.path), problem_title(row.problem), row.reason)) for row in rows)


def as_csv(rows: Sequence[ImageRow]) -> bytes:
    """The rows as a CSV file in UTF-8, marked as such, since some spreadsheets read anything else wrongly."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["path", "problem", "title", "reason"])
    for row in rows:
        writer.writerow([_safe(printable(row.path)), row.problem, problem_title(row.problem), _safe(row.reason)])
    return text.getvalue().encode("utf-8-sig")


def _cells(row: ImageRow) -> tuple[str, str, str]:
    return row.name, problem_title(row.problem), row.reason


def _safe(cell: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula, and file names come from anywhere."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
