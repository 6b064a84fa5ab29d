"""Made image files, scanned: how long it takes beside reading and hashing them, and how soon it can be cancelled.

Everything runs in this process, as in the engine of the program. Reading and hashing is done by one thread and by as
many as a scan has at most; what is better counts, for the time on the wall and for that of processors.
"""

import hashlib
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
from measuring import row
from PIL import Image

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.events import Event, PhaseStarted
from imgmine_gui.core.jobs import PlainContext, Wish, is_ending
from imgmine_gui.core.project import scan
from imgmine_gui.core.project.project import Project

ALLOWED = {"ratio": 1.5, "rescan": 3.0, "cancel": 0.2}
"""Times reading and hashing; seconds; seconds."""
_ROUNDS = 3


def write_photos(folder: Path, count: int) -> Path:
    """So many JPEG files of 5 to 30 KB with EXIF, no two alike, in classes of a thousand."""
    random, bases = np.random.default_rng(0), []
    for number in range(64):
        side = int(random.integers(96, 240))
        small = Image.fromarray(random.integers(0, 256, (side // 4, side // 4, 3), np.uint8))
        exif, content = Image.Exif(), BytesIO()
        exif[0x0112] = number % 8 + 1
        small.resize((side + number, side), Image.Resampling.BICUBIC).save(content, "JPEG", quality=88, exif=exif)
        bases.append(content.getvalue())
    for number in range(count):
        name = folder / f"class {number // 1000:03}" / f"IMG_{number:07}.jpg"
        name.parent.mkdir(parents=True, exist_ok=True)
        base = bases[number % len(bases)]
        name.write_bytes(base[:-2] + b"%012d" % number + base[-2:])
    return folder


def read_and_hash(root: Path, threads: int) -> None:
    """Scandir with stat over all files, then each read whole and hashed."""
    files: list[str] = []
    folders = [str(root)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                entry.stat(follow_symlinks=False)
                (folders if entry.is_dir() else files).append(entry.path)

    def hashes(paths: list[str]) -> list[str]:
        found = []
        for path in paths:
            with open(path, "rb", buffering=0) as file:
                found.append(hashlib.blake2b(file.read(), digest_size=16).hexdigest())
        return found

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(hashes, [files[start : start + 32] for start in range(0, len(files), 32)]))


def clocked(what: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall and of processors."""
    wall, used = time.perf_counter(), time.process_time()
    what()
    return time.perf_counter() - wall, time.process_time() - used


def measure_scanning(folder: Path, count: int) -> list[str]:
    """First scan beside reading and hashing, scan without changes, cancelling; what is over what is allowed."""
    began = time.perf_counter()
    photos = write_photos(folder / "scanned", count)
    row("files made", files=count, seconds=time.perf_counter() - began)
    spool = folder / "scan.db"
    plain, scanned = [], []
    for number in range(_ROUNDS):
        with closing(Project.create(folder, f"Scanned {number}")) as project:
            source, path = project.catalogue.add_source(str(photos)).id, str(project.catalogue.path)
            plain += [clocked(partial(read_and_hash, photos, threads)) for threads in (1, scan._THREADS)]
            arguments = (str(photos), path, source, str(spool))
            scanned.append(clocked(lambda arguments=arguments: scan.scan_source(*arguments, PlainContext())))
            applying = clocked(lambda p=project, s=source: p.catalogue.apply_scan(s, spool))[0]
            spool.unlink()
            if number < _ROUNDS - 1:
                continue
            again = clocked(lambda arguments=arguments: scan.scan_source(*arguments, PlainContext()))[0]
            again += clocked(lambda p=project, s=source: p.catalogue.apply_scan(s, spool))[0]
            spool.unlink()
    ratio, busy = (min(one[which] for one in scanned) / min(one[which] for one in plain) for which in (0, 1))
    row("read and hashed", seconds=min(plain)[0], processor_s=min(one[1] for one in plain))
    row("first scan", seconds=min(scanned)[0], processor_s=min(one[1] for one in scanned))
    row("first scan / read and hashed", ratio=ratio, of_processor_time=busy)
    row("first scan taken over", seconds=applying)
    row("scanned again and taken over", seconds=again)
    worst = measure_cancelling(folder, photos)
    figures = {"ratio": ratio, "rescan": again, "cancel": worst}
    return [f"{name} of a scan" for name, figure in figures.items() if figure > ALLOWED[name]]


def measure_cancelling(folder: Path, photos: Path) -> float:
    """The longest time from cancelling to the end, in seconds, of some in every phase."""
    with closing(Project.create(folder, "Cancelled")) as project:
        catalogue, spool = project.catalogue, folder / "scan.db"
        source = catalogue.add_source(str(photos)).id
        worst: dict[str, float] = {}
        for delay in (0.0, 0.1, 0.3, 0.9, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0):
            late = _Late(delay)
            try:
                scan.scan_source(str(photos), str(catalogue.path), source, str(spool), late)
                late.report(PhaseStarted("Writing the catalogue"))
                catalogue.apply_scan(source, spool, cancelled=lambda late=late: is_ending(late))
            except Cancelled:
                waited = time.perf_counter() - late.due
                worst[late.phase] = max(worst.get(late.phase, 0.0), waited)
            spool.unlink(missing_ok=True)
        for phase, seconds in worst.items():
            row(f"cancelled: {phase}", ms=seconds * 1000)
    return max(worst.values())


class _Late(PlainContext):
    """A context that is cancelled some seconds from now, whoever is busy then; knows the phase at that time."""

    def __init__(self, delay: float) -> None:
        super().__init__(self._note)
        self.due = time.perf_counter() + delay
        self.phase = ""

    def _note(self, event: Event) -> None:
        if isinstance(event, PhaseStarted):
            self.phase = event.phase

    @property
    def wish(self) -> Wish:
        """Cancel, once it is time."""
        return Wish.CANCEL if time.perf_counter() >= self.due else Wish.GO_ON
