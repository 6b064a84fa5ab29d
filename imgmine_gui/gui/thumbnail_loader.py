"""Thumbnails for lists: made by worker threads, what is seen first, kept in a bounded memory and on disk."""

import os
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from imgmine_gui.app import places
from imgmine_gui.core.images.problems import Failure, ImageError, ImageProblem
from imgmine_gui.core.images.thumbnails import ThumbnailCache
from imgmine_gui.gui.pixels import image_of
from imgmine_gui.gui.work_line import WorkLine

SIDES = (128, 256, 512)
"""Thumbnails are made in these sizes, in pixels of the screen; what lies between is scaled when it is painted."""
MEMORY_BYTES = 96 * 2**20
WORKERS = 2
PROBLEMS_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A thumbnail that a list is about to show.

    Attributes:
        path: of the image.
        key: of its content; empty where it is not known: then the file's size and time of change stand for it.
        side: the longest side that is needed, in pixels of the screen.
    """

    path: str
    key: str
    side: int

    @property
    def mark(self) -> tuple[str, int]:
        """By which it is found in memory."""
        return self.key or self.path, side_for(self.side)


class ThumbnailLoader(QObject):
    """Loads thumbnails in threads; lives in the thread of the window.

    Args:
        folder: where thumbnails are kept; by default in the person's cache folder.
        memory_bytes: above this, the pictures that were not asked for the longest are forgotten.
    """

    arrived = Signal()
    """Some of what was wanted is there now: paint again."""
    offline_changed = Signal()
    """Other drives are there than before: want again what is seen."""
    failed = Signal(list)
    """``list[Failure]``: images whose content is known that could not be decoded."""

    def __init__(
        self, folder: Path | None = None, memory_bytes: int = MEMORY_BYTES, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pixmaps: OrderedDict[tuple[str, int], QPixmap] = OrderedDict()
        self._bytes = 0
        self._memory_bytes = memory_bytes
        self._problems: OrderedDict[str, ImageError] = OrderedDict()
        self._source = _Source(ThumbnailCache(folder or places.cache_folder() / "thumbnails"))
        self._line: WorkLine[Wanted, QImage | ImageError] = WorkLine(self._source.load, WORKERS, "thumbnails", self)
        self._line.served.connect(self._take_in)

    def set_folder(self, folder: Path) -> None:
        """Keep thumbnails in ``folder`` from now on: the cache of the project that was opened."""
        self._source.cache = ThumbnailCache(folder)

    def set_offline(self, sources: Sequence[str]) -> None:
        """Take thumbnails of what lies in these folders, or is one of these images, from the cache alone.

        Their drives are not there, and may keep whoever asks them waiting for ever.
        """
        if self._source.offline != frozenset(sources):
            self._source.offline = frozenset(sources)
            self._problems.clear()
            self.offline_changed.emit()

    def is_offline(self, path: str) -> bool:
        """Whether the drive of an image is not there."""
        return self._source.is_offline(path)

    def want(self, wanted: Iterable[Wanted]) -> None:
        """Load these, the first first; what was wanted before and was not begun is dropped."""
        missing = [one for one in wanted if one.mark not in self._pixmaps and one.mark[0] not in self._problems]
        self._line.replace(missing)

    def pixmap(self, path: str, key: str, side: int) -> QPixmap | None:
        """The thumbnail if it is in memory, in the wanted size or, until that comes, in another."""
        name, best = Wanted(path, key, side).mark
        for size in (best, *(other for other in reversed(SIDES) if other != best)):
            found = self._pixmaps.get((name, size))
            if found is not None:
                self._pixmaps.move_to_end((name, size))
                return found
        return None

    def problem(self, path: str, key: str) -> str:
        """Why the image could not be read, translated; empty where nothing of the kind is known."""
        found = self._problems.get(key or path)
        return found.message if found else ""

    def forget_problems(self) -> None:
        """Try again what could not be read: the files may have been mended."""
        self._problems.clear()

    def close(self) -> None:
        """End the threads after the thumbnails that they have in hand."""
        self._line.close()

    def _take_in(self) -> None:
        failures = []
        for one, outcome in self._line.take():
            if isinstance(outcome, QImage):
                self._keep(one.mark, QPixmap.fromImage(outcome))
            else:
                self._problems[one.mark[0]] = outcome
                while len(self._problems) > PROBLEMS_KEPT:
                    self._problems.popitem(last=False)
                if one.key and not self.is_offline(one.path):
                    failures.append(Failure(one.key, one.path, outcome))
        self.arrived.emit()
        if failures:
            self.failed.emit(failures)

    def _keep(self, mark: tuple[str, int], pixmap: QPixmap) -> None:
        if mark in self._pixmaps:
            self._bytes -= _size(self._pixmaps.pop(mark))
        self._pixmaps[mark] = pixmap
        self._bytes += _size(pixmap)
        while self._bytes > self._memory_bytes and len(self._pixmaps) > 1:
            _, oldest = self._pixmaps.popitem(last=False)
            self._bytes -= _size(oldest)


class _Source:
    """Where the threads have the thumbnails from."""

    def __init__(self, cache: ThumbnailCache) -> None:
        self.cache = cache
        self.offline: frozenset[str] = frozenset()

    def is_offline(self, path: str) -> bool:
        return bool(self.offline) and any(
            path == one or path.startswith(one if one.endswith(os.sep) else one + os.sep) for one in self.offline
        )

    def load(self, one: Wanted) -> QImage | ImageError:
        if self.is_offline(one.path):
            return self._kept(one)
        try:
            pixels = self.cache.get(one.path, one.key or _stand_in(one.path), side_for(one.side))
        except ImageError as error:
            return error
        return image_of(pixels)

    def _kept(self, one: Wanted) -> QImage | ImageError:
        """From the cache, in whatever size."""
        best = side_for(one.side)
        for size in (best, *(other for other in reversed(SIDES) if other != best)):
            pixels = self.cache.find(one.key, size) if one.key else None
            if pixels is not None:
                return image_of(pixels)
        return ImageError(ImageProblem.MISSING, one.path)


def side_for(side: int) -> int:
    """The size in which a thumbnail is made that is shown with ``side`` pixels."""
    return next((size for size in SIDES if size >= side), SIDES[-1])


def _stand_in(path: str) -> str:
    """What tells one state of a file from another, without reading it."""
    try:
        status = os.stat(path)
    except OSError:
        return path
    return f"{os.path.abspath(path)}:{status.st_size}:{status.st_mtime_ns}"


def _size(pixmap: QPixmap) -> int:
    return 4 * pixmap.width() * pixmap.height()
