"""The one route by which errors and messages reach the person, and the hooks that lead everything onto it."""

import importlib.metadata
import logging
import platform
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
    qVersion,
)

from imgmine_gui import __version__
from imgmine_gui.app.crash_report import write_report
from imgmine_gui.app.log_lines import as_told, error_as_told
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.text import Words, join_sentences, read, tr
from imgmine_gui.engine.errors import EngineFault

logger = logging.getLogger(__name__)

REPEAT_SECONDS = 10.0
"""The same fault within so many seconds (in each painting of a widget, say) goes to the log alone."""
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
LIBRARIES = ("PySide6_Essentials", "numpy", "pillow", "keras", "tensorflow", "tensorflow-cpu")


class Severity(StrEnum):
    """How a message is drawn."""

    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Message:
    """A line for the message bar, kept so that it follows the language."""

    severity: Severity
    words: Words
    remedy_words: Words = ""

    @property
    def text(self) -> str:
        """What happened, in the current language."""
        return read(self.words)

    @property
    def remedy(self) -> str:
        """What to do about it, in the current language; may be empty."""
        return read(self.remedy_words)


@dataclass(frozen=True)
class Fault:
    """A fault of the program, for a dialog with details to copy.

    Attributes:
        error: the line that names it, as Python writes it.
        details: the traceback, and the versions of the program and its libraries.
        report: the file that holds them; None where it could not be written.
    """

    error: str
    details: str
    report: Path | None = None

    @property
    def summary(self) -> str:
        """One line, in the current language."""
        return tr("ImgMine made a mistake: {error}", error=self.error)


class Notifier(QObject):
    """One route for messages, errors of a person and faults of the program; may be used from any thread."""

    message = Signal(object)
    """A ``Message`` for the message bar, in the thread of the window."""
    fault = Signal(object)
    """A ``Fault`` for the dialog, in the thread of the window."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._busy = threading.local()
        self._last_fault: tuple[str, float] = "", 0.0
        self._restore: list[Callable[[], Any]] = []

    def inform(self, words: Words, remedy: Words = "") -> None:
        """Show a line."""
        self._posted.emit(Message(Severity.INFORMATION, words, remedy))

    def warn(self, words: Words, remedy: Words = "") -> None:
        """Show a line that is drawn as a warning."""
        logger.warning("%s", join_sentences(read(words), read(remedy)), extra=as_told(words, remedy))
        self._posted.emit(Message(Severity.WARNING, words, remedy))

    def report(self, error: BaseException) -> None:
        """Show whatever ended a piece of work: a line, a dialog, or nothing for what was cancelled."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            logger.warning("%s", error, extra=error_as_told(error))
            self._posted.emit(Message(Severity.ERROR, lambda: error.message, lambda: error.remedy))
            return
        told = str(error) if isinstance(error, EngineFault) else "".join(traceback.format_exception(error))
        logger.error("fault\n%s", told)
        before, when = self._last_fault
        self._last_fault = told, time.monotonic()
        if told != before or time.monotonic() - when > REPEAT_SECONDS:
            details = told + _versions()
            self._posted.emit(Fault(told.rstrip().rpartition("\n")[2], details, write_report(details)))

    def install(self) -> None:
        """Lead what nobody caught here: exceptions of Python, of its threads and finalizers, and Qt's messages."""
        if self._restore:
            return
        python, threads, finalizers = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = lambda kind, error, trace: self._on_uncaught(error)
        threading.excepthook = lambda caught: self._on_uncaught(caught.exc_value)
        sys.unraisablehook = lambda caught: self._on_uncaught(caught.exc_value)
        qt = qInstallMessageHandler(_log_qt_message)
        self._restore = [
            lambda: setattr(sys, "excepthook", python),
            lambda: setattr(threading, "excepthook", threads),
            lambda: setattr(sys, "unraisablehook", finalizers),
            lambda: qInstallMessageHandler(qt),
        ]

    def uninstall(self) -> None:
        """Put the hooks back that were there before."""
        for restore in self._restore:
            restore()
        self._restore = []

    def _on_uncaught(self, error: BaseException | None) -> None:
        """Never raises, and never calls itself: an error while an error is told goes to the console as it is."""
        if error is None or isinstance(error, SystemExit):
            return
        if isinstance(error, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        if getattr(self._busy, "now", False):
            sys.__excepthook__(type(error), error, error.__traceback__)
            return
        self._busy.now = True
        try:
            self.report(error)
        except Exception:
            traceback.print_exc(file=sys.__stderr__)
            sys.__excepthook__(type(error), error, error.__traceback__)
        finally:
            self._busy.now = False

    def _deliver(self, posted: Message | Fault) -> None:
        (self.message if isinstance(posted, Message) else self.fault).emit(posted)


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    logger.log(LEVELS.get(kind, logging.WARNING), "Qt: %s", text)


def _versions() -> str:
    lines = [f"ImgMine {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"]
    for library in LIBRARIES:
        try:
            lines.append(f"{library} {importlib.metadata.version(library)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return "\n" + "\n".join(lines) + "\n"
