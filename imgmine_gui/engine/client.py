"""The window's side of an engine: starts the child, hands it requests, follows the person's wish, ends it."""

import contextlib
import itertools
import multiprocessing
import os
import pickle
import queue
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.events import BatchEnded, Event, Stopping
from imgmine_gui.core.jobs import Wish
from imgmine_gui.core.text import language
from imgmine_gui.engine.errors import EngineDied, EngineFault, StoppedUnanswered
from imgmine_gui.engine.mark import marked_as_worker
from imgmine_gui.engine.protocol import (
    CancelledReply,
    Failed,
    Ready,
    Reply,
    Reported,
    Request,
    Run,
    Shutdown,
    Succeeded,
    WishChanged,
)

CANCEL_GRACE = 1.0
"""Seconds in which a cancelled request may end by itself."""
STOP_GRACE = 1.5
"""Seconds in which a request must have seen that it is to stop; then it may take its time to save."""
LONGEST_STOP_GRACE = 60.0
"""The same where one training step takes longer, as large batches on slow processors do: what it learned is kept."""
TERMINATE_GRACE = 0.3
"""Seconds between asking the process to end and ending it."""
POLL_SECONDS = 0.05
"""How often the person's wish is looked at."""

_ids = itertools.count(1)
_starting = threading.Lock()


class Engine:
    """One child process that does one request at a time.

    ``run`` starts the child if there is none, and belongs to one thread: on Linux the child dies with the thread that
    started it. ``close`` may be called from any thread.

    Args:
        log: the file that gets what the child prints; None: nothing is kept.
        niceness: by how much the child steps back behind the window where both want the processor, 0..19.
    """

    def __init__(self, log: Path | None = None, niceness: int = 5) -> None:
        self._log = log
        self._niceness = niceness
        self._process: multiprocessing.process.BaseProcess | None = None
        self._closing = False
        self._inbox: queue.SimpleQueue[Reply | None] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.ready: Ready | None = None
        """How the child came up; None before it did."""

    @property
    def alive(self) -> bool:
        """Whether there is a child."""
        return self._process is not None and not wait_for([self._process.sentinel], 0)

    @property
    def pid(self) -> int | None:
        """The number of the child process."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the child if there is none; returns before it is ready."""
        if self.alive:
            return
        from imgmine_gui.engine import child

        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        if self._log:
            self._log.parent.mkdir(parents=True, exist_ok=True)
        process = context.Process(
            target=child.main, args=(theirs, self._log, os.getpid(), self._niceness), name="imgmine-engine", daemon=True
        )
        with _starting, marked_as_worker():
            process.start()
        theirs.close()
        self._process, self.ready, self._closing = process, None, False
        self._inbox, self._outbox = queue.SimpleQueue(), queue.SimpleQueue()
        writer = threading.Thread(target=_write, args=(ours, self._outbox), name="engine-writer", daemon=True)
        writer.start()
        reader = (ours, self._inbox, self._outbox, writer)
        threading.Thread(target=_read, args=reader, name="engine-reader", daemon=True).start()

    def run(
        self,
        function: str,
        arguments: tuple[Any, ...],
        on_event: Callable[[Event], None] = lambda event: None,
        wish: Callable[[], Wish] = lambda: Wish.GO_ON,
    ) -> Any:
        """Have the child do ``function(*arguments, context)``, and wait for its result.

        Args:
            function: a name in ``functions.FUNCTIONS``.
            on_event: is called in this thread with each event, in order.
            wish: what the person wants; asked about twenty times a second.

        Raises:
            UserError: from the function.
            Cancelled: the person cancelled; within 2 seconds, whatever the child was doing.
            StoppedUnanswered: the person stopped it, and the child did not notice in time.
            EngineDied: the child ended; the next ``run`` starts another.
            EngineFault: a fault of the program, with the child's traceback.
        """
        request = next(_ids)
        self.start()
        self._post(Run(request, function, arguments, language()))
        patience = _Patience(wish, lambda new: self._post(WishChanged(request, new)))
        while True:
            patience.look()
            if patience.is_over:
                self.kill()
                raise StoppedUnanswered if patience.wish is Wish.STOP else Cancelled
            with contextlib.suppress(queue.Empty):
                reply = self._inbox.get(timeout=POLL_SECONDS)
                if reply is None:
                    raise self._death(patience.wish)
                if isinstance(reply, Ready):
                    self.ready = reply
                elif reply.id == request:
                    if not isinstance(reply, Reported):
                        return _outcome(reply, patience.wish)
                    for event in reply.events:
                        patience.see(event)
                        on_event(event)

    def close(self) -> None:
        """End the child: it is asked first; a request at hand is not waited for and ends as cancelled."""
        process = self._process
        if process is None:
            return
        self._closing = True
        self._post(Shutdown())
        wait_for([process.sentinel], TERMINATE_GRACE)
        self.kill()

    def kill(self) -> None:
        """End the child within a third of a second, whatever it is doing."""
        process = self._process
        if process is None:
            return
        process.terminate()
        if not wait_for([process.sentinel], TERMINATE_GRACE):
            process.kill()
        process.join(TERMINATE_GRACE)
        self._process = None

    def _death(self, wish: Wish) -> Exception:
        """What to raise when the pipe is closed at the other end."""
        process = self._process
        if process is None or self._closing:
            return Cancelled()
        if not wait_for([process.sentinel], TERMINATE_GRACE):
            process.kill()
        process.join(TERMINATE_GRACE)
        self._process = None
        return Cancelled() if wish is Wish.CANCEL else EngineDied(process.exitcode)

    def _post(self, request: Request) -> None:
        self._outbox.put(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))


