"""What a person changes by hand in the open project: one edit after the other, beside the window, and their history."""

import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from imgmine_gui.app.job import Job
from imgmine_gui.app.session_base import SessionBase
from imgmine_gui.app.telling import tell
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.jobs import JobContext, PlainContext, Wish
from imgmine_gui.core.text import N_

if TYPE_CHECKING:
    from imgmine_gui.core.project.catalogue import Catalogue
    from imgmine_gui.core.project.edits.editing import Edits
    from imgmine_gui.core.project.edits.history import Edit

MANY = 20_000
"""An edit of more images than this is seen among the jobs."""
QUIET_MS = 400
"""After the last edit, before everything that counts images is read anew."""
CLOSING_SECONDS = 20.0
"""For what was just typed to be written, when the project closes."""

Work = Callable[["Edits"], object]


class Labelling(QObject):
    """Makes the edits of the open project, in the order in which they were asked for. Lives in the window's thread.

    Nothing is shown as changed before it is on the drive.

    Args:
        session: its ``data_changed`` follows the edits, once they pause.
    """

    saved = Signal(object)
    """A ``Done``, just written: what changed."""
    busy_changed = Signal(bool)
    """Whether edits are being written."""
    history_read = Signal(object)
    """``list[Edit]``, the newest first: all that can be undone, and what was undone."""

    _written = Signal(object, object, object)

    def __init__(self, session: SessionBase, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._thread = ThreadPoolExecutor(1, "labelling")
        self._waiting = 0
        self._edits: list[Edit] = []
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(session.data_changed)
        self._written.connect(self._take_in, Qt.ConnectionType.QueuedConnection)
        session.project_changed.connect(self._open)
        session.project_closes.connect(self.finish)
        session.edited.connect(self._on_edited)
        self._open()

    @property
    def is_busy(self) -> bool:
        """Whether edits are being written."""
        return self._waiting > 0

    def apply(self, work: Work, count: int = 1) -> bool:
        """Make an edit, after those that were asked for before; where nothing can be changed, the notifier says why.

        Args:
            work: one call of a method of ``Edits``; in a thread.
            count: of how many images, for whether it is shown as a job.

        Returns:
            Whether it is going to be made.
        """
        try:
            catalogue = self._writable()
        except UserError as error:
            self._session.notifier.report(error)
            return False
        job = self._job(count) if count > MANY else None
        self._waiting += 1
        if self._waiting == 1:
            self.busy_changed.emit(True)
        self._thread.submit(self._do, catalogue, work, job)
        return True

    def undo(self) -> None:
        """Take back the newest edit."""
        standing = [one for one in self._edits if not one.undone]
        self.apply(lambda edits: edits.undo(), count_of(standing[:1]))

    def redo(self) -> None:
        """Make again what was taken back last."""
        undone = [one for one in self._edits if one.undone]
        self.apply(lambda edits: edits.redo(), count_of(undone[-1:]))

    def read_history(self) -> None:
        """Have ``history_read`` tell what can be undone."""
        project = self._session.project
        if project is not None:
            self._thread.submit(self._read_history, project.catalogue)

    def finish(self) -> None:
        """Wait until all that was asked for is written."""
        wait([self._thread.submit(int)], CLOSING_SECONDS)

    def _on_edited(self, done: object) -> None:
        """A job has made an edit beside those that were asked for here."""
        self.saved.emit(done)
        self.read_history()

    def _writable(self) -> "Catalogue":
        project = self._session.project
        if project is None:
            raise UserError(N_("No project is open."), N_("Open one, or add a folder of images."))
        project.catalogue.require_writable()
        return project.catalogue

    def _job(self, count: int) -> Job:
        job = Job("edit", N_("Changing {count} images"), {"count": f"{count:,}"})
        self._session.runner.follow(job)
        self._session.job_started.emit(job)
        return job

    def _do(self, catalogue: "Catalogue", work: Work, job: Job | None) -> None:
        """In the thread."""
        outcome: object = None

        def edit(context: JobContext) -> object:
            nonlocal outcome
            try:
                with catalogue.edits.giving_up(lambda: context.wish is Wish.CANCEL):
                    outcome = work(catalogue.edits)
            except Cancelled:
                raise
            except Exception as error:
                outcome = error
            return outcome

        if job is not None:
            job.mailbox.execute(edit)
        else:
            with contextlib.suppress(Cancelled):
                edit(PlainContext())
        outcome = Cancelled() if outcome is None else outcome
        tell(self._written, catalogue, outcome, self._history(catalogue))

    def _read_history(self, catalogue: "Catalogue") -> None:
        tell(self._written, catalogue, None, self._history(catalogue))

    @staticmethod
    def _history(catalogue: "Catalogue") -> "list[Edit]":
        try:
            return catalogue.edits.history()
        except (Cancelled, UserError):
            return []

    def _take_in(self, catalogue: "Catalogue", outcome: object, history: "list[Edit]") -> None:
        if outcome is not None:
            self._waiting -= 1
        project = self._session.project
        if project is not None and project.catalogue is catalogue:
            if isinstance(outcome, BaseException):
                if not isinstance(outcome, Cancelled):
                    self._session.notifier.report(outcome)
            elif outcome is not None:
                self.saved.emit(outcome)
                self._quiet.start()
            self._edits = history
            self.history_read.emit(history)
        if outcome is not None and not self._waiting:
            self.busy_changed.emit(False)

    def _open(self) -> None:
        self._edits = []
        self._quiet.stop()
        self.read_history()


def count_of(edits: "Sequence[Edit]") -> int:
    """How many images the edits changed, as their titles have it."""
    return sum(int(edit.values.get("count", 1)) for edit in edits)
