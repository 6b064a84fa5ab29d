"""The second engine: it serves predictions and heatmaps, so that looking does not wait for training."""

import logging
import threading
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from imgmine_gui.app.job import Job
from imgmine_gui.app.job_runner import EngineWork, engine_call
from imgmine_gui.app.mailbox import Mailbox
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.jobs import JobContext, Wish
from imgmine_gui.core.text import N_
from imgmine_gui.engine.client import Engine

IDLE_SECONDS = 300.0
"""After so long without a request the engine gives its memory back."""

NICENESS = 2
"""Behind the window, before a training: somebody waits for what is being looked at."""

logger = logging.getLogger(__name__)


class LookingState(StrEnum):
    """What the engine is doing, for the status bar."""

    OFF = "off"
    STARTING = "starting"
    BUSY = "busy"
    READY = "ready"


@dataclass(frozen=True)
class _Request:
    mailbox: Mailbox
    work: EngineWork
    urgency: int


class Looking(QObject):
    """One engine and the thread that has it work: heatmaps first, then predictions, then warming up.

    Args:
        engine_log: gets what the engine prints.
        idle_seconds: after so long without a request the engine is ended; the next request starts it again.
    """

    state_changed = Signal()

    def __init__(
        self, engine_log: Path | None = None, idle_seconds: float = IDLE_SECONDS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = Engine(engine_log, NICENESS)
        self._idle_seconds = idle_seconds
        self._changed = threading.Condition()
        self._waiting: list[_Request] = []
        self._thread: threading.Thread | None = None
        self._closing = False
        self._state = LookingState.OFF
        self._warming: Job | None = None
        self._at_hand: Mailbox | None = None

    @property
    def state(self) -> LookingState:
        """What the engine is doing."""
        return self._state

    @property
    def engine_pid(self) -> int | None:
        """The number of the engine's process; None where there is none."""
        return self._engine.pid if self._engine.alive else None

    def explain(self, job: Job, work: EngineWork) -> None:
        """Do ``work`` next; an explanation that was not begun yet ends as cancelled."""
        self._add(_Request(job.mailbox, work, urgency=2), replaces=True)

    def request(self, job: Job, work: EngineWork) -> None:
        """Do ``work`` after the requests of its kind before it."""
        self.hand_over(job.mailbox, work)

    def hand_over(self, mailbox: Mailbox, work: EngineWork) -> None:
        """Like ``request``, for a worker thread that goes no further with a job by itself."""
        self._add(_Request(mailbox, work, urgency=1))

    def warm(self, model: str) -> None:
        """Start the engine and load ``model``, so that the first request is answered at once.

        Nobody asked for it, so nobody is told if it fails; the request that follows will say so.
        """
        self._warming = Job("warm_up", N_("Getting ready"))
        self._warming.failed.connect(_note_failure)
        self._add(_Request(self._warming.mailbox, engine_call("warm_up", model), urgency=0), replaces=True)

    def shutdown(self) -> None:
        """End the engine; requests that wait, and the one at hand, end as cancelled."""
        with self._changed:
            self._closing = True
            dropped, self._waiting = self._waiting, []
            self._changed.notify()
        if self._at_hand:
            self._at_hand.wish_now = Wish.CANCEL
        for request in dropped:
            request.mailbox.end(Cancelled())
        self._engine.close()
        if self._thread:
            self._thread.join(2.0)

    def _add(self, request: _Request, replaces: bool = False) -> None:
        dropped: list[_Request] = []
        with self._changed:
            if replaces:
                dropped = [other for other in self._waiting if other.urgency == request.urgency]
                self._waiting = [other for other in self._waiting if other.urgency != request.urgency]
            self._waiting.append(request)
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="looking", daemon=True)
                self._thread.start()
        for other in dropped:
            other.mailbox.end(Cancelled())

    def _work(self) -> None:
        """In this thread alone the engine is started, since the child dies with the thread that started it."""
        while not self._closing:
            request = self._next()
            if request is None:
                self._engine.close()
                self._set_state(LookingState.OFF)
                continue
            self._set_state(LookingState.BUSY if self._engine.alive else LookingState.STARTING)
            self._at_hand = request.mailbox
            request.mailbox.execute(partial(_serve, request.work, self._engine))
            self._set_state(LookingState.READY if self._engine.alive else LookingState.OFF)
        self._engine.kill()

    def _next(self) -> _Request | None:
        """The most urgent request, waited for; None when nothing came for long enough, or at the end."""
        with self._changed:
            patience = self._idle_seconds if self._engine.alive else None
            self._changed.wait_for(lambda: self._waiting or self._closing, patience)
            if not self._waiting:
                return None
            request = max(self._waiting, key=lambda waiting: waiting.urgency)
            self._waiting.remove(request)
            return request

    def _set_state(self, state: LookingState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit()


def _serve(work: EngineWork, engine: Engine, context: JobContext) -> object:
    return work(context, engine)


def _note_failure(error: Any) -> None:
    if isinstance(error, UserError):
        logger.info("warming up: %s", error)
    else:
        logger.error("warming up failed", exc_info=error)
