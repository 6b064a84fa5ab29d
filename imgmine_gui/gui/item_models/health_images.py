"""The images of a finding for a grid: in a group of duplicates, with what tells them apart."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from imgmine_gui.core.project.image_rows import ImageRow
from imgmine_gui.core.text import join_phrases, ntr, tr
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.catalogue_images import CatalogueImages
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.item_models.image_columns import SPLIT_NAMES
from imgmine_gui.gui.item_models.roles import BadgeRole, CaptionRole

MOST_READ = 12
"""So many images of a group are asked what they have in common."""


class HealthImages(CatalogueImages):
    """A row an image; of a finding about duplicates, group after group, the best of each first."""

    def __init__(self, reader: CatalogueReader) -> None:
        super().__init__(reader)
        self.starts: npt.NDArray[np.int64] = np.zeros(1, np.int64)
        """The first row of each group, and behind the last; [0] where there are no groups."""

    def set_groups(self, sizes: Sequence[int]) -> None:
        """How many rows each group has; none where the images are in no groups."""
        self.starts = np.concatenate([[0], np.cumsum(np.asarray(sizes, np.int64))])

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As of any image of the catalogue; in a group, size and split in the place of the name."""
        if role not in (BadgeRole, CaptionRole) or len(self.starts) < 2 or not index.isValid():
            return super().data(index, role)
        row = self.image(index.row())
        if row is None:
            return None
        if role == CaptionRole:
            return join_phrases([_pixels(row), tr(SPLIT_NAMES[row.split]) if row.split else ""])
        label = super().data(index, role)
        if index.row() not in self.starts:
            return label
        return join_phrases([tr("Keep"), label[0] if label else ""]), "good"

    def head(self, group: int) -> str:
        """What stands above a group: how many images it has, and by what they differ, as far as that is known."""
        first, end = int(self.starts[group]), int(self.starts[group + 1])
        rows = [row for place in range(first, min(end, first + MOST_READ)) if (row := self.image(place)) is not None]
        splits = dict.fromkeys(tr(SPLIT_NAMES[row.split]) for row in rows if row.split)
        labels = dict.fromkeys(row.label for row in rows if row.label)
        differing = [join_phrases(found) for found in (splits, labels) if len(found) > 1]
        number = ntr("{images} image", "{images} images", end - first, images=count(end - first))
        return " · ".join([number, *differing])


def _pixels(row: ImageRow) -> str:
    return tr("{width} × {height} px", width=count(row.width), height=count(row.height))
