"""The window over a catalogue of a million images: opening, scrolling, one label, a label for all, its undo, memory.

An idle program runs beside it and counts how late a timer of 5 ms fires, as the window does; the difference is what
the person would feel. The pictures are 200 real thumbnails in turn; the files themselves need not exist.

Run on a (virtual) screen: ``xvfb-run -a python tests/bench/gallery.py [--images 1000000] [--keep FOLDER]``.
"""

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from window_latency import Lateness, idle_program

KEYS = 200
CLASSES = 10
SCROLL_SECONDS = 10.0
SCROLL_STEP = 120
FRAME_MS = 16
PATIENCE_SECONDS = 200.0
SIDE = 256
LATER_SECONDS = 1.0
"""Than an empty project, the first images may be seen."""
MOST_MB = 500
"""Of memory that the window may take with a million images."""


def make_catalogue(folder: Path, images: int) -> None:
    """A project with so many rows; its source does not exist."""
    from imgmine_gui.core.project.bulk import search_filled_at_once, without_indices
    from imgmine_gui.core.project.names import natural_key, search_text
    from imgmine_gui.core.project.project import Project

    project = Project.create(folder.parent, folder.stem)
    path = project.catalogue.path
    project.close()
    db = sqlite3.connect(path, isolation_level=None)
    db.create_function("natural_key", 1, natural_key, deterministic=True)
    db.create_function("search_text", 1, search_text, deterministic=True)
    db.execute("BEGIN")
    db.execute("INSERT INTO sources (id, path, is_file, images) VALUES (1, ?, 0, ?)", [b"/nowhere/images", images])
    for number in range(CLASSES):
        db.execute(
            "INSERT INTO classes (id, name, colour, position) VALUES (?, ?, ?, ?)",
            [number + 1, f"class {number}", number, number],
        )
    with without_indices(db), search_filled_at_once(db):
        db.execute(
            """
            WITH RECURSIVE counted (n, path) AS (
                SELECT 0, CAST('class 0/0000000.jpg' AS BLOB)
                UNION ALL
                SELECT n + 1, CAST(printf('class %d/%07d.jpg', (n + 1) % ?2, n + 1) AS BLOB) FROM counted
                WHERE n + 1 < ?1
            )
            INSERT INTO images (
                source_id, path, name_key, search, size, mtime_ns, inode, key, width, height, class_id, class_given,
                split, draw, problem, explanation
            )
            SELECT 1, path, natural_key(path), search_text(path), 20000 + n % 977, 1700000000000000000 + n * 1000, n,
                   printf('key%d', n % ?3), 320, 240, n % ?2 + 1, n % ?2 + 1,
                   CASE n % 20 WHEN 0 THEN 'test' WHEN 1 THEN 'validation' ELSE 'train' END, n * 7919 % 1000003, '', ''
            FROM counted
            """,
            [images, CLASSES, KEYS],
        )
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def fill_thumbnails(project: Path, scratch: Path) -> None:
    """Real thumbnails for all keys."""
    import numpy as np
    from PIL import Image

    from imgmine_gui.core.images.thumbnails import ThumbnailCache
    from imgmine_gui.gui.thumbnail_loader import SIDES

    generator = np.random.default_rng(1)
    cache, picture = ThumbnailCache(project / "cache" / "thumbnails"), scratch / "picture.jpg"
    for number in range(KEYS):
        coarse = generator.integers(0, 255, (15, 20, 3), np.uint8)
        Image.fromarray(coarse).resize((320, 240), Image.Resampling.BICUBIC).save(picture)
        for side in SIDES:
            cache.get(str(picture), f"key{number}", side)


