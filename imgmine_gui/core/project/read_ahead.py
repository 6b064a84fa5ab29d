"""Some threads that work ahead on pieces of work, whose results come in the order of the work."""

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from typing import Generic, TypeVar

Work = TypeVar("Work")
Done = TypeVar("Done")

_WAIT_SECONDS = 0.1


class ReadAhead(Generic[Work, Done]):
    """A context manager; when it ends, the threads are told to, and not waited for.

    Each may be in the middle of a read that a dead drive never answers. They are daemons, for which the process does
    not wait either.

    Args:
        do: the work; its second argument says whether nobody waits for it any more.
        threads: how many pieces are worked on at the same time.
        ahead: how many pieces are taken before the first of them is done.
    """

    def __init__(self, do: Callable[[Work, Callable[[], bool]], Done], threads: int, ahead: int) -> None:
        self._do = do
        self._ahead = ahead
        self._todo: queue.SimpleQueue[tuple[Work, Future[Done]] | None] = queue.SimpleQueue()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._work, name="read ahead", daemon=True) for _ in range(threads)]

    def __enter__(self) -> "ReadAhead[Work, Done]":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for _thread in self._threads:
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
                yield _result(begun.popleft(), check)
        while begun:
            yield _result(begun.popleft(), check)

    def _work(self) -> None:
        while (work := self._todo.get()) is not None and not self._over.is_set():
            piece, future = work
            try:
                future.set_result(self._do(piece, self._over.is_set))
            except BaseException as error:
                future.set_exception(error)


def _result(future: Future[Done], check: Callable[[], None]) -> Done:
    while not wait([future], _WAIT_SECONDS).done:
        check()
    return future.result()
