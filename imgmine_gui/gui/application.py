"""The program behind the window: one ``QApplication``, set up from the settings, and its one window."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont, QIcon
from PySide6.QtWidgets import QApplication

from imgmine_gui import __version__
from imgmine_gui.app.crash_report import native_crashes_told
from imgmine_gui.app.logging import set_up_logging
from imgmine_gui.app.notifier import Notifier
from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import Settings
from imgmine_gui.core.memory import keep_little
from imgmine_gui.core.text import RESOURCES
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.collecting import Collector
from imgmine_gui.gui.demo import Demo
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.theme import ThemeMode, theme

SMALLEST_FONT = 10.0
"""In points. Qt's own 9 points, where a Linux desktop names no font, are hard to read."""


def build_application(settings: Settings) -> QApplication:
    """The program with its name, icon, theme and language."""
    keep_little()  # before there are threads
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("ImgMine")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("imgmine")
    application.setWindowIcon(QIcon(str(RESOURCES / "icons" / "imgmine.svg")))
    font = QFont(application.font())
    if sys.platform.startswith("linux") and font.pointSizeF() < SMALLEST_FONT:
        font.setPointSizeF(SMALLEST_FONT)
        application.setFont(font)
    theme().install(application, ThemeMode(settings.theme))
    apply_language(settings.language)
    return application


def run_window(paths: Sequence[Path] = (), demo: str | None = None) -> int:
    """Open the window and stay until it is closed.

    Args:
        paths: what to open, as if it were dropped on the window.
        demo: the name of a sample on which to demonstrate a training.

    Returns:
        The exit code.
    """
    set_up_logging()
    settings = Settings()
    application = build_application(settings)
    Collector(application)
    notifier = Notifier()
    notifier.install()
    session = Session(settings, notifier)
    window = MainWindow(session)
    window.show()
    if paths:
        window.open_paths([Path(os.path.abspath(path)) for path in paths])
    QTimer.singleShot(0, window, lambda: receive_second_starts(window))
    if demo is not None:
        demonstration = Demo(window, demo)
        QTimer.singleShot(0, demonstration, demonstration.begin)
    with native_crashes_told():
        code = application.exec()
    session.shutdown()  # once more where Ctrl+C ended the program, not the window
    notifier.uninstall()
    return code


def receive_second_starts(window: MainWindow) -> None:
    """Let the window open what is double-clicked while it is there."""
    from imgmine_gui.gui.reception import Reception  # once the window is on the screen: Qt's sockets take their time

    reception = Reception(window)
    reception.came.connect(lambda paths: window.open_paths(paths) if paths else None)
    reception.open()