class _Patience:
    """Follows the person's wish, passes changes on, and knows when the child has had its time."""

    def __init__(self, ask: Callable[[], Wish], tell: Callable[[Wish], None]) -> None:
        self._ask = ask
        self._tell = tell
        self._deadline: float | None = None
        self._last_step = 0.0
        self._step_seconds = 0.0
        self.wish = Wish.GO_ON

    def look(self) -> None:
        """Ask for the wish; if it is another one, tell it."""
        wish = self._ask()
        if wish is self.wish or self.wish is Wish.CANCEL:
            return
        self.wish = wish
        self._tell(wish)
        stop = max(STOP_GRACE, min(2 * self._step_seconds, LONGEST_STOP_GRACE))
        grace = {Wish.CANCEL: CANCEL_GRACE, Wish.STOP: stop}.get(wish)
        self._deadline = time.monotonic() + grace if grace else None

    def see(self, event: Event) -> None:
        """The acknowledgement of a stop gives the child all the time it needs; steps tell how long one may take."""
        if isinstance(event, Stopping) and self.wish is Wish.STOP:
            self._deadline = None
        elif isinstance(event, BatchEnded):
            now = time.monotonic()
            self._step_seconds = now - self._last_step if self._last_step else 0.0
            self._last_step = now

    @property
    def is_over(self) -> bool:
        """Whether the child is to be ended now."""
        return self._deadline is not None and time.monotonic() >= self._deadline


def _outcome(reply: Succeeded | Failed | CancelledReply, wish: Wish) -> Any:
    if wish is Wish.CANCEL or isinstance(reply, CancelledReply):
        raise Cancelled
    if isinstance(reply, Succeeded):
        return reply.result
    if isinstance(reply.error, str):
        raise EngineFault(reply.error)
    raise reply.error


def _read(
    connection: Connection,
    inbox: "queue.SimpleQueue[Reply | None]",
    outbox: "queue.SimpleQueue[bytes | None]",
    writer: threading.Thread,
) -> None:
    """Empty the pipe as fast as the child fills it; ``None`` at its end."""
    try:
        while True:
            inbox.put(pickle.loads(connection.recv_bytes()))  # noqa: S301 - from our own child
    except (EOFError, OSError):
        pass
    finally:
        inbox.put(None)
        outbox.put(None)
        writer.join()  # a handle closed under a thread that uses it may by then be another file's
        connection.close()


def _write(connection: Connection, outbox: "queue.SimpleQueue[bytes | None]") -> None:
    """Fill the pipe; a child that does not listen must not hold up the thread that watches it."""
    with contextlib.suppress(OSError):
        while (content := outbox.get()) is not None:
            connection.send_bytes(content)
