"""The one window: rail, strip, messages, pages and status, put together."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.notifier import Fault, Message, Severity
from imgmine_gui.app.session import OpeningJob, Session
from imgmine_gui.core.text import N_, Words, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.dialogs.closing import may_leave_project
from imgmine_gui.gui.dialogs.fault_dialog import FaultDialog
from imgmine_gui.gui.drops import paths_of
from imgmine_gui.gui.idle_imports import IdleImports
from imgmine_gui.gui.menus.edit_menu import EditMenu
from imgmine_gui.gui.menus.file_menu import FileMenu
from imgmine_gui.gui.menus.help_menu import HelpMenu
from imgmine_gui.gui.menus.train_menu import TrainMenu
from imgmine_gui.gui.menus.view_menu import ViewMenu
from imgmine_gui.gui.opening import Opening
from imgmine_gui.gui.page_book import PAGES, PageBook
from imgmine_gui.gui.pages.page import Page
from imgmine_gui.gui.undo import undo_stack
from imgmine_gui.gui.warming import DELAY_MS, Warming
from imgmine_gui.gui.widgets.job_bar import JobBar
from imgmine_gui.gui.widgets.message_bar import MessageBar
from imgmine_gui.gui.widgets.rail import Rail
from imgmine_gui.gui.widgets.status_bar import StatusBar
from imgmine_gui.gui.widgets.top_strip import TopStrip

AT_HOME = QSize(1440, 900)
SMALLEST = QSize(960, 640)


class MainWindow(QMainWindow):
    """The window of the program.

    Args:
        session: what it works on; the window shuts it down when it closes.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.opening = Opening(session, self)
        self.book = PageBook(session)
        self.rail = Rail()
        self.strip = TopStrip(session)
        self.messages = MessageBar()
        self.opens = JobBar()
        self.status = StatusBar(session)
        self._fault_dialog: FaultDialog | None = None
        self._warming = Warming()
        self._idle_imports = IdleImports(lambda: self._warming.is_running or bool(session.runner.jobs), self)
        self._closed = False
        self._tells_damage = False
        self.setAcceptDrops(True)
        self.setMinimumSize(SMALLEST)
        self._arrange()
        self._add_menus()
        self._connect()
        self._restore_geometry()
        self.go("start")
        self.retranslate()

    def _arrange(self) -> None:
        for entry in PAGES:
            self.rail.add(entry.name, entry.icon, entry.title)
        right = QVBoxLayout()
        right.setSpacing(0)
        for widget in (self.strip, self.messages, self.opens):
            right.addWidget(widget)
        right.addWidget(self.book, 1)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self.setCentralWidget(body)
        self.setStatusBar(self.status)
        bind(self, "setAccessibleName", N_("ImgMine"))

    def _add_menus(self) -> None:
        self.file_menu = FileMenu(self.session, self.opening, self)
        self.edit_menu = EditMenu(undo_stack(), self.book, self)
        self.view_menu = ViewMenu(self.session, self.book, self.go, self)
        self.train_menu = TrainMenu(self.session, self._start_training, lambda: self.go("quick_check"), self)
        self.help_menu = HelpMenu(self)
        for menu in (self.file_menu, self.edit_menu, self.view_menu, self.train_menu, self.help_menu):
            self.menuBar().addMenu(menu)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.go)
        self.book.turned.connect(self._on_turned)
        self.book.made.connect(self._on_page_made)
        self.opening.opened.connect(self.messages.dismiss)
        self.opening.page_wanted.connect(self._go_where_left)
        self.opening.images_came.connect(self.predict_paths)
        self.session.project_changed.connect(self._on_project_changed)
        self.session.opened_late.connect(lambda: self._go_where_left(""))
        self.session.job_started.connect(self._on_job_started)
        self.session.notifier.message.connect(self._on_message)
        self.session.notifier.fault.connect(self._on_fault)
        self.session.caretaker.told.connect(self._tell_of_care)
        self.session.caretaker.damaged.connect(self._offer_restoring)
        self.messages.closed.connect(self._on_message_closed)
        on_language_change(self, self.retranslate)
        self.session.watching.begin()

    def retranslate(self) -> None:
        """Name the window after the project."""
        project = self.session.project
        self.setWindowTitle(f"{project.name} – ImgMine" if project is not None else "ImgMine")

    def go(self, name: str) -> Page:
        """Bring the page ``name`` to the front."""
        return self.book.turn_to(name)

    def open_paths(self, paths: list[Path]) -> None:
        """Do what a person means by ``paths`` on the command line, once the window is on the screen."""
        QTimer.singleShot(0, self, lambda: self.opening.open_paths(paths))

    def predict_paths(self, paths: list[Path]) -> None:
        """Show images, or predict with a model, on the page of predictions."""
        self.go("predictions").receive(paths)

    def show_run(self, path: str) -> None:
        """Show what the run at ``path`` predicts."""
        self.go("predictions").show_run(path)

    def _start_training(self) -> None:
        self.go("train").start()

    def _on_turned(self, name: str) -> None:
        self.rail.tick(name)
        self.status.show_counts("")
        page = self.book.current
        if page is not None:
            self.status.show_counts(page.status)
            self.strip.jobs.leave_to_page(page.own_jobs)
        if self.session.project is not None and name != "start":
            self.session.settings.set_text(self.session.settings_key("page"), name)

    def _on_page_made(self, page: Page) -> None:
        page.go_to.connect(self._go_where_left)
        page.show_predictions.connect(self.show_run)
        page.show_images.connect(lambda ids, title: self.go("data").show_only(ids, title))
        page.status_changed.connect(lambda _text: self._show_status_of(page))
        for opening in page.findChildren(Opening):
            opening.opened.connect(self.messages.dismiss)

    def _show_status_of(self, page: Page) -> None:
        if page is self.book.current:
            self.status.show_counts(page.status)

    def _go_where_left(self, name: str) -> None:
        """Go to ``name``; where it is empty, to the page on which the project was left."""
        known = {entry.name for entry in PAGES}
        left = (
            self.session.settings.text(self.session.settings_key("page"), "data")
            if self.session.project is not None
            else "start"
        )
        self.go(name or (left if left in known else "data"))

    def _on_project_changed(self) -> None:
        undo_stack().clear()
        self.messages.dismiss()
        self.retranslate()
        if self.session.project is None:
            self.go("start")

    def _on_job_started(self, job: Job) -> None:
        if isinstance(job, OpeningJob):
            self.opens.show_job(job)

    def _on_message(self, message: Message) -> None:
        """Show it; what fails because the catalogue is damaged does not take the place of the way out."""
        if self._tells_damage and message.severity is Severity.ERROR:
            return
        self._tells_damage = False
        self.messages.show_message(message.words, message.remedy_words, message.severity)

    def _on_message_closed(self) -> None:
        self._tells_damage = False

    def _tell_of_care(self, texts: list[Words]) -> None:
        for text in texts:
            self.session.notifier.warn(text)

    def _offer_restoring(self) -> None:
        """Damage was found in the open project, which can still be looked at."""
        project = self.session.project
        self.session.data_changed.emit()  # what would change something is not offered any more
        if project is None:
            return
        words = project.why_read_only
        self._tells_damage = True
        if project.may_be_restored:
            remedy = N_("Its newest good backup can be restored; the damaged file is kept.")
            self.messages.show_message(words, remedy, Severity.ERROR)
            self.messages.offer(N_("Restore backup")).clicked.connect(self._restore_project)
        else:
            remedy = N_("No backup can be restored here. Export the labels, then make a new project.")
            self.messages.show_message(words, remedy, Severity.ERROR)

    def _restore_project(self) -> None:
        if may_leave_project(self.session, self):
            self.session.restore_project()

    def _on_fault(self, fault: Fault) -> None:
        if self._fault_dialog is None:
            self._fault_dialog = FaultDialog(self)
        self._fault_dialog.show_fault(fault)

    def showEvent(self, event: QShowEvent) -> None:
        """Once the window is there, load what its pages will need."""
        super().showEvent(event)
        QTimer.singleShot(DELAY_MS, self, self._warm_up)

    def _warm_up(self) -> None:
        self._warming.start()
        self._idle_imports.watch(self.windowHandle())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped anywhere."""
        if paths_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Answer the other program first: opening may take longer than it waits."""
        paths = paths_of(event.mimeData())
        event.acceptProposedAction()
        self.open_paths(paths)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the full screen, or closes the message."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.isFullScreen():
            self.view_menu.full_screen.trigger()
        elif self.messages.isVisible():
            self.messages.dismiss()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while a training runs; then keep what is to be remembered, and end the engines."""
        if self._closed:
            return
        if not may_leave_project(self.session, self):
            event.ignore()
            return
        self._closed = True
        for page in self.book.pages:
            page.save_state()
        self.session.settings.set_state("window", self.saveGeometry())
        self.status.show_counts(tr("Closing…"))
        self.setEnabled(False)
        self._idle_imports.end()
        self._warming.end()
        self.session.close_project()
        self.hide()  # what is backed up now keeps nobody waiting
        self.session.shutdown()

    def _restore_geometry(self) -> None:
        state = self.session.settings.state("window")
        if state is None or not self.restoreGeometry(state):
            room = self.screen().availableSize()
            self.resize(AT_HOME.boundedTo(QSize(room.width() * 19 // 20, room.height() * 9 // 10)).expandedTo(SMALLEST))
