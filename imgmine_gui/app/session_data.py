"""The part of the session that is about sources and images."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imgmine_gui.app.job import Job
from imgmine_gui.app.job_runner import EngineWork, engine_call
from imgmine_gui.app.session_labels import LabelSession
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import PhaseStarted
from imgmine_gui.core.jobs import JobContext, is_ending
from imgmine_gui.core.text import N_
from imgmine_gui.engine.client import Engine

if TYPE_CHECKING:
    from imgmine_gui.core.images.problems import Failure
    from imgmine_gui.core.project.catalogue import Applied, Catalogue, Source, Totals
    from imgmine_gui.core.project.checks import ClassCounts, DataCheck
    from imgmine_gui.core.project.splits import SplitSettings
    from imgmine_gui.core.project.watches import WatchedSource

FAILURES = "failures"
"""The kind of the short job that notes which images could not be shown."""
CATCHING_UP = "catch_up"
"""The kind of a scan that nobody asked for: a source is watched, and changed."""


@dataclass(frozen=True)
class SourceScanned:
    """The result of a scan job.

    Attributes:
        source_id: of the source that was scanned.
        applied: how many images are new, changed, moved and missing.
        images, unreadable, not_images: how many of each sort there are; each page of a file is an image.
    """

    source_id: int
    applied: "Applied"
    images: int
    unreadable: int
    not_images: int


class ScanJob(Job):
    """A job that looks for the images of a source.

    Attributes:
        path: of the source, absolute.
        is_first: whether the source is new to the project.
    """

    def __init__(self, path: str, is_first: bool) -> None:
        title = N_("Scanning {folder}") if is_first else N_("Scanning {folder} again")
        super().__init__("scan", title, {"folder": Path(path).name})
        self.path = path
        self.is_first = is_first


class CatchUpJob(Job):
    """A job that looks again for the images of a source of which files changed.

    Attributes:
        path: of the source, absolute.
    """

    def __init__(self, path: str) -> None:
        super().__init__(CATCHING_UP, N_("Looking at what changed in {folder}"), {"folder": Path(path).name})
        self.path = path


class DataSession(LabelSession):
    """Sources, images, classes and splits of the open project."""

    def sources(self) -> "list[Source]":
        """The sources of the project, in the order in which they were added; none where no project is open."""
        return self._project.catalogue.sources() if self._project else []

    def add_source(self, path: Path) -> Job:
        """Add the folder (or file) ``path`` to the project and scan it. Result: ``SourceScanned``.

        If the job is cancelled or fails, the source is taken out again.

        Raises:
            UserError: no project is open, or ``path`` cannot be a source.
        """
        catalogue = self._catalogue()
        source = catalogue.add_source(str(path))
        job = ScanJob(source.path, is_first=True)
        for ending in (job.cancelled, job.failed):
            ending.connect(lambda *_: self._withdraw(catalogue, source.id))
        return self._scan(job, source.id)

    def rescan(self, source_id: int, may_be_empty: bool = False) -> Job:
        """Look again at what is in a source. Result: ``SourceScanned``.

        Args:
            source_id: of the source.
            may_be_empty: whether all its images may be missing now; see ``Applied.withheld``.
        """
        source = next((one for one in self._catalogue().sources() if one.id == source_id), None)
        if source is None:
            raise UserError(N_("This source is no longer part of the project."), N_("Add its folder again."))
        return self._scan(ScanJob(source.path, is_first=False), source.id, may_be_empty)

    def catch_up(self, source: "WatchedSource") -> CatchUpJob:
        """Look again at what is in a source, quietly: whoever asks for it says what came of it, also where it fails.

        Result: ``SourceScanned``.
        """
        job = CatchUpJob(source.path)
        self.runner.start_engine(job, self._scan_work(source.path, source.id))
        return job

    def split_settings(self) -> "SplitSettings":
        """How images are divided that no folder divides."""
        return self._catalogue().split_settings()

    def classes(self) -> "list[ClassCounts]":
        """The classes of the project with their counts in each split."""
        return self._catalogue().classes()

    def totals(self) -> "Totals":
        """The counts of the project as a whole."""
        return self._catalogue().totals()

    def checks(self) -> "list[DataCheck]":
        """What a person should know of the images before training, what blocks it first."""
        return self._catalogue().checks()

    def note_failures(self, failures: "Sequence[Failure]") -> Job:
        """Give images that could not be decoded when they were shown their reason. Result: how many got one.

        Raises:
            UserError: no project is open.
        """
        from imgmine_gui.core.project.health.failures import write_failures

        health = self._catalogue().health
        job = Job(FAILURES, N_("Noting images that cannot be read"))
        job.failed.connect(self.notifier.report)
        job.succeeded.connect(lambda changed: self.data_changed.emit() if changed else None)
        return self.runner.start(job, lambda _context: write_failures(health, failures))

    def _scan(self, job: ScanJob, source_id: int, may_be_empty: bool = False) -> Job:
        job.finished.connect(self.data_changed)
        self.data_changed.emit()
        return self._start(job, self._scan_work(job.path, source_id, may_be_empty))

    def _scan_work(self, path: str, source_id: int, may_be_empty: bool = False) -> EngineWork:
        # The thread must not hold the job.
        catalogue, spool = self._catalogue(), self._open_project().new_scratch_file()

        def work(context: JobContext, engine: Engine) -> SourceScanned:
            try:
                found = engine_call("scan", path, str(catalogue.path), source_id, str(spool))(context, engine)
                context.report(PhaseStarted(N_("Writing the catalogue")))
                applied = catalogue.apply_scan(source_id, spool, may_be_empty, lambda: is_ending(context))
            finally:
                spool.unlink(missing_ok=True)
            return SourceScanned(source_id, applied, found.images, found.unreadable, found.not_images)

        return work

    def _withdraw(self, catalogue: "Catalogue", source_id: int) -> None:
        if self._project and self._project.catalogue is catalogue:
            catalogue.remove_source(source_id)

    def _on_saved(self, done: object) -> None:
        """A source that was taken out is not scanned any further."""
        super()._on_saved(done)
        paths = {one.path for one in self.sources()}
        for job in self.runner.jobs:
            if isinstance(job, ScanJob) and job.path not in paths:
                job.cancel()
