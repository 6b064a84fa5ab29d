"""A piece of background work as the window sees it: signals, progress, and the person's wishes.

A ``Job`` lives in the thread of the window. The worker thread that runs it hands events over through a mailbox; they
come out as Qt signals at most ten times a second, all of them and in order.
"""

import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from imgmine_gui.app.progress import ProgressMeter
from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.events import Event, MemoryUsed, Progress
from imgmine_gui.core.jobs import Wish
from imgmine_gui.core.text import tr

DELIVERY_INTERVAL = 0.1
"""Seconds between two deliveries of events to the window."""


class JobState(StrEnum):
    """Where a job is in its life; the last three are final."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINAL = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED})


class Job(QObject):
    """One piece of background work.

    Exactly one of ``succeeded``, ``failed`` and ``cancelled`` is emitted, then ``finished``, in the thread of the
    window, and never from within the call that started the job: there is always time to connect.

    Args:
        kind: what sort of work: "train", "scan", "estimate", "predict", "explain", ...
        title: an English text marked with ``N_``, with ``{name}`` fields for ``values``.
        values: for the title.
        epochs: of a training: for its progress.
    """

    events = Signal(object)
    """``tuple[Event, ...]``: what the job reported since the last delivery, in order; at most ten times a second.

    Of neighbouring ``Progress`` and ``MemoryUsed`` only the newest is kept; everything else arrives. (A signal named
    ``event`` would hide ``QObject.event``.)
    """
    progressed = Signal()
    """``phase``, ``progress``, ``seconds_left`` or ``state`` changed; at most ten times a second, and at each wish."""
    succeeded = Signal(object)
    """The result of the work."""
    failed = Signal(object)
    """The exception: a ``UserError`` (to be shown as a line) or anything else (a fault of the program)."""
    cancelled = Signal()
    finished = Signal()
    """Always last, after the outcome."""

    _arrived = Signal()
    _ended = Signal()

    def __init__(
        self,
        kind: str,
        title: str,
        values: dict[str, Any] | None = None,
        epochs: int | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self._title = title
        self._values = dict(values or {})
        self._state = JobState.WAITING
        self._wish = Wish.GO_ON
        self._meter = ProgressMeter(epochs)
        self._lock = threading.Lock()
        self._mail: list[Event] = []
        self._announced = False
        self._outcome: tuple[JobState, object] | None = None
        self._last_delivery = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._deliver)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def title(self) -> str:
        """What the job does, in the current language."""
        return tr(self._title, **self._values)

    @property
    def state(self) -> JobState:
        """Where the job is in its life."""
        return self._state

    @property
    def is_over(self) -> bool:
        """Whether the job has had its outcome."""
        return self._state in FINAL

    @property
    def phase(self) -> str:
        """The phase at hand, in the current language; empty before the first."""
        return tr(self._meter.phase)

    @property
    def progress(self) -> float | None:
        """How much is done, 0 to 1; ``None`` where that is not known."""
        return self._meter.fraction

    @property
    def seconds_left(self) -> float | None:
        """An estimate of the seconds until the end of the phase (of the whole training); ``None`` if unknown."""
        return self._meter.seconds_left

    @property
    def seconds(self) -> float:
        """For how long the job has been running, without its pauses."""
        return self._meter.seconds

    @property
    def memory(self) -> int | None:
        """Resident memory of the engine, in bytes; ``None`` before it is known."""
        return self._meter.memory

    @property
    def images_per_second(self) -> float | None:
        """Of a training; ``None`` before it is known."""
        return self._meter.images_per_second

    def pause(self) -> None:
        """Hold the work between two of its steps until ``resume``."""
        if self._state is JobState.RUNNING:
            self._wish_for(Wish.PAUSE, JobState.PAUSED)
            self._meter.pause()

    def resume(self) -> None:
        """Go on after ``pause``."""
        if self._state is JobState.PAUSED:
            self._meter.resume()
            self._wish_for(Wish.GO_ON, JobState.RUNNING)

    def stop(self) -> None:
        """End soon and keep what was made so far; of work that has nothing to keep it is ``cancel``."""
        if self._state in (JobState.WAITING, JobState.RUNNING, JobState.PAUSED):
            self._wish_for(Wish.STOP, JobState.STOPPING)

    def cancel(self) -> None:
        """End now and discard."""
        if not self.is_over:
            self._wish_for(Wish.CANCEL, JobState.CANCELLING)

    def execute(self, work: "Callable[[Job], object]") -> None:
        """Do ``work(self)`` and send its outcome to the window. Called once, in the worker thread.

        The work uses the job as its ``JobContext``.
        """
        try:
            if self._wish in (Wish.STOP, Wish.CANCEL):
                raise Cancelled
            self._meter.start()
            outcome = JobState.SUCCEEDED, work(self)
        except Cancelled:
            outcome = JobState.CANCELLED, None
        except BaseException as error:  # noqa: BLE001 - whatever it is, the window must hear of it
            outcome = JobState.FAILED, error
        self.end(*outcome)

    def end(self, state: JobState, value: object = None) -> None:
        """Give the job its outcome, from any thread; a second outcome is ignored."""
        with self._lock:
            if self._outcome is not None:
                return
            self._outcome = state, value
        self._ended.emit()

    def report(self, event: Event) -> None:
        """Pass an event on to the window; for the worker thread, as ``JobContext.report``."""
        with self._lock:
            newest_counts = isinstance(event, Progress | MemoryUsed)
            if newest_counts and self._mail and type(self._mail[-1]) is type(event):
                self._mail[-1] = event
            else:
                self._mail.append(event)
            announce, self._announced = not self._announced, True
        if announce:
            self._arrived.emit()

    @property
    def wish(self) -> Wish:
        """What the person wants now; for the worker thread, as ``JobContext.wish``."""
        return self._wish

    def _wish_for(self, wish: Wish, state: JobState) -> None:
        self._wish = wish
        self._state = state
        self.progressed.emit()

    def _on_arrived(self) -> None:
        if self._state is JobState.WAITING:
            self._state = JobState.RUNNING
        wait = self._last_delivery + DELIVERY_INTERVAL - time.monotonic()
        if wait > 0:
            self._timer.start(int(wait * 1000) + 1)
        else:
            self._deliver()

    def _deliver(self) -> None:
        with self._lock:
            mail, self._mail = tuple(self._mail), []
            self._announced = False
        self._last_delivery = time.monotonic()
        if mail:
            self._meter.see(mail)
            self.events.emit(mail)
            self.progressed.emit()

    def _on_ended(self) -> None:
        assert self._outcome is not None
        self._timer.stop()
        self._deliver()
        self._state, value = self._outcome
        if self._state is JobState.SUCCEEDED:
            self.succeeded.emit(value)
        elif self._state is JobState.FAILED:
            self.failed.emit(value)
        else:
            self.cancelled.emit()
        self.finished.emit()
