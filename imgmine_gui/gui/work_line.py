"""A line of things to load, served by worker threads: the newest list of wishes replaces the one before."""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

WishT = TypeVar("WishT", bound=Hashable)
ResultT = TypeVar("ResultT")


class WorkLine(QObject, Generic[WishT, ResultT]):
    """Serves wishes in threads of its own; lives in the thread of the window.

    Args:
        load: called in a worker thread; returns its failures, and raises nothing.
        threads: how many at most.
    """

    served = Signal()
    """``take`` has something; emitted in the thread of the window."""

    def __init__(
        self, load: Callable[[WishT], ResultT], threads: int, name: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._most, self._name = threads, name
        self._threads: list[threading.Thread] = []
        self._line = _Line(load, self._announce)
        # The threads know the line alone, so that they end when its owner is gone.
        self.destroyed.connect(self._line.close)

    def replace(self, wishes: Sequence[WishT]) -> None:
        """Load these, the first first; what waited before and was not begun is dropped."""
        self._line.replace(wishes)
        while wishes and len(self._threads) < self._most:
            thread = threading.Thread(target=self._line.work, name=self._name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def take(self) -> list[tuple[WishT, ResultT]]:
        """What was loaded since the last call."""
        return self._line.take()

    def close(self) -> None:
        """End the threads after what they have in hand."""
        self._line.close()

    def _announce(self) -> None:
        """In a worker thread."""
        try:
            self.served.emit()
        except RuntimeError:  # the window is gone
            self._line.close()


class _Line(Generic[WishT, ResultT]):
    """What waits for the threads, and what they have done; the only thing that both sides touch."""

    def __init__(self, load: Callable[[WishT], ResultT], announce: Callable[[], None]) -> None:
        self._load = load
        self._announce = announce
        self._changed = threading.Condition()
        self._waiting: deque[WishT] = deque()
        self._in_hand: set[WishT] = set()
        self._done: list[tuple[WishT, ResultT]] = []
        self._closed = False

    def replace(self, wishes: Sequence[WishT]) -> None:
        with self._changed:
            self._waiting = deque(wish for wish in wishes if wish not in self._in_hand)
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def take(self) -> list[tuple[WishT, ResultT]]:
        with self._changed:
            done, self._done = self._done, []
            self._in_hand.difference_update(wish for wish, _ in done)
            return done

    def work(self) -> None:
        while (wish := self._next()) is not None:
            outcome = self._load(wish)
            with self._changed:
                self._done.append((wish, outcome))
                tell = len(self._done) == 1 and not self._closed
            if tell:  # one announcement for all that come before it is heard
                self._announce()

    def _next(self) -> WishT | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            wish = self._waiting.popleft()
            self._in_hand.add(wish)
            return wish
