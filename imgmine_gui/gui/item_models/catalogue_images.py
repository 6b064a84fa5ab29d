"""The images of the catalogue for a grid and a table: all ids at once, their rows in pages when they are looked at.

A million ids are 8 MB; their rows would be a hundred times that. Images that a running scan has found stand at the
end, before they are in the catalogue.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer

from imgmine_gui.core.project.catalogue import ImageRow
from imgmine_gui.core.project.gallery import ImageMarks
from imgmine_gui.core.text import join_list, join_phrases, tr
from imgmine_gui.gui.format import whole_percentage
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.item_models.image_columns import COLUMNS, ImageLine
from imgmine_gui.gui.item_models.roles import (
    BadgeRole,
    CaptionRole,
    ClassColourRole,
    KeyRole,
    MarksRole,
    PathRole,
    PredictedBadge,
    PredictionRole,
    ProblemRole,
)

AnyIndex = QModelIndex | QPersistentModelIndex

ImageRole = int(Qt.ItemDataRole.UserRole) + 100
"""The ``ImageRow``; ``None`` while it is on its way."""

PAGE = 200
KEPT_PAGES = 60
"""12,000 rows are at most 10 MB."""
AT_ONCE = 2
"""So many pages are asked for at a time: what was scrolled past meanwhile is not read."""

Rows = Callable[[Sequence[int]], list[ImageRow]]
Marks = Callable[[Sequence[int]], dict[int, ImageMarks]]


_SAID: dict[int, Callable[[ImageRow], Any]] = {
    ImageRole: lambda row: row,
    PathRole: lambda row: row.path,
    KeyRole: lambda row: row.key,
    CaptionRole: lambda row: row.name,
    ProblemRole: lambda row: row.reason,
    int(Qt.ItemDataRole.DisplayRole): lambda row: row.name,
}


class CatalogueImages(QAbstractTableModel):
    """A row an image, in the order of the ids; a grid shows its first column.

    Args:
        reader: reads the rows beside the window.
    """

    def __init__(self, reader: CatalogueReader) -> None:
        super().__init__()
        self._reader = reader
        self._rows_of: Rows | None = None
        self._marks_of: Marks | None = None
        self._ids: array[int] = array("q")
        self._pages: OrderedDict[int, tuple[dict[int, ImageRow], dict[int, ImageMarks]]] = OrderedDict()
        self._wanted: dict[int, None] = {}
        self._asked: set[int] = set()
        self._generation = 0
        self._stale: set[int] = set()
        self._found: list[ImageRow] = []
        self._colours: Mapping[str, int] = {}
        self._names: Mapping[int, str] = {}
        self._with_predictions = False
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._ask)
        reader.failed.connect(self._asked.clear)

    @property
    def ids(self) -> "array[int]":
        """The ids of the images that are in the catalogue."""
        return self._ids

    def show(self, ids: Iterable[int], rows_of: Rows | None, marks_of: Marks | None = None) -> None:
        """Show the images of these ids, and forget what a scan has found.

        Args:
            rows_of: reads the rows of some ids; called in a background thread.
            marks_of: reads what is noted of some ids; called in a background thread.
        """
        fresh = ids if isinstance(ids, array) else array("q", ids)
        self._rows_of, self._marks_of = rows_of, marks_of
        if fresh == self._ids and not self._found:
            self.read_again()
            return
        known = len(self._ids)
        if 0 < known < len(fresh) and fresh[:known] == self._ids and not self._found:
            self.beginInsertRows(QModelIndex(), known, len(fresh) - 1)
            self._ids = fresh
            self.endInsertRows()
            self.read_again()
            return
        self.beginResetModel()
        self._ids, self._found = fresh, []
        self._drop_pages()
        self.endResetModel()

    def read_again(self) -> None:
        """Read the rows anew when they are next looked at; until then, what was known of them is shown."""
        self._generation += 1
        self._wanted.clear()
        self._asked.clear()
        self._stale = set(self._pages)
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(COLUMNS) - 1))

    def set_classes(self, colours: Mapping[str, int], names: Mapping[int, str]) -> None:
        """The numbers of the colours of the classes by their names, and their names by their ids."""
        if (colours, names) != (self._colours, self._names):
            self._colours, self._names = colours, names
            if self.rowCount():
                self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(COLUMNS) - 1))

    def set_predictions_shown(self, shown: bool) -> None:
        """Whether the grid shows predictions, too; it is painted anew with the rows that are read next."""
        self._with_predictions = shown

    def add_found(self, rows: Sequence[ImageRow]) -> None:
        """Put images that a scan has just found at the end."""
        if rows:
            first = self.rowCount()
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._found.extend(rows)
            self.endInsertRows()

    def place_of(self, image_id: int) -> int:
        """The row of an image; -1 where it is not shown."""
        places = self.places_of([image_id])
        return places[0] if places else -1

    def places_of(self, image_ids: Sequence[int]) -> list[int]:
        """The rows of those images that are shown, from the top."""
        numbers = np.frombuffer(self._ids, np.int64) if self._ids else np.empty(0, np.int64)
        return [int(place) for place in np.flatnonzero(np.isin(numbers, np.asarray(image_ids, np.int64)))]

    def image(self, place: int) -> ImageRow | None:
        """The image of a row, as far as it is known; asks for it where it is not."""
        if place >= len(self._ids):
            place -= len(self._ids)
            return self._found[place] if place < len(self._found) else None
        page = self._page(place)
        return None if page is None else page[0].get(self._ids[place])

    def marks(self, place: int) -> ImageMarks | None:
        """What is noted of the image of a row, as far as it is known; asks for it where it is not."""
        page = self._page(place) if place < len(self._ids) else None
        return None if page is None else page[1].get(self._ids[place])

    def _page(self, place: int) -> tuple[dict[int, ImageRow], dict[int, ImageMarks]] | None:
        page = place // PAGE
        known = self._pages.get(page)
        if known is None or page in self._stale:
            self._wanted.pop(page, None)
            self._wanted[page] = None
            if not self._timer.isActive():
                self._timer.start()
        if known is not None:
            self._pages.move_to_end(page)
        return known

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """All images."""
        return 0 if parent.isValid() else len(self._ids) + len(self._found)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Those of the table; a grid shows the first."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(COLUMNS[section].title)
        return COLUMNS[section].alignment if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the grid draws of an image, and what stands in the cells of the table."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return COLUMNS[index.column()].alignment
        place = index.row()
        row = self.image(place)
        if row is None:
            return None
        if index.column() and role == Qt.ItemDataRole.DisplayRole:
            marks = self.marks(place)
            line = ImageLine(row, marks, self._label(row, place)) if marks is not None else None
            return COLUMNS[index.column()].text(line) if line is not None else None
        said = _SAID.get(role)
        return said(row) if said is not None else self._said(row, place, role)

    def _said(self, row: ImageRow, place: int, role: int) -> Any:
        if role == ClassColourRole:
            return self._colours.get(row.label) if row.label is not None else None
        if role == MarksRole:
            return row
        if role == PredictionRole:
            return self._predicted(place) if self._with_predictions else None
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            said = self._predicted(place) if self._with_predictions else None
            prediction = " ".join(word for word in said[:2] if word) if said is not None else ""
            named = join_phrases([row.name, self._label(row, place)])
            return tr("{title}: {description}", title=named, description=prediction) if said else named
        label = self._label(row, place) if role == BadgeRole else ""
        return (label, "neutral") if label else None

    def _label(self, row: ImageRow, place: int) -> str:
        """The class of an image, or all of them, the first label first."""
        marks = self.marks(place)
        names = [self._names[one] for one in marks.labels if one in self._names] if marks is not None else []
        return join_list(names) if len(names) > 1 else row.label or ""

    def _predicted(self, place: int) -> PredictedBadge | None:
        """The predicted class with its confidence; of a label that it agrees with, the confidence alone."""
        marks = self.marks(place)
        if marks is None or marks.prediction is None:
            return None
        said, colour = marks.prediction, self._colours.get(marks.prediction.name)
        if any(self._names.get(number) == said.name for number in marks.labels):
            return "", whole_percentage(said.confidence), "good", colour
        return said.name, whole_percentage(said.confidence), "bad" if marks.labels else "neutral", colour

    def _drop_pages(self) -> None:
        self._generation += 1
        self._pages.clear()
        self._wanted.clear()
        self._asked.clear()
        self._stale.clear()

    def _ask(self) -> None:
        while self._wanted and len(self._asked) < AT_ONCE and self._rows_of is not None:
            page, _ = self._wanted.popitem()  # the newest: it is what is looked at now
            if page in self._asked or (page in self._pages and page not in self._stale):
                continue
            self._asked.add(page)
            self._ask_page(page, self._rows_of, self._generation)

    def _ask_page(self, page: int, rows_of: Rows, generation: int) -> None:
        ids = self._ids[page * PAGE : (page + 1) * PAGE].tolist()
        marks_of = self._marks_of

        def read() -> tuple[list[ImageRow], dict[int, ImageMarks]]:
            return rows_of(ids), marks_of(ids) if marks_of is not None else {}

        self._reader.ask(f"page {page}", read, lambda found: self._receive(page, found, generation))

    def _receive(self, page: int, found: tuple[list[ImageRow], dict[int, ImageMarks]], generation: int) -> None:
        if generation != self._generation:
            return
        self._asked.discard(page)
        self._stale.discard(page)
        self._pages[page] = {row.id: row for row in found[0]}, found[1]
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        last = min((page + 1) * PAGE, len(self._ids)) - 1
        self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(COLUMNS) - 1))
        for old in list(self._wanted)[:-AT_ONCE]:
            del self._wanted[old]  # scrolled past meanwhile; whoever paints it again asks again
        self._ask()
