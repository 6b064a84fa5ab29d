"""Cancelling a scan ends it at once in each of its phases, and leaves the catalogue as it was."""

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.events import Event, PhaseStarted, Progress
from imgmine_gui.core.images.whole_file import read_whole
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project.catalogue import ImageQuery
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.scan import scan_folder
from imgmine_gui.core.project.spool import Spool
from tests.timing import LENIENCY

BOUND = 0.2 * LENIENCY
"""Seconds from the cancelling to the end."""
GIBIBYTE = 2**30


def seconds_to_end(
    work: Callable[[PlainContext], object], when: threading.Event, see: Callable[[Event], None] = lambda _: None
) -> float:
    """How long after ``when`` work ends that is cancelled then; it must end by being cancelled."""
    context = PlainContext(see)
    cancelled_at: list[float] = []

    def cancel() -> None:
        assert when.wait(60)
        cancelled_at.append(time.perf_counter())
        context.wish = Wish.CANCEL

    canceller = threading.Thread(target=cancel)
    canceller.start()
    with pytest.raises(Cancelled):
        work(context)
    ended = time.perf_counter()
    canceller.join()
    return ended - cancelled_at[0]


def huge_image(path: Path) -> Path:
    """A PNG of 16 GiB, nearly all of it a hole: hashing it takes many seconds, and no room on the drive."""
    Image.new("RGB", (8, 6)).save(path)
    os.truncate(path, 16 * GIBIBYTE)
    return path


def test_while_folders_are_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "1.png").touch()
    begun = threading.Event()
    with os.scandir(os.fsencode(tmp_path)) as entries:
        one = next(entries)

    class Endless:
        """A folder in which there is always another file."""

        def __enter__(self) -> "Endless":
            begun.set()
            return self

        def __exit__(self, *_: object) -> None: ...

        def __iter__(self) -> "Endless":
            return self

        def __next__(self) -> os.DirEntry[bytes]:
            return one

    monkeypatch.setattr(os, "scandir", lambda _: Endless())
    assert seconds_to_end(lambda context: scan_folder(str(tmp_path), None, context), begun) < BOUND


def test_while_a_huge_file_is_hashed(tmp_path: Path) -> None:
    huge_image(tmp_path / "huge.png")
    begun = threading.Event()

    def see(event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.total is not None:
            begun.set()

    assert seconds_to_end(lambda context: scan_folder(str(tmp_path), None, context), begun, see) < BOUND
    readers = [thread for thread in threading.enumerate() if thread.name == "read ahead"]
    for thread in readers:
        thread.join(BOUND)
        assert not thread.is_alive(), "nobody waits for it, but it goes on reading"


def test_hashing_asks_after_every_mebibyte(tmp_path: Path) -> None:
    path = huge_image(tmp_path / "huge.png")
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        read_whole(os.fsencode(path), True, lambda: next(asked))


def test_while_small_files_are_read(tmp_path: Path) -> None:
    image = tmp_path / "0.png"
    Image.new("RGB", (8, 6)).save(image)
    for number in range(1, 3000):
        os.link(image, tmp_path / f"{number}.png")
    huge_image(tmp_path / "last.png")  # so that it cannot be over before it is cancelled
    begun = threading.Event()

    def see(event: Event) -> None:
        if isinstance(event, Progress) and event.total:
            begun.set()

    assert seconds_to_end(lambda context: scan_folder(str(tmp_path), None, context), begun, see) < BOUND


def many_found(path: Path) -> Path:
    """The spool of a scan of 60,000 images."""
    with Spool(path) as spool:
        spool._db.execute("INSERT INTO folders (id, path, has_images, label) VALUES (1, x'61', 1, 'a')")
        spool._db.execute(
            """
            WITH RECURSIVE numbers (n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM numbers WHERE n < 59999)
            INSERT INTO found SELECT CAST('a/' || n || '.png' AS BLOB), 0, 10, 20, n, printf('%032x', n), 8, 6, '', '',
                1, n || '.png', 'a/' || n || char(10, 10), NULL FROM numbers
            """
        )
        spool.end()
    return path


class Asked:
    """Whether to give up, by how often that was asked; and how long the work did without asking."""

    def __init__(self, until: int) -> None:
        self._until = until
        self._asked_at = time.perf_counter()
        self.asked = 0
        self.longest_gap = 0.0
        self.cancelled_at = 0.0

    def __call__(self) -> bool:
        now = time.perf_counter()
        self.asked += 1
        self.longest_gap = max(self.longest_gap, now - self._asked_at)
        self._asked_at = now
        if self.asked < self._until:
            return False
        self.cancelled_at = self.cancelled_at or now
        return True


def test_while_the_catalogue_is_written(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    project = Project.create(tmp_path, "Many")
    catalogue = project.catalogue
    source = catalogue.add_source(str(tmp_path / "photos")).id
    spool, again = many_found(tmp_path / "spool.db"), tmp_path / "again.db"
    tried = 0
    while True:
        asked = Asked(until=2**tried)
        shutil.copy(spool, again)
        try:
            catalogue.apply_scan(source, again, cancelled=asked)
            break  # it was over before
        except Cancelled:
            ended = time.perf_counter()
        finally:
            again.unlink()
        assert ended - asked.cancelled_at + asked.longest_gap < BOUND, asked.asked
        assert catalogue.count(ImageQuery()) == 0
        assert catalogue.classes() == []
        tried += 1
    assert tried > 5, "too few places were tried"
    assert catalogue.count(ImageQuery()) == 60_000
    project.close()
