"""Ctrl+C on a command line: the first asks the job to end and keep what it has, the second ends it now."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from imgmine_gui.core.jobs import PlainContext, Wish


@contextmanager
def interruptible(context: PlainContext) -> Iterator[None]:
    """Within the block Ctrl+C, and a polite kill, set the context's wish instead of raising."""

    def ask(number: int, frame: FrameType | None) -> None:
        if context.wish is Wish.STOP:
            raise KeyboardInterrupt
        context.wish = Wish.STOP

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
