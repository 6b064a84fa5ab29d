"""Live training: after each change of labels a head is trained anew, and says what the images are."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from imgmine_gui.app import places
from imgmine_gui.app.job import Job
from imgmine_gui.app.live_worker import LiveSaid, LiveWorker
from imgmine_gui.app.telling import tell
from imgmine_gui.core.events import Event, MemoryUsed, PhaseStarted, Progress, Warned
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.text import N_
from imgmine_gui.engine.client import Engine

if TYPE_CHECKING:
    from imgmine_gui.app.session import Session
    from imgmine_gui.core.project.catalogue import Catalogue

COMPUTE = "imgmine_gui.core.features.live:compute_live"
FEATURES = "live_features"
"""The kind of the job that computes features for live training."""
QUIET_MS = 150
"""After the last change of a label, before the head is trained."""
TOGETHER = 192
"""Images whose features are computed before those that are seen by then get their turn: about a second."""
GROWTH = 1.5
MOST_LOOKED_AT = 2_000
"""So many of the images that were seen last are covered in any case."""
KEY = "data/live"


class LiveTraining(QObject):
    """Follows the labels of the open project while it is on. Lives in the thread of the window.

    Nothing is written but the cache of features: it works in a project that can only be read.

    Args:
        session: whose project it is; of each, it is remembered whether it was on.
    """

    changed = Signal()
    """``is_on``, ``said`` or ``job`` is another."""

    _told = Signal(object, object)
    _advanced = Signal(object)

    def __init__(self, session: "Session", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._worker: LiveWorker | None = None
        self._looked_at: dict[int, None] = {}
        self._seen: Sequence[int] = ()
        self._tried: set[int] = set()
        self.said: LiveSaid | None = None
        """What the head said last; None before that."""
        self.job: Job | None = None
        """Computes features now."""
        self.is_held = False
        """Whether the person has stopped the computing of features."""
        self._soon = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._soon.timeout.connect(self._want)
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._advanced.connect(self._take_more, Qt.ConnectionType.QueuedConnection)
        session.labelling.saved.connect(self._start_soon)
        session.data_changed.connect(self._start_soon)
        session.project_closes.connect(self._end)
        session.project_changed.connect(self._open)
        self._open()

    @property
    def is_on(self) -> bool:
        """Whether labels are followed."""
        return self._worker is not None

    @property
    def engine_pid(self) -> int | None:
        """The number of the process that trains; None where there is none."""
        return self._worker.engine_pid if self._worker is not None else None

    def switch(self, on: bool) -> None:
        """Turn it on or off, and remember that of the project."""
        if self._session.project is None or on == self.is_on:
            return
        self._session.settings.set_text(self._session.settings_key(KEY), "yes" if on else "")
        if on:
            self._begin()
        else:
            self._end()

    def look_at(self, ids: Sequence[int]) -> None:
        """These images are seen now: their features come first."""
        self._seen = tuple(ids)
        if self._worker is None:
            return
        before = len(self._looked_at)
        new = [number for number in ids if number not in self._looked_at]
        self._looked_at |= dict.fromkeys(new)
        for number in list(self._looked_at)[: max(0, len(self._looked_at) - MOST_LOOKED_AT)]:
            del self._looked_at[number]
        if new and before and self.said is not None and self.said.chosen < self.said.total:
            self._soon.start()

    def go_on(self) -> None:
        """Compute the features that are still missing, after they were stopped."""
        self.is_held = False
        self._fill()
        self.changed.emit()

    def _open(self) -> None:
        if self._session.project is not None and self._session.settings.text(self._session.settings_key(KEY)) == "yes":
            self._begin()
        self.changed.emit()

    def _begin(self) -> None:
        project = self._session.project
        assert project is not None
        self._end()
        self._worker = LiveWorker(
            project.catalogue, self._session.feature_folders(), places.engine_log_file(), self._tell
        )
        self._looked_at = dict.fromkeys(self._seen)
        self._want()
        self.changed.emit()

    def _end(self) -> None:
        self._soon.stop()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()
        if self.job is not None:
            self.job.cancel()
        self._tried.clear()
        self.said, self.job, self.is_held = None, None, False
        self.changed.emit()

    def _start_soon(self) -> None:
        if self._worker is not None:
            self._soon.start()

    def _want(self, anew: bool = False) -> None:
        if self._worker is not None:
            self._worker.want(tuple(self._looked_at), anew)

    def _tell(self, worker: LiveWorker, outcome: object) -> None:
        """In the worker's thread."""
        tell(self._told, worker, outcome)

    def _take(self, worker: LiveWorker, outcome: object) -> None:
        if worker is not self._worker:
            return
        if isinstance(outcome, LiveSaid):
            self.said = outcome
            self._tried.intersection_update(outcome.missing)
            self._fill()
            self.changed.emit()
        elif isinstance(outcome, BaseException):
            self._session.notifier.report(outcome)
            self._end()

    def _fill(self) -> None:
        """Compute what is missing, once an image."""
        project, said = self._session.project, self.said
        if project is None or said is None or self.job is not None or self.is_held or self._worker is None:
            return
        wanted = [number for number in said.missing if number not in self._tried]
        if not wanted:
            return
        self._tried.update(wanted)
        job = self.job = Job(FEATURES, N_("Looking at the images"))
        job.failed.connect(self._session.notifier.report)
        job.cancelled.connect(lambda: self._hold(job))
        job.failed.connect(lambda _: self._hold(job))
        job.finished.connect(lambda: self._on_filled(job))
        rounds = _Rounds(
            project.catalogue, self._session.feature_folders(), wanted, lambda: self._seen, lambda: self._tell_more(job)
        )
        self._session.runner.start_engine(job, rounds.work)
        self._session.job_started.emit(job)

    def _tell_more(self, job: Job) -> None:
        """In the job's thread."""
        tell(self._advanced, job)

    def _take_more(self, job: object) -> None:
        if job is self.job:
            self._want(anew=True)

    def _hold(self, job: Job) -> None:
        if job is self.job:
            self.is_held = True
            self._tried.clear()

    def _on_filled(self, job: Job) -> None:
        if job is self.job:
            self.job = None
            self._want(anew=True)
            self.changed.emit()


