"""The images of the project: thumbnails, a table, one large, or the list of those that could not be read."""

from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from imgmine_gui.app.labelling import Labelling
from imgmine_gui.core.project.catalogue import Catalogue, ImageRow
from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.core.project.edits.history import Done
from imgmine_gui.core.project.gallery import marks_of, next_unlabelled, shapes_of
from imgmine_gui.core.project.predicted import Prediction
from imgmine_gui.core.project.shapes import Shape
from imgmine_gui.core.text import N_
from imgmine_gui.gui.item_models.catalogue_images import PAGE, CatalogueImages
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.theme import SPACING
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader
from imgmine_gui.gui.widgets.data.filter_bar import FilterBar
from imgmine_gui.gui.widgets.data.filters import Filters
from imgmine_gui.gui.widgets.data.gallery_foot import GalleryFoot
from imgmine_gui.gui.widgets.data.gallery_keys import GalleryKeys
from imgmine_gui.gui.widgets.data.gallery_menu import GalleryMenu
from imgmine_gui.gui.widgets.data.image_details import copy_paths
from imgmine_gui.gui.widgets.data.image_table import ImageTable
from imgmine_gui.gui.widgets.data.kept_selection import select_again
from imgmine_gui.gui.widgets.data.label_actions import LabelActions
from imgmine_gui.gui.widgets.data.label_popup import LabelPopup
from imgmine_gui.gui.widgets.data.large_view import LargeView
from imgmine_gui.gui.widgets.data.problems_panel import ProblemsPanel
from imgmine_gui.gui.widgets.data.shapes_layer import ClassLook
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.thumbnail_grid import ThumbnailGrid


