"""Writes down everything that a job signals."""

import time

from imgmine_gui.app.job import Job
from imgmine_gui.core.events import Event


class Recorder:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.signals: list[str] = []
        self.outcome: object = None
        self.events: list[Event] = []
        self.deliveries: list[float] = []
        job.events.connect(self._on_events)
        job.succeeded.connect(lambda value: self._on_outcome("succeeded", value))
        job.failed.connect(lambda value: self._on_outcome("failed", value))
        job.cancelled.connect(lambda: self._on_outcome("cancelled", None))
        job.finished.connect(lambda: self.signals.append("finished"))

    def _on_events(self, events: tuple[Event, ...]) -> None:
        self.deliveries.append(time.monotonic())
        self.events.extend(events)
        self.signals.append("events")

    def _on_outcome(self, name: str, value: object) -> None:
        self.signals.append(name)
        self.outcome = value

    @property
    def ending(self) -> list[str]:
        return [name for name in self.signals if name != "events"]

    @property
    def busiest_second(self) -> int:
        return max(
            (sum(start <= when < start + 1.0 for when in self.deliveries) for start in self.deliveries), default=0
        )
