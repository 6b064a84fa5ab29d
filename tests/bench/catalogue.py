"""A catalogue of a million images: how long opening, reading and writing it take.

The catalogue is made as a scan would, but without files; the section "scan" makes files and scans them. Run
``python tests/bench/catalogue.py [scan | rows] [--images N] [--files N] [--dir D]``. It needs about 2 GB of room for a
million images, and as much for 100,000 files.
"""

import argparse
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from _scanning import measure_scanning
from measuring import row, watched

from imgmine_gui.core.project.catalogue import Catalogue, ImageOrder, ImageQuery, SortBy
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.predicted import Predictions
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.project.spool import Spool

CLASSES = 100
WORDS = ["IMG", "DSC", "photo", "scan", "leaf", "x-ray", "page", "board"]
PAGE = 200
ALLOWED = {"page": 0.05, "ids": 0.5, "opening": 0.2}
"""Seconds."""


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that a call takes, and what it returns."""
    began = time.perf_counter()
    found = what()
    return time.perf_counter() - began, found


def write_spool(path: Path, images: int) -> Path:
    """The spool of a scan of so many images, in 100 classes and some thousand folders."""
    with Spool(path) as spool:
        db = spool._db
        folders = [
            (f"class {n % CLASSES:03}/session {n // CLASSES:04}", f"class {n % CLASSES:03}") for n in range(5000)
        ]
        db.executemany(
            "INSERT INTO folders (path, has_images, label) VALUES (?, 1, ?)",
            ((path.encode(), label) for path, label in folders),
        )
        db.execute("CREATE TEMP TABLE words (n INTEGER PRIMARY KEY, word TEXT)")
        db.executemany("INSERT INTO words VALUES (?, ?)", enumerate(WORDS))
        db.execute(
            """
            WITH RECURSIVE numbers (n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?1),
            named AS (
                SELECT numbers.n, folders.id AS folder, folders.path AS above,
                    printf('%s_%07d_%d.jpg', word, abs(random() % 10000000), numbers.n) AS name
                FROM numbers JOIN words ON words.n = numbers.n % ?2 JOIN folders ON folders.id = numbers.n % 5000 + 1
            )
            INSERT INTO found SELECT CAST(above || '/' || name AS BLOB), 0, 10000 + abs(random() % 9990000),
                1500000000000000000 + abs(random() % 200000000000000000), n, lower(hex(randomblob(16))),
                100 + abs(random() % 4000), 100 + abs(random() % 4000),
                CASE WHEN n % 1000 THEN '' ELSE 'damaged' END, '', folder, lower(name),
                lower(above || '/' || name) || char(10, 10), NULL
            FROM named
            """,
            [images, len(WORDS)],
        )
        db.execute("UPDATE found SET key = '' WHERE problem <> ''")
        spool.end()
    return path


def measure_writing(project: Project, folder: Path, images: int) -> int:
    """First scan, unchanged scan, one image less, splits, source out and in again; returns the id of the source."""
    catalogue = project.catalogue
    (folder / "photos").mkdir()
    source = catalogue.add_source(str(folder / "photos")).id
    spool, again = write_spool(folder / "scan.db", images), folder / "again.db"
    for name, change in (
        ("first", ""),
        ("unchanged", ""),
        ("one gone", "DELETE FROM found WHERE inode = 5"),
        ("1,000 renamed", "UPDATE found SET path = CAST(path || 'x' AS BLOB) WHERE inode BETWEEN 1000 AND 1999"),
    ):
        shutil.copy(spool, again)
        with closing(sqlite3.connect(again, isolation_level=None)) as db:
            db.execute(change or "SELECT 1")
        with watched() as worst:
            seconds, applied = timed(lambda: catalogue.apply_scan(source, again))
        counts = (applied.added, applied.changed, applied.moved, applied.missing)
        row(f"scan taken over: {name}", seconds=seconds, late_s=worst[0], found="/".join(map(str, counts)))
        again.unlink()
    spool.unlink()
    for name, settings in (("fractions", SplitSettings(test=0.2)), ("seed", SplitSettings(test=0.2, seed=1))):
        with watched() as worst:
            seconds = timed(lambda settings=settings: catalogue.set_split_settings(settings))[0]
            renewing = timed(catalogue.renew_splits)[0]
        row(f"split settings: {name}", setting_s=seconds, dividing_s=renewing, late_s=worst[0])
    seconds = timed(lambda: catalogue.edits.remove_source(source))[0]
    renewing = timed(catalogue.renew_splits)[0]
    row("source removed", seconds=seconds, dividing_s=renewing)
    seconds = timed(catalogue.edits.undo)[0]
    row("source restored", seconds=seconds, dividing_s=timed(catalogue.renew_splits)[0])
    return source


def queries() -> dict[str, ImageQuery]:
    """What a person may ask for: much, little and nothing."""
    return {
        "all": ImageQuery(),
        "class": ImageQuery(label="class 007"),
        "split": ImageQuery(split=Split.TEST),
        "class and split": ImageQuery(label="class 007", split=Split.TEST),
        "unlabelled": ImageQuery(unlabelled=True),
        "labelled": ImageQuery(unlabelled=False),
        "problem": ImageQuery(problems=True),
        "no problem": ImageQuery(problems=False),
        "rating": ImageQuery(rating=3),
        "flag": ImageQuery(flag=1),
        "excluded": ImageQuery(excluded=True),
        "changed": ImageQuery(changed=True),
        "by hand": ImageQuery(by_hand=True),
        "group": ImageQuery(group="none"),
        "in two splits": ImageQuery(shared="split"),
        "text in many": ImageQuery(text="leaf"),
        "text in few": ImageQuery(text="_999"),
        "text in none": ImageQuery(text="zzzz"),
        "two letters in none": ImageQuery(text="zq"),
        "large images": ImageQuery(sides=(4090, None)),
        "large files": ImageQuery(sizes=(9_990_000, None)),
        "recent files": ImageQuery(since_ns=1_699_000_000_000_000_000),
        "text and class": ImageQuery(text="leaf", label="class 003"),
        "text, split and size": ImageQuery(text="leaf", split=Split.TEST, sizes=(None, 100_000)),
    }


def measure_reading(catalogue: Catalogue) -> list[str]:
    """Pages in every order, whole lists and counts; returns the figures that are over what is allowed.

    ``unknown_ms`` is a page of a text before anything was asked for in that order since something was written.
    """
    over: list[str] = []
    for by in SortBy:
        for descending in (False, True):
            order, times = ImageOrder(by, descending), {}
            unknown = timed(lambda order=order: catalogue.page(ImageQuery(text="leaf"), None, PAGE, order))[0]
            catalogue.ids(ImageQuery(), order)  # as the window does before a person can type anything
            for name, query in queries().items():
                first, page = timed(lambda query=query, order=order: catalogue.page(query, None, PAGE, order))
                second = (
                    timed(lambda q=query, o=order, p=page: catalogue.page(q, p[-1].id, PAGE, o))[0] if page else 0.0
                )
                times[name] = max(first, second)
            slow = {name: seconds for name, seconds in times.items() if seconds > ALLOWED["page"]}
            over += [f"page of {name} by {by}" for name in slow]
            told = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in slow.items()) or "none"
            way = "descending" if descending else "ascending"
            middle = statistics.median(times.values()) * 1000
            slowest = max(times.values()) * 1000
            row(f"pages by {by}, {way}", median_ms=middle, worst_ms=slowest, over_50_ms=told, unknown_ms=unknown * 1000)
    for by in SortBy:
        with watched() as worst:
            seconds, ids = timed(lambda by=by: catalogue.ids(ImageQuery(problems=False), ImageOrder(by)))
        row(f"all ids by {by}", seconds=seconds, late_s=worst[0], images=len(ids))
        over += [f"ids by {by}"] * (seconds > ALLOWED["ids"])
    for name, what in {
        "rows of a page": lambda: catalogue.rows(ids[:PAGE]),
        "count of a text": lambda: catalogue.count(ImageQuery(text="leaf")),
        "totals": catalogue.totals,
        "classes": catalogue.classes,
        "checks": catalogue.checks,
        "sources": catalogue.sources,
        "typical size": catalogue.typical_size,
    }.items():
        row(name, ms=timed(what)[0] * 1000)
    return over


def measure_predictions(catalogue: Catalogue) -> list[str]:
    """Loading the predictions of a tenth of the contents, and pages by whether they agree with the label.

    Returns:
        The figures that are over what is allowed.
    """
    over: list[str] = []
    with catalogue.reading() as db:
        keys = [key for (key,) in db.execute("SELECT DISTINCT key FROM images WHERE key <> '' AND id % 10 = 0")]
    names = tuple(one.name for one in catalogue.classes())[:2]
    places, confidence = [n % 2 for n in range(len(keys))], [n * 7919 % 1000 / 1000 for n in range(len(keys))]
    catalogue.show_predictions(Predictions(names, keys, places, confidence))
    seconds = timed(lambda: catalogue.page(ImageQuery(), None, PAGE))[0]
    row("predictions loaded", seconds=seconds, contents=len(keys))
    for agrees in (True, False):
        for by in (SortBy.CONFIDENCE, SortBy.NAME):
            times, after = list[float](), None
            for _ in range(8):
                last = after
                seconds, page = timed(
                    lambda a=agrees, b=by, last=last: catalogue.page(ImageQuery(agrees=a), last, PAGE, ImageOrder(b))
                )
                times.append(seconds * 1000)
                after = page[-1].id if page else None
            name = f"pages that {'agree' if agrees else 'disagree'} by {by}"
            row(name, median_ms=statistics.median(times), worst_ms=max(times))
            over += [name] * (max(times) > 1000 * ALLOWED["page"])
    catalogue.edits.label(catalogue.ids(ImageQuery(agrees=False))[:1], catalogue.classes()[0].id)
    seconds = timed(lambda: catalogue.page(ImageQuery(agrees=False), None, PAGE, ImageOrder(SortBy.CONFIDENCE)))[0]
    row("the first of them after a label", ms=1000 * seconds)
    return over


def measure_rows(folder: Path, images: int) -> list[str]:
    """Writing and reading a catalogue; what is over what is allowed."""
    with closing(Project.create(folder, "Many")) as project:
        measure_writing(project, folder, images)
        over = measure_reading(project.catalogue)
        over += measure_predictions(project.catalogue)
        row("memory of this process", MB=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        row("size of the catalogue", MB=(project.folder / "project.db").stat().st_size / 2**20)
    return over


def main() -> int:
    """Measure and print; returns 1 where something takes longer than allowed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("section", nargs="?", choices=("scan", "rows"), help="only this part")
    parser.add_argument("--images", type=int, default=1_000_000)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--dir", type=Path, help="on whose drive to measure")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.dir) as name:
        folder, over = Path(name), list[str]()
        if arguments.section != "rows":
            over += measure_scanning(folder, arguments.files)
        if arguments.section != "scan":
            over += measure_rows(folder, arguments.images)
    print("over what is allowed:", ", ".join(over) or "nothing")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
