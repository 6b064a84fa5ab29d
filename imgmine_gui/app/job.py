"""A piece of background work as the window sees it: signals, progress, and the person's wishes."""

import time
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from imgmine_gui.app.mailbox import Mailbox
from imgmine_gui.app.progress import ProgressMeter
from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.jobs import Wish
from imgmine_gui.core.text import tr

DELIVERY_SECONDS = 0.1
"""Between two deliveries of events to the window."""


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
        epochs, time_budget: of a training, for its progress.
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
    """The exception: a ``UserError`` or anything else (a fault of the program).

    The session passes it to the notifier; a page need only show that the work is over.
    """
    cancelled = Signal()
    finished = Signal()
    """Always last, after the outcome."""

    def __init__(
        self,
        kind: str,
        title: str,
        values: dict[str, Any] | None = None,
        epochs: int | None = None,
        time_budget: float | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self.mailbox = Mailbox(self)
        """For the worker thread."""
        self._title = title
        self._values = dict(values or {})
        self._state = JobState.WAITING
        self._meter = ProgressMeter(epochs, time_budget)
        self._last_delivery = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._deliver)

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
            self._meter.pause()
            self._wish_for(Wish.PAUSE, JobState.PAUSED)

    def resume(self) -> None:
        """Go on after ``pause``."""
        if self._state is JobState.PAUSED:
            self._meter.resume()
            self._wish_for(Wish.GO_ON, JobState.RUNNING)

    def stop(self) -> None:
        """End soon and keep what was made so far; of work that has nothing to keep it is ``cancel``."""
        if self._state in (JobState.WAITING, JobState.RUNNING, JobState.PAUSED):
            self._meter.resume()
            self._wish_for(Wish.STOP, JobState.STOPPING)

    def cancel(self) -> None:
        """End now and discard."""
        if not self.is_over:
            self._meter.resume()
            self._wish_for(Wish.CANCEL, JobState.CANCELLING)

    def collect(self) -> None:
        """Take in what the worker reported, now or when the last delivery is long enough ago."""
        if self._state is JobState.WAITING and self.mailbox.started:
            self._state = JobState.RUNNING
            self._meter.start()
        wait = self._last_delivery + DELIVERY_SECONDS - time.monotonic()
        if wait <= 0:
            self._deliver()
        elif not self._timer.isActive():
            self._timer.start(int(wait * 1000) + 1)

    def conclude(self) -> None:
        """Take in the outcome, after all events before it."""
        self._timer.stop()
        self._deliver()
        outcome = self.mailbox.take_outcome()
        if isinstance(outcome, tuple):
            self._state = JobState.SUCCEEDED
            self.succeeded.emit(outcome[0])
        elif isinstance(outcome, Cancelled):
            self._state = JobState.CANCELLED
            self.cancelled.emit()
        else:
            self._state = JobState.FAILED
            self.failed.emit(outcome)
        self.finished.emit()

    def _deliver(self) -> None:
        events = self.mailbox.empty()
        if events:
            self._last_delivery = time.monotonic()
            self._meter.see(events)
            self.events.emit(events)
        self.progressed.emit()

    def _wish_for(self, wish: Wish, state: JobState) -> None:
        self.mailbox.wish_now = wish
        self._state = state
        if wish in (Wish.STOP, Wish.CANCEL) and not self.mailbox.started:
            self.mailbox.end(Cancelled())
        self.progressed.emit()
