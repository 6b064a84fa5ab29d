"""Train: start, pause, stop, cancel."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from imgmine_gui.app.job import Job, JobState
from imgmine_gui.app.session import Session
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.menus.menu import Menu, enable

NOTHING_RUNS = N_("No training is running.")


class TrainMenu(Menu):
    """Train; what it can do follows from the training that runs.

    Args:
        start: begins a training with what the page Train is set to.
        quick_check: shows the page that says how good a training would be.
    """

    def __init__(
        self, session: Session, start: Callable[[], object], quick_check: Callable[[], object], window: QWidget
    ) -> None:
        super().__init__(N_("&Train"), window)
        self._session = session
        self._followed: Job | None = None
        self.train = self.entry(N_("Train"), start, ["Ctrl+T"])
        self.addSeparator()
        self.pause = self.entry(N_("Pause"), self._pause)
        self.stop = self.entry(N_("Stop and keep"), self._stop, ["Ctrl+."])
        self.cancel = self.entry(N_("Cancel and discard"), self._cancel)
        self.addSeparator()
        self.quick_check = self.entry(N_("How good can it get? Quick check"), quick_check)
        session.runner.changed.connect(self._refresh)
        session.project_changed.connect(self._refresh)
        self.aboutToShow.connect(self._refresh)
        self._refresh()

    @property
    def _job(self) -> Job | None:
        return self._session.training_job

    def _pause(self) -> None:
        job = self._job
        if job is None:
            return
        if job.state is JobState.PAUSED:
            job.resume()
        else:
            job.pause()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _refresh(self) -> None:
        job = self._job
        if job is not None and job is not self._followed:
            job.progressed.connect(self._refresh)
            self._followed = job
        idle = job is None or job.is_over
        open_ = self._session.project is not None
        reason = N_("A training is running already.") if open_ else N_("No project is open.")
        enable(self.train, open_ and idle, reason)
        paused = job is not None and job.state is JobState.PAUSED
        bind(self.pause, "setText", N_("Resume") if paused else N_("Pause"))
        for action in (self.pause, self.stop, self.cancel):
            enable(action, not idle, NOTHING_RUNS)
