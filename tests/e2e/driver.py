"""Run ``main`` with a hand on its window: ``driver.py STEPS [arguments of imgmine]``, in a process of its own.

STEPS is Python that is run once the window is on the screen, with ``window``, ``wait`` (for a condition) and ``tell``
(a value for the test, printed as JSON). When it ends, the window is closed, and ``main`` returns.
"""

import json
import sys
import time
import traceback
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication

from imgmine_gui.__main__ import main
from imgmine_gui.gui import application
from imgmine_gui.gui.main_window import MainWindow

PATIENCE = 120.0


class DrivenWindow(MainWindow):
    """The window of the program, which takes the steps as soon as it is there."""

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's own name
        super().showEvent(event)
        QTimer.singleShot(0, self, self.drive)

    def drive(self) -> None:
        try:
            exec(sys.argv[1], {"window": self, "wait": wait, "tell": tell})
        except Exception:
            traceback.print_exc()
        finally:
            self.close()


def wait(done: Callable[[], object]) -> None:
    """Let the program run until ``done()``."""
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise TimeoutError
        QApplication.processEvents()


def tell(value: object) -> None:
    """Tell the test something."""
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    application.MainWindow = DrivenWindow
    sys.exit(main(sys.argv[2:]))