class Gallery(QWidget):
    """Shows what the filters let through, and labels what is selected.

    Args:
        filters: which images are shown.
        reader: reads ids and rows beside the window.
        loader: of the thumbnails.
        labelling: makes the edits.
    """

    looked = Signal()
    """The current image, the selection, or how many images are shown, is another."""

    def __init__(
        self,
        filters: Filters,
        reader: CatalogueReader,
        loader: ThumbnailLoader,
        labelling: Labelling,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._filters = filters
        self._reader = reader
        self._catalogue: Catalogue | None = None
        self._wants_table = False
        self._begins_anew = False
        self.images = CatalogueImages(reader)
        self.edits = LabelActions(labelling, self.selected_ids, self)
        self.bar = FilterBar(filters)
        self.grid = ThumbnailGrid(loader)
        self.grid.setModel(self.images)
        self.table = ImageTable(filters)
        self.large = LargeView(self.images, self._ask_shapes)
        self.problems = ProblemsPanel()
        self.nothing = EmptyState("magnifying-glass", N_("No image meets these filters."), N_("Show all images"))
        self.foot = GalleryFoot()
        self.stack = QStackedWidget()
        for widget in (self.grid, self.table, self.large, self.problems, self.nothing):
            self.stack.addWidget(widget)
        self.popup = LabelPopup(self.stack)
        self.keys = GalleryKeys(
            self.edits, self.label_key, self.ask_label_by_key, self.go_unlabelled, self.toggle_excluded
        )
        self.menu = GalleryMenu(self, self.edits)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.stack, 1)
        column.addWidget(self.foot)
        self._connect(labelling)

    @property
    def current(self) -> ImageRow | None:
        """The image that the person looks at; ``None`` where there is none, or while it is read."""
        if self.stack.currentWidget() is self.problems:
            row = self.problems.table.currentIndex().row()
            return self.problems.model.rows[row] if row >= 0 else None
        row = self.grid.current_row
        return self.images.image(row) if row >= 0 and self.selected else None

    @property
    def prediction(self) -> Prediction | None:
        """What is predicted of that image, where predictions are shown."""
        row = self.grid.current_row
        marks = self.images.marks(row) if row >= 0 and self.current is not None and not self._shows_problems else None
        return marks.prediction if marks is not None and self._filters.run else None

    @property
    def selected(self) -> int:
        """How many images are selected."""
        if self._shows_problems:
            return len(self.problems.table.selectionModel().selectedRows())
        ranges = self.grid.selectionModel().selection()
        return sum(ranges.at(place).height() for place in range(ranges.count()))

    @property
    def shown(self) -> int:
        """How many images the filters let through."""
        return len(self.problems.model.rows) if self._filters.query.problems else self.images.rowCount()

    @property
    def _shows_problems(self) -> bool:
        return self.stack.currentWidget() is self.problems

    def selected_ids(self) -> Sequence[int]:
        """The ids of the images that are shown as selected, from the top; none of those that are no rows yet."""
        found: array[int] = array("q")
        if self.stack.currentWidget() in (self.problems, self.nothing):
            return found
        ids, ranges = self.images.ids, self.grid.selectionModel().selection()
        places = sorted((ranges.at(place).top(), ranges.at(place).bottom()) for place in range(ranges.count()))
        for top, bottom in places:
            found.extend(ids[top : bottom + 1])
        return found

    def show_catalogue(self, catalogue: Catalogue | None) -> None:
        """Show the images of another project, or of none."""
        self._catalogue = catalogue
        self.popup.dismiss()  # what it was opened for are images of the other project
        self.show_classes([], several_labels=False)  # no key stands for a class of the other project
        self.images.show([], None)
        self.problems.show_rows([])
        self.leave_large()
        self.reload()

    def show_classes(self, classes: list[ClassCounts], several_labels: bool) -> None:
        """Draw and offer these classes, in their order."""
        self.edits.classes, self.edits.several_labels = classes, several_labels
        self.images.set_classes({one.name: one.colour for one in classes}, {one.id: one.name for one in classes})
        self.large.looks = {one.id: ClassLook(one.name, one.colour) for one in classes}
        self.large.retranslate()

    def reload(self) -> None:
        """Look up anew which images there are."""
        catalogue, query, readable = self._catalogue, self._filters.query, self._filters.readable
        order = self._filters.order
        self.images.set_predictions_shown(self._filters.show_predictions)
        if catalogue is None:
            return
        if query.problems:
            self._reader.ask("images", lambda: catalogue.page(query, None, -1), self._take_problems)
            return
        if not self.images.rowCount():  # so that there is something to see before a drive has read a million rows
            self._reader.ask("first images", lambda: catalogue.page(readable, None, PAGE, order), self._take_first)
        self._reader.ask("images", lambda: catalogue.ids(readable, order), self._take_ids)

    def add_found(self, rows: Sequence[ImageRow]) -> None:
        """Show what a scan has just found, while nothing is filtered."""
        if not self._filters.are_set:
            self.images.add_found(rows)
            self._show(self._overview)
            self.looked.emit()

    def copy_selected(self) -> None:
        """Put the paths of the selected images on the clipboard, one a line."""
        ids, catalogue = self.selected_ids(), self._catalogue
        if ids and catalogue is not None:
            self._reader.ask("copy", lambda: catalogue.rows(ids), lambda rows: copy_paths([row.path for row in rows]))

    def enter(self) -> None:
        """Put the focus on the images."""
        shown = self.stack.currentWidget()
        if shown is self.large:
            self.large.enter()
        else:
            (self.problems.table if shown is self.problems else self._overview).setFocus()

    def begin_search(self) -> None:
        """Put the focus into the field that searches."""
        self.bar.text.begin()

    def show_table(self, table: bool) -> None:
        """Show a table, or the grid."""
        self._wants_table = table
        if table and self.table.model() is not self.images:
            self._fill_table()
        (self.foot.table_button if table else self.foot.grid_button).setChecked(True)
        self.foot.slider.setEnabled(not table)
        if self.stack.currentWidget() in (self.grid, self.table, self.large):
            self._show(self._overview)
            if self.grid.current_row >= 0:
                self._overview.scrollTo(self.images.index(self.grid.current_row, 0))
            self.enter()

    def open_large(self, row: int) -> None:
        """Show one image large; it alone is selected then."""
        if 0 <= row < self.images.rowCount():
            self._go(row)
            self._show(self.large)
            self.large.show_row(row)
            self.large.enter()

    def leave_large(self) -> None:
        """Back to all images."""
        if self.stack.currentWidget() is self.large:
            self._show(self._overview)
            if self.grid.current_row >= 0:
                self._overview.scrollTo(self.images.index(self.grid.current_row, 0))
            self.enter()

    def label_key(self, digit: str) -> None:
        """Give the selected images the class of a digit; see ``LabelActions.press``."""
        one = self.edits.class_of_key(digit)
        if one is None:
            self.foot.tell(N_("No class has this key"))
            return
        self.edits.press(one.id)

    def ask_label(self) -> None:
        """Open the field for the name of a class, for the images that are selected now."""
        self._ask_label("", goes_on=False)

    def ask_label_by_key(self, typed: str) -> None:
        """The same with what was typed already; afterwards it may go on to the next image."""
        self._ask_label(typed, goes_on=True)

    def _ask_label(self, typed: str, goes_on: bool) -> None:
        ids = self.selected_ids()
        if ids:
            self.popup.ask(self.edits.classes, ids, self._current_area(), typed, goes_on)
        else:
            self.foot.tell(N_("Select an image first"))

    def _current_area(self) -> QRect:
        """Where the current image lies in what is shown, so that nothing opens over it."""
        view, shown = self._overview, self.stack.rect()
        if self.stack.currentWidget() is self.large:
            return shown.adjusted(0, 0, -self.popup.width() - SPACING, 0)
        cell = view.visualRect(self.images.index(self.grid.current_row, 0))
        if view is self.table:
            cell = QRect(0, cell.top(), shown.width(), cell.height())
        return cell.translated(view.viewport().mapTo(self.stack, QPoint()))

    def toggle_excluded(self) -> None:
        """Leave the selected images out; where the current one is left out, use them again."""
        row = self.current
        self.edits.set_excluded(not (row is not None and row.excluded))

    def go_unlabelled(self) -> None:
        """Select the next image without a label, from the current one on and round."""
        catalogue, ids, current = self._catalogue, self.images.ids, self.grid.current_row
        if catalogue is not None:
            self._reader.ask("next", lambda: next_unlabelled(catalogue, ids, current), self._take_unlabelled)

    def go_on(self) -> None:
        """One image was labelled: select the next, where the person wants that."""
        row = self.grid.current_row
        if self.foot.advance.isChecked() and 0 <= row < len(self.images.ids) - 1:
            self._go(row + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the views leave over: labels, flags, stars."""
        if self.stack.currentWidget() in (self.grid, self.table, self.large) and self.keys.take(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done to the selected images."""
        if self.stack.currentWidget() in (self.grid, self.table, self.large):
            self.menu.open(event.globalPos())

    @property
    def _overview(self) -> "ThumbnailGrid | ImageTable":
        return self.table if self._wants_table else self.grid

    def _connect(self, labelling: Labelling) -> None:
        self.nothing.triggered.connect(self._filters.clear)
        self.bar.left.connect(self.enter)
        self._filters.changed.connect(self._begin_anew)
        self._filters.offered.connect(self.reload)
        self.grid.selectionModel().selectionChanged.connect(self.looked)
        self.grid.current_row_changed.connect(self._on_current)
        self.images.dataChanged.connect(lambda *_: self.looked.emit())
        self.problems.current_changed.connect(self.looked)
        for view in (self.grid, self.table):
            view.activated_row.connect(self.open_large)
        self.large.step_wanted.connect(self._go)
        self.large.left.connect(self.leave_large)
        self.foot.view_wanted.connect(self.show_table)
        self.foot.slider.valueChanged.connect(self.grid.set_thumbnail_size)
        self.grid.thumbnail_size_changed.connect(self.foot.slider.setValue)
        self.popup.chosen.connect(lambda number: self.edits.label(number, self.popup.ids, self.popup.goes_on))
        self.popup.new_wanted.connect(lambda name: self.edits.label_new(name, self.popup.ids, self.popup.goes_on))
        self.popup.closed.connect(self.enter)
        self.edits.nothing_selected.connect(lambda: self.foot.tell(N_("Select an image first")))
        self.edits.labelled_one.connect(self.go_on)
        labelling.busy_changed.connect(self.foot.show_busy)
        labelling.saved.connect(self._take_saved)

    def _take_saved(self, done: object) -> None:
        """Show what was written; which images there are is looked up only where it may be others."""
        edit = done.edit if isinstance(done, Done) else None
        if edit is not None and edit.undone:
            self.foot.tell(N_("Undone: {change}"), change=lambda: edit.title)
        else:
            self.foot.tell(N_("Saved"))
        if (isinstance(done, Done) and done.sources) or self._filters.follow_edits:
            self.reload()
        else:
            self.images.read_again()

    def _begin_anew(self) -> None:
        """Other images, or another order: they are shown from the first on, or from the one that is selected."""
        self._begins_anew = True
        self.reload()

    def _fill_table(self) -> None:
        """Only once it is wanted: a table keeps the height of every row, a million of them."""
        self.table.setModel(self.images)
        self.table.setSelectionModel(self.grid.selectionModel())
        self.table.fit_columns()

    def _show(self, widget: QWidget) -> None:
        if widget is not self.stack.currentWidget():
            self.stack.setCurrentWidget(widget)
            self.looked.emit()

    def _go(self, row: int) -> None:
        """Select the image of a row alone."""
        self.grid.set_current_row(row)
        if self.stack.currentWidget() is self.table:
            self.table.scrollTo(self.images.index(row, 0))

    def _on_current(self, row: int) -> None:
        if self.stack.currentWidget() is self.large:
            self.large.show_row(row)
        self.looked.emit()

    def _ask_shapes(self, image_id: int, answer: Callable[[tuple[Shape, ...]], object]) -> None:
        catalogue = self._catalogue
        if catalogue is not None:
            self._reader.ask("shapes", lambda: shapes_of(catalogue, image_id), answer)

    def _take_unlabelled(self, place: int) -> None:
        if place < 0:
            self.foot.tell(N_("Every image that is shown has a label"))
        else:
            self._go(place)

    def _take_problems(self, rows: list[ImageRow]) -> None:
        self.problems.show_rows(rows)
        self._show(self.problems if rows else self.nothing)
        self.looked.emit()

    def _take_first(self, rows: list[ImageRow]) -> None:
        if rows and not self.images.rowCount():
            self._take_ids(array("q", [row.id for row in rows]))

    def _take_ids(self, ids: "array[int]") -> None:
        assert self._catalogue is not None
        catalogue, chosen, current = self._catalogue, self.selected_ids(), self.grid.current_row
        bar, current_id = self._overview.verticalScrollBar(), None
        place = bar.value()
        if 0 <= current < len(self.images.ids):
            current_id = self.images.ids[current]
        same = self.images.ids == ids
        self.images.show(ids, catalogue.rows, lambda some: marks_of(catalogue, some))
        if not same:
            row = 0 if self._begins_anew else current
            at = select_again(self.images, self.grid.selectionModel(), chosen, current_id, row)
            if at >= 0 and not self.selected and self.stack.currentWidget() is self.large:
                self._go(at)  # what is shown large is what is labelled
            if not self._begins_anew:
                bar.setValue(place)
            elif self.selected:
                self._overview.scrollTo(self.grid.currentIndex())
            else:
                bar.setValue(0)
        self._begins_anew = False
        if not ids and self._filters.are_set:
            self._show(self.nothing)
        elif self.stack.currentWidget() is not self.large or not ids:
            self._show(self._overview)
        self.looked.emit()
