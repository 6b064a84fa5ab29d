"""How fast images are measured, and how fast duplicates are found among a million.

``python tests/bench/health.py [IMAGES]`` prints:

- images a second of the measuring, with its writing, against decoding the same images at the same size alone, both with
  two other processes, in turns,
- seconds for the groups of near duplicates among a million made hashes (5 percent of them near copies), at several
  distances, and among hashes as crowded as those of real images,
- seconds for all findings of a catalogue of a million images, and how late the window is at most meanwhile: how long
  another thread waits for Python's lock.

Without real images beside the repository, it measures the bundled sample.
"""

import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from imgmine_gui.app.measuring import measure_in_engine
from imgmine_gui.core.images.thumbnails import make_thumbnail
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.health.job import CHUNK, measure
from imgmine_gui.core.project.health.measures import SIZE, VERSION
from imgmine_gui.core.project.health.near import near_groups
from imgmine_gui.core.project.health.thresholds import HealthThresholds
from imgmine_gui.core.project.scan import scan_folder
from imgmine_gui.core.project.schema import create_catalogue
from imgmine_gui.engine.client import Engine

if __package__:
    from tests.bench.measuring import REPOSITORY, row, watched
else:
    from measuring import REPOSITORY, row, watched

PHOTOS = REPOSITORY.parent / "shared" / "data" / "clothing"
SAMPLE = REPOSITORY / "resources" / "samples" / "clutter"
ROUNDS = 3
COUNT = 1_000_000
DISTANCES = (2, 4, 6, 8)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall seconds and processor seconds of ``work``."""
    wall, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - used


def catalogue_of(folder: Path, place: Path) -> Catalogue:
    """A new catalogue of the images of a folder."""
    create_catalogue(place)
    catalogue = Catalogue(place)
    source = catalogue.add_source(str(folder)).id
    catalogue.apply_scan(source, scan_folder(str(folder), None, PlainContext()))
    return catalogue


def decode(paths: list[str]) -> int:
    """Decode alone; how many images that were."""
    return sum(make_thumbnail(path, SIZE).ndim == 3 for path in paths)


def bench_measuring(folder: Path, images: int) -> None:
    """Measuring against decoding, in turns."""
    engines = [Engine(), Engine()]
    context = multiprocessing.get_context("spawn")
    ratios, rates = [], []
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(2, context) as pool:
        chosen = Path(name) / "images"
        chosen.mkdir()
        for number, path in enumerate(sorted(folder.rglob("*.*"))[:images]):
            (chosen / f"{number}{path.suffix}").symlink_to(path)
        items = [str(path) for path in chosen.iterdir()]
        chunks = [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
        for turn in range(-1, ROUNDS):  # the first warms up
            alone = timed(lambda: sum(pool.map(decode, chunks)))[0]
            catalogue = catalogue_of(chosen, Path(name) / f"{turn}.db")
            workers = [partial(measure_in_engine, engine) for engine in engines]
            whole = timed(partial(measure, catalogue.health, PlainContext(), workers))[0]
            catalogue.close()
            if turn >= 0:
                ratios.append(whole / alone)
                rates.append(len(items) / whole)
    for engine in engines:
        engine.close()
    row(
        f"measuring {len(items)} of {folder.name}",
        images_per_second=statistics.median(rates),
        ratio_to_decoding=statistics.median(ratios),
    )


def uniform(count: int) -> np.ndarray:
    """Hashes of independent images, of which 5 percent were replaced by copies with up to 8 bits flipped."""
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**64, count, dtype=np.uint64)
    copies = rng.choice(count, count // 20, replace=False)
    masks = np.zeros(len(copies), np.uint64)
    for flips in range(8):
        wanted = rng.integers(0, 9, len(copies)) > flips
        masks ^= np.where(wanted, np.uint64(1) << rng.integers(0, 64, len(copies), dtype=np.uint64), np.uint64(0))
    hashes[copies] = hashes[rng.integers(0, count, len(copies))] ^ masks
    return hashes


def crowded(count: int) -> np.ndarray:
    """Hashes around a thousand centres, as of a data set of few and similar scenes."""
    rng = np.random.default_rng(1)
    centres = rng.integers(0, 2**64, 1000, dtype=np.uint64)[rng.integers(0, 1000, count)]
    bits = rng.random((count, 64), np.float32) < 0.2
    return centres ^ np.packbits(bits, axis=1).view(np.uint64).ravel()


def bench_near(name: str, hashes: np.ndarray) -> None:
    """The search at each distance."""
    for distance in DISTANCES:
        found: list[int] = []
        wall, used = timed(lambda: found.append(len(near_groups(hashes, distance))))  # noqa: B023 - called at once
        row(f"{name}, distance {distance}", seconds=wall, processor_seconds=used, groups=found[0])


def bench_findings(count: int) -> None:
    """All findings of a made catalogue."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "catalogue.db"
        create_catalogue(place)
        catalogue = Catalogue(place)
        fill(catalogue, count)
        steps = [time.perf_counter()]
        with watched() as worst:
            wall, used = timed(
                lambda: catalogue.health.findings(HealthThresholds(), lambda: steps.append(time.perf_counter()))
            )
        row(
            f"findings of {count} images",
            seconds=wall,
            processor_seconds=used,
            longest_step=max(np.diff(steps)),
            window_late_s=worst[0],
        )
        with watched() as worst:
            state, _ = timed(catalogue.health.state)
        row("how far the measuring is", seconds=state, window_late_s=worst[0])
        catalogue.close()


def fill(catalogue: Catalogue, count: int) -> None:
    """Rows as a scan and a measuring leave them."""
    rng = np.random.default_rng(2)
    hashes = uniform(count).astype(np.int64).tolist()
    floats = rng.random((count, 5)).tolist()
    with catalogue._database.writing() as db:
        db.execute("INSERT INTO sources (path, is_file) VALUES (x'2f78', 0)")
        db.executemany(
            """
            INSERT INTO images (source_id, path, search, size, mtime_ns, inode, key, width, height, split, problem,
                explanation)
            VALUES (1, ?, ?, 100000, 1, ?, ?, 640, 480, 'train', '', '')
            """,
            (
                (f"{n // 1000:04}/{n:07}.jpg".encode(), f"{n:07}.jpg", n, f"{n * 2654435761 % 2**64:032x}")
                for n in range(count)
            ),
        )
        db.executemany(
            "INSERT INTO health VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (f"{n * 2654435761 % 2**64:032x}", VERSION, hashes[n], *(0.1 + 0.4 * value for value in floats[n]))
                for n in range(count)
            ),
        )


def main() -> None:
    """Run all of them."""
    images = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    bench_measuring(PHOTOS if PHOTOS.is_dir() else SAMPLE, images)
    bench_near("a million hashes", uniform(COUNT))
    bench_near("a million crowded hashes", crowded(COUNT))
    bench_findings(COUNT)


if __name__ == "__main__":
    main()
