"""How far a job has come and how long it will still take, read off its events."""

import time
from collections.abc import Iterable

from imgmine_gui.core.events import BatchEnded, EpochEnded, Event, MemoryUsed, PhaseStarted, Progress


class ProgressMeter:
    """Reads events; knows the phase, the fraction done and the seconds left.

    The speed is measured from the first step of a phase on, without pauses, since the first step of a training also
    compiles the network. From its first batch on, a training counts in epochs, and phases within it (validation) do
    not set it back.

    Args:
        epochs: of a training.
        time_budget: of a training, in seconds, if it has one.
    """

    def __init__(self, epochs: int | None = None, time_budget: float | None = None) -> None:
        self.phase = ""
        self.memory: int | None = None
        self.images_per_second: float | None = None
        self._epochs = epochs
        self._time_budget = time_budget
        self._in_epochs = False
        self._done = 0.0
        self._total: float | None = None
        self._first: tuple[float, float] | None = None
        self._last_time = 0.0
        self._started: float | None = None
        self._paused_at: float | None = None
        self._paused = 0.0

    def start(self) -> None:
        """The work begins now."""
        self._started = time.monotonic()

    def pause(self) -> None:
        """The work rests from now on."""
        self._paused_at = time.monotonic()

    def resume(self) -> None:
        """The work goes on."""
        if self._paused_at is not None:
            self._paused += time.monotonic() - self._paused_at
            self._paused_at = None

    @property
    def seconds(self) -> float:
        """Seconds since the start, without pauses."""
        if self._started is None:
            return 0.0
        now = time.monotonic() if self._paused_at is None else self._paused_at
        return now - self._started - self._paused

    @property
    def fraction(self) -> float | None:
        """0 to 1; ``None`` where the total is not known."""
        if not self._total:
            return None
        fraction = self._done / self._total
        if self._in_epochs and self._time_budget and self._first:
            fraction = max(fraction, (self.seconds - self._first[0]) / self._time_budget)
        return min(1.0, fraction)

    @property
    def seconds_left(self) -> float | None:
        """Until the end of the phase, or of the training; ``None`` before two steps were seen."""
        if self._total is None or self._first is None:
            return None
        first_time, first_done = self._first
        if self._done <= first_done or self._last_time <= first_time:
            return None
        speed = (self._done - first_done) / (self._last_time - first_time)
        left = (self._total - self._done) / speed - (self.seconds - self._last_time)
        if self._in_epochs and self._time_budget:
            left = min(left, self._time_budget - (self.seconds - first_time))
        return max(0.0, left)

    def see(self, events: Iterable[Event]) -> None:
        """Take note of ``events``."""
        for event in events:
            self._see(event)

    def _see(self, event: Event) -> None:
        match event:
            case PhaseStarted(phase=phase, total=total):
                self.phase = phase
                if not self._in_epochs:
                    self._done, self._total, self._first = 0.0, total, None
            case Progress(done=done, total=total) if not self._in_epochs:
                self._total = total if total is not None else self._total
                self._advance(done)
            case BatchEnded():
                self.images_per_second = event.images_per_second
                self._count_epochs(self._epochs)
                self._advance(event.epoch + (event.step + 1) / event.steps)
            case EpochEnded():
                self._count_epochs(event.epochs)
                self._advance(event.epoch + 1)
            case MemoryUsed(resident=resident):
                self.memory = resident

    def _count_epochs(self, epochs: int | None) -> None:
        if not self._in_epochs:
            self._in_epochs, self._first = True, None
        self._total = epochs

    def _advance(self, done: float) -> None:
        self._done = done
        self._last_time = self.seconds
        if self._first is None:
            self._first = self._last_time, done
