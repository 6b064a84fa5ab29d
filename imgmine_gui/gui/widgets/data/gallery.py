"""The images of the project: thumbnails, or the list of those that could not be read, under one bar of filters."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from imgmine_gui.core.project.catalogue import Catalogue, ImageRow
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.item_models.catalogue_images import CatalogueImages
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader
from imgmine_gui.gui.widgets.data.filter_bar import FilterBar
from imgmine_gui.gui.widgets.data.filters import Filters
from imgmine_gui.gui.widgets.data.image_details import copy_paths
from imgmine_gui.gui.widgets.data.problems_panel import ProblemsPanel
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.thumbnail_grid import ThumbnailGrid

MOST_KEPT = 1000
"""A selection of more images than this is not sought again in another list."""


class Gallery(QWidget):
    """Shows what the filters let through.

    Args:
        filters: which images are shown.
        reader: reads ids and rows beside the window.
        loader: of the thumbnails.
    """

    looked = Signal()
    """The current image, the selection, or how many images are shown, is another."""

    def __init__(
        self, filters: Filters, reader: CatalogueReader, loader: ThumbnailLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._filters = filters
        self._reader = reader
        self._catalogue: Catalogue | None = None
        self.images = CatalogueImages(reader)
        self.bar = FilterBar(filters)
        self.grid = ThumbnailGrid(loader)
        self.grid.setModel(self.images)
        self.problems = ProblemsPanel()
        self.nothing = EmptyState("magnifying-glass", N_("No image meets these filters."), N_("Show all images"))
        self.stack = QStackedWidget()
        for widget in (self.grid, self.problems, self.nothing):
            self.stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.stack, 1)
        self._connect()

    @property
    def current(self) -> ImageRow | None:
        """The image that the person looks at; ``None`` where there is none, or while it is read."""
        if self.stack.currentWidget() is self.problems:
            row = self.problems.table.currentIndex().row()
            return self.problems.model.rows[row] if row >= 0 else None
        row = self.grid.current_row
        return self.images.image(row) if row >= 0 and self.selected else None

    @property
    def selected(self) -> int:
        """How many images are selected."""
        if self.stack.currentWidget() is self.problems:
            return len(self.problems.table.selectionModel().selectedRows())
        ranges = self.grid.selectionModel().selection()
        return sum(ranges.at(place).height() for place in range(ranges.count()))

    @property
    def shown(self) -> int:
        """How many images the filters let through."""
        return len(self.problems.model.rows) if self._filters.query.problems else self.images.rowCount()

    def show_catalogue(self, catalogue: Catalogue | None) -> None:
        """Show the images of another project, or of none."""
        self._catalogue = catalogue
        self.images.show([], None)
        self.problems.show_rows([])
        self.reload()

    def reload(self) -> None:
        """Look up anew which images there are."""
        catalogue, query, readable = self._catalogue, self._filters.query, self._filters.readable
        if catalogue is None:
            return
        if query.problems:
            self._reader.ask("images", lambda: catalogue.page(query, None, -1), self._take_problems)
        else:
            self._reader.ask("images", lambda: catalogue.ids(readable), self._take_ids)

    def add_found(self, rows: Sequence[ImageRow]) -> None:
        """Show what a scan has just found, while nothing is filtered."""
        if not self._filters.are_set:
            self.images.add_found(rows)
            self.stack.setCurrentWidget(self.grid)
            self.looked.emit()

    def copy_selected(self) -> None:
        """Put the paths of the selected images on the clipboard, one a line."""
        ids, catalogue = self._selected_ids(), self._catalogue
        if ids and catalogue is not None:
            self._reader.ask("copy", lambda: catalogue.rows(ids), lambda rows: copy_paths([row.path for row in rows]))

    def enter(self) -> None:
        """Put the focus on the images."""
        (self.problems.table if self.stack.currentWidget() is self.problems else self.grid).setFocus()

    def begin_search(self) -> None:
        """Put the focus into the field that searches."""
        self.bar.text.begin()

    def _connect(self) -> None:
        self.nothing.triggered.connect(self._filters.clear)
        self.bar.left.connect(self.enter)
        self._filters.changed.connect(self.reload)
        self.grid.selectionModel().selectionChanged.connect(self.looked)
        self.grid.current_row_changed.connect(self.looked)
        self.images.dataChanged.connect(lambda *_: self.looked.emit())
        self.problems.current_changed.connect(self.looked)
        copy = QAction(self.grid)
        bind(copy, "setText", N_("Copy the paths of the selected images"))
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_selected)
        self.grid.addAction(copy)
        self.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _take_problems(self, rows: list[ImageRow]) -> None:
        self.problems.show_rows(rows)
        self.stack.setCurrentWidget(self.problems if rows else self.nothing)
        self.looked.emit()

    def _take_ids(self, ids: list[int]) -> None:
        assert self._catalogue is not None
        chosen, place = self._selected_ids(), self.grid.verticalScrollBar().value()
        current = self.grid.current_row
        current_id = self.images.ids[current] if 0 <= current < len(self.images.ids) else None
        same = list(self.images.ids) == ids
        self.images.show(ids, self._catalogue.rows)
        if not same:
            self._select_again(chosen, current_id)
            self.grid.verticalScrollBar().setValue(place)
        self.stack.setCurrentWidget(self.grid if ids or not self._filters.are_set else self.nothing)
        self.looked.emit()

    def _selected_ids(self) -> list[int]:
        ids, ranges = self.images.ids, self.grid.selectionModel().selection()
        return [
            number
            for place in range(ranges.count())
            for number in ids[ranges.at(place).top() : ranges.at(place).bottom() + 1]
        ]

    def _select_again(self, ids: list[int], current: int | None) -> None:
        """Select what was selected, as far as it is still shown."""
        if len(ids) > MOST_KEPT:
            return
        selection = QItemSelection()
        for place in (self.images.place_of(number) for number in ids):
            if place >= 0:
                selection.select(self.images.index(place), self.images.index(place))
        model = self.grid.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        if current is not None and (place := self.images.place_of(current)) >= 0:
            model.setCurrentIndex(self.images.index(place), flags.NoUpdate)
        model.select(selection, flags.ClearAndSelect)
