"""How long edits take in a catalogue of a million images: one label, and a hundred thousand at once, and their undo.

    .venv/bin/python tests/bench/labelling.py [--images 1000000] [--bulk 100000]

The catalogue is made by SQL, without files. Two ways of choosing the images are measured: those of a folder, which lie
side by side in the catalogue, and as many from all over it.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measuring import row

from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.schema import create_catalogue

CLASSES = 10
SINGLES = 200

MAKE = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
    INSERT INTO images (
        source_id, path, search, size, mtime_ns, inode, key, width, height, class_given, class_id, problem, explanation
    ) SELECT
        1, CAST(printf('%03d/%07d.jpg', n / 1000, n) AS BLOB), printf('%03d/%07d.jpg', n / 1000, n), n, n, n,
        lower(hex(randomblob(16))), 640, 480, iif(n % 2, n / 2 % 10 + 1, NULL), iif(n % 2, n / 2 % 10 + 1, NULL), '', ''
    FROM numbers
"""
"""Every second image has one of the ten classes."""


def make(path: Path, images: int) -> Catalogue:
    """A catalogue of ``images`` images, half of them labelled by their folders, divided into splits."""
    create_catalogue(path)
    catalogue = Catalogue(path)
    with catalogue._database.writing() as db:
        db.execute("INSERT INTO sources (path, is_file) VALUES (?, 0)", [str(path.parent / "images").encode()])
        for place in range(CLASSES):
            db.execute(
                "INSERT INTO classes (name, colour, position) VALUES (?, ?, ?)", [f"class {place}", place, place]
            )
        db.execute("DROP TRIGGER image_search_inserted")  # the index of the search takes most of the time
        db.execute(MAKE, [images])
    catalogue.set_split_settings(catalogue.split_settings())
    catalogue.renew_splits()
    return catalogue


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bulk(name: str, catalogue: Catalogue, ids: list[int]) -> None:
    """Label, undo, redo, undo; the last leaves the catalogue as it was."""
    edits = catalogue.edits
    label = timed(lambda: edits.label(ids, 1))
    undo, redo, again = timed(edits.undo), timed(edits.redo), timed(edits.undo)
    row(name, images=len(ids), label=label, undo=undo, redo=redo, undo_again=again)


def singles(catalogue: Catalogue, ids: list[int]) -> None:
    """One label after the other, as by the keyboard."""
    edits = catalogue.edits
    label = [timed(lambda one=one: edits.label([one], 1)) for one in ids]  # type: ignore[misc]
    undo = [timed(edits.undo) for _ in ids]
    for name, seconds in (("one label", label), ("its undo", undo)):
        worst = sorted(seconds)[len(seconds) * 99 // 100]
        row(name, median_ms=1000 * statistics.median(seconds), p99_ms=1000 * worst)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=1_000_000)
    parser.add_argument("--bulk", type=int, default=100_000)
    arguments = parser.parse_args()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.db"
        made = timed(lambda: make(path, arguments.images).close())
        catalogue = Catalogue(path)
        row("made", images=arguments.images, seconds=made, megabytes=path.stat().st_size // 10**6)
        every = range(1, arguments.images + 1)
        first = list(every[: arguments.bulk])
        bulk("side by side", catalogue, first)
        bulk("from all over", catalogue, chance.sample(every, arguments.bulk))
        bulk("ten", catalogue, chance.sample(every, 10))
        singles(catalogue, chance.sample(every, SINGLES))
        row("splits anew", seconds=timed(catalogue.renew_splits))
        row("classes", seconds=timed(catalogue.classes))
        row("new class", seconds=timed(lambda: catalogue.edits.add_class("new")))
        row("merge two", seconds=timed(lambda: catalogue.edits.merge_class(1, 2)))
        row("undo the merge", seconds=timed(catalogue.edits.undo))
        row("delete a class", seconds=timed(lambda: catalogue.edits.delete_class(3)))
        catalogue.close()


if __name__ == "__main__":
    main()
