"""The images of a finding: in a grid, in groups side by side, as a list of reasons, or one of them large."""

from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.core.project.gallery import marks_of, shapes_of
from imgmine_gui.core.project.health.findings import Finding, FindingKind
from imgmine_gui.core.project.image_rows import ImageRow
from imgmine_gui.core.project.shapes import Shape
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.item_models.health_images import HealthImages
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader
from imgmine_gui.gui.widgets.data.large_view import LargeView
from imgmine_gui.gui.widgets.data.problems_panel import ProblemsPanel
from imgmine_gui.gui.widgets.data.shapes_layer import ClassLook
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.health.grouped_grid import GroupedGrid
from imgmine_gui.gui.widgets.health.kinds import LOOKS
from imgmine_gui.gui.widgets.thumbnail_grid import ThumbnailGrid

FIRST_SIZE = 160


class FindingImages(QWidget):
    """Shows one finding.

    Args:
        reader: reads rows beside the window.
        loader: of the thumbnails.
    """

    looked = Signal()
    """The current image or the selection is another."""

    def __init__(self, reader: CatalogueReader, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._catalogue: Catalogue | None = None
        self.finding = Finding(FindingKind.NEAR, ())
        self.images = HealthImages(reader)
        self.grid = ThumbnailGrid(loader, FIRST_SIZE)
        self.groups = GroupedGrid(loader, self.images.head, FIRST_SIZE)
        self.large = LargeView(self.images, self._ask_shapes)
        self.problems = ProblemsPanel()
        self.nothing = EmptyState("check-circle", N_("Nothing was found."))
        self.stack = QStackedWidget()
        for view in (self.grid, self.groups):
            view.setModel(self.images)
            view.activated_row.connect(self.open_large)
            view.current_row_changed.connect(self.large.show_row)
            view.selectionModel().selectionChanged.connect(lambda *_: self.looked.emit())
        self.problems.table.selectionModel().selectionChanged.connect(lambda *_: self.looked.emit())
        self.images.dataChanged.connect(lambda *_: self.looked.emit())
        self.large.left.connect(self.leave_large)
        self.large.step_wanted.connect(self._go)
        for widget in (self.grid, self.groups, self.large, self.problems, self.nothing):
            self.stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        bind(self, "setAccessibleName", N_("Found images"))

    @property
    def view(self) -> ThumbnailGrid:
        """The grid that shows this finding."""
        return self.groups if self.finding.groups else self.grid

    @property
    def current(self) -> ImageRow | None:
        """The image that is looked at; ``None`` where there is none, or while it is read."""
        if self.stack.currentWidget() is self.problems:
            row = self.problems.table.currentIndex().row()
            return self.problems.model.rows[row] if row >= 0 else None
        row = self.view.current_row
        return self.images.image(row) if row >= 0 and self.selected_ids() else None

    def selected_ids(self) -> Sequence[int]:
        """The ids of the images that are selected, from the top."""
        found: array[int] = array("q")
        if self.stack.currentWidget() is self.problems:
            places = sorted(index.row() for index in self.problems.table.selectionModel().selectedRows())
            found.extend(self.problems.model.rows[place].id for place in places)
        elif self.stack.currentWidget() is not self.nothing:
            ranges = self.view.selectionModel().selection()
            for top, bottom in sorted((ranges.at(at).top(), ranges.at(at).bottom()) for at in range(ranges.count())):
                found.extend(self.images.ids[top : bottom + 1])
        return found

    def meant(self) -> tuple[Sequence[int], Sequence[int], bool]:
        """What a button is about: the images, those of them that are spare copies, and whether it is all of them."""
        chosen = self.selected_ids()
        if not chosen:
            return self.finding.ids, self.finding.spare, True
        if not self.finding.groups:
            return chosen, (), False
        selected = set(chosen)
        touched = [group for group in self.finding.groups if not selected.isdisjoint(group)]
        return chosen, [number for group in touched for number in group[1:]], False

    def show_classes(self, classes: list[ClassCounts]) -> None:
        """Tell the classes by these colours."""
        self.images.set_classes({one.name: one.colour for one in classes}, {one.id: one.name for one in classes})
        self.large.looks = {one.id: ClassLook(one.name, one.colour) for one in classes}
        self.large.retranslate()

    def show_finding(self, catalogue: Catalogue, finding: Finding) -> None:
        """Show another finding, or the same with other images; the place stays, as far as it can."""
        same_kind = finding.kind is self.finding.kind
        place, row = self.view.verticalScrollBar().value(), self.view.current_row
        self._catalogue, self.finding = catalogue, finding
        sizes = [len(group) for group in finding.groups]
        self.images.set_groups(sizes)
        self.groups.show_groups(sizes)
        self.images.show(finding.ids, catalogue.rows, lambda some: marks_of(catalogue, some))
        if finding.kind is FindingKind.UNREADABLE:
            self._reader.ask("unreadable", lambda: catalogue.rows(finding.ids), self.problems.show_rows)
        if self.stack.currentWidget() is not self.large or not same_kind or not finding.ids:
            self.stack.setCurrentWidget(self._fitting)
        if same_kind and finding.ids:
            self.view.verticalScrollBar().setValue(place)
            if self.stack.currentWidget() is self.large:
                self._go(min(max(row, 0), len(finding.ids) - 1))
        self.looked.emit()

    def show_nothing(self) -> None:
        """No project is open, or nothing is known yet."""
        self._catalogue, self.finding = None, Finding(self.finding.kind, ())
        self.images.set_groups([])
        self.images.show([], None)
        self.groups.show_groups([])
        self.problems.show_rows([])
        self.stack.setCurrentWidget(self.nothing)

    def open_large(self, row: int) -> None:
        """Show one image large."""
        if 0 <= row < self.images.rowCount():
            self._go(row)
            self.stack.setCurrentWidget(self.large)
            self.large.show_row(row)
            self.large.enter()

    def leave_large(self) -> None:
        """Back to all images."""
        self.stack.setCurrentWidget(self._fitting)
        if self.view.current_row >= 0:
            self.view.scrollTo(self.images.index(self.view.current_row, 0))
        self.view.setFocus()

    def zoom(self, step: int, by: int) -> None:
        """Larger (1) or smaller (-1) pictures; 0: of the usual size."""
        if self.stack.currentWidget() is self.large:
            self.large.view.zoom(step)
            return
        size = FIRST_SIZE if step == 0 else self.view.thumbnail_size + step * by
        for view in (self.grid, self.groups):
            view.set_thumbnail_size(size)

    @property
    def _fitting(self) -> QWidget:
        if not self.finding.ids:
            return self.nothing
        if self.finding.kind is FindingKind.UNREADABLE:
            return self.problems
        return self.groups if LOOKS[self.finding.kind].grouped else self.grid

    def _go(self, row: int) -> None:
        self.view.set_current_row(row)
        self.large.show_row(row)

    def _ask_shapes(self, image_id: int, answer: Callable[[tuple[Shape, ...]], object]) -> None:
        catalogue = self._catalogue
        if catalogue is not None:
            self._reader.ask("shapes", lambda: shapes_of(catalogue, image_id), answer)
