"""What the stores of decoded images have in common: threads that decode, a cache file, the unreadable images."""

import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.cache_file import BAD, THERE, CacheFile
from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.images.decode import ImageError
from imgmine_gui.core.options import to_json
from imgmine_gui.core.project.data_items import DataItem

WORKERS = 2
"""Decoding threads; Pillow decodes outside Python's lock."""

Pixels = npt.NDArray[np.uint8]
Skip = Callable[[str, str], None]
"""Told path and reason once for each image that cannot be read."""


class ImageStore(ABC):
    """Pixels of ``items`` by index, decoded once.

    Args:
        items: the images.
        preprocessing: how they are read.
        folder: for the cache file; None keeps nothing.
        shapes: int64 (images, 3), height, width and channels of each image as it is read.
        on_skip: see ``Skip``.
    """

    def __init__(
        self, items: Sequence[DataItem], preprocessing: Preprocessing, folder: Path | None,
        shapes: npt.NDArray[np.int64], on_skip: Skip,
    ) -> None:  # fmt: skip
        self._items, self._preprocessing, self._on_skip = items, preprocessing, on_skip
        self._shapes = shapes
        self._starts = np.concatenate([[0], np.cumsum(shapes.prod(axis=1))]).astype(np.int64)
        self._state = np.zeros(len(items), np.uint8)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="decode")
        self._file = CacheFile.open(folder, _digest(items, preprocessing), self._starts)
        if self._file is not None:
            self._state[: len(self._file.there)] = self._file.there

    @abstractmethod
    def load(self, path: str, shape: tuple[int, int, int]) -> Pixels:
        """Read one image.

        Raises:
            ImageError: it cannot be read.
        """

    @property
    def skipped(self) -> int:
        """How many images turned out to be unreadable so far."""
        return int((self._state == BAD).sum())

    def cached(self, indices: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        """(n,) whether the pixels of these images lie in the cache file."""
        held = 0 if self._file is None else len(self._file.there)
        return np.asarray((self._state[indices] == THERE) & (indices < held))

    def pixels_in_cache(self, index: int) -> Pixels:
        """The pixels of one image that is ``cached``; not a copy."""
        assert self._file is not None
        return self._file.pixels[self._starts[index] : self._starts[index + 1]].reshape(self._shapes[index])

    def decoded(self, indices: npt.NDArray[np.intp]) -> list[Pixels | None]:
        """The pixels of some images, read from their files; None for those that cannot be read."""
        return list(self._pool.map(self._decode, indices.tolist()))

    def skip(self, index: int, reason: str) -> None:
        """Note that an image cannot be read, and tell so."""
        self._state[index] = BAD
        self._on_skip(self._items[index].path, reason)

    def _decode(self, index: int) -> Pixels | None:
        height, width, channels = self._shapes[index].tolist()
        try:
            pixels = self.load(self._items[index].path, (height, width, channels))
        except ImageError as error:
            self.skip(index, error.message)
            return None
        if self._file is not None and index < len(self._file.there):
            self.pixels_in_cache(index)[...] = pixels
            self._state[index] = THERE
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


def _digest(items: Sequence[DataItem], preprocessing: Preprocessing) -> str:
    state = hashlib.blake2b(to_json(preprocessing).encode(), digest_size=16)
    for item in items:
        state.update((item.key or os.fsencode(item.path).hex()).encode())
    return state.hexdigest()
