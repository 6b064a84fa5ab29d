"""The one route by which errors and messages reach the person, and the hooks that lead everything onto it."""

import logging
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

logger = logging.getLogger(__name__)


class Severity(StrEnum):
    """How a message is drawn."""

    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Message:
    """A line for the message bar, in the current language."""

    severity: Severity
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class Fault:
    """A fault of the program, for a dialog with details to copy.

    Attributes:
        summary: one line.
        details: the traceback, with the versions of the program and its libraries.
    """

    summary: str
    details: str


class Notifier(QObject):
    """One route for messages, user errors and faults; may be used from any thread."""

    message = Signal(object)
    """A ``Message`` for the message bar."""
    fault = Signal(object)
    """A ``Fault`` for the dialog."""
