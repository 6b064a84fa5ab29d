"""The page of training: choose an architecture, set what can be set, train under a live plot, compare runs."""

from typing import ClassVar

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QUndoStack
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.app.session_data import ScanJob
from imgmine_gui.core.storage.run_folder import RunInfo
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import N_, join_phrases, ntr, tr
from imgmine_gui.core.training.config import TrainConfig
from imgmine_gui.gui.binding import on_language_change
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.pages.page import Page
from imgmine_gui.gui.undo import undo_stack as common_undo_stack
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.plot_training import ZOOM, TrainingPlot
from imgmine_gui.gui.widgets.rule import Rule
from imgmine_gui.gui.widgets.side_panel import SidePanel
from imgmine_gui.gui.widgets.training.augmentation_preview import COPIES, IMAGES
from imgmine_gui.gui.widgets.training.checks_view import ChecksView
from imgmine_gui.gui.widgets.training.event_log import EventLog
from imgmine_gui.gui.widgets.training.job_strip import TrainingStrip
from imgmine_gui.gui.widgets.training.project_counts import ProjectCounts, read_counts
from imgmine_gui.gui.widgets.training.run_actions import RunActions
from imgmine_gui.gui.widgets.training.runs_panel import RunsPanel
from imgmine_gui.gui.widgets.training.settings_panel import SettingsPanel
from imgmine_gui.gui.widgets.training.start_bar import StartBar
from imgmine_gui.gui.widgets.training.task_settings import USUAL, TaskSettings
from imgmine_gui.gui.widgets.training.watch import TrainingWatch

NARROW = 1100
"""Below this width of the page, the runs begin hidden, and take the place of the settings when they are shown."""
SMALLEST = QSize(760, 480)
SETTINGS_WIDTH = 360
RUNS_WIDTH = 288
RUNS_KEY = "train/runs"
PLOT_KEY = "train/plot"
NO_PROJECT = N_("Open a project, or add a folder of images, and train a network on them here.")
NO_IMAGES = N_("Add images first: one folder for each class. Then train a network on them here.")
SCANNING = N_("The images are being read. As soon as that has ended, a network can be trained on them here.")


