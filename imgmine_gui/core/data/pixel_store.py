"""The images of a training at network size, decoded once and kept as memory-mapped uint8.

From the second look at an image on, nothing is decoded. The file lies in a cache folder, named after the images'
content and the preprocessing, so that a later run over the same images finds it. What does not fit, or what no cache
folder can hold, is decoded each time.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.cache_file import BAD
from imgmine_gui.core.data.image_store import ImageStore, Pixels, Skip
from imgmine_gui.core.data.preprocessing import Preprocessing, load_sample
from imgmine_gui.core.project.data_items import DataItem


class PixelStore(ImageStore):
    """Pixels of ``items`` by index, all of one size.

    Args:
        items: the images.
        preprocessing: gives height, width and channels.
        folder: for the cache file; None keeps nothing.
        on_skip: told path and reason once for each image that cannot be read.
    """

    def __init__(
        self, items: Sequence[DataItem], preprocessing: Preprocessing, folder: Path | None,
        on_skip: Skip = lambda path, reason: None,
    ) -> None:  # fmt: skip
        self._shape = (preprocessing.height, preprocessing.width, preprocessing.channels)
        shapes = np.tile(np.array(self._shape, np.int64), (len(items), 1))
        super().__init__(items, preprocessing, folder, shapes, on_skip)

    def load(self, path: str, shape: tuple[int, int, int]) -> Pixels:
        """See ``load_sample``."""
        return load_sample(path, self._preprocessing)[0]

    def read(self, indices: npt.NDArray[np.intp]) -> tuple[Pixels, npt.NDArray[np.intp]]:
        """The pixels of some images.

        Returns:
            uint8 (n, height, width, channels), and the indices (n,) they belong to: those asked for, in their order,
            without the unreadable.
        """
        wanted = indices[self._state[indices] != BAD]
        cached = self.cached(wanted)
        batch = np.empty((len(wanted), *self._shape), np.uint8)
        if self._file is not None and cached.any():
            batch[cached] = self._file.pixels.reshape(-1, *self._shape)[wanted[cached]]
        slots = np.flatnonzero(~cached)
        for slot, pixels in zip(slots, self.decoded(wanted[slots]), strict=True):
            if pixels is not None:
                batch[slot] = pixels
        good = self._state[wanted] != BAD
        return (batch, wanted) if good.all() else (batch[good], wanted[good])
