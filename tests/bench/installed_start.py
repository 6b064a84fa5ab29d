"""How late the window of an installed ImgMine is on the screen, beside the same from source and a bare window.

    xvfb-run -a -s "-screen 0 1440x900x24 -noreset" python tests/bench/installed_start.py /usr/bin/imgmine [--runs N]

Each is started alternately in a process of its own, warm; the time runs from the start of the process until the X
server shows a window of its name. Allowed: 1.5 times of the source; 0.6 s where the bare window takes 0.3.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import REPOSITORY, row

ALLOWED, ALLOWED_OF_BARE = 1.5, 2.0
PATIENCE = 60
BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.setWindowTitle("ImgMine")
window.resize(1440, 900)
window.show()
application.exec()
"""


def seconds_until_shown(command: list[str]) -> float:
    """Start a program and wait for its window; it is ended then."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "IMGMINE_HOME": home, "PYTHONPATH": str(REPOSITORY)}
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        while not is_shown():
            if time.perf_counter() - began > PATIENCE:
                raise TimeoutError(command)
        seconds = time.perf_counter() - began
        process.kill()
        process.wait()
        while is_shown():
            pass  # the window of a killed process goes a moment later
    return seconds


def is_shown() -> bool:
    """Whether the X server shows a window of the name; asked anew some hundred times a second."""
    search = ["xdotool", "search", "--onlyvisible", "--name", "^ImgMine$"]
    return subprocess.run(search, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def main() -> int:
    """Measure and print; returns 1 where the window is too late."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    commands = {
        "bare": [sys.executable, "-c", BARE],
        "source": [sys.executable, "-m", "imgmine_gui"],
        "installed": [str(arguments.program)],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(arguments.runs + 1):
        for name, command in commands.items():
            seconds = seconds_until_shown(command)
            if number:  # the first start fills the caches of the system
                times[name].append(seconds)
    bare, source, installed = (statistics.median(times[name]) for name in commands)
    row("window shown", bare_s=bare, source_s=source, installed_s=installed, of_source=installed / source,
        of_bare=installed / bare)  # fmt: skip
    return 0 if installed <= ALLOWED * source and installed <= ALLOWED_OF_BARE * bare else 1


if __name__ == "__main__":
    sys.exit(main())
