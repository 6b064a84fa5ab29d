"""What all parts of the session stand on: the open project, and jobs that start."""

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from imgmine_gui.app import places
from imgmine_gui.app.caretaker import Caretaker
from imgmine_gui.app.job import Job
from imgmine_gui.app.job_runner import EngineWork, JobRunner
from imgmine_gui.app.looking import Looking
from imgmine_gui.app.notifier import Notifier
from imgmine_gui.app.settings import Settings
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_

if TYPE_CHECKING:
    from imgmine_gui.core.project.catalogue import Catalogue
    from imgmine_gui.core.project.project import Project


class SessionBase(QObject):
    """Signals and state of the session; see ``Session``.

    What reads catalogues and runs is imported where it is used: the window is on the screen before it is needed.
    """

    project_changed = Signal()
    """Another project is open, or none (``project`` is None)."""
    project_closes = Signal()
    """The open project is about to be closed: write now what is to be kept of it."""
    data_changed = Signal()
    """Sources, images, labels or splits of the project changed: read ``classes``, ``totals``, ``checks`` anew."""
    edited = Signal(object)
    """A job has made an edit: a ``Done``."""
    runs_changed = Signal()
    """A run was made, renamed, deleted, restored, or came further: read ``runs`` anew."""
    job_started = Signal(object)
    """A ``Job``, just started, for the list of jobs that run."""

    def __init__(
        self, settings: Settings | None = None, notifier: Notifier | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        log = places.engine_log_file()
        self.settings = settings or Settings(parent=self)
        self.notifier = notifier or Notifier(parent=self)
        self.runner = JobRunner(log, parent=self)
        self.looking = Looking(log, parent=self)
        self.caretaker = Caretaker(self)
        self._project: Project | None = None

    @property
    def project(self) -> "Project | None":
        """The open project."""
        return self._project

    def settings_key(self, name: str) -> str:
        """The name under which the settings know ``name`` of the open project; "" where none is open."""
        return f"{name}-{zlib.crc32(bytes(self._project.folder)):08x}" if self._project is not None else ""

    def feature_folders(self) -> tuple[Path, ...]:
        """Where kept features lie: in the project, and elsewhere for projects on drives that can only be read.

        Raises:
            UserError: no project is open.
        """
        from imgmine_gui.core.features.cache import FOLDER

        return self._open_project().cache_folder / FOLDER, places.cache_folder() / FOLDER

    def _catalogue(self) -> "Catalogue":
        return self._open_project().catalogue

    def _open_project(self) -> "Project":
        if self._project is None:
            raise UserError(N_("No project is open."), N_("Open one, or add a folder of images."))
        return self._project

    def _start(self, job: Job, work: EngineWork) -> Job:
        job.failed.connect(self.notifier.report)
        self.runner.start_engine(job, work)
        self.job_started.emit(job)
        return job

    def _follow(self, job: Job) -> Job:
        """Count a job in that the engine for looking does."""
        job.failed.connect(self.notifier.report)
        self.runner.follow(job)
        self.job_started.emit(job)
        return job
