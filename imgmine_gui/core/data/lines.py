"""Images of lines, all of one height and each of a width of its own, decoded once and kept as memory-mapped uint8."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.cache_file import BAD
from imgmine_gui.core.data.image_store import WORKERS, ImageStore, Pixels, Skip
from imgmine_gui.core.data.preprocessing import Colour, Preprocessing, to_grey
from imgmine_gui.core.images.convert import Size
from imgmine_gui.core.images.decode import ImageError, decode_rgb, inspect_image
from imgmine_gui.core.images.geometry import Geometry, ResizeMode
from imgmine_gui.core.images.problems import ImageProblem
from imgmine_gui.core.project.data_items import DataItem

NARROWEST = 16
"""Pixels: a lower or narrower image is stretched to this width."""
ALIGNED = 32
"""The width of a batch is a multiple of this, which every stride of a network divides."""
POOL = 50
"""Batches among which images are sorted by width: more gives even batches, fewer a better mix."""


def line_width(size: Size, preprocessing: Preprocessing) -> int:
    """The width in pixels of an image of ``size`` (width, height) at the network's height; it may be too wide."""
    return max(NARROWEST, round(size[0] * preprocessing.height / size[1]))


def load_line(path: str, preprocessing: Preprocessing) -> tuple[Pixels, Geometry]:
    """Read one line as the network sees it, before normalisation.

    Returns:
        uint8 pixels (height, width of its own, channels), and the geometry that leads from the pixels of the
        (oriented) original to these and back.

    Raises:
        ImageError: the file cannot be read as an image, or would be wider than ``preprocessing.width``.
    """
    size = _size_of(path)
    width = line_width(size, preprocessing)
    if width > preprocessing.width:
        raise _too_wide(path, width, preprocessing)
    target = (width, preprocessing.height)
    decoded = decode_rgb(path, at_least=target)
    geometry = Geometry.plan(decoded.full_size, target, ResizeMode.STRETCH)
    pixels = geometry.apply(decoded.pixels)
    return (to_grey(pixels) if preprocessing.colour is Colour.GREY else pixels), geometry


def as_batch(lines: Sequence[Pixels]) -> tuple[Pixels, npt.NDArray[np.int32]]:
    """Lines of one height as one array.

    Returns:
        uint8 (n, height, width, channels), the width a multiple of ``ALIGNED``, each line followed by its last column
        as often as it takes; and the widths of the lines, int32 (n,).
    """
    widths = np.array([line.shape[1] for line in lines], np.int32)
    whole = -(-int(widths.max()) // ALIGNED) * ALIGNED
    height, _, channels = lines[0].shape
    batch = np.empty((len(lines), height, whole, channels), np.uint8)
    for row, line in enumerate(lines):
        batch[row, :, : line.shape[1]] = line
        batch[row, :, line.shape[1] :] = line[:, -1:]
    return batch, widths


class LineStore(ImageStore):
    """Pixels of lines by index.

    Args:
        items: the images; headers of all of them are read at once, which says how wide they are.
        preprocessing: gives height and channels, and the width at most: a wider line is not read, and told.
        folder: for the cache file; None keeps nothing.
        on_skip: told path and reason once for each image that cannot be read.

    Attributes:
        widths: int32 (images,), in pixels at the network's height; 0 of those that cannot be read.
    """

    def __init__(
        self, items: Sequence[DataItem], preprocessing: Preprocessing, folder: Path | None,
        on_skip: Skip = lambda path, reason: None,
    ) -> None:  # fmt: skip
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="headers") as pool:
            found = list(pool.map(lambda item: _width_of(item.path, preprocessing), items))
        self.widths = np.array([0 if isinstance(width, ImageError) else width for width in found], np.int32)
        shapes = np.tile(np.array([preprocessing.height, 0, preprocessing.channels], np.int64), (len(items), 1))
        shapes[:, 1] = self.widths
        super().__init__(items, preprocessing, folder, shapes, on_skip)
        for index, width in enumerate(found):
            if isinstance(width, ImageError):
                self.skip(index, width.message)

    def load(self, path: str, shape: tuple[int, int, int]) -> Pixels:
        """See ``load_line``."""
        pixels = load_line(path, self._preprocessing)[0]
        if pixels.shape != shape:
            raise ImageError(ImageProblem.READ_ERROR, path)  # another size than its header said a moment ago
        return pixels

    def lines(self, indices: npt.NDArray[np.intp]) -> list[Pixels | None]:
        """Some lines, each (height, width of its own, channels); None of those that cannot be read."""
        cached = self.cached(indices)
        fresh = iter(self.decoded(indices[~cached]))
        return [
            self.pixels_in_cache(index) if there else next(fresh)
            for index, there in zip(indices.tolist(), cached.tolist(), strict=True)
        ]

    def read(self, indices: npt.NDArray[np.intp]) -> tuple[tuple[Pixels, npt.NDArray[np.int32]], npt.NDArray[np.intp]]:
        """Some lines as a batch.

        Returns:
            What ``as_batch`` gives, and the indices (n,) they belong to: those asked for, in their order, without the
            unreadable.
        """
        wanted = indices[self._state[indices] != BAD]
        lines = self.lines(wanted)
        kept = [line for line in lines if line is not None]
        good = wanted[[line is not None for line in lines]]
        if not kept:
            empty = np.empty((0, self._preprocessing.height, ALIGNED, self._preprocessing.channels), np.uint8)
            return (empty, np.empty(0, np.int32)), good
        return as_batch(kept), good


def order_by_width(
    order: npt.NDArray[np.intp], widths: npt.NDArray[np.int32], batch_size: int, rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    """Bring images of like width together, so that little of a batch is padding.

    Within each ``POOL`` batches of ``order`` the images are sorted by width and cut into batches, and those are mixed.

    Args:
        order: (n,) indices of images, mixed.
        widths: of all images, by index.
        batch_size: images a batch.
        rng: mixes the batches.

    Returns:
        (n,) the same indices.
    """
    batches = []
    for start in range(0, len(order), POOL * batch_size):
        pool = order[start : start + POOL * batch_size]
        pool = pool[np.argsort(widths[pool], kind="stable")]
        batches += [pool[first : first + batch_size] for first in range(0, len(pool), batch_size)]
    whole = [batch for batch in batches if len(batch) == batch_size]
    rest = [batch for batch in batches if len(batch) < batch_size]  # the last one of all: batches are cut by number
    mixed = [whole[number] for number in rng.permutation(len(whole))]
    return np.concatenate([*mixed, *rest]) if batches else order


def _size_of(path: str) -> Size:
    info = inspect_image(path)
    return info.width, info.height


def _width_of(path: str, preprocessing: Preprocessing) -> int | ImageError:
    try:
        width = line_width(_size_of(path), preprocessing)
    except ImageError as error:
        return error
    return width if width <= preprocessing.width else _too_wide(path, width, preprocessing)


def _too_wide(path: str, width: int, preprocessing: Preprocessing) -> ImageError:
    return ImageError(ImageProblem.TOO_LARGE, path, width=width, height=preprocessing.height, most=preprocessing.width)
