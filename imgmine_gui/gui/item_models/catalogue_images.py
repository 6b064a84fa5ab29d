"""The images of the catalogue as a list for a grid: all ids at once, their rows in pages when they are looked at.

A hundred thousand ids are 800 kB and come in 0.1 s; their rows would be a hundred times that. Images that a running
scan has found stand at the end, before they are in the catalogue.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer

from imgmine_gui.core.project.catalogue import ImageRow
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.item_models.roles import BadgeRole, CaptionRole, ClassColourRole, KeyRole, PathRole, ProblemRole

AnyIndex = QModelIndex | QPersistentModelIndex

ImageRole = int(Qt.ItemDataRole.UserRole) + 100
"""The ``ImageRow``; ``None`` while it is on its way."""

PAGE = 200
KEPT_PAGES = 60
"""12,000 rows are at most 10 MB."""
AT_ONCE = 2
"""So many pages are asked for at a time: what was scrolled past meanwhile is not read."""

Rows = Callable[[Sequence[int]], list[ImageRow]]


def _named(row: ImageRow) -> str:
    return f"{row.name}, {row.label}" if row.label else row.name


_SAID: dict[int, Callable[[ImageRow], Any]] = {
    ImageRole: lambda row: row,
    PathRole: lambda row: row.path,
    KeyRole: lambda row: row.key,
    BadgeRole: lambda row: (row.label, "neutral") if row.label else None,
    CaptionRole: lambda row: row.name,
    ProblemRole: lambda row: row.reason,
    int(Qt.ItemDataRole.DisplayRole): _named,
    int(Qt.ItemDataRole.AccessibleTextRole): _named,
}


class CatalogueImages(QAbstractListModel):
    """A row an image, in the order of the ids.

    Args:
        reader: reads the rows beside the window.
    """

    def __init__(self, reader: CatalogueReader) -> None:
        super().__init__()
        self._reader = reader
        self._rows_of: Rows | None = None
        self._ids: array[int] = array("q")
        self._places: dict[int, int] | None = None
        self._pages: OrderedDict[int, dict[int, ImageRow]] = OrderedDict()
        self._wanted: dict[int, None] = {}
        self._asked: set[int] = set()
        self._generation = 0
        self._found: list[ImageRow] = []
        self._colours: Mapping[str, int] = {}
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._ask)
        reader.failed.connect(self._asked.clear)

    @property
    def ids(self) -> Sequence[int]:
        """The ids of the images that are in the catalogue."""
        return self._ids

    def show(self, ids: Iterable[int], rows_of: Rows | None) -> None:
        """Show the images of these ids, and forget what a scan has found.

        Args:
            rows_of: reads the rows of some ids; called in a background thread.
        """
        fresh = array("q", ids)
        self._rows_of = rows_of
        if fresh == self._ids and not self._found:
            self._drop_pages()
            if fresh:
                self.dataChanged.emit(self.index(0), self.index(len(fresh) - 1))
            return
        self.beginResetModel()
        self._ids, self._found, self._places = fresh, [], None
        self._drop_pages()
        self.endResetModel()

    def set_colours(self, colours: Mapping[str, int]) -> None:
        """The numbers of the colours of the classes, by their names."""
        if colours != self._colours:
            self._colours = colours
            if self.rowCount():
                self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1), [ClassColourRole])

    def add_found(self, rows: Sequence[ImageRow]) -> None:
        """Put images that a scan has just found at the end."""
        if rows:
            first = self.rowCount()
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._found.extend(rows)
            self.endInsertRows()

    def place_of(self, image_id: int) -> int:
        """The row of an image; -1 where it is not shown."""
        if self._places is None:
            self._places = {number: place for place, number in enumerate(self._ids)}
        return self._places.get(image_id, -1)

    def image(self, place: int) -> ImageRow | None:
        """The image of a row, as far as it is known; asks for it where it is not."""
        if place >= len(self._ids):
            place -= len(self._ids)
            return self._found[place] if place < len(self._found) else None
        page = place // PAGE
        rows = self._pages.get(page)
        if rows is None:
            self._wanted.pop(page, None)
            self._wanted[page] = None
            if not self._timer.isActive():
                self._timer.start()
            return None
        self._pages.move_to_end(page)
        return rows.get(self._ids[place])

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """All images."""
        return 0 if parent.isValid() else len(self._ids) + len(self._found)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the grid draws of an image."""
        if not index.isValid():
            return None
        row = self.image(index.row())
        if role == ClassColourRole:
            return self._colours.get(row.label) if row is not None and row.label is not None else None
        said = _SAID.get(role)
        return said(row) if said is not None and row is not None else None

    def _drop_pages(self) -> None:
        self._generation += 1
        self._pages.clear()
        self._wanted.clear()
        self._asked.clear()

    def _ask(self) -> None:
        while self._wanted and len(self._asked) < AT_ONCE and self._rows_of is not None:
            page, _ = self._wanted.popitem()  # the newest: it is what is looked at now
            if page in self._asked or page in self._pages:
                continue
            self._asked.add(page)
            self._ask_page(page, self._rows_of, self._generation)

    def _ask_page(self, page: int, rows_of: Rows, generation: int) -> None:
        ids = self._ids[page * PAGE : (page + 1) * PAGE].tolist()
        self._reader.ask(f"page {page}", lambda: rows_of(ids), lambda rows: self._receive(page, rows, generation))

    def _receive(self, page: int, rows: list[ImageRow], generation: int) -> None:
        if generation != self._generation:
            return
        self._asked.discard(page)
        self._pages[page] = {row.id: row for row in rows}
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        last = min((page + 1) * PAGE, len(self._ids)) - 1
        self.dataChanged.emit(self.index(page * PAGE), self.index(last))
        for old in list(self._wanted)[:-AT_ONCE]:
            del self._wanted[old]  # scrolled past meanwhile; whoever paints it again asks again
        self._ask()
