"""The scores of each class as a table."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from imgmine_gui.core.evaluation.classification import ClassScore
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui import format as form
from imgmine_gui.gui.binding import on_language_change
from imgmine_gui.gui.theme import font

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
COLUMNS = (
    (N_("Class"), ""),
    (N_("Images"), N_("How many of the images are truly of this class.")),
    (N_("Precision"), N_("Of the images that were predicted as this class, how many truly are of it.")),
    (N_("Recall"), N_("Of the images that truly are of this class, how many were predicted as it.")),
    (N_("F1"), N_("Precision and recall in one number: their harmonic mean.")),
)


class ScoresModel(QAbstractTableModel):
    """One row a class."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scores: tuple[ClassScore, ...] = ()
        on_language_change(self, self.retranslate)

    def set_scores(self, scores: tuple[ClassScore, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self._scores = scores
        self.endResetModel()

    def retranslate(self) -> None:
        """Ask for the headings anew."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """One a class."""
        return 0 if parent.isValid() else len(self._scores)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Name, images and three scores."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell, its alignment and its font."""
        column = index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column > 0:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and column > 0:
            return font(tabular=True)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        score = self._scores[index.row()]
        shares = [form.percentage(share) for share in (score.precision, score.recall, score.f1)]
        return (score.name, form.count(score.images), *shares)[column]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings, and what they mean."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        title, meaning = COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(title)
        return tr(meaning) if role == Qt.ItemDataRole.ToolTipRole else None
