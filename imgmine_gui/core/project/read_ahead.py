"""Threads that work ahead on pieces of work, whose results come in the order of the work."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import Future
from typing import Generic, TypeVar

Work = TypeVar("Work", bound=Sized)
Done = TypeVar("Done")

_WAIT_SECONDS = 0.1
_BRIEF_SECONDS = 0.0001
_TRIAL_SECONDS = 0.1


class ReadAhead(Generic[Work, Done]):
    """A context manager; when it ends, the threads are told to, and not waited for.

    Each may be in the middle of a read that a dead drive never answers. They are daemons, for which the process does
    not wait either.

    One thread begins. Others join it once the items of the pieces, such as files, take longer than a tenth of a
    millisecond, because the drive is waited for or there is much to hash. What takes less is done sooner by one thread
    than by several that hand Python's lock to each other for every item.

    Args:
        do: the work; its second argument says whether nobody waits for it any more.
        threads: how many pieces are worked on at the same time, at most.
        ahead: how many pieces are taken before the first of them is done.
    """

    def __init__(self, do: Callable[[Work, Callable[[], bool]], Done], threads: int, ahead: int) -> None:
        self._do = do
        self._most = threads
        self._ahead = ahead
        self._todo: queue.SimpleQueue[tuple[Work, Future[Done]] | None] = queue.SimpleQueue()
        self._over = threading.Event()
        self._growing = threading.Lock()
        self._threads = 0

    def __enter__(self) -> "ReadAhead[Work, Done]":
        self._grow()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for _thread in range(self._most):
            self._todo.put(None)

    def results(self, pieces: Iterable[Work], check: Callable[[], None]) -> Iterator[Done]:
        """What was made of the pieces, in their order.

        Args:
            pieces: taken as they are needed, in this thread.
            check: called ten times a second while there is nothing to give; may raise to end it all.

        Raises:
            Exception: what the work raised.
        """
        begun: deque[Future[Done]] = deque()
        for piece in pieces:
            future: Future[Done] = Future()
            begun.append(future)
            self._todo.put((piece, future))
            if len(begun) >= self._ahead:
                yield self._result(begun.popleft(), check)
        while begun:
            yield self._result(begun.popleft(), check)

    def _result(self, future: Future[Done], check: Callable[[], None]) -> Done:
        while not future.done():
            try:
                future.exception(_WAIT_SECONDS)
            except TimeoutError:
                self._grow()
                check()
        return future.result()

    def _work(self) -> None:
        spent, items = 0.0, 0
        while (work := self._todo.get()) is not None and not self._over.is_set():
            piece, future = work
            began = time.perf_counter()
            try:
                future.set_result(self._do(piece, self._over.is_set))
            except BaseException as error:
                future.set_exception(error)
            spent, items = spent + time.perf_counter() - began, items + len(piece)
            if spent >= _TRIAL_SECONDS:
                if spent > items * _BRIEF_SECONDS:
                    self._grow()
                spent, items = 0.0, 0

    def _grow(self) -> None:
        """Start one thread more, if there may be one."""
        with self._growing:
            if self._threads < self._most:
                self._threads += 1
                threading.Thread(target=self._work, name="read ahead", daemon=True).start()
