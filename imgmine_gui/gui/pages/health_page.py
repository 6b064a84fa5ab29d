"""The page of health: copies, and images that are blurred, dark, empty or odd, each a list to act upon."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.app.session_health import MEASURING
from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.project.gallery import images_meant
from imgmine_gui.core.project.health.findings import FindingKind
from imgmine_gui.core.project.health.health import Findings, Health, MeasuringState
from imgmine_gui.core.project.health.measures import Measures
from imgmine_gui.core.project.health.thresholds import HealthThresholds
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_, join_phrases, ntr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.edit_history import EditHistory
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.offline_thumbnails import OfflineThumbnails
from imgmine_gui.gui.pages.page import Page
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader
from imgmine_gui.gui.undo import undo_stack as common_undo_stack
from imgmine_gui.gui.widgets.data.image_details import ImageDetails
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.health.finding_head import READ_ONLY, FindingHead
from imgmine_gui.gui.widgets.health.finding_images import FindingImages
from imgmine_gui.gui.widgets.health.finding_list import FindingList
from imgmine_gui.gui.widgets.health.kinds import UNMEASURED
from imgmine_gui.gui.widgets.health.measure_fields import MeasureFields
from imgmine_gui.gui.widgets.health.measuring_foot import MeasuringFoot
from imgmine_gui.gui.widgets.job_bars import JobBars
from imgmine_gui.gui.widgets.side_panel import SidePanel
from imgmine_gui.gui.widgets.thumbnail_grid import STEP

COLUMN_WIDTH, PANEL_WIDTH = 304, 288
NARROW = 1100
"""Below this width of the page, the details begin hidden."""
MEANWHILE_MS = 15_000
"""While images are measured, what was found so far is shown anew this often."""
PANEL_KEY = "health/details"


class HealthPage(Page):
    """The findings at the left, the images of one of them in the middle, the selected one at the right.

    Args:
        undo_stack: remembers what is changed here; by default the one of the program.
    """

    can_zoom = True
    own_jobs = frozenset({MEASURING})
    keys: ClassVar[tuple[tuple[str, str], ...]] = (("G", N_("Select the whole group of the image")),)

    def __init__(self, session: Session, undo_stack: QUndoStack | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.state: MeasuringState | None = None
        self.findings: Findings | None = None
        self._thresholds = HealthThresholds()
        self._question = 0
        self._narrow: bool | None = None
        self.labelling = session.labelling
        self.history = EditHistory(self.labelling, undo_stack or common_undo_stack(), self)
        self.reader = CatalogueReader(self)
        self._loaders = (ThumbnailLoader(parent=self), ThumbnailLoader(parent=self))
        self._offline = OfflineThumbnails(session, self._loaders, self)
        self.list = FindingList()
        self.foot = MeasuringFoot()
        self.jobs = JobBars()
        self.head = FindingHead()
        self.images = FindingImages(self.reader, self._loaders[0])
        self.measures = MeasureFields()
        self.details = ImageDetails(self._loaders[1], self.reader, self.measures)
        self.panel = SidePanel(N_("Image"), self.details, PANEL_WIDTH)
        self.panel.pin(self.details.file_actions)
        self.no_project = EmptyState(
            "heartbeat", N_("Open a folder of images: here is shown what may be wrong with them."), N_("Go to the data")
        )
        self.found = QWidget()
        self.underway = EmptyState("heartbeat", N_("The images are being measured. What is found appears here."))
        self.unmeasured = EmptyState(
            "heartbeat",
            N_("Measure the images once, to find copies and those that are blurred, dark, empty or odd."),
            N_("Measure the images"),
        )
        self.content, self.middle = QWidget(), QStackedWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.stack = QStackedWidget()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._meanwhile = QTimer(self, interval=MEANWHILE_MS)
        self._look = QTimer(self, singleShot=True, interval=0)
        self._arrange()
        self._connect()
        self._open()

    def zoom(self, step: int) -> None:
        """Larger or smaller pictures."""
        self.images.zoom(step, STEP)

    def shown(self) -> None:
        """What was changed elsewhere while another page was in front is looked at now."""
        self._soon.start()

    def measure(self) -> None:
        """Measure the images that are not measured yet."""
        self._session.measure_health()

    def show_kind(self, kind: FindingKind) -> None:
        """Show the images of a finding."""
        self.list.choose(kind)
        self._show_finding()

    def retranslate(self) -> None:
        """Say again what is made at run time."""
        self._tell_status()

    def _arrange(self) -> None:
        column = QWidget()
        left = QVBoxLayout(column)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.list, 1)
        left.addWidget(self.foot)
        column.setMinimumWidth(COLUMN_WIDTH - 64)
        inner = QVBoxLayout(self.found)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.head)
        inner.addWidget(self.images, 1)
        for widget in (self.found, self.unmeasured, self.underway):
            self.middle.addWidget(widget)
        right = QWidget()
        outer = QVBoxLayout(right)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.jobs)
        outer.addWidget(self.middle, 1)
        self.splitter.addWidget(column)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([COLUMN_WIDTH, 1000])
        row = QHBoxLayout(self.content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.splitter, 1)
        row.addWidget(self.panel)
        for widget in (self.no_project, self.content):
            self.stack.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        bind(self, "setAccessibleName", N_("Health"))

    def _connect(self) -> None:
        session = self._session
        session.project_changed.connect(self._open)
        session.data_changed.connect(self._soon.start)
        session.job_started.connect(self._follow)
        self._soon.timeout.connect(self._refresh)
        self._meanwhile.timeout.connect(self._soon.start)
        self._look.timeout.connect(self._show_details)
        self.reader.failed.connect(session.notifier.report)
        self.no_project.triggered.connect(lambda: self.go_to.emit("data"))
        self.unmeasured.triggered.connect(self.measure)
        self.foot.measure_wanted.connect(self.measure)
        self.list.chosen.connect(lambda _kind: self._show_finding())
        self.images.looked.connect(self._look.start)
        self.head.thresholds_changed.connect(self._take_thresholds)
        self.head.exclude_wanted.connect(self._exclude)
        self.head.split_wanted.connect(self._split)
        self.panel.remember(session.settings, PANEL_KEY)
        for job in session.runner.jobs:
            self._follow(job)
        on_language_change(self, self.retranslate)

    @property
    def _health(self) -> Health | None:
        project = self._session.project
        return None if project is None else project.catalogue.health

    @property
    def _read_only(self) -> bool:
        project = self._session.project
        return project is None or project.read_only

    def _open(self) -> None:
        """Another project is open, or none."""
        project = self._session.project
        self.reader.forget()
        self._question += 1
        self.state = self.findings = None
        self.list.findings.show(None)
        self.images.show_nothing()
        if project is not None:
            for loader in self._loaders:
                loader.set_folder(project.cache_folder / "thumbnails")
            self._thresholds = project.catalogue.health.thresholds()
            self.head.show_thresholds(self._thresholds)
        self._show_finding()
        self._soon.start()

    def _refresh(self) -> None:
        """Look anew what is found, beside the window; while another page is in front, only once this one is."""
        health = self._health
        if health is None or not self.isVisible():
            return
        self._question += 1
        thresholds, question = self._thresholds, self._question

        def pause() -> None:
            if question != self._question:
                raise Cancelled

        self.reader.ask("classes", self._session.classes, self.images.show_classes)
        self.reader.ask("state", health.state, self._take_state)
        self.reader.ask("findings", lambda: health.findings(thresholds, pause), self._take_findings)

    def _take_state(self, state: MeasuringState) -> None:
        self.state = state
        self._show_counts()
        self._choose_what_is_shown()

    def _take_findings(self, findings: Findings) -> None:
        self.findings = findings
        self._show_counts()
        self._loaders[0].forget_problems()
        self._show_finding()

    def _choose_what_is_shown(self) -> None:
        project, state = self._session.project, self.state
        self.stack.setCurrentWidget(self.no_project if project is None else self.content)
        fresh = state is not None and not state.measured and state.contents > 0
        invited = fresh and self._session.measuring is None and self.list.kind not in UNMEASURED
        underway = self.underway if self._is_underway else self.found
        self.middle.setCurrentWidget(self.unmeasured if invited else underway)
        self.unmeasured.button.setEnabled(not self._read_only)
        bind(self.unmeasured.button, "setToolTip", READ_ONLY if self._read_only else "")
        if state is not None:
            idle = not invited and self._session.measuring is None
            self.foot.show_state(state, idle, self._read_only)

    @property
    def _is_underway(self) -> bool:
        """Whether the images that this finding may have are still being measured, and none was found so far."""
        kind = self.list.kind
        measuring = self._session.measuring is not None and kind not in UNMEASURED
        return measuring and (self.findings is None or not self.findings[kind].ids)

    def _show_counts(self) -> None:
        self.list.findings.show(self.findings, self.state is not None and self.state.measured > 0)

    def _show_finding(self) -> None:
        project = self._session.project
        self.head.show_kind(self.list.kind)
        self._choose_what_is_shown()
        if project is not None and self.findings is not None:
            self.images.show_finding(project.catalogue, self.findings[self.list.kind])
        self._look.start()

    def _show_details(self) -> None:
        """Once for all that changed in this round of events."""
        image, health, selected = self.images.current, self._health, self.images.selected_ids()
        self.head.show_meant(*self.images.meant(), self._read_only)
        self.details.show_image(image, len(selected))
        if image is None or health is None:
            self._take_measures(None)
        else:
            key = image.key
            self.reader.ask("measures", lambda: health.measures(key), self._take_measures)
        self._tell_status()

    def _take_measures(self, measures: Measures | None) -> None:
        self.measures.show_measures(measures)

    def _take_thresholds(self, thresholds: HealthThresholds) -> None:
        health = self._health
        if health is None or thresholds == self._thresholds:
            return
        self._thresholds = thresholds
        if not self._read_only:
            self.reader.ask("keep", lambda: health.set_thresholds(thresholds), lambda _: None)
        self._refresh()

    def _exclude(self, ids: Sequence[int]) -> None:
        self.labelling.apply(lambda edits: edits.set_excluded(images_meant(ids), True), len(ids))

    def _split(self, ids: Sequence[int], split: Split | None) -> None:
        self.labelling.apply(lambda edits: edits.set_split(images_meant(ids), split), len(ids))

    def _follow(self, job: Job) -> None:
        if job.kind != MEASURING or job.is_over:
            return
        self.jobs.follow(job)
        self._meanwhile.start()
        job.finished.connect(self._meanwhile.stop)
        job.finished.connect(self._soon.start)
        self._choose_what_is_shown()

    def _tell_status(self) -> None:
        words = []
        if self.findings is not None:
            shown, chosen = len(self.images.finding.ids), len(self.images.selected_ids())
            words.append(ntr("{images} image found", "{images} images found", shown, images=count(shown)))
            if chosen:
                words.append(ntr("{images} selected", "{images} selected", chosen, images=count(chosen)))
        text = join_phrases(words)
        if text != self.status:
            self.status_changed.emit(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the pictures come first."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self.panel.make_room(narrow)