class _Rounds:
    """Computes features a few images at a time, so that those that are seen by then come next.

    Args:
        ids: of the images, the most wanted first.
        seen: gives the ids of those that are seen now.
        advanced: is called after the first round, and when there are half as many features more.
    """

    def __init__(
        self,
        catalogue: "Catalogue",
        caches: tuple[Path, ...],
        ids: Sequence[int],
        seen: Callable[[], Sequence[int]],
        advanced: Callable[[], None],
    ) -> None:
        self._catalogue, self._caches, self._seen, self._advanced = catalogue, caches, seen, advanced
        self._left = list(ids)
        self._total = len(self._left)

    def work(self, context: JobContext, engine: Engine) -> int:
        """Go through all of them; the result is how many there were. In the thread of the job."""
        from imgmine_gui.core.project.data_items import DataItem

        context.report(PhaseStarted(N_("Looking at the images"), self._total))
        told = 0
        while self._left:
            check_cancelled(context)
            rows = self._catalogue.rows(self._next())
            items = [DataItem(row.path, row.label, row.split, row.key) for row in rows if row.key]
            done = self._total - len(self._left)
            engine.run(COMPUTE, (self._caches, items), self._teller(context, done - len(rows)), lambda: context.wish)
            context.report(Progress(done, self._total))
            if done >= GROWTH * told:
                told = done
                self._advanced()
        return self._total

    def _next(self) -> list[int]:
        seen = set(self._seen())
        first = [number for number in self._left if number in seen][:TOGETHER]
        taken = set(first)
        chosen = first + [number for number in self._left if number not in taken][: TOGETHER - len(first)]
        taken.update(chosen)
        self._left = [number for number in self._left if number not in taken]
        return chosen

    def _teller(self, context: JobContext, before: int) -> Callable[[Event], None]:
        """Counts the images of a round among all of them."""

        def tell(event: Event) -> None:
            if isinstance(event, Progress):
                context.report(Progress(before + event.done, self._total))
            elif isinstance(event, MemoryUsed | Warned):
                context.report(event)

        return tell
