"""What can be done with runs: rename, delete and back, export, show; each can be undone where it changes something."""

import shutil
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QUndoStack

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.storage.atomic import replacing
from imgmine_gui.core.storage.run_folder import RunInfo, find_model
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.undo import Change

SUFFIX = ".imgmodel"


class RunActions:
    """Works on the runs of the open project.

    Args:
        undo_stack: takes what can be undone.
    """

    def __init__(self, session: Session, undo_stack: QUndoStack) -> None:
        self._session = session
        self._undo_stack = undo_stack

    def rename(self, path: str, name: str) -> None:
        """Call the run ``name``."""
        before = next(run.name for run in self._session.runs() if run.path == path)
        rename = self._session.rename_run
        self._undo_stack.push(Change(N_("rename the run"), lambda: rename(path, name), lambda: rename(path, before)))

    def delete(self, paths: list[str]) -> None:
        """Delete runs; undo brings all of them back.

        Raises:
            UserError: one of them is being trained.
        """
        if self._session.training_run in paths:
            raise UserError(N_("This run is being trained."), N_("Stop or cancel the training first."))
        tokens: list[str] = []

        def do() -> None:
            tokens[:] = [self._session.delete_run(path) for path in paths]

        def undo() -> None:
            for token in tokens:
                self._session.restore_run(token)

        self._undo_stack.push(Change(N_("delete the run"), do, undo))

    def export(self, run: RunInfo, target: Path) -> Job:
        """Copy the model of ``run`` to ``target``, in the background.

        Raises:
            UserError: the run has no model yet.
        """
        source = find_model(run.path)
        job = Job("export_run", N_("Exporting {name}"), {"name": run.name})

        def work(_context: object) -> str:
            with open(source, "rb") as model, replacing(target) as file:
                shutil.copyfileobj(model, file, 1 << 20)
            return str(target)

        job.failed.connect(self._session.notifier.report)
        job.succeeded.connect(self._say_saved)
        self._session.runner.start(job, work)
        self._session.job_started.emit(job)
        return job

    def _say_saved(self, path: object) -> None:
        self._session.notifier.inform(lambda: tr("The model was saved as {path}.", path=path))

    @staticmethod
    def show_folder(run: RunInfo) -> None:
        """Open the folder of ``run`` in the program that the person's system uses for folders."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(run.path))