class TrainPage(Page):
    """Settings at the left, the plot in the middle, the runs at the right.

    Args:
        undo_stack: takes what can be undone; that of the program where none is given.
    """

    can_zoom = True
    own_jobs = frozenset({"train", "estimate", "preview_augmentation"})
    keys: ClassVar[tuple[tuple[str, str], ...]] = (
        ("←  →", N_("Read the values at the point before or after, in the curves")),
        ("F2", N_("Rename the run")),
        ("Del", N_("Delete the run")),
    )

    def __init__(self, session: Session, undo_stack: QUndoStack | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.counts: ProjectCounts | None = None
        self.is_counting = False
        self._starts = False
        self._estimate: Job | None = None
        self._wide: bool | None = None
        self._key = ""
        self._untouched = False
        self.tasks, self.start_bar = TaskSettings(), StartBar()
        self.checks, self.strip, self.plot, self.log = ChecksView(), TrainingStrip(), TrainingPlot(), EventLog()
        self.runs = RunsPanel(RunActions(session, undo_stack or common_undo_stack()))
        self.side = SidePanel(N_("Runs"), width=RUNS_WIDTH)
        self.side.add(self.runs, 1)
        self.side.set_open(False)  # or it would keep a narrow window from being narrow
        self.reader = CatalogueReader(self)
        self.no_project = EmptyState("chart-line", NO_PROJECT, N_("Go to the start"))
        self.no_images = EmptyState("image-square", NO_IMAGES, N_("Go to the data"))
        self.watch = TrainingWatch(session, self.plot, self.strip, self.log, self)
        self.start_bar.heir = self.strip.heir = self.plot
        self._arrange()
        self._connect()
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.refresh)
        self._open_project()

    def _arrange(self) -> None:
        self.left = QWidget()
        self.left.setFixedWidth(SETTINGS_WIDTH)
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tasks, stretch=1)
        column.addWidget(Rule(Qt.Orientation.Horizontal))
        column.addWidget(self.start_bar)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        for widget in (self.checks, self.strip, Rule(Qt.Orientation.Horizontal)):
            middle.addWidget(widget)
        middle.addWidget(self.plot, stretch=1)
        middle.addWidget(Rule(Qt.Orientation.Horizontal))
        middle.addWidget(self.log)
        self.body = QWidget()
        row = QHBoxLayout(self.body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.left)
        row.addWidget(Rule(Qt.Orientation.Vertical))
        row.addLayout(middle, stretch=1)
        row.addWidget(Rule(Qt.Orientation.Vertical))
        row.addWidget(self.side)
        self.stack = QStackedWidget()
        for page in (self.body, self.no_project, self.no_images):
            self.stack.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        outer.addWidget(self.stack)
        self.setTabOrder(self.plot.choices.fit, self.plot)  # from the controls above the curves to them

    def _connect(self) -> None:
        session, runs = self._session, self.runs
        self.side.toggled.connect(self._make_room)
        self.plot.choices.from_json(session.settings.text(PLOT_KEY))
        self.plot.choices.changed.connect(self._keep_view)
        session.project_changed.connect(self._open_project)
        self.reader.failed.connect(self._on_not_counted)
        session.data_changed.connect(self._read_later)
        session.runs_changed.connect(self._read_later)
        session.runner.changed.connect(self._read_later)
        session.job_started.connect(self._on_job)
        self.no_project.triggered.connect(lambda: self.go_to.emit("start"))
        self.no_images.triggered.connect(lambda: self.go_to.emit("data"))
        self.tasks.changed.connect(self._on_settings)
        self.tasks.task_changed.connect(self._on_task)
        self.tasks.preview_asked.connect(self._preview)
        session.data_changed.connect(self._on_data)
        self.start_bar.train_asked.connect(self.start)
        self.start_bar.estimate_asked.connect(self.estimate)
        self.start_bar.cancel_asked.connect(self._cancel_estimate)
        self.watch.changed.connect(self._show_runs)
        runs.selection_changed.connect(self._on_selection)
        runs.shown_asked.connect(self._bring_forward)
        runs.predictions_asked.connect(self.show_predictions)
        runs.settings_asked.connect(self.use_settings)
        runs.resume_asked.connect(session.resume)
        runs.further_asked.connect(session.train_further)
        on_language_change(self, self.refresh)

    @property
    def settings(self) -> SettingsPanel:
        """The settings of the task that is chosen."""
        return self.tasks.panel

    # What the page can do

    def start(self) -> None:
        """Train a new run with what is set, once the images are counted; where that cannot be, the button says why."""
        self._starts = self.is_counting
        self._show_reasons()
        if not self._starts and self.start_bar.train.isEnabled():
            self._cancel_estimate()
            self._session.train(self.settings.config())

    def estimate(self) -> None:
        """Time a few batches of what is set."""
        self._estimate = self._session.estimate(self.settings.config())
        self._estimate.finished.connect(self._on_estimated)
        self.start_bar.follow_estimate(self._estimate)

    def _on_data(self) -> None:
        """The pictures of the preview may be others now."""
        self.settings.preview.ask_later()

    def _preview(self, seed: int) -> None:
        """Show what the augmentation that is set makes of a few images; nothing where that cannot be."""
        if self.counts is not None and self.counts.train and not self.settings.problems():
            job = self._session.preview_augmentation(self.settings.config(), IMAGES, COPIES, seed)
            self.settings.preview.follow(job)

    def use_settings(self, run: RunInfo) -> None:
        """Fill the form with the settings of ``run``."""
        self.tasks.set_config(TrainConfig.model_validate(run.config))
        self._offer_tasks()

    def zoom(self, step: int) -> None:
        """Ctrl and +, -, 0 in the plot."""
        if step == 0:
            self.plot.fit()
        else:
            self.plot.zoom(ZOOM**-step)

    def shown(self) -> None:
        """The page has just come to the front: read what changed meanwhile."""
        self.refresh()

    def save_state(self) -> None:
        """Keep the settings of the project that is, or was just, open, and whether the runs are shown."""
        if self._wide:
            self._session.settings.set_text(RUNS_KEY, "open" if self.side.is_open() else "hidden")
        if self._key:
            self._session.settings.set_text(self._key, "" if self._untouched else self.tasks.to_json())

    # What the session tells

    def _open_project(self) -> None:
        self.save_state()
        project = self._session.project
        self._key = self._session.settings_key("train")
        kept = self._session.settings.text(self._key) if project is not None else ""
        self.reader.forget()
        self.counts, self.is_counting, self._starts = None, False, False
        self.start_bar.forget_images()
        if project is not None:
            self.tasks.from_json(kept)
        self._untouched = not kept
        newest = next(iter(self._session.runs()), None)
        self.watch.show(newest.path if newest else "")
        self.refresh()
        if newest is not None:
            self.runs.select(newest.path)

    def _read_later(self) -> None:
        """Several signals in a row are one reading; a page behind another reads when it comes to the front."""
        if self.isVisible():
            self._later.start()

    def refresh(self) -> None:
        """Read runs anew, and the images beside the window, and enable what can be done."""
        session, suggests, task = self._session, self._untouched, self.tasks.task
        if session.project is not None:
            self.is_counting = True
            self.reader.ask("counts", lambda: read_counts(session, task, suggests), self._take_counts)
        self._show_counts()

    def _take_counts(self, counts: ProjectCounts) -> None:
        first, self.is_counting = self.counts is None, False
        self.counts = counts
        if counts.suggested is not None and self._untouched:  # of a project that was never trained here
            self.tasks.set_config(counts.suggested)
            self._untouched = False
        self._show_counts()
        if counts.task != self.tasks.task:  # another was chosen while they were counted
            self.refresh()
        elif first:
            self.settings.preview.ask_later()
        if self._starts and not self.is_counting:
            self.start()

    def _on_not_counted(self, error: BaseException) -> None:
        self.is_counting = self._starts = False
        self._session.notifier.report(error)

    def _show_counts(self) -> None:
        project, counts = self._session.project, self.counts
        scanning = any(isinstance(job, ScanJob) for job in self._session.runner.jobs)
        self.no_images.say(SCANNING if scanning else NO_IMAGES)
        empty = self.no_project if project is None else self.no_images
        usable = counts.images > 0 if counts is not None else bool(self._session.sources())
        self.stack.setCurrentWidget(self.body if usable or self._session.runs() else empty)
        self._offer_tasks()
        learned = self._counts_of_task()
        self.checks.show_checks(list(learned.checks) if learned is not None else [])
        if learned is not None:
            self.start_bar.show_images(learned.train, learned.validation)
        self._show_runs()
        self._show_reasons()

    def _show_runs(self) -> None:
        runs = self._session.runs()
        self.runs.show_runs(runs, self._busy(), self._session.training_run)
        self.runs.model.colour(self.watch.colours())
        self.watch.take_names(runs)
        selected = len(self.runs.selected())
        status = ntr("{count} run", "{count} runs", len(runs)) if self._session.project is not None else ""
        chosen = tr("{count} selected", count=selected) if selected else ""
        self.status_changed.emit(join_phrases((status, chosen)))

    def _busy(self) -> str:
        """Why no training can start, whatever is set; empty where one can."""
        project = self._session.project
        if project is None:
            return tr("No project is open.")
        if project.read_only:
            return tr("The project is open for reading only.")
        return tr("A training is running already.") if self._session.training_job is not None else ""

    def _on_job(self, job: Job) -> None:
        if job.kind == "train":
            job.finished.connect(self._on_trained)
            self.watch.lay_behind(self.runs.selected())
        self._show_reasons()

    def _on_trained(self) -> None:
        """What was just trained is what the person wants to see next; what it was compared with stays behind it."""
        self.refresh()
        behind = self.watch.behind
        if self.runs.model.row_of(self.watch.path) >= 0:
            self.runs.select(self.watch.path)
            self.watch.lay_behind(behind)
        else:
            self._on_selection()

    def _show_reasons(self) -> None:
        counts = self._counts_of_task()
        checks = counts.checks if counts is not None else ()
        blocking = next((check.message for check in checks if check.severity == "blocks"), "")
        problem = next(iter(self.settings.problems()), "")
        reason = self._busy() or problem or blocking
        self.start_bar.set_reasons(reason, reason)

    def _offer_tasks(self) -> None:
        """Reading is a choice where there is something to learn it from."""
        readable = self.counts is not None and self.counts.transcribed > 0
        self.tasks.offer((USUAL, *(name for name in TASKS if TASKS[name].lines)) if readable else ())

    def _counts_of_task(self) -> ProjectCounts | None:
        """What was counted, unless it was for another task than the one that is chosen now."""
        return self.counts if self.counts is not None and self.counts.task == self.tasks.task else None

    def _on_task(self) -> None:
        """Count for this task."""
        self.watch.expect(self.tasks.task)
        if self.counts is not None:
            self.start_bar.forget_images()
            self.refresh()

    def _on_settings(self) -> None:
        if self.counts is None:  # what a person sets while the images are counted is not to be overwritten
            self._untouched = False
        self.start_bar.forget_estimate()
        self._show_reasons()

    def _on_selection(self) -> None:
        """The run in front is one of those selected; the others lie behind it, or all behind the one that trains."""
        selected = self.runs.selected()
        paths = [run.path for run in selected]
        if self.watch.path not in paths and (paths or self.runs.model.row_of(self.watch.path) < 0):
            self.watch.show(next(iter(paths), ""))
        self.watch.lay_behind(selected)
        self._show_runs()

    def _bring_forward(self, path: str) -> None:
        self.watch.show(path)
        self.watch.lay_behind(self.runs.selected())

    def _keep_view(self) -> None:
        self._session.settings.set_text(PLOT_KEY, self.plot.choices.to_json())

    def _cancel_estimate(self) -> None:
        if self._estimate is not None:
            self._estimate.cancel()

    def _on_estimated(self) -> None:
        self._estimate = None

    def minimumSizeHint(self) -> QSize:
        """As narrow as it is without the runs, which are hidden on the way there."""
        return SMALLEST

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the runs where the window is narrow, and show them where it is wide again."""
        super().resizeEvent(event)
        wide = self.width() >= NARROW
        if wide != self._wide:
            self._wide = wide
            self.side.set_open(wide and self._session.settings.text(RUNS_KEY) != "hidden")

    def _make_room(self, runs_shown: bool) -> None:
        """In a narrow window, the runs take the place of the settings."""
        self.left.setVisible(bool(self._wide) or not runs_shown)
