"""Decoded pixels in one file of a cache folder, and which of them are there in a second that is written after them."""

import os
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt

CACHE_LIMIT = 8_000_000_000
"""Bytes of pixels that a cache folder may hold."""
DISK_RESERVE = 1_000_000_000
"""Bytes that are left free on the disk."""

MISSING, THERE, BAD = 0, 1, 2
"""What is known of an image: nothing, its pixels, or that it cannot be read."""


class CacheFile:
    """The pixels of the first images of a list, one after the other.

    Attributes:
        pixels: uint8, memory-mapped; those of image i lie at ``starts[i]`` to ``starts[i + 1]``.
        there: (images that have a place,) ``THERE`` or ``MISSING``, as it was when the file was opened.
    """

    def __init__(self, path: Path, images: int, size: int) -> None:
        self._flags = path.with_suffix(".there")
        self._map = np.memmap(path, np.uint8, "r+", shape=(size,))
        self.pixels: npt.NDArray[np.uint8] = np.asarray(self._map)
        self.there = np.zeros(images, np.uint8)
        if self._flags.is_file():
            found = np.fromfile(self._flags, np.uint8)
            if len(found) == images:
                self.there = np.where(found == THERE, THERE, MISSING).astype(np.uint8)

    @classmethod
    def open(cls, folder: Path | None, digest: str, starts: npt.NDArray[np.int64]) -> "CacheFile | None":
        """The file for the images of this digest, for as many as there is room; None where there is no room at all.

        Args:
            folder: of the cache, made where it is missing; None: nothing is kept.
            digest: names content, order and preprocessing of the images.
            starts: (images + 1,) bytes before each image, and of all.
        """
        if folder is None:
            return None
        path = folder / f"pixels-{digest}.bin"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held = path.stat().st_size if path.is_file() else 0
            if held and held in starts:
                os.utime(path)
            else:
                held = int(starts[starts <= _room(folder)][-1])
                if held == 0:
                    return None
                _reserve(path, held)
            return cls(path, int(np.searchsorted(starts, held)), held)
        except OSError:
            path.unlink(missing_ok=True)  # full or read-only: images are decoded each time instead
            return None

    def keep(self, state: npt.NDArray[np.uint8]) -> None:
        """Write the pixels through to the disk, and after them the flags."""
        self._map.flush()
        try:
            state[: len(self.there)].tofile(self._flags)
        except OSError:
            self._flags.unlink(missing_ok=True)  # the next run decodes again


def _room(folder: Path) -> int:
    """Bytes for one more file; removes the least recently used files until the folder keeps to its limit."""
    files = sorted(folder.glob("pixels-*.bin"), key=lambda path: path.stat().st_mtime)
    held = sum(path.stat().st_size for path in files)
    while files and held > CACHE_LIMIT // 2:
        oldest = files.pop(0)
        held -= oldest.stat().st_size
        oldest.unlink()
        oldest.with_suffix(".there").unlink(missing_ok=True)
    return max(0, min(CACHE_LIMIT - held, shutil.disk_usage(folder).free - DISK_RESERVE))


def _reserve(path: Path, size: int) -> None:
    """A file of ``size`` bytes whose space is really there: writing to mapped memory cannot report a full disk."""
    path.with_suffix(".there").unlink(missing_ok=True)
    with open(path, "wb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, size)
        else:
            block = bytes(1 << 20)
            for start in range(0, size, len(block)):
                file.write(block[: min(len(block), size - start)])
