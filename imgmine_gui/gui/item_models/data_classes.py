"""The classes of a project as a table with counts a split, and a row for all of them together."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.core.text import N_, join_phrases, tr
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.roles import ClassColourRole
from imgmine_gui.gui.theme import FontSize, font, theme

AnyIndex = QModelIndex | QPersistentModelIndex

ClassRole = int(Qt.ItemDataRole.UserRole) + 100
"""The name of the class of a row; ``None`` for the row of all classes."""
KeyOfClassRole = int(Qt.ItemDataRole.UserRole) + 101
"""The key that stands for the class of a row; "" for none."""
_DRAGGED = "application/x-imgmine-class"

_HEADERS = (N_("Class"), N_("Train"), N_("Val."), N_("Test"), N_("All"))
_COUNTED = (N_("Train"), N_("Validation"), N_("Test"), N_("All"))
"""What is counted in the columns behind the name."""
_HEADER_TIPS = (
    N_("By folders, or as you label the images; double click to rename, drag to order"),
    N_("Images that a network learns from"),
    N_("Images for validation: they check the network after each epoch"),
    N_("Images that are kept aside to judge the finished network"),
    N_("Images of the class in all splits, and those that have it beside another label"),
)
_KEYS: tuple[Callable[[ClassCounts], Any], ...] = (
    lambda one: (one.name.casefold(), one.name),
    lambda one: one.train,
    lambda one: one.validation,
    lambda one: one.test,
    lambda one: one.used + one.further,
)
_ALL = len(_KEYS) - 1


class ClassesModel(QAbstractTableModel):
    """A row a class, in their own order or that of a column; the row of all classes is always the last."""

    renamed = Signal(int, str)
    """The person typed another name for the class of this id."""
    reordered = Signal(list)
    """The person dragged a class: the ids of all in the order in which they are wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._given: list[ClassCounts] = []
        self._classes: list[ClassCounts] = []
        self._keys: dict[int, str] = {}
        self._sorted_by: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    @property
    def classes(self) -> list[ClassCounts]:
        """The classes as they are shown, from the top."""
        return self._classes

    def show(self, classes: Sequence[ClassCounts], keys: dict[int, str] | None = None) -> None:
        """Show these.

        Args:
            keys: that stand for them, by their ids.
        """
        ordered, keys = self._ordered(classes), keys or {}
        self._given = list(classes)
        if ordered == self._classes and keys == self._keys:
            return
        self._keys = keys
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
        self._sorted_by = (column, order)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        names = [index.data(ClassRole) for index in before]
        self._classes = self._ordered(self._given)
        after = [self.index(self.row_of(name), index.column()) for name, index in zip(names, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _ordered(self, classes: Sequence[ClassCounts]) -> list[ClassCounts]:
        column, order = self._sorted_by
        if column < 0:
            return list(classes)
        return sorted(classes, key=_KEYS[column], reverse=order is Qt.SortOrder.DescendingOrder)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Names can be typed over, and classes dragged to another place."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        if index.row() < len(self._classes):
            flags |= Qt.ItemFlag.ItemIsDragEnabled
            flags |= Qt.ItemFlag.ItemIsEditable if index.column() == 0 else Qt.ItemFlag.NoItemFlags
        return flags

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """The name is another once the catalogue has it."""
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or index.row() >= len(self._classes):
            return False
        one = self._classes[index.row()]
        if name and name != one.name:
            self.renamed.emit(one.id, name)
        return True

    def key_of(self, one: ClassCounts | None) -> str:
        """The key that stands for a class; "" for none."""
        return self._keys.get(one.id, "") if one is not None else ""

    def supportedDropActions(self) -> Qt.DropAction:
        """Classes are moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """A class of this table, and nothing else."""
        return [_DRAGGED]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The class that is dragged."""
        data = QMimeData()
        data.setData(_DRAGGED, str(indexes[0].row()).encode())
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex) -> bool:
        """Ask for the order in which the dragged class stands where it was let go; the catalogue decides."""
        if not data.hasFormat(_DRAGGED):
            return False
        dragged = int(bytes(data.data(_DRAGGED).data()))
        place = parent.row() if row < 0 and parent.isValid() else row
        place = len(self._classes) if place < 0 else min(place, len(self._classes))
        ids = [one.id for one in self._classes]
        moved = ids.pop(dragged)
        ids.insert(place - (dragged < place), moved)
        self.reordered.emit(ids)
        return False  # nothing is removed from where it was: all rows come anew

    def text(self, one: ClassCounts | None, column: int) -> str:
        """What stands in a cell; ``one`` is ``None`` in the row of all classes."""
        if column == 0:
            return one.name if one else tr(N_("All classes"))
        key = _KEYS[column]
        if one is not None:
            return count(key(one))
        # Every image once: one with several labels is counted with its first.
        return count(sum(each.used if column == _ALL else key(each) for each in self._classes))


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
    if one is not None and one.further:
        beside = tr(N_("Beside another label"))
        counts.insert(-1, tr("{title}: {description}", title=beside, description=count(one.further)))
    return f"{model.text(one, 0)}\n{join_phrases(counts)}"


_SAID: dict[int, Callable[[ClassesModel, ClassCounts | None, int], Any]] = {
    ClassRole: lambda _model, one, _column: one.name if one else None,
    KeyOfClassRole: lambda model, one, column: model.key_of(one) if column == 0 else "",
    int(Qt.ItemDataRole.DisplayRole): lambda model, one, column: model.text(one, column),
    int(Qt.ItemDataRole.EditRole): lambda model, one, column: model.text(one, column),
    int(Qt.ItemDataRole.FontRole): lambda _model, one, _column: font(FontSize.BODY, bold=one is None, tabular=True),
    ClassColourRole: lambda _model, one, _column: one.colour if one else None,
    int(Qt.ItemDataRole.TextAlignmentRole): _alignment,
    int(Qt.ItemDataRole.ForegroundRole): _ink,
    int(Qt.ItemDataRole.ToolTipRole): _tip,
}
