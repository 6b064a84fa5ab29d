"""Watch a source: notice that files in it came, changed or went, and say so once they have settled.

Where the operating system tells of changes, it is listened to. Where it does not (a network drive, a file system that
cannot, too many folders), the source is to be scanned again from time to time instead.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.project.drives import is_on_network
from imgmine_gui.core.project.watches import WatchedSource


class WatchState(StrEnum):
    """How a source is watched."""

    BEGINNING = "beginning"
    """Its folders are being gone through."""
    LISTENING = "listening"
    """The operating system tells of changes."""
    NETWORK = "network"
    """Scanned from time to time: on a network drive, what other computers change is not told."""
    LIMIT = "limit"
    """Scanned from time to time: the operating system watches no more folders."""
    UNABLE = "unable"
    """Scanned from time to time: its file system cannot tell of changes."""
    OFFLINE = "offline"
    """It is not there; watched again as soon as it is."""


@dataclass(frozen=True)
class WatchTimes:
    """Seconds.

    Attributes:
        quiet: for which nothing may have changed before a change is passed on.
        longest: after which it is passed on though files still change.
        look: between two looks whether the source is still there.
        poll: between two scans where changes are not told.
    """

    quiet: float = 1.0
    longest: float = 5.0
    look: float = 2.0
    poll: float = 300.0


class Watch:
    """Watches one source in threads of its own, from ``start`` until ``stop``.

    Args:
        source: what is watched.
        on_change: called, in a thread of the watch, when a scan would find something new, and each time when the watch
            begins anew, because something may have changed unseen before.
        on_state: called, in the same thread, with every new state.
        times: how patient it is.
    """

    def __init__(
        self,
        source: WatchedSource,
        on_change: Callable[[], None],
        on_state: Callable[[WatchState], None],
        times: WatchTimes = WatchTimes(),
    ) -> None:
        self.source = source
        self._on_change = on_change
        self._on_state = on_state
        self._times = times
        self._state: WatchState | None = None
        self._ending = threading.Event()
        self._changes = _Changes(times)
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the threads to end; returns at once, and nothing is called any more."""
        self._ending.set()
        self._changes.end()

    def join(self, timeout: float) -> bool:
        """Wait for their end.

        Returns:
            Whether they have ended; a drive that does not answer may keep them.
        """
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._ending.is_set():
            there = self._identity()
            if there is None:
                self._say(WatchState.OFFLINE)
            elif is_on_network(os.path.realpath(self.source.path)):
                self._poll(WatchState.NETWORK, there)
            elif self.source.is_file:
                self._look_only(there)
            else:
                self._listen(there)
            self._changes.wait(self._times.look)

    def _identity(self) -> tuple[int, ...] | None:
        """What tells the source at its path from another; of a file, also its present content. None: not there."""
        try:
            status = os.stat(self.source.path)
        except OSError:
            return None
        folder = (status.st_dev, status.st_ino)
        return (*folder, status.st_size, status.st_mtime_ns) if self.source.is_file else folder

    def _look_only(self, there: tuple[int, ...]) -> None:
        """Look at a single file until it is another; then the watch begins anew."""
        self._say(WatchState.LISTENING)
        self._tell()
        while self._goes_on(there):
            self._changes.wait(self._times.look)

    def _listen(self, there: tuple[int, ...]) -> None:
        """Pass on what the operating system tells, until it has no more to tell."""
        from imgmine_gui.core.project.folder_events import FolderEvents, WatchLimitError

        self._say(WatchState.BEGINNING)
        try:
            # Of a link, the folder that it leads to: a link itself never changes.
            events = FolderEvents(os.path.realpath(self.source.path), self._changes.note, self._ending)
        except Cancelled:
            return
        except WatchLimitError:
            self._poll(WatchState.LIMIT, there)
            return
        except OSError:
            self._poll(WatchState.UNABLE, there)
            return
        try:
            self._say(WatchState.LISTENING)
            self._tell()
            while self._goes_on(there) and events.is_alive and events.is_whole:
                if self._changes.wait(self._times.look) and self._goes_on(there):
                    self._tell()
        finally:
            events.stop()
        if not events.is_whole:
            self._poll(WatchState.LIMIT, there)

    def _poll(self, state: WatchState, there: tuple[int, ...]) -> None:
        """Have the source scanned from time to time."""
        while self._goes_on(there):
            self._say(state)
            self._tell()
            next_scan = time.monotonic() + self._times.poll
            while self._goes_on(there) and time.monotonic() < next_scan:
                self._changes.wait(self._times.look)

    def _goes_on(self, there: tuple[int, ...]) -> bool:
        """Whether the source is still the same, and wanted."""
        return not self._ending.is_set() and self._identity() == there

    def _say(self, state: WatchState) -> None:
        if state is not self._state and not self._ending.is_set():
            self._state = state
            self._on_state(state)

    def _tell(self) -> None:
        if not self._ending.is_set():
            self._on_change()


class _Changes:
    """Changes that are noted in one thread, and waited for in another until they have settled."""

    def __init__(self, times: WatchTimes) -> None:
        self._times = times
        self._condition = threading.Condition()
        self._first: float | None = None
        self._last = 0.0
        self._ended = False

    def note(self) -> None:
        """Something changed."""
        with self._condition:
            self._last = time.monotonic()
            if self._first is None:
                self._first = self._last
                self._condition.notify_all()

    def end(self) -> None:
        """Let nobody wait any more."""
        with self._condition:
            self._ended = True
            self._condition.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait for changes to settle, at most so long.

        Returns:
            Whether they have; they are then forgotten.
        """
        deadline = time.monotonic() + seconds
        with self._condition:
            while not self._ended:
                now, due = time.monotonic(), self._due()
                if now >= due:
                    self._first = None
                    return True
                if now >= deadline:
                    return False
                self._condition.wait(min(due, deadline) - now)
            return False

    def _due(self) -> float:
        if self._first is None:
            return float("inf")
        return min(self._last + self._times.quiet, self._first + self._times.longest)
