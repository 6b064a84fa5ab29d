"""How late the window is on the screen, beside a bare PySide6 window with an empty pyqtgraph plot.

Both are started alternately, each in a process of its own; the time runs from the start of the process until its
window has been painted. At most 1.5 times as late is allowed.

Run on a (virtual) screen: ``xvfb-run -a python tests/bench/window_start.py [--runs N]``.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

from measuring import REPOSITORY, row

ALLOWED = 1.5
SHOW = """
import os
from PySide6.QtCore import QTimer
def painted():
    print("painted", flush=True)
    os._exit(0)
window.show()
QTimer.singleShot(0, painted)  # after the events of showing, the first painting among them
application.exec()
"""
BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
import pyqtgraph
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget())
window.resize(1440, 900)
"""
OURS = """
from imgmine_gui.app.notifier import Notifier
from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import Settings
from imgmine_gui.gui.application import build_application
from imgmine_gui.gui.main_window import MainWindow
settings = Settings()
application = build_application(settings)
window = MainWindow(Session(settings, Notifier()))
"""


def seconds_until_painted(script: str, home: str) -> float:
    """Start a process that shows a window; the seconds until it says that it was painted."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", script + SHOW],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "IMGMINE_HOME": home},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "painted\n"
    seconds = time.perf_counter() - began
    process.wait()
    return seconds


def main() -> int:
    """Measure and print; returns 1 where the window is too late."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as home:
        for script in (BARE, OURS):
            seconds_until_painted(script, home)  # fills the caches of the system
        pairs = [(seconds_until_painted(BARE, home), seconds_until_painted(OURS, home)) for _ in range(runs)]
    bare, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for other, one in pairs)
    row("window on the screen", bare_s=bare, imgmine_s=ours, ratio=ratio, allowed=ALLOWED)
    return 0 if ratio <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
