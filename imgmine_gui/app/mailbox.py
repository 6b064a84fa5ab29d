"""The worker thread's side of a job: events and the outcome go in here, the person's wish comes out.

A worker holds a ``Mailbox``, never the ``Job`` itself: a ``QObject`` whose last reference goes in another thread would
be destroyed there, under the hands of the window.
"""

import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.events import Event, MemoryUsed, Progress
from imgmine_gui.core.jobs import JobContext, Wish

if TYPE_CHECKING:
    from imgmine_gui.app.job import Job

Outcome = BaseException | tuple[object]
"""What ended the work: an exception, or its result in a tuple of one."""


class Mailbox(JobContext):
    """The ``JobContext`` of a job; made with it, in the thread of the window."""

    def __init__(self, job: "Job") -> None:
        self.wish_now = Wish.GO_ON
        self.started = False
        self._job = weakref.ref(job)
        self._postman = _Postman.only()
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._announced = False
        self._outcome: Outcome | None = None

    @property
    def wish(self) -> Wish:
        """What the person wants now."""
        return self.wish_now

    def report(self, event: Event) -> None:
        """Pass ``event`` on to the window; of neighbouring counts only the newest is kept."""
        with self._lock:
            only_newest = isinstance(event, Progress | MemoryUsed)
            if only_newest and self._events and type(self._events[-1]) is type(event):
                self._events[-1] = event
            else:
                self._events.append(event)
            announce, self._announced = not self._announced, True
        if announce:
            self._postman.arrived.emit(self)

    def execute(self, work: "Callable[[Mailbox], object]") -> None:
        """Do ``work(self)`` and send its outcome to the window; called once, in the worker thread."""
        try:
            if self.wish_now in (Wish.STOP, Wish.CANCEL):
                raise Cancelled
            self.started = True
            self._postman.arrived.emit(self)
            self.end((work(self),))
        except BaseException as error:
            self.end(error)

    def attempt(self, work: "Callable[[Mailbox], object | None]") -> bool:
        """Like ``execute``, but a result of ``None`` ends nothing: another worker goes on with the job.

        Returns:
            Whether the job is over.
        """
        try:
            if self.wish_now in (Wish.STOP, Wish.CANCEL):
                raise Cancelled
            self.started = True
            self._postman.arrived.emit(self)
            result = work(self)
            if result is not None:
                self.end((result,))
        except BaseException as error:
            self.end(error)
        self.started = False
        return self._outcome is not None

    def end(self, outcome: Outcome) -> None:
        """Give the job its outcome, from any thread; a second one is ignored."""
        with self._lock:
            if self._outcome is not None:
                return
            self._outcome = outcome
        self._postman.ended.emit(self)

    def empty(self) -> tuple[Event, ...]:
        """Take out the events; for the window."""
        with self._lock:
            events, self._events = tuple(self._events), []
            self._announced = False
        return events

    def take_outcome(self) -> Outcome:
        """Take out what ended the work; for the window, once."""
        with self._lock:
            assert self._outcome is not None
            outcome, self._outcome = self._outcome, ()  # type: ignore[assignment]
        return outcome

    def job(self) -> "Job | None":
        """The job, while somebody is interested in it; for the window."""
        return self._job()


class _Postman(QObject):
    """Carries notices from worker threads to the thread of the window."""

    arrived = Signal(object)
    ended = Signal(object)

    _only: "_Postman | None" = None

    def __init__(self) -> None:
        super().__init__()
        self.arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self.ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @classmethod
    def only(cls) -> "_Postman":
        """The one there is, made in the thread of the window with its first job."""
        if cls._only is None:
            cls._only = cls()
        return cls._only

    def _on_arrived(self, mailbox: Mailbox) -> None:
        job = mailbox.job()
        if job is not None:
            job.collect()

    def _on_ended(self, mailbox: Mailbox) -> None:
        job = mailbox.job()
        if job is not None:
            job.conclude()
