"""Carries what the child has to say to the window: events in bundles, replies at once, memory once a second."""

import pickle
import threading
import time
from multiprocessing.connection import Connection

import psutil

from imgmine_gui.core.events import Event, MemoryUsed, Progress
from imgmine_gui.engine.protocol import Reply, Reported

BUNDLE_SECONDS = 0.1
MEMORY_SECONDS = 1.0
CROWDED = 1000
"""With so many events waiting, the job itself has to wait for the next bundle, which the window can take in 5 ms."""


class Courier:
    """Sends events of one request after another in the order in which they were reported.

    Neighbouring ``Progress`` events become one, the newest; a flood of them costs the window nothing.

    Args:
        connection: the child's end of the pipe.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._process = psutil.Process()
        self._changed = threading.Condition()
        self._waiting: list[Event] = []
        self._request: int | None = None
        self._something = threading.Event()
        threading.Thread(target=self._carry, name="courier", daemon=True).start()

    @property
    def resident(self) -> int:
        """Memory of this process, in bytes."""
        return int(self._process.memory_info().rss)

    def begin(self, request: int) -> None:
        """Events from now on belong to ``request``."""
        with self._changed:
            self._request = request

    def add(self, event: Event, at_once: bool = False) -> None:
        """Send ``event`` with the next bundle, or at once with those before it."""
        with self._changed:
            if isinstance(event, Progress) and self._waiting and isinstance(self._waiting[-1], Progress):
                self._waiting[-1] = event
            else:
                self._changed.wait_for(lambda: at_once or len(self._waiting) < CROWDED)
                self._waiting.append(event)
            if at_once:
                self._send_waiting()
        self._something.set()

    def reply(self, reply: Reply) -> None:
        """Send ``reply`` after all events before it; the request is over.

        Raises:
            Exception: whatever pickling the reply raises; nothing was sent of it then, and another may be sent.
        """
        content = pickle.dumps(reply, pickle.HIGHEST_PROTOCOL)
        with self._changed:
            self._send_waiting()
            self._request = None
            self._connection.send_bytes(content)

    def _send_waiting(self) -> None:
        if self._waiting and self._request is not None:
            bundle = Reported(self._request, tuple(self._waiting))
            self._connection.send_bytes(pickle.dumps(bundle, pickle.HIGHEST_PROTOCOL))
        self._waiting = []
        self._changed.notify_all()

    def _carry(self) -> None:
        memory_due = 0.0
        while True:
            self._something.wait(MEMORY_SECONDS)
            self._something.clear()
            now = time.monotonic()
            with self._changed:
                if now >= memory_due and self._request is not None:
                    memory_due = now + MEMORY_SECONDS
                    self._waiting.append(MemoryUsed(self.resident))
                self._send_waiting()
            time.sleep(BUNDLE_SECONDS)
