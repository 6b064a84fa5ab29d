"""Import labels: choose a file, look at what would change, and take it."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.app.job import Job
from imgmine_gui.app.notifier import Severity
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.exchange.applying import ImportReport
from imgmine_gui.core.project.exchange.formats import READERS
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.plan import ImportPlan
from imgmine_gui.core.project.exchange.words import report_line
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.drops import paths_of
from imgmine_gui.gui.theme import GAP, MARGIN, SPACING
from imgmine_gui.gui.widgets.buttons import PrimaryButton, button_row
from imgmine_gui.gui.widgets.empty_state import EmptyState
from imgmine_gui.gui.widgets.exchange.plan_view import PlanView
from imgmine_gui.gui.widgets.job_bar import JobBar
from imgmine_gui.gui.widgets.message_bar import MessageBar
from imgmine_gui.gui.widgets.settings_section import SettingsSection
from imgmine_gui.gui.widgets.training.elided import ElidedLabel

SIZE = (880, 660)
AGAIN_MS = 350
"""After the last change of an option, before the file is read again."""
LAST_FOLDER = "import_folder"


class ImportDialog(QDialog):
    """Shows what an import would change before it is taken; both are jobs that can be cancelled.

    Args:
        session: with an open project.
        window: that it stands over.
    """

    imported = Signal()
    """It is done, and the dialog is closed."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._path: Path | None = None
        self._plan: ImportPlan | None = None
        self._job: Job | None = None
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.read)
        self.setAcceptDrops(True)
        self.resize(*SIZE)
        bind(self, "setWindowTitle", N_("Import labels"))
        bind(self, "setAccessibleName", N_("Import labels"))
        self.place = ElidedLabel()
        self.choose_file = self._button(N_("Choose file…"), self._ask_file)
        self.choose_folder = self._button(N_("Choose folder…"), self._ask_folder)
        self.formats = QComboBox()
        bind(self.formats, "setAccessibleName", N_("Format"))
        self.options = SettingsSection(N_("Options"), ImportOptions)
        self.plan_view = PlanView()
        self.empty = EmptyState("download-simple", N_("Choose a file or a folder with labels from another program."))
        self.said = MessageBar()
        self.bar = JobBar()
        self.take = PrimaryButton()
        self.leave = QPushButton()
        self._arrange()
        self._connect()
        self.retranslate()

    def _arrange(self) -> None:
        head = QGridLayout()
        head.setHorizontalSpacing(SPACING)
        head.setVerticalSpacing(SPACING)
        head.setColumnStretch(1, 1)
        for row, (words, widgets) in enumerate(
            ((N_("File"), (self.place, self.choose_file, self.choose_folder)), (N_("Format"), (self.formats,)))
        ):
            label = QLabel()
            bind(label, "setText", words)
            head.addWidget(label, row, 0)
            for place, widget in enumerate(widgets, 1):
                head.addWidget(widget, row, place, 1, 4 - len(widgets) if place == 1 else 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.plan_view)
        scroll = QScrollArea(widgetResizable=True)
        bind(scroll, "setAccessibleName", N_("Options and preview"))
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, SPACING, 0)
        inner.setSpacing(GAP)
        inner.addWidget(self.options)
        inner.addWidget(self.stack, 1)
        scroll.setWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP)
        column.setSpacing(GAP)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        column.addWidget(self.said)
        column.addLayout(button_row(self.bar, self.leave, self.take))

    def _connect(self) -> None:
        bind(self.leave, "setText", N_("Cancel"))
        bind(self.take, "setText", N_("Import"))
        self.leave.clicked.connect(self.reject)
        self.take.clicked.connect(self.apply)
        self.formats.activated.connect(lambda _index: self.read())
        self.options.changed.connect(self._again.start)
        self._session.project_changed.connect(self.reject)
        on_language_change(self, self.retranslate)

    def retranslate(self) -> None:
        """Name the formats, and what there is to say, in the present language."""
        chosen = self.formats.currentData()
        self.formats.clear()
        self.formats.addItem("", None)
        for name in READERS:
            self.formats.addItem(tr(READERS[name].title), name)
            self.formats.setItemData(self.formats.count() - 1, tr(READERS[name].summary), Qt.ItemDataRole.ToolTipRole)
        self.formats.setCurrentIndex(max(0, self.formats.findData(chosen)))
        self._refresh()

    def choose(self, path: Path) -> None:
        """Read this file or folder."""
        self._path = path
        self._session.settings.set_text(LAST_FOLDER, str(path.parent))
        self.read()

    def read(self) -> None:
        """Find out what an import would change; what was found out before is forgotten."""
        self._again.stop()
        if self._path is None or self.options.form.problems():
            return
        self._forget()
        self.said.dismiss()
        options = self.options.form.options()
        assert isinstance(options, ImportOptions)
        try:
            job = self._session.plan_import(self._path, self.formats.currentData(), options)
        except UserError as error:
            self._say(error)
            return
        job.succeeded.connect(lambda plan: self._on_planned(job, plan))
        self._follow(job)

    def apply(self) -> None:
        """Import what was shown."""
        if self._plan is None or self._job is not None:
            return
        job = self._session.apply_import(self._plan)
        job.succeeded.connect(self._on_imported)
        self._follow(job)

    def _follow(self, job: Job) -> None:
        self._job = job
        job.failed.connect(lambda error: self._on_failed(job, error))
        job.finished.connect(lambda: self._on_finished(job))
        self.bar.show_job(job)
        self._refresh()

    def _on_planned(self, job: Job, plan: ImportPlan) -> None:
        if job is not self._job:  # the person has chosen something else meanwhile
            self._session.discard_plan(plan)
            return
        self._plan = plan
        self.plan_view.show_plan(plan)
        if not plan.images:
            name = printable(plan.file.name)
            words = partial(tr, N_("“{file}” speaks of no image of the project."), file=name)
            remedy = N_("Add the folder with its images to the project first, or correct the paths in it.")
            self.said.show_message(words, remedy, Severity.WARNING)

    def _on_imported(self, report: ImportReport) -> None:
        self._session.notifier.inform(lambda: report_line(report))
        self._forget()
        self.accept()
        self.imported.emit()

    def _on_failed(self, job: Job, error: Exception) -> None:
        if job is self._job and isinstance(error, UserError):
            self._say(error)

    def _on_finished(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._refresh()

    def _refresh(self) -> None:
        self.place.setText(str(self._path) if self._path else tr("Nothing is chosen yet"))
        recognised = self._plan is not None and self.formats.currentData() is None
        title = tr(READERS[self._plan.format].title) if self._plan else ""
        self.formats.setItemText(0, tr("Recognised: {format}", format=title) if recognised else tr("Recognise it"))
        self.stack.setCurrentWidget(self.empty if self._plan is None else self.plan_view)
        ready = self._plan is not None and self._job is None and self._plan.images > 0
        self.take.setEnabled(ready)
        reason = N_("Choose a file first.") if self._plan is None else N_("It speaks of no image of the project.")
        bind(self.take, "setToolTip", "" if ready or self._job is not None else reason)
        for widget in (self.choose_file, self.choose_folder, self.formats, self.options):
            widget.setEnabled(self._job is None or self._plan is None)

    def _forget(self) -> None:
        """Leave the job that runs and the plan that was made."""
        job, self._job = self._job, None
        if job is not None:
            self.bar.forget_job()
            job.cancel()
        if self._plan is not None:
            self._session.discard_plan(self._plan)
            self._plan = None

    def _ask_file(self) -> None:
        suffixes = sorted({suffix for name in READERS for suffix in READERS[name].suffixes})
        kinds = f"{tr('Files with labels')} ({' '.join(f'*{suffix}' for suffix in suffixes)});;{tr('All files')} (*)"
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Import labels"), self._start(), kinds)
        if chosen:
            self.choose(Path(chosen))

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Import labels"), self._start())
        if chosen:
            self.choose(Path(chosen))

    def _start(self) -> str:
        known = self._session.settings.text(LAST_FOLDER)
        return known if known and Path(known).is_dir() else str(Path.home())

    def _button(self, words: str, slot: object) -> QPushButton:
        button = QPushButton()
        bind(button, "setText", words)
        button.clicked.connect(slot)
        return button

    def _say(self, error: UserError) -> None:
        self.said.show_message(lambda: error.message, lambda: error.remedy, Severity.ERROR)

    def done(self, result: int) -> None:
        """End what runs, and leave nothing behind."""
        self._again.stop()
        self._forget()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """As Cancel."""
        self.reject()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file or folder may be dropped."""
        if len(paths_of(event.mimeData())) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read what was dropped."""
        event.acceptProposedAction()
        self.choose(paths_of(event.mimeData())[0])
