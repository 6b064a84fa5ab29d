"""The simplest model that a thumbnail grid takes."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex

from imgmine_gui.gui.item_models.roles import BadgeRole, CaptionRole, KeyRole, PathRole, ProblemRole

NOWHERE = QModelIndex()


class ListOfImages(QAbstractListModel):
    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__()
        self.paths = list(paths)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NOWHERE) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self.paths)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        row = index.row()
        return {
            PathRole: self.paths[row],
            KeyRole: "",
            CaptionRole: f"image {row}",
            BadgeRole: ("right", "good") if row % 2 else ("wrong", "bad"),
            ProblemRole: "",
        }.get(role)
