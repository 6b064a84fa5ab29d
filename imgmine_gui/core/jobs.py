"""What a piece of background work may ask of whoever runs it.

A job is a plain function whose last argument is its ``JobContext``: it reports events, and asks between two small
steps whether it is to go on. Whether it runs in the command line, in a thread or in the engine is not its business.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.events import Event


class Wish(StrEnum):
    """What the person wants of a running job."""

    GO_ON = "go_on"
    PAUSE = "pause"
    STOP = "stop"
    """End soon and keep what was made so far."""
    CANCEL = "cancel"
    """End now and discard."""


class JobContext(Protocol):
    """Handed to every job as its last argument."""

    def report(self, event: Event) -> None:
        """Tell whoever watches; cheap, may be called for every step."""

    @property
    def wish(self) -> Wish:
        """What the person wants now; cheap, to be asked between two steps of at most 0.2 s."""


class PlainContext:
    """A context for the command line and for tests: events go to a function, the wish is set by hand."""

    def __init__(self, on_event: Callable[[Event], None] = lambda event: None) -> None:
        self._on_event = on_event
        self._wish = Wish.GO_ON

    def report(self, event: Event) -> None:
        """Hand the event to the function."""
        self._on_event(event)

    @property
    def wish(self) -> Wish:
        """What was set last."""
        return self._wish

    @wish.setter
    def wish(self, wish: Wish) -> None:
        self._wish = wish


def is_ending(context: JobContext) -> bool:
    """Whether the person stopped or cancelled; for a look in between that neither waits nor raises."""
    return context.wish in {Wish.STOP, Wish.CANCEL}


def stop_asked(context: JobContext) -> bool:
    """Whether to end and keep; waits here while the job is paused.

    Raises:
        Cancelled: the person cancelled.
    """
    while (wish := context.wish) is Wish.PAUSE:
        time.sleep(0.05)
    if wish is Wish.CANCEL:
        raise Cancelled
    return wish is Wish.STOP


def check_cancelled(context: JobContext) -> None:
    """For jobs that have nothing to keep: stopping is cancelling.

    Raises:
        Cancelled: the person stopped or cancelled.
    """
    if stop_asked(context):
        raise Cancelled
