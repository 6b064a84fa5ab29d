"""Runs jobs in background threads, each with its own engine where it needs one."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal

from imgmine_gui.app.job import Job
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.engine.client import Engine

Work = Callable[[JobContext], Any]
"""What a job does in its worker thread."""
EngineWork = Callable[[JobContext, Engine], Any]
"""What a job does in its worker thread with an engine."""


class JobRunner(QObject):
    """Starts a background worker thread for each job, and keeps the job until it is over.

    Args:
        engine_log: gets what the engines print.
    """

    changed = Signal()
    """A job was started or is over: read ``jobs`` anew."""

    def __init__(self, engine_log: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine_log = engine_log
        self._jobs: list[Job] = []

    @property
    def jobs(self) -> list[Job]:
        """The jobs that are not over, in the order in which they were started."""
        return list(self._jobs)

    def start(self, job: Job, work: Work) -> Job:
        """Do ``work(context)`` in a thread; for light work, which lets Python's lock go often."""
        self.follow(job)
        threading.Thread(target=job.mailbox.execute, args=(work,), name=f"job-{job.kind}", daemon=True).start()
        return job

    def start_engine(self, job: Job, work: EngineWork) -> Job:
        """Do ``work(context, engine)`` in a thread, with an engine of its own that ends with the job."""
        engine, mailbox = Engine(self._engine_log), job.mailbox

        def run() -> None:
            mailbox.execute(lambda context: work(context, engine))
            engine.kill()

        self.follow(job)
        threading.Thread(target=run, name=f"job-{job.kind}", daemon=True).start()
        return job

    def follow(self, job: Job) -> None:
        """Keep ``job``, which someone else executes, among the jobs until it is over."""
        self._jobs.append(job)
        job.finished.connect(self._sweep)
        self.changed.emit()

    def shutdown(self, timeout: float) -> bool:
        """Stop all jobs (a training keeps what it has learned) and wait for their ends, without taking clicks.

        Returns:
            Whether all were over within ``timeout`` seconds; those that were not are cancelled.
        """
        for job in self.jobs:
            job.stop()
        if not self._wait(timeout):
            for job in self.jobs:
                job.cancel()
            self._wait(2.0)
            return False
        return True

    def _wait(self, timeout: float) -> bool:
        if self._jobs:
            loop = QEventLoop()
            ended = self.changed.connect(lambda: None if self._jobs else loop.quit())
            QTimer.singleShot(int(timeout * 1000), loop, loop.quit)
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            self.changed.disconnect(ended)
        return not self._jobs

    def _sweep(self) -> None:
        self._jobs = [job for job in self._jobs if not job.is_over]
        self.changed.emit()


def engine_call(function: str, *arguments: Any) -> EngineWork:
    """Work that is one call of a function of ``engine.functions``."""
    return lambda context, engine: engine.run(function, arguments, context.report, lambda: context.wish)
