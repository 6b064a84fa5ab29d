"""The part of the session that is about where sources are: gone, back, moved, or suddenly empty."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from imgmine_gui.app.job import Job
from imgmine_gui.app.job_runner import engine_call
from imgmine_gui.app.notifier import Notifier
from imgmine_gui.app.session_data import ScanJob
from imgmine_gui.app.session_training import TrainingSession
from imgmine_gui.app.settings import Settings
from imgmine_gui.app.whereabouts import Whereabouts
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_

if TYPE_CHECKING:
    from imgmine_gui.core.project.data_items import DataItems
    from imgmine_gui.core.project.source_places import Move
    from imgmine_gui.core.training.config import TrainConfig

FIND = "imgmine_gui.core.project.relinking:find_again"


class PlacesSession(TrainingSession):
    """Knows which sources of the open project are there, and takes them from other places."""

    def __init__(
        self, settings: Settings | None = None, notifier: Notifier | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(settings, notifier, parent)
        self.whereabouts = Whereabouts(self)
        """Whether the sources are there."""
        self.whereabouts.came_back.connect(self._on_came_back)
        self.job_started.connect(self._look_after)

    def find_again(self, source_id: int, folder: str) -> Job:
        """Look for the images of a source in another folder; nothing is changed. Result: tuple of ``FoundAgain``.

        What a person can mend fails the job with a ``UserError``, which is left to whoever shows the job.

        Raises:
            UserError: no project is open.
        """
        job = Job("find", N_("Looking for the images"))
        job.failed.connect(lambda error: None if isinstance(error, UserError) else self.notifier.report(error))
        self.runner.start_engine(job, engine_call(FIND, str(self._catalogue().path), source_id, folder))
        self.job_started.emit(job)
        return job

    def relink(self, moves: "Sequence[Move]") -> Job:
        """Take sources from other places from now on, and scan them there.

        Raises:
            UserError: no project is open.
        """
        places = self._catalogue().places

        def work(_context: JobContext) -> None:
            places.relink(moves)

        job = Job("relink", N_("Taking the new folder"))
        job.failed.connect(self.notifier.report)
        job.succeeded.connect(lambda _result: self._on_relinked([move.source_id for move in moves]))
        return self.runner.start(job, work)

    def mark_missing(self, source_id: int) -> Job:
        """Scan a source once more, and take it at its word if it is empty. Result: ``SourceScanned``.

        Raises:
            UserError: no project is open, or the source was removed.
        """
        return self.rescan(source_id, may_be_empty=True)

    def _on_relinked(self, source_ids: Sequence[int]) -> None:
        self.data_changed.emit()
        self.whereabouts.look(source_ids)
        for number in source_ids:
            self.rescan(number)

    def _on_came_back(self, source_id: int) -> None:
        """Something may have changed on the drive while it was away."""
        source = next((one for one in self.sources() if one.id == source_id), None)
        if source is None or self._project is None or self._project.read_only:
            return
        if not any(getattr(job, "path", None) == source.path for job in self.runner.jobs):
            self.rescan(source_id)

    def _look_after(self, job: Job) -> None:
        """A scan that failed, or found nothing, may have met a drive that is gone."""
        if isinstance(job, ScanJob):
            job.finished.connect(self.whereabouts.look)

    def _items_to_learn(self, config: "TrainConfig") -> "Callable[[], DataItems]":
        """As every training reads them, after a look whether their sources are there."""
        from imgmine_gui.core.project.presence import Lookout
        from imgmine_gui.core.project.source_places import require_there

        places, items = self._catalogue().places, super()._items_to_learn(config)

        def read() -> "DataItems":
            require_there(Lookout(), places.all())
            return items()

        return read
