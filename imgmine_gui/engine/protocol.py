"""What the two processes say to each other: pickled frozen dataclasses, over one duplex pipe."""

from dataclasses import dataclass
from typing import Any

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import Event
from imgmine_gui.core.jobs import Wish


@dataclass(frozen=True)
class Run:
    """Do the function; to the child.

    Attributes:
        id: of the request, never used twice.
        function: a name in ``functions.FUNCTIONS``.
        arguments: positional ones, before the context.
        language: for texts that are put into words over there, such as why an image could not be read.
    """

    id: int
    function: str
    arguments: tuple[Any, ...]
    language: str = "en"


@dataclass(frozen=True)
class WishChanged:
    """The person wants something else of request ``id``; to the child."""

    id: int
    wish: Wish


@dataclass(frozen=True)
class Shutdown:
    """End when the request at hand is done; to the child."""


Request = Run | WishChanged | Shutdown


@dataclass(frozen=True)
class Ready:
    """The child takes requests.

    Attributes:
        seconds: from the beginning of the child's own code until now.
        resident: memory of the child, in bytes.
    """

    seconds: float
    resident: int


@dataclass(frozen=True)
class Reported:
    """Events of request ``id``, in order; at most about ten such messages a second."""

    id: int
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Succeeded:
    """Request ``id`` is done."""

    id: int
    result: Any


@dataclass(frozen=True)
class Failed:
    """Request ``id`` ended with an error.

    Attributes:
        error: what a person can mend, or the text of the traceback.
    """

    id: int
    error: UserError | str


@dataclass(frozen=True)
class CancelledReply:
    """Request ``id`` ended because the person wanted it to."""

    id: int


Reply = Ready | Reported | Succeeded | Failed | CancelledReply
