"""What the tests of watching do again and again."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from imgmine_gui.core.project.watches import WatchedSource
from imgmine_gui.core.project.watching import Watch, WatchState, WatchTimes
from tests.timing import LENIENCY

QUICK = WatchTimes(quiet=0.05, longest=0.4, look=0.05, poll=60.0)
LATE = 10.0 * LENIENCY


class Told:
    """What a watch says, to be waited for."""

    def __init__(self) -> None:
        self.changes = 0
        self.states: list[WatchState] = []
        self._condition = threading.Condition()

    def change(self) -> None:
        with self._condition:
            self.changes += 1
            self._condition.notify_all()

    def state(self, state: WatchState) -> None:
        with self._condition:
            self.states.append(state)
            self._condition.notify_all()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._condition:
            assert self._condition.wait_for(condition, LATE), (self.changes, self.states)

    def wait_for_state(self, state: WatchState) -> None:
        self.wait_for(lambda: bool(self.states) and self.states[-1] is state)

    def wait_for_change(self, do: Callable[[], object]) -> None:
        """Do something, and wait until the watch says that there was a change."""
        before = self.changes
        do()
        self.wait_for(lambda: self.changes > before)


@contextmanager
def watching(path: Path, is_file: bool = False, times: WatchTimes = QUICK) -> Iterator[Told]:
    """Watch ``path`` in the block; afterwards no thread of it is left."""
    before = set(threading.enumerate())
    told = Told()
    watch = Watch(WatchedSource(1, str(path), is_file), told.change, told.state, times)
    watch.start()
    try:
        yield told
    finally:
        watch.stop()
        assert watch.join(LATE)
    assert set(threading.enumerate()) <= before


@contextmanager
def listening(path: Path, is_file: bool = False, times: WatchTimes = QUICK) -> Iterator[Told]:
    """The same, once the watch has begun and has said so."""
    with watching(path, is_file, times) as told:
        told.wait_for(lambda: told.states[-1:] == [WatchState.LISTENING] and told.changes == 1)
        yield told
