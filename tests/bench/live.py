"""Live training in the real window: from the key that labels an image to the new predictions on the screen.

``python3 packaging/dev.py bench live [FOLDER] [--labels 20]``. FOLDER is ``shared/data/clothing`` by default: its 3,068
training images, with the others, are looked at once, then images are labelled one after the other. Measured is the time
from the key press until the grid has painted what was said after it; the least and the most of all, beside how late the
window's event loop was meanwhile. Exits with 1 where the median is over a second or a frame is later than 50 ms.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring import REPOSITORY, row
from window_latency import Lateness, wait_until

PHOTOS = REPOSITORY.parent / "shared" / "data" / "clothing"
ALLOWED_SECONDS, ALLOWED_MS = 1.0, 50.0


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=PHOTOS)
    parser.add_argument("--labels", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["IMGMINE_HOME"] = home
        slow = measure(arguments.folder, arguments.labels)
    sys.exit(int(slow))


def measure(folder: Path, labels: int) -> bool:
    """Label in the window; whether anything took too long."""
    from imgmine_gui.app.session import Session
    from imgmine_gui.app.settings import Settings
    from imgmine_gui.core.project.layout import Split
    from imgmine_gui.gui.application import build_application
    from imgmine_gui.gui.main_window import MainWindow
    from imgmine_gui.gui.pages.data_page import DataPage
    from imgmine_gui.gui.widgets.data.live_panel import LivePanel

    settings = Settings()
    build_application(settings)
    session = Session(settings)
    window = MainWindow(session)
    window.resize(1440, 900)
    window.show()
    window.open_paths([folder])
    wait_until(lambda: session.project is not None and not session.runner.jobs and session.totals().images > 0)
    page = window.go("data")
    assert isinstance(page, DataPage)
    live = page.live
    wait_until(lambda: page.gallery.images.rowCount() > labels)
    began = time.perf_counter()
    page.findChild(LivePanel).switch.click()  # type: ignore[union-attr]
    lateness = Lateness()
    wait_until(lambda: live.said is not None and live.said.covered == live.said.chosen and live.job is None)
    said = live.said
    assert said is not None
    row("looked at all", images=said.covered, seconds=time.perf_counter() - began, **lateness.summary())
    row("right on validation images", images=said.judged, share=said.right / max(1, said.judged))
    page.filters.set(split=Split.TRAIN)  # what else is labelled teaches it nothing
    wait_until(lambda: page.gallery.images.rowCount() == session.totals().train)
    wait_until(lambda: page.gallery.images.image(labels) is not None)
    lateness = Lateness()
    seconds = label_one_by_one(page, labels)
    median = statistics.median(seconds)
    row("key to new predictions in view", median=median, least=min(seconds), most=max(seconds))
    worst = lateness.summary()
    row("lateness of the window, ms", **worst)
    session.shutdown()
    return median > ALLOWED_SECONDS or worst["p99"] > ALLOWED_MS


def label_one_by_one(page: Any, labels: int) -> list[float]:
    """Seconds from each key to new predictions in view."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    grid, live = page.gallery.grid, page.live
    seconds: list[float] = []
    for number in range(labels):
        grid.setFocus()
        grid.set_current_row(number)
        before, images = live.said, page.gallery.images
        image = images.image(number)
        assert image is not None
        is_second = image.label == page.gallery.edits.classes[1].name
        key, began = Qt.Key.Key_3 if is_second else Qt.Key.Key_2, time.perf_counter()
        QTest.keyClick(grid, key)
        wait_until(lambda: live.said is not before)  # noqa: B023 - called before the next round
        staged = live.said
        wait_until(lambda: not images._stale & {0} and staged is live.said)  # noqa: B023 - rows in view were read anew
        grid.viewport().repaint()
        seconds.append(time.perf_counter() - began)
    return seconds


if __name__ == "__main__":
    main()
