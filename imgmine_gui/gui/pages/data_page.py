"""The page of data: which images there are, what is in them, how they are divided, and what is wrong with them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent, QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.live_training import FEATURES, LiveTraining
from imgmine_gui.app.session import Session
from imgmine_gui.app.session_data import ScanJob
from imgmine_gui.app.showing_failures import ShowingFailures
from imgmine_gui.core.project.edits.changes import Sql
from imgmine_gui.core.project.gallery import common_of
from imgmine_gui.core.project.project import SUFFIX
from imgmine_gui.core.project.records import FileRecord
from imgmine_gui.core.text import N_, join_phrases, ntr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.drops import paths_of
from imgmine_gui.gui.edit_history import EditHistory
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.opening import Opening
from imgmine_gui.gui.pages.page import Page
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader
from imgmine_gui.gui.undo import undo_stack as common_undo_stack
from imgmine_gui.gui.widgets.data.data_changes import DataChanges
from imgmine_gui.gui.widgets.data.data_column import NARROWEST, WIDTH, DataColumn
from imgmine_gui.gui.widgets.data.data_state import DataState, read_state
from imgmine_gui.gui.widgets.data.drop_veil import DropVeil
from imgmine_gui.gui.widgets.data.empty_data import NO_SOURCE, NoProject
from imgmine_gui.gui.widgets.data.filters import Filters
from imgmine_gui.gui.widgets.data.found_rows import found_rows
from imgmine_gui.gui.widgets.data.gallery import Gallery
from imgmine_gui.gui.widgets.data.gallery_keys import KEYS
from imgmine_gui.gui.widgets.data.image_details import ImageDetails
from imgmine_gui.gui.widgets.data.kept_selection import MOST_KEPT
from imgmine_gui.gui.widgets.data.live_panel import LivePanel
from imgmine_gui.gui.widgets.data.mark_fields import MarkFields
from imgmine_gui.gui.widgets.data.scan_bars import ScanBars
from imgmine_gui.gui.widgets.data.seen_images import SeenImages
from imgmine_gui.gui.widgets.data.shown_predictions import ShownPredictions
from imgmine_gui.gui.widgets.data.source_finding import SourceFinding
from imgmine_gui.gui.widgets.data.watch_switch import WatchSwitch
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.side_panel import SidePanel
from imgmine_gui.gui.widgets.text.gallery_texts import GalleryTexts
from imgmine_gui.gui.widgets.thumbnail_grid import STEP

NARROW = 1100
"""Below this width of the page, the details begin hidden and the column at the left is narrower."""
PANEL_WIDTH = 288
FIRST_SIZE = 136
PANEL_KEY, SIZE_KEY, COLUMN_KEY = "data/details", "data/thumbnail", "data/column"
TABLE_KEY, ADVANCE_KEY, FILTERS_KEY = "data/table", "data/advance", "data/filters"


class DataPage(Page):
    """Sources, classes, split and findings at the left, the images in the middle, the selected one at the right.

    Args:
        undo_stack: remembers what is changed here; by default the one of the program.
    """

    can_zoom = True
    can_search = True
    own_jobs = frozenset({"scan", FEATURES})
    keys: ClassVar[tuple[tuple[str, str], ...]] = (
        ("F5", N_("Scan the selected source again")),
        ("Del", N_("Remove the selected source")),
        ("Ctrl+C", N_("Copy the paths of the selected images")),
        *KEYS,
    )

    def __init__(self, session: Session, undo_stack: QUndoStack | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.state: DataState | None = None
        self._narrow: bool | None = None
        self.opening = Opening(session, self)
        self.changes = DataChanges(session)
        self.labelling = session.labelling
        self.history = EditHistory(self.labelling, undo_stack or common_undo_stack(), self)
        self.reader = CatalogueReader(self)
        self.filters = Filters(self)
        self.live = LiveTraining(session, self)
        self.predictions = ShownPredictions(session, self.reader, self.filters, self.live, self)
        self._loaders = (ThumbnailLoader(parent=self), ThumbnailLoader(parent=self))
        self.failures = ShowingFailures(session, self)
        self.column = DataColumn(self.filters)
        self.watch = WatchSwitch(session, self.column.sources)
        self.finding = SourceFinding(session, self.column.sources, self._loaders, self)
        self.scans = ScanBars()
        self.gallery = Gallery(self.filters, self.reader, self._loaders[0], self.labelling)
        self.texts = GalleryTexts(session, self.gallery.large, self.gallery.table, self)
        self.column.classes.use(self.gallery.edits)
        self.column.add_below_classes(LivePanel(self.live))
        self.seen = SeenImages(self.gallery)
        self.seen.changed.connect(self.live.look_at)
        self.marks = MarkFields(self.gallery.edits)
        self.details = ImageDetails(self._loaders[1], self.reader, self.marks)
        self.panel = SidePanel(N_("Image"), self.details, PANEL_WIDTH)
        self.panel.pin(self.details.file_actions)
        self.no_project = NoProject(session, self.opening)
        self.no_source = EmptyState("image-square", NO_SOURCE, N_("Add folder…"))
        self.content = QWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.stack = QStackedWidget()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._look = QTimer(self, singleShot=True, interval=0)
        self._saves = 0
        self._summed: tuple[int, ...] = ()
        self._arrange()
        self._connect()
        self._restore()
        self._open()

    def search(self) -> None:
        """Find an image by its name."""
        self.gallery.begin_search()

    def zoom(self, step: int) -> None:
        """Larger or smaller thumbnails; or the one image that is shown large."""
        grid, large = self.gallery.grid, self.gallery.large
        if large.isVisible():
            large.view.zoom(step)
            return
        grid.set_thumbnail_size(FIRST_SIZE if step == 0 else grid.thumbnail_size + step * STEP)

    def show_only(self, ids: Sql, title: str) -> None:
        """Show images that another page has found."""
        self.filters.show_among(ids, title)

    def receive(self, paths: Sequence[Path]) -> None:
        """Add folders to the project."""
        self.changes.add(paths)

    def save_state(self) -> None:
        """Remember the size of the thumbnails and whether the details are open."""
        self._session.settings.set_text(SIZE_KEY, str(self.gallery.grid.thumbnail_size))

    def retranslate(self) -> None:
        """Say again what is made at run time: reasons, findings, counts."""
        self._soon.start()
        self._tell_status()

    def _arrange(self) -> None:
        images = QWidget()
        middle = QVBoxLayout(images)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.scans)
        middle.addWidget(self.finding.notices)
        middle.addWidget(self.gallery, 1)
        self.splitter.addWidget(self.column)
        self.splitter.addWidget(images)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setChildrenCollapsible(False)
        row = QHBoxLayout(self.content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.splitter, 1)
        row.addWidget(self.panel)
        for widget in (self.no_project, self.no_source, self.content):
            self.stack.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)
        self.veil = DropVeil(self)
        self.setAcceptDrops(True)
        bind(self, "setAccessibleName", N_("Data"))

    def _connect(self) -> None:
        session, sources = self._session, self.column.sources
        session.project_changed.connect(self._open)
        session.data_changed.connect(self._soon.start)
        session.job_started.connect(self._follow)
        self._soon.timeout.connect(self._refresh)
        self.reader.failed.connect(session.notifier.report)
        for loader in self._loaders:
            loader.failed.connect(self.failures.add)
        self.opening.page_wanted.connect(lambda name: self.go_to.emit(name or "data"))
        self.no_source.triggered.connect(self.opening.add_folder)
        sources.add_wanted.connect(self.opening.add_folder)
        sources.rescan_wanted.connect(self.changes.rescan)
        sources.remove_wanted.connect(self.changes.remove)
        self.column.split.edited.connect(self.changes.divide)
        self.column.split.groups_wanted.connect(self._ask_groups)
        self.column.train_wanted.connect(lambda: self.go_to.emit("train"))
        self.column.classes.predict_wanted.connect(lambda: self.go_to.emit("predictions"))
        self.scans.found.connect(self._on_found)
        self.gallery.looked.connect(self._show_details)
        self._look.timeout.connect(self._show_marks)
        self.marks.label_wanted.connect(self.gallery.ask_label)
        self.labelling.saved.connect(self._count_save)
        session.project_closes.connect(self._write_all)
        self.panel.remember(session.settings, PANEL_KEY)
        self.splitter.splitterMoved.connect(self._keep_column)
        on_language_change(self, self.retranslate)

    def _restore(self) -> None:
        size = self._session.settings.text(SIZE_KEY)
        self.gallery.grid.set_thumbnail_size(int(size) if size.isdecimal() else FIRST_SIZE)
        foot, settings = self.gallery.foot, self._session.settings
        self.gallery.show_table(settings.text(TABLE_KEY) == "yes")
        foot.advance.setChecked(settings.text(ADVANCE_KEY) != "no")
        foot.view_wanted.connect(lambda table: settings.set_text(TABLE_KEY, "yes" if table else "no"))
        foot.advance.toggled.connect(lambda on: settings.set_text(ADVANCE_KEY, "yes" if on else "no"))
        self.filters.changed.connect(self._keep_filters)
        for job in self._session.runner.jobs:
            self._follow(job)

    def _keep_filters(self) -> None:
        key = self._session.settings_key(FILTERS_KEY)
        if key:
            self._session.settings.set_text(key, self.filters.as_text())

    def _open(self) -> None:
        """Another project is open, or none."""
        project = self._session.project
        self.reader.forget()
        key = self._session.settings_key(FILTERS_KEY)
        self.filters.restore(self._session.settings.text(key) if key else "")
        self.state = None
        self.column.show_nothing()
        if project is not None:
            for loader in self._loaders:
                loader.set_folder(project.cache_folder / "thumbnails")
        self.gallery.show_catalogue(project.catalogue if project else None)
        self.details.show_image(None, 0)
        self.marks.show_common(None, ())
        self._choose_what_is_shown()
        self._tell_status()
        self._read_state()

    def _refresh(self) -> None:
        """Read everything anew, beside the window."""
        self._read_state()
        self.gallery.reload()
        self._choose_what_is_shown()  # of a damaged catalogue, nothing may come back

    def _read_state(self) -> None:
        project = self._session.project
        if project is not None:
            catalogue = project.catalogue
            # Asked before the reading: a scan that ends meanwhile may not be counted in what is read.
            scans = self._scan_jobs()
            self.reader.ask("state", lambda: read_state(catalogue), lambda state: self._take_state(state, scans))

    def _take_state(self, state: DataState, scans: Sequence[ScanJob]) -> None:
        project = self._session.project
        assert project is not None
        state = replace(state, sources=self._session.whereabouts.as_found(state.sources))
        before, self.state = self.state, state
        self._follow_class(before, state)
        self._loaders[0].forget_problems()
        self.finding.show_sources(state.sources)
        scanning, uncounted = frozenset(job.path for job in scans), any(job.is_first for job in scans)
        self.gallery.show_classes(state.classes, state.several_labels)
        if state.divided:
            self.gallery.images.read_again()
        self.column.show_state(state, scanning, uncounted, project.read_only)
        self.marks.setEnabled(not project.read_only)
        self.gallery.bar.offer(state.classes, state.totals)
        self.gallery.bar.say_what_is_searched(texts=state.transcribed > 0)
        self._choose_what_is_shown()
        self._tell_status()

    def _follow_class(self, before: DataState | None, now: DataState) -> None:
        """The class whose images are shown may have another name now; where it is gone, all are shown."""
        label, names = self.filters.query.label, {one.id: one.name for one in now.classes}
        if label is not None and label not in names.values() and not self.filters.query.problems:
            numbers = {one.name: one.id for one in before.classes} if before is not None else {}
            self.filters.set(label=names.get(numbers.get(label, 0)))

    def _choose_what_is_shown(self) -> None:
        if self._session.project is None:
            self.stack.setCurrentWidget(self.no_project)
        elif self.state is not None and not self.state.sources and not self._scan_jobs():
            self.stack.setCurrentWidget(self.no_source)
        elif self.state is not None or self.gallery.images.rowCount() or self._session.project.catalogue.damaged:
            self.stack.setCurrentWidget(self.content)

    def _ask_groups(self) -> None:
        from imgmine_gui.gui.dialogs.groups_dialog import GroupsDialog  # brings regular expressions along

        dialog = GroupsDialog(self._session, self.window(), self.gallery.selected_ids())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _scan_jobs(self) -> list[ScanJob]:
        return [job for job in self._session.runner.jobs if isinstance(job, ScanJob) and not job.is_over]

    def _follow(self, job: Job) -> None:
        if isinstance(job, ScanJob):
            self.scans.follow(job)

    def _on_found(self, job: ScanJob, records: tuple[FileRecord, ...]) -> None:
        if job.is_first:
            self.gallery.add_found(found_rows(job.path, records))

    def _show_details(self) -> None:
        if self.state is None:  # the first images come before everything is counted
            self._choose_what_is_shown()
        self.details.show_image(self.gallery.current, self.gallery.selected, self.gallery.prediction)
        self._tell_status()
        self._look.start()

    def _count_save(self) -> None:
        self._saves += 1
        self._look.start()

    def _write_all(self) -> None:
        """A note that is just being typed is kept, too."""
        self.marks.write_words()
        self.labelling.finish()

    def _show_marks(self) -> None:
        """Once for all that changed in this round of events."""
        project, ids = self._session.project, self.gallery.selected_ids()
        if project is None or not ids:
            self.marks.show_common(None, ())
            return
        meant = (len(ids), ids[0], ids[-1], self._saves)
        if len(ids) > MOST_KEPT and meant == self._summed:
            return  # rows that arrive change nothing of what a large selection has in common
        self._summed = meant
        catalogue, row = project.catalogue, self.gallery.current
        split = row.split if row is not None and len(ids) == 1 else None
        self.reader.ask(
            "common", lambda: common_of(catalogue, ids), lambda found: self.marks.show_common(found, ids, split)
        )

    def _tell_status(self) -> None:
        if self.state is None:
            self.status_changed.emit("")
            return
        totals, shown = self.state.totals, self.gallery.shown
        found = max(totals.images, shown if self._scan_jobs() else 0)
        words = [ntr("{images} image", "{images} images", found, images=count(found))]
        if totals.classes:
            words.append(ntr("{classes} class", "{classes} classes", totals.classes, classes=count(totals.classes)))
        if self.filters.are_set:
            words.append(ntr("{images} shown", "{images} shown", shown, images=count(shown)))
        if self.gallery.selected:
            chosen = self.gallery.selected
            words.append(ntr("{images} selected", "{images} selected", chosen, images=count(chosen)))
        text = join_phrases(words)
        if text != self.status:
            self.status_changed.emit(text)

    def _keep_column(self) -> None:
        if not self._narrow:
            self._session.settings.set_text(COLUMN_KEY, str(self.column.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the pictures come first."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            kept = self._session.settings.text(COLUMN_KEY)
            width = NARROWEST if narrow else int(kept) if kept.isdecimal() else WIDTH
            self.splitter.setSizes([width, max(1, self.width() - width)])
            self.panel.make_room(narrow)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Folders become sources; everything else is the window's."""
        if self._droppable(paths_of(event.mimeData())):
            event.acceptProposedAction()
            self.veil.cover()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Held elsewhere now."""
        self.veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the folders, once the other program has its answer."""
        self.veil.hide()
        paths = paths_of(event.mimeData())
        event.acceptProposedAction()
        QTimer.singleShot(0, self, lambda: self.changes.add(paths))

    def _droppable(self, paths: list[Path]) -> bool:
        project = self._session.project
        if project is None or project.read_only or not paths:
            return False
        return all(path.is_dir() and path.suffix != SUFFIX and not (path / "run.json").is_file() for path in paths)
