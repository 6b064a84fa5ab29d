"""The images of a training at network size, decoded once and kept as memory-mapped uint8.

From the second look at an image on, nothing is decoded. The file lives in a cache folder, named after the images'
content and the preprocessing, so that a later run over the same images finds it. What does not fit, or what no cache
folder can hold, is decoded each time.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.preprocessing import Preprocessing, load_sample
from imgmine_gui.core.images.decode import ImageError
from imgmine_gui.core.options import to_json
from imgmine_gui.core.project.data_items import DataItem

CACHE_LIMIT = 8_000_000_000
"""Bytes of pixels that a cache folder may hold."""
DISK_RESERVE = 1_000_000_000
"""Bytes that are left free on the disk."""
WORKERS = 2
"""Decoding threads; Pillow decodes outside Python's lock."""

_MISSING, _THERE, _BAD = 0, 1, 2


class PixelStore:
    """Pixels of ``items`` by index.

    Args:
        items: the images.
        preprocessing: gives height, width and channels.
        folder: for the cache file; None keeps nothing.
        on_skip: told path and reason once for each image that cannot be read.
    """

    def __init__(
        self,
        items: Sequence[DataItem],
        preprocessing: Preprocessing,
        folder: Path | None,
        on_skip: Callable[[str, str], None] = lambda path, reason: None,
    ) -> None:
        self._items = items
        self._preprocessing = preprocessing
        self._on_skip = on_skip
        self._shape = (preprocessing.height, preprocessing.width, preprocessing.channels)
        self._state = np.zeros(len(items), np.uint8)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="decode")
        self._file = _CacheFile.open(folder, _digest(items, preprocessing), len(items), self._shape)
        if self._file is not None:
            self._state[: len(self._file.there)] = self._file.there

    @property
    def skipped(self) -> int:
        """How many images turned out to be unreadable so far."""
        return int((self._state == _BAD).sum())

    def read(self, indices: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.intp]]:
        """The pixels of some images.

        Returns:
            uint8 (n, height, width, channels), and the indices (n,) they belong to: those asked for, in their order,
            without the unreadable.
        """
        wanted = indices[self._state[indices] != _BAD]
        held = 0 if self._file is None else len(self._file.there)
        cached = (self._state[wanted] == _THERE) & (wanted < held)
        batch = np.empty((len(wanted), *self._shape), np.uint8)
        if self._file is not None and cached.any():
            batch[cached] = self._file.pixels[wanted[cached]]
        slots = np.flatnonzero(~cached)
        for slot, pixels in zip(slots, self._pool.map(self._decode, wanted[slots].tolist()), strict=True):
            if pixels is not None:
                batch[slot] = pixels
        good = self._state[wanted] != _BAD
        return (batch, wanted) if good.all() else (batch[good], wanted[good])

    def _decode(self, index: int) -> npt.NDArray[np.uint8] | None:
        item = self._items[index]
        try:
            pixels, _ = load_sample(item.path, self._preprocessing)
        except ImageError as error:
            self._state[index] = _BAD
            self._on_skip(item.path, error.message)
            return None
        if self._file is not None and index < len(self._file.there):
            self._file.pixels[index] = pixels
            self._state[index] = _THERE
        return pixels

    def close(self) -> None:
        """Stop the threads, and note in the cache which pixels are there."""
        self._pool.shutdown(cancel_futures=True)
        if self._file is not None:
            self._file.keep(self._state)
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _CacheFile:
    """Pixels in one file, and which of them are there in a second that is written after them."""

    def __init__(self, path: Path, count: int, shape: tuple[int, int, int]) -> None:
        self._flags = path.with_suffix(".there")
        self._map = np.memmap(path, np.uint8, "r+", shape=(count, *shape))
        self.pixels: npt.NDArray[np.uint8] = np.asarray(self._map)
        self.there = np.zeros(count, np.uint8)
        if self._flags.is_file():
            found = np.fromfile(self._flags, np.uint8)
            if len(found) == count:
                self.there = np.where(found == _THERE, _THERE, _MISSING).astype(np.uint8)

    @classmethod
    def open(cls, folder: Path | None, digest: str, images: int, shape: tuple[int, int, int]) -> "_CacheFile | None":
        """The file for these images, of as many of them as there is room for; None where there is no room at all."""
        if folder is None:
            return None
        path = folder / f"pixels-{digest}.bin"
        each = int(np.prod(shape))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if path.is_file() and path.stat().st_size % each == 0 and path.stat().st_size:
                count = min(images, path.stat().st_size // each)
                os.utime(path)
            else:
                count = min(images, _room(folder) // each)
                if count == 0:
                    return None
                _reserve(path, count * each)
            return cls(path, count, shape)
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


def _digest(items: Sequence[DataItem], preprocessing: Preprocessing) -> str:
    state = hashlib.blake2b(to_json(preprocessing).encode(), digest_size=16)
    for item in items:
        state.update((item.key or os.fsencode(item.path).hex()).encode())
    return state.hexdigest()


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
