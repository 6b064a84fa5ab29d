"""File: projects, folders, samples, and the end."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from imgmine_gui.app.session import Session
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import on_language_change
from imgmine_gui.gui.dialogs.closing import may_leave_project
from imgmine_gui.gui.menus.menu import Menu, enable
from imgmine_gui.gui.opening import Opening


class FileMenu(Menu):
    """File; the lists of recent projects and of samples are made when they are opened."""

    def __init__(self, session: Session, opening: Opening, window: QWidget) -> None:
        super().__init__(N_("&File"), window)
        self._session = session
        self._opening = opening
        self._window = window
        self.new = self.entry(N_("New project…"), opening.new_project, ["Ctrl+N"])
        self.open = self.entry(N_("Open project…"), opening.open_project, ["Ctrl+O"])
        self.recent = self.submenu(N_("Open recent project"))
        self.samples = self.submenu(N_("Open sample"))
        self.addSeparator()
        self.add_folder = self.entry(N_("Add folder…"), opening.add_folder, ["Ctrl+Shift+O"])
        self.import_labels = self.entry(N_("Import labels…"), self._import)
        self.export = self.entry(N_("Export…"), self._export)
        self.addSeparator()
        self.close_project = self.entry(N_("Close project"), self._close_project, ["Ctrl+W"])
        self.quit = self.entry(N_("Quit"), window.close, ["Ctrl+Q"])
        self.recent.aboutToShow.connect(self._fill_recent)
        self.samples.aboutToShow.connect(self._fill_samples)
        session.project_changed.connect(self._refresh)
        on_language_change(self, self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        project = self._session.project
        for action in (self.close_project, self.export):
            enable(action, project is not None, N_("No project is open."))
        may_write = project is not None and not project.read_only
        reason = N_("The project is open for reading only.") if project else N_("No project is open.")
        enable(self.import_labels, may_write, reason)
        self._fill_recent()
        self._fill_samples()

    def _import(self) -> None:
        from imgmine_gui.gui.dialogs.import_dialog import ImportDialog  # reads all formats: not before it is needed

        dialog = ImportDialog(self._session, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.imported.connect(partial(self._opening.page_wanted.emit, "data"))
        dialog.open()

    def _export(self) -> None:
        from imgmine_gui.gui.dialogs.export_dialog import ExportDialog  # likewise

        dialog = ExportDialog(self._session, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _fill_recent(self) -> None:
        self.recent.clear()
        for project in self._session.settings.recent_projects:
            action = self.recent.addAction(project.name)
            action.triggered.connect(partial(self._opening.open_paths, [project.folder]))
            action.setEnabled(project.exists)
            folder = str(project.folder)
            action.setToolTip(folder if project.exists else tr("Not found: {folder}", folder=folder))
        enable(self.recent.menuAction(), not self.recent.isEmpty(), N_("No project has been opened yet."))

    def _fill_samples(self) -> None:
        self.samples.clear()
        for sample in self._session.samples():
            action = self.samples.addAction(sample.title)
            action.setToolTip(sample.summary)
            action.triggered.connect(partial(self._opening.open_sample, sample.name))
        enable(self.samples.menuAction(), not self.samples.isEmpty(), N_("No sample is installed."))

    def _close_project(self) -> None:
        if may_leave_project(self._session, self):
            self._session.close_project()
            self._opening.page_wanted.emit("start")