def until(reached: Callable[[], object]) -> float:
    """Run the event loop until something is reached; the seconds that it took."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, look, began = QEventLoop(), QTimer(interval=5), time.perf_counter()
    look.timeout.connect(lambda: loop.quit() if reached() or time.perf_counter() - began > PATIENCE_SECONDS else None)
    look.start()
    loop.exec()
    return time.perf_counter() - began


def told(name: str, **figures: object) -> None:
    """Print a line."""
    words = "  ".join(
        f"{key} {value:.1f}" if isinstance(value, float) else f"{key} {value}" for key, value in figures.items()
    )
    print(f"{name:28} {words}", flush=True)


def lateness_of(work: Callable[[], object]) -> dict[str, float]:
    """How late the event loop was meanwhile, in milliseconds."""
    lateness = Lateness()
    work()
    lateness.timer.stop()
    return {"p50": lateness.percentile(0.5), "p95": lateness.percentile(0.95), "worst": max(lateness.late)}


def scroll(page: Any) -> None:
    """Down with the wheel's speed, and now and then a jump, as with the handle."""
    from PySide6.QtCore import QTimer

    bar, steps = page.gallery.grid.verticalScrollBar(), [0]

    def step() -> None:
        steps[0] += 1
        far = bar.value() + (bar.maximum() // 7 if steps[0] % 60 == 0 else SCROLL_STEP)
        bar.setValue(far % max(1, bar.maximum()))

    timer, end = QTimer(interval=FRAME_MS), time.perf_counter() + SCROLL_SECONDS
    timer.timeout.connect(step)
    timer.start()
    until(lambda: time.perf_counter() > end)
    timer.stop()


def measure(project: Path, images: int) -> None:
    """All of it, in the real window."""
    import psutil

    from imgmine_gui.app.session import Session
    from imgmine_gui.app.settings import Settings
    from imgmine_gui.gui.application import build_application
    from imgmine_gui.gui.main_window import MainWindow

    settings = Settings()
    build_application(settings)
    session = Session(settings)
    window = MainWindow(session)
    window.resize(1440, 900)
    window.show()
    page: Any = window.go("data")
    until(window.isVisible)
    process = psutil.Process()
    empty = process.memory_info().rss
    beside = measure_opening(session, page, lambda: window.go("data"), project)
    gallery = page.gallery
    until(lambda: page.state is not None and not session.caretaker.is_busy)
    told("opened", rows=gallery.images.rowCount(), memory_MB=process.memory_info().rss / 1e6, **beside)
    told("scroll", **lateness_of(lambda: scroll(page)))
    measure_labelling(page, images)
    now = process.memory_info().rss
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    told("memory", empty_MB=empty / 1e6, now_MB=now / 1e6, peak_MB=peak, allowed_MB=MOST_MB, kept=peak <= MOST_MB)
    session.shutdown()


def measure_opening(session: Any, page: Any, go: Callable[[], object], project: Path) -> dict[str, float]:
    """Open an empty project and the large one in turn, the large one also from a drive that must read it first.

    Returns:
        The seconds until the whole is counted, of the last opening.
    """
    from imgmine_gui.core.project.project import Project

    empty = project.parent / "empty.imgmine"
    if not empty.exists():
        Project.create(empty, "empty").close()

    def opened(folder: Path, cold: bool = False) -> tuple[float, float]:
        session.close_project()
        session.caretaker.finish()
        go()
        if cold and hasattr(os, "posix_fadvise"):
            with open(folder / "project.db", "rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        began = time.perf_counter()
        session.open_project(folder)
        called = time.perf_counter() - began
        images = page.gallery.images
        if folder == empty:
            until(lambda: page.state is not None)
        else:
            until(lambda: page.content.isVisible() and images.rowCount() and images.image(0) is not None)
        return called, time.perf_counter() - began

    opened(empty)  # what is imported by the first opening of any project
    nothing = opened(empty)
    for name, cold in (("warm", False), ("cold", True)):
        call, seen = opened(project, cold)
        late = seen - nothing[1]
        figures = {"call_ms": call, "seen_ms": seen, "empty_ms": nothing[1], "later_ms": late}
        told(f"open, {name}", **{key: 1000 * value for key, value in figures.items()}, kept=late <= LATER_SECONDS)
        began = time.perf_counter()
        until(lambda: page.state is not None)
    return {"counted_after_s": time.perf_counter() - began}


def measure_labelling(page: Any, images: int) -> None:
    """Label one image and all of them, filter and sort in between."""
    from imgmine_gui.core.project.catalogue import ImageOrder, SortBy

    gallery, labelling = page.gallery, page.labelling
    grid = gallery.grid
    grid.verticalScrollBar().setValue(0)
    grid.set_current_row(5)

    def saved(do: Callable[[], object]) -> float:
        seen: list[object] = []
        connection = labelling.saved.connect(seen.append)
        do()
        took = until(lambda: seen)
        labelling.saved.disconnect(connection)
        return took

    took: list[float] = []
    late = lateness_of(lambda: took.append(saved(lambda: gallery.label_key("2"))))
    told("label one", seconds=took[-1], **late)
    began = time.perf_counter()
    page.filters.set(label="class 3")
    until(lambda: gallery.images.rowCount() < images)
    told("filter by class", seconds=time.perf_counter() - began, rows=gallery.images.rowCount())
    page.filters.clear()
    until(lambda: gallery.images.rowCount() == images)
    page.filters.sort(ImageOrder(SortBy.NAME, descending=True))
    first = gallery.images.ids[0]
    took = [until(lambda: gallery.images.ids[0] != first)]
    told("sort by name", seconds=took[-1])
    grid.selectAll()
    late = lateness_of(lambda: took.append(saved(lambda: gallery.label_key("1"))))
    told("label all", images=gallery.selected, seconds=took[-1], **late)
    late = lateness_of(lambda: took.append(saved(labelling.undo)))
    told("undo", seconds=took[-1], **late)


def main() -> int:
    """Make the catalogue, measure, and say what the idle program beside it had."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a folder in which the catalogue is made once, and found again")
    parser.add_argument("--idle", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.idle:
        idle_program()
        return 0
    with tempfile.TemporaryDirectory(prefix="imgmine-bench-") as scratch:
        os.environ["IMGMINE_HOME"] = scratch
        project = (arguments.keep or Path(scratch)).absolute() / f"images {arguments.images}.imgmine"
        began = time.perf_counter()
        if not project.exists():
            make_catalogue(project, arguments.images)
            fill_thumbnails(project, Path(scratch))
            told("made", seconds=time.perf_counter() - began)
        command = [sys.executable, str(Path(__file__).resolve()), "--idle"]
        idle = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            measure(project, arguments.images)
        finally:
            text, _ = idle.communicate("", timeout=30)
        told("idle program beside", **json.loads(text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
