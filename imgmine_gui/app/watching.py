"""Keeps the open project in step with the folders of its sources, quietly and by itself."""

import logging
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from imgmine_gui.app.job import Job
from imgmine_gui.app.session_data import CatchUpJob, ScanJob, SourceScanned
from imgmine_gui.app.session_places import PlacesSession
from imgmine_gui.app.telling import tell
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_

if TYPE_CHECKING:
    from imgmine_gui.core.project.catalogue import Catalogue
    from imgmine_gui.core.project.watches import Wanted, WatchedSource
    from imgmine_gui.core.project.watching import Watch, WatchState

OPENING_MS = 1_500
"""After a project was opened, before its folders are gone through: it is on the screen by then."""
SOON_MS = 200
"""After the project changed, before it is read which sources there are."""
GAP_SECONDS = 3.0
"""Between two scans, at least."""
REST = 3.0
"""So many times as long as the last scan took, the next one waits: it takes a quarter of the time at most."""
CLOSING_SECONDS = 3.0
"""For the threads to end, when the project closes."""
SWITCHING = "watch"
"""The kind of the short jobs that read and write which sources are watched."""
OFFLINE = "offline"
"""The ``WatchState`` of a source that is not there."""

logger = logging.getLogger(__name__)


class Watching(QObject):
    """Watches the sources of the open project from ``begin`` on. Lives in the window's thread.

    What changed is scanned by jobs that no page shows, one at a time, and never beside a scan that the person asked
    for. A project that is open for reading only is not watched.

    Args:
        session: whose project it is.
    """

    changed = Signal()
    """How sources are watched has changed: read ``state`` and ``is_off`` anew."""
    began = Signal(object)
    """A ``CatchUpJob``, just started, that scans a source again."""
    caught_up = Signal(object, object)
    """A ``WatchedSource`` that was scanned again, and the ``Applied``: what came of it."""

    _told = Signal(object, object)

    def __init__(self, session: PlacesSession) -> None:
        super().__init__(session)
        self._session = session
        self._has_begun = False
        self._is_closing = False
        self._wanted: Wanted | None = None
        self._watches: dict[int, Watch] = {}
        self._leaving: list[Watch] = []
        self._states: dict[int, WatchState] = {}
        self._due: dict[int, None] = {}  # in the order in which they changed
        self._job: CatchUpJob | None = None
        self._reading: Job | None = None
        self._earliest = 0.0
        self._read_soon = QTimer(self, singleShot=True)
        self._read_soon.timeout.connect(self._read)
        self._scan_soon = QTimer(self, singleShot=True)
        self._scan_soon.timeout.connect(self._scan_next)
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Watch the open project, and each that is opened later; for the window, once."""
        if self._has_begun:
            return
        self._has_begun = True
        session = self._session
        session.project_changed.connect(self._on_project_changed)
        session.data_changed.connect(self._on_data_changed)
        session.project_closes.connect(self._end)
        session.job_started.connect(self._make_way)
        session.runner.changed.connect(self._scan_next)
        self._read_soon.start(OPENING_MS)

    def state(self, source_id: int) -> "WatchState | None":
        """How a source is watched; None where it is not, or not yet."""
        return self._states.get(source_id)

    def is_off(self, source_id: int) -> bool:
        """Whether the person does not want the source to be watched."""
        return self._wanted is not None and source_id in self._wanted.off

    def switch(self, source_id: int, on: bool) -> None:
        """Have a source of the open project watched from now on, or not."""
        assert self._session.project is not None
        catalogue = self._session.project.catalogue

        def work(_context: JobContext) -> None:
            catalogue.watches.switch(source_id, on)

        job = Job(SWITCHING, N_("Noting which folders are watched"))
        job.failed.connect(self._session.notifier.report)
        job.finished.connect(self._read)
        self._session.runner.start(job, work)

    def _on_project_changed(self) -> None:
        self._is_closing = False
        self._read_soon.start(OPENING_MS)

    def _on_data_changed(self) -> None:
        if not self._read_soon.isActive() and not self._is_closing:
            self._read_soon.start(SOON_MS)

    def _read(self) -> None:
        """Read, beside the window, which sources are to be watched."""
        project = self._session.project
        if not self._has_begun or self._is_closing or project is None or project.read_only:
            return
        if self._reading is not None and not self._reading.is_over:
            self._read_soon.start(SOON_MS)
            return
        catalogue = project.catalogue

        def work(_context: JobContext) -> "Wanted":
            return catalogue.watches.wanted()

        self._reading = Job(SWITCHING, N_("Reading which folders are watched"))
        self._reading.failed.connect(self._session.notifier.report)
        self._reading.succeeded.connect(lambda wanted: self._take(catalogue, wanted))
        self._session.runner.start(self._reading, work)

    def _take(self, catalogue: "Catalogue", wanted: "Wanted") -> None:
        project = self._session.project
        if self._is_closing or project is None or project.catalogue is not catalogue or wanted == self._wanted:
            return
        self._wanted = wanted
        for watch in [one for one in self._watches.values() if one.source not in wanted.sources]:
            self._drop(watch)
        for source in wanted.sources:
            if source.id not in self._watches:
                self._add(source)
        self.changed.emit()

    def _add(self, source: "WatchedSource") -> None:
        from imgmine_gui.core.project.watching import Watch

        def said(state: "WatchState | None" = None) -> None:
            tell(self._told, watch, state)

        watch = Watch(source, said, said)
        self._watches[source.id] = watch
        watch.start()

    def _drop(self, watch: "Watch") -> None:
        watch.stop()
        self._leaving = [one for one in self._leaving if not one.join(0)] + [watch]
        for known in (self._watches, self._states, self._due):
            known.pop(watch.source.id, None)

    def _on_told(self, watch: "Watch", state: "WatchState | None") -> None:
        source = watch.source
        if self._watches.get(source.id) is not watch:
            return
        if state is None:
            self._due[source.id] = None
            self._scan_next()
            return
        was_offline = self._states.get(source.id) == OFFLINE
        self._states[source.id] = state
        if was_offline or state == OFFLINE:
            self._session.whereabouts.look([source.id])
        self.changed.emit()

    def _scan_next(self) -> None:
        """Scan the source that has waited longest, if nothing speaks against it now."""
        if not self._due or self._job is not None or self._is_scanning():
            return
        wait = self._earliest - time.monotonic()
        if wait > 0:
            self._scan_soon.start(int(wait * 1000) + 1)
            return
        source = self._watches[next(iter(self._due))].source
        del self._due[source.id]
        self._job = job = self._session.catch_up(source)
        job.succeeded.connect(lambda found: self._on_caught_up(source, found))
        job.failed.connect(self._on_failed)
        job.cancelled.connect(lambda: self._on_cancelled(source))
        job.finished.connect(self._on_finished)
        self.began.emit(job)

    def _is_scanning(self) -> bool:
        return any(isinstance(job, ScanJob | CatchUpJob) for job in self._session.runner.jobs)

    def _make_way(self, job: Job) -> None:
        """The person scans: that comes first."""
        if isinstance(job, ScanJob) and self._job is not None:
            self._job.cancel()

    def _on_caught_up(self, source: "WatchedSource", found: SourceScanned) -> None:
        applied = found.applied
        has_news = any((applied.added, applied.changed, applied.moved, applied.missing, applied.withheld))
        if has_news:
            self._session.data_changed.emit()
        self.caught_up.emit(source, applied)

    def _on_failed(self, error: BaseException) -> None:
        """A source that is not there is no news: it is shown where the sources are."""
        if isinstance(error, UserError):
            logger.info("a watched source could not be scanned: %s", error)
        else:
            self._session.notifier.report(error)

    def _on_cancelled(self, source: "WatchedSource") -> None:
        """Later, then; unless the project is closed."""
        if source.id in self._watches:
            self._due[source.id] = None

    def _on_finished(self) -> None:
        job, self._job = self._job, None
        assert job is not None
        self._earliest = time.monotonic() + max(GAP_SECONDS, REST * job.seconds)
        self._scan_next()

    def _end(self) -> None:
        """The project is about to be closed: what does not end in time ends by itself, unheard."""
        self._is_closing = True
        self._read_soon.stop()
        self._scan_soon.stop()
        for watch in [*self._watches.values()]:
            self._drop(watch)
        deadline = time.monotonic() + CLOSING_SECONDS
        for watch in self._leaving:
            watch.join(max(0.0, deadline - time.monotonic()))
        self._leaving.clear()
        self._wanted = None
        self._earliest = 0.0
