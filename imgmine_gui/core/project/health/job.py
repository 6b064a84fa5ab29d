"""The job that measures all images of a catalogue; it goes on where it was stopped."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from imgmine_gui.core.events import Event, PhaseStarted, Progress
from imgmine_gui.core.jobs import JobContext, Wish, stop_asked
from imgmine_gui.core.project.health.health import Health
from imgmine_gui.core.project.health.measuring import ImagesMeasured, Unmeasured, measure_images
from imgmine_gui.core.text import N_

CHUNK = 400
"""So many images are handed to a worker at once."""

Worker = Callable[[Sequence[Unmeasured], JobContext], None]
"""``measure_images``, or what has another process do it; is called in one thread, chunk after chunk."""


@dataclass(frozen=True)
class HealthMeasured:
    """What a measuring came to.

    Attributes:
        measured: contents that were measured now.
        undecodable: images that turned out to be unreadable.
        skipped: contents whose files were changed since the scan, or could not be reached.
    """

    measured: int
    undecodable: int
    skipped: int


def measure(health: Health, context: JobContext, workers: Sequence[Worker] = (measure_images,)) -> HealthMeasured:
    """Measure what is not measured yet, and write it in batches as it comes.

    Args:
        health: of the catalogue; this process is the one that writes it.
        context: of the job. Whether it is stopped or cancelled, what was measured is kept.
        workers: each measures what it is handed, in a thread of its own.

    Raises:
        UserError: the catalogue cannot be written.
        Cancelled: the person cancelled.
    """
    total = health.state().left
    context.report(PhaseStarted(N_("Measuring images"), total))
    desk = _Desk(health, context, total)
    try:
        with ThreadPoolExecutor(len(workers), thread_name_prefix="health") as pool:
            for work in [pool.submit(desk.keep_busy, worker) for worker in workers]:
                work.result()
    finally:
        if desk.undecodable:
            health.divide()
    return HealthMeasured(desk.measured, desk.undecodable, desk.skipped)


class _Desk:
    """Hands out what is to be measured, and takes in what was: a context that writes, and passes on what else comes."""

    def __init__(self, health: Health, context: JobContext, total: int) -> None:
        self._health = health
        self._context = context
        self._total = total
        self._last = ""
        self._handing = threading.Lock()
        self._taking = threading.Lock()
        self._failed = False
        self.measured = 0
        self.undecodable = 0
        self.skipped = 0
        self._done = 0

    def keep_busy(self, worker: Worker) -> None:
        """Give a worker one chunk after the other until there is nothing left."""
        try:
            while not stop_asked(self) and (items := self._next()):
                worker(items, self)
        except BaseException:
            self._failed = True  # the others need not go on
            raise

    def report(self, event: Event) -> None:
        """Write a batch; hand anything else on."""
        if not isinstance(event, ImagesMeasured):
            self._context.report(event)
            return
        with self._taking:
            self.undecodable += self._health.write(event)
            self.measured += len(event.measured)
            self.skipped += event.skipped
            self._done += event.done
            self._context.report(Progress(self._done, self._total))

    @property
    def wish(self) -> Wish:
        """What the person wants; to stop, where one of the workers has failed."""
        return Wish.STOP if self._failed and self._context.wish is Wish.GO_ON else self._context.wish

    def _next(self) -> list[Unmeasured]:
        with self._handing:
            items = self._health.unmeasured(self._last, CHUNK)
            self._last = items[-1].key if items else self._last
            return items
