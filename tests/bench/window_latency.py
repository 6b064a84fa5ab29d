"""How late the window's event loop is while it trains, scans 3,000 files and scrolls, beside an idle Qt program.

Both programs run at the same time on the same machine and count how late a timer of 5 ms fires; the idle one is a
bare window that does nothing else. The difference of the 99th percentiles is what the person would feel: at most
16 ms, a frame.

Run on a (virtual) screen: ``xvfb-run -a python tests/bench/window_latency.py [FOLDER] [--without-training]``. Without a
folder of images, 3,000 are made.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imgmine_gui.app.job import Job
    from imgmine_gui.app.session import Session
    from imgmine_gui.gui.main_window import MainWindow

INTERVAL_MS = 5
FILES = 3000
ALLOWED_MS = 16.0
SCROLL_STEP = 40
SECONDS_AT_LEAST = 12.0
TRAINED_ON = 400
PATIENCE_SECONDS = 120.0


class Lateness:
    """Counts how late a timer fires, in milliseconds."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.late: list[float] = []
        self._last = time.perf_counter()
        self.timer = QTimer(interval=INTERVAL_MS, timerType=Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self._tick)
        self.timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, (now - self._last) * 1000 - INTERVAL_MS))
        self._last = now

    def percentile(self, share: float) -> float:
        """The lateness that ``share`` of the ticks did not exceed."""
        return sorted(self.late)[min(len(self.late) - 1, int(len(self.late) * share))]

    def summary(self) -> dict[str, float]:
        """Median, 99th percentile and worst, in milliseconds."""
        return {"p50": self.percentile(0.5), "p99": self.percentile(0.99), "worst": max(self.late)}


def idle_program() -> None:
    """A bare Qt window; ends, and says how late it was, when its standard input is closed."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    application = QApplication([])
    window = QWidget()
    window.resize(300, 200)
    window.show()
    lateness = Lateness()
    os.set_blocking(0, False)

    def look() -> None:
        if os.read(0, 1) == b"":
            application.quit()

    def look_quietly() -> None:
        try:
            look()
        except BlockingIOError:
            return

    watch = QTimer(interval=100)
    watch.timeout.connect(look_quietly)
    watch.start()
    application.exec()
    print(json.dumps(lateness.summary()))


def make_images(folder: Path, count: int = FILES) -> Path:
    """``count`` noisy JPEG files of 320 x 240 pixels in ten classes."""
    import numpy as np
    from PIL import Image

    generator = np.random.default_rng(1)
    for number in range(count):
        place = folder / f"class {number % 10}"
        place.mkdir(parents=True, exist_ok=True)
        coarse = generator.integers(0, 255, (15, 20, 3), np.uint8)
        Image.fromarray(coarse).resize((320, 240), Image.Resampling.BICUBIC).save(place / f"{number}.jpg")
    return folder


def wait_until(reached: Callable[[], bool]) -> None:
    """Run the event loop until ``reached``, for some time at most."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, look, end = QEventLoop(), QTimer(interval=20), time.monotonic() + PATIENCE_SECONDS
    look.timeout.connect(lambda: loop.quit() if reached() or time.monotonic() > end else None)
    look.start()
    loop.exec()
    assert reached()


def start_training(window: "MainWindow", session: "Session", folder: Path) -> "Job":
    """Train on ``folder`` under the live plot, and return when the first batches are through."""
    from imgmine_gui.core.training.config import configure

    scan = session.add_source(folder)
    wait_until(lambda: scan.is_over)
    window.go("train")
    settings = {"width": 64, "height": 64, "epochs": 10_000, "early_stopping": 0}
    job = session.train(configure("classification", "attention", settings.items()))
    wait_until(lambda: job.images_per_second is not None or job.is_over)
    assert not job.is_over
    return job


def busy_window(folder: Path, trained_on: Path | None) -> dict[str, float]:
    """Scan ``folder`` in the real window and scroll through its thumbnails, with a training beside it."""
    from PySide6.QtCore import QEventLoop, QTimer

    from imgmine_gui.app.notifier import Notifier
    from imgmine_gui.app.session import Session
    from imgmine_gui.app.settings import Settings
    from imgmine_gui.gui.application import build_application
    from imgmine_gui.gui.main_window import MainWindow

    settings = Settings()
    application = build_application(settings)
    session = Session(settings, Notifier())
    window = MainWindow(session)
    window.resize(1440, 900)
    window.show()
    session.new_project(Path(os.environ["IMGMINE_HOME"]) / "bench")
    training = start_training(window, session, trained_on) if trained_on else None
    page = window.go("data")
    for _ in range(20):
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    bar = page.gallery.grid.verticalScrollBar()  # type: ignore[attr-defined]

    def scroll() -> None:
        bar.setValue(0 if bar.value() >= bar.maximum() else bar.value() + SCROLL_STEP)

    lateness, scrolling, begun = Lateness(), QTimer(interval=16), time.perf_counter()
    scrolling.timeout.connect(scroll)
    scrolling.start()
    job = session.add_source(folder)
    loop, watch = QEventLoop(), QTimer(interval=50)
    watch.timeout.connect(
        lambda: loop.quit() if job.is_over and time.perf_counter() - begun > SECONDS_AT_LEAST else None
    )
    watch.start()
    loop.exec()
    lateness.timer.stop()
    scrolling.stop()
    if training is not None:
        print(f"training meanwhile: {training.images_per_second:.0f} images/s", file=sys.stderr)
        training.cancel()
    print(f"images shown: {page.gallery.images.rowCount()}", file=sys.stderr)  # type: ignore[attr-defined]
    session.shutdown()
    return lateness.summary()


def main() -> int:
    """Measure both, print both; 1 where the difference is more than a frame."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--without-training", action="store_true")
    parser.add_argument("--idle", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.idle:
        idle_program()
        return 0
    with tempfile.TemporaryDirectory(prefix="imgmine-bench-") as scratch:
        os.environ["IMGMINE_HOME"] = scratch
        folder = arguments.folder or make_images(Path(scratch) / "images")
        command = [sys.executable, str(Path(__file__).resolve()), "--idle"]
        idle = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            trained_on = None if arguments.without_training else make_images(Path(scratch) / "training", TRAINED_ON)
            busy = busy_window(folder.resolve(), trained_on)
        finally:
            told, _ = idle.communicate("", timeout=30)
    beside: dict[str, float] = json.loads(told)
    for name, figures in (("ImgMine", busy), ("idle Qt program", beside)):
        print(f"{name:32}", "  ".join(f"{key} {value:6.1f} ms" for key, value in figures.items()))
    more = busy["p99"] - beside["p99"]
    print(f"{'more at p99':32} {more:.1f} ms (at most {ALLOWED_MS:.0f})")
    return int(more > ALLOWED_MS)


if __name__ == "__main__":
    sys.exit(main())
