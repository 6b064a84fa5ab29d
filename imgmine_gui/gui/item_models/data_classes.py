"""The classes of a project as a table with counts a split, and a row for all of them together."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.core.text import N_, join_phrases, tr
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.roles import ClassColourRole
from imgmine_gui.gui.theme import FontSize, font, theme

AnyIndex = QModelIndex | QPersistentModelIndex

ClassRole = int(Qt.ItemDataRole.UserRole) + 100
"""The name of the class of a row; ``None`` for the row of all classes."""

_HEADERS = (N_("Class"), N_("Train"), N_("Val."), N_("Test"), N_("All"))
_COUNTED = (N_("Train"), N_("Validation"), N_("Test"), N_("All"))
"""What is counted in the columns behind the name."""
_HEADER_TIPS = (
    N_("The name of the folder in which the images lie"),
    N_("Images that a network learns from"),
    N_("Images for validation: they check the network after each epoch"),
    N_("Images that are kept aside to judge the finished network"),
    N_("Images of the class in all splits"),
)
_KEYS: tuple[Callable[[ClassCounts], Any], ...] = (
    lambda one: (one.name.casefold(), one.name),
    lambda one: one.train,
    lambda one: one.validation,
    lambda one: one.test,
    lambda one: one.train + one.validation + one.test,
)


class ClassesModel(QAbstractTableModel):
    """A row a class, in the order of the column that was sorted by; the row of all classes is always the last."""

    def __init__(self) -> None:
        super().__init__()
        self._classes: list[ClassCounts] = []
        self._sorted_by: tuple[int, Qt.SortOrder] = (0, Qt.SortOrder.AscendingOrder)

    @property
    def classes(self) -> list[ClassCounts]:
        """The classes as they are shown, from the top."""
        return self._classes

    def show(self, classes: Sequence[ClassCounts]) -> None:
        """Show these."""
        ordered = self._ordered(classes)
        if ordered == self._classes:
            return
        same = [one.name for one in ordered] == [one.name for one in self._classes]
        if not same:
            self.beginResetModel()
        self._classes = ordered
        if not same:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(_HEADERS) - 1))

    def row_of(self, name: str | None) -> int:
        """The row of the class ``name``; the last for ``None`` and for a class that is not there."""
        names = [one.name for one in self._classes]
        return names.index(name) if name in names else len(names)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One a class, and one for all; none where there is no class."""
        return 0 if parent.isValid() or not self._classes else len(self._classes) + 1

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The name, three splits, and their sum."""
        return 0 if parent.isValid() else len(_HEADERS)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names, counts, and how they are drawn."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        one = self._classes[row] if row < len(self._classes) else None
        said = _SAID.get(role)
        return said(self, one, column) if said is not None else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(_HEADERS[section])
        if role == Qt.ItemDataRole.FontRole:
            return font(FontSize.SMALL)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(_HEADER_TIPS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the classes; what is selected stays selected."""
        self._sorted_by = (max(column, 0), order)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        names = [index.data(ClassRole) for index in before]
        self._classes = self._ordered(self._classes)
        after = [self.index(self.row_of(name), index.column()) for name, index in zip(names, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _ordered(self, classes: Sequence[ClassCounts]) -> list[ClassCounts]:
        column, order = self._sorted_by
        return sorted(classes, key=_KEYS[column], reverse=order is Qt.SortOrder.DescendingOrder)

    def text(self, one: ClassCounts | None, column: int) -> str:
        """What stands in a cell; ``one`` is ``None`` in the row of all classes."""
        if column == 0:
            return one.name if one else tr(N_("All classes"))
        key = _KEYS[column]
        return count(key(one) if one else sum(key(each) for each in self._classes))


def _alignment(_model: ClassesModel, _one: ClassCounts | None, column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _ink(_model: ClassesModel, one: ClassCounts | None, column: int) -> QColor | None:
    """Nothing in a split is said quietly."""
    empty = column > 0 and one is not None and _KEYS[column](one) == 0
    return theme().colours.text_disabled if empty else None


def _tip(model: ClassesModel, one: ClassCounts | None, _column: int) -> str:
    """The whole name, which the cell may have no room for, and all counts, the last of which may be hidden."""
    named = zip(_COUNTED, range(1, len(_HEADERS)), strict=True)
    counts = [tr("{title}: {description}", title=tr(title), description=model.text(one, at)) for title, at in named]
    return f"{model.text(one, 0)}\n{join_phrases(counts)}"


_SAID: dict[int, Callable[[ClassesModel, ClassCounts | None, int], Any]] = {
    ClassRole: lambda _model, one, _column: one.name if one else None,
    int(Qt.ItemDataRole.DisplayRole): lambda model, one, column: model.text(one, column),
    int(Qt.ItemDataRole.FontRole): lambda _model, one, _column: font(FontSize.BODY, bold=one is None, tabular=True),
    ClassColourRole: lambda _model, one, _column: one.colour if one else None,
    int(Qt.ItemDataRole.TextAlignmentRole): _alignment,
    int(Qt.ItemDataRole.ForegroundRole): _ink,
    int(Qt.ItemDataRole.ToolTipRole): _tip,
}
