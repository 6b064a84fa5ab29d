"""The window on which the screenshots are taken, and how a step waits for it."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.notifier import Fault, Notifier
from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import Settings
from imgmine_gui.gui.appearance import apply_language, apply_theme
from imgmine_gui.gui.main_window import MainWindow

PATIENCE = 600.0
"""Seconds for the longest wait: a training of the sample on two cores."""
FAMILY = "Noto Sans CJK SC"
"""One family for both languages, where it is installed: the pictures should not depend on the machine's taste."""


class Stage:
    """One window, driven from step to step.

    Args:
        out: the folder for the pictures.
        size: of the window.
        looks: the pairs of language and theme in which each picture is taken.
    """

    def __init__(self, settings: Settings, out: Path, size: tuple[int, int], looks: list[tuple[str, str]]) -> None:
        self.faults: list[Fault] = []
        notifier = Notifier()
        notifier.install()
        notifier.fault.connect(self._on_fault)
        speak("en")
        self.session = Session(settings, notifier)
        self.window = MainWindow(self.session)
        self.window.resize(*size)
        self.window.show()
        self.subject: QWidget = self.window
        """What the next picture shows: the window, or a dialog or menu that a step opened."""
        self._out = out
        self._looks = looks
        self.settle()

    def settle(self, seconds: float = 0.3) -> None:
        """Let the window work off what is due."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            time.sleep(0.01)

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Let the window work until ``done()``.

        Raises:
            TimeoutError: it was not done in ``PATIENCE`` seconds.
        """
        end = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > end:
                raise TimeoutError(f"waited too long for {what}")
            self.settle(0.05)

    def wait_for_jobs(self, *kinds: str) -> None:
        """Wait until no job, or no job of these kinds, runs."""
        self.settle()
        self.wait(lambda: not self.jobs(*kinds), f"jobs {kinds}")
        self.settle()

    def jobs(self, *kinds: str) -> list[Job]:
        """The jobs that run, of these kinds, or all."""
        return [job for job in self.session.runner.jobs if not kinds or job.kind in kinds]

    def show(self, widget: QWidget) -> None:
        """Make ``widget``, a dialog or a menu, the subject of the next picture; it is closed after it."""
        self.subject = widget
        self.settle()

    def take(self, name: str) -> None:
        """Save pictures of the subject in every look, then make the window the subject again."""
        for language, theme in self._looks:
            speak(language)
            apply_theme(theme)
            self.settle()
            self.subject.grab().save(str(self._out / f"{name}_{language}_{theme}.png"))
        speak("en")
        apply_theme("light")
        if self.subject is not self.window:
            self.subject.close()
            self.subject = self.window
        self.settle()

    def close(self) -> None:
        """End the engines and the window."""
        if self.session.training_job is not None:
            self.session.training_job.cancel()
            self.wait_for_jobs("train")
        self.window.close()
        self.session.notifier.uninstall()

    def _on_fault(self, fault: Fault) -> None:
        self.faults.append(fault)
        print(fault.details, file=sys.stderr)


def speak(language: str) -> None:
    """Show everything in ``language``; English with quotation marks as narrow as English has them."""
    apply_language(language)
    if FAMILY not in QFontDatabase.families():
        return
    font = QFont(QApplication.font())
    font.setFamilies([FAMILY])
    QApplication.setFont(_with_marks(font, language))
    for widget in QApplication.allWidgets():
        if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont):  # it keeps the features of the language before
            widget.setFont(_with_marks(widget.font(), language))


def _with_marks(font: QFont, language: str) -> QFont:
    """``font`` with marks as wide as ``language`` has them."""
    made = QFont(font)
    if language == "en":
        made.setFeature(QFont.Tag("pwid"), 1)
    else:
        made.unsetFeature(QFont.Tag("pwid"))
    return made
