"""How soon the window is on the screen, against a bare PySide6 window with an empty pyqtgraph plot, alternately.

``python3 packaging/dev.py bench startup [--rounds 7]`` (needs a screen, real or virtual)
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

from tests.bench.measuring import REPOSITORY, row

SEEN = """
class Seen(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and watched.window().isVisible():
            print("painted", flush=True)
            os._exit(0)
        return False
"""

BARE = f"""
import os, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
import pyqtgraph
{SEEN}
application = QApplication(sys.argv)
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget())
window.resize(1200, 800)
window.show()
seen = Seen()
application.installEventFilter(seen)
application.exec()
"""

OURS = f"""
import os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
import imgmine_gui.gui.main_window as module
{SEEN}
shown = module.MainWindow.show
def show(window):
    shown(window)
    window.seen = Seen()
    QApplication.instance().installEventFilter(window.seen)
module.MainWindow.show = show
from imgmine_gui.__main__ import main
main([])
"""


def seconds(program: str, home: str) -> float:
    """From the start of the process to the first paint of the window."""
    began = time.perf_counter()
    environment = {**os.environ, "IMGMINE_HOME": home}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=REPOSITORY, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"painted"
        return time.perf_counter() - began


def main() -> None:
    """Start each in turn and print the ratio pair by pair."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        for program in (BARE, OURS):
            seconds(program, home)  # once for the disk's cache
        pairs = [(seconds(OURS, home), seconds(BARE, home)) for _ in range(arguments.rounds)]
    ratios = sorted(ours / bare for ours, bare in pairs)
    row("window on the screen", ratio_median=ratios[len(ratios) // 2], ratio_min=ratios[0], ratio_max=ratios[-1],
        ours_seconds=sorted(pair[0] for pair in pairs)[len(pairs) // 2],
        bare_seconds=sorted(pair[1] for pair in pairs)[len(pairs) // 2])  # fmt: skip


if __name__ == "__main__":
    main()
