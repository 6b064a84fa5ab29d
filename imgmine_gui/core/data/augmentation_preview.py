"""What augmentation makes of real images, to be looked at before a training."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.augmentation import Augmentation, augment
from imgmine_gui.core.data.preprocessing import Preprocessing, load_sample
from imgmine_gui.core.images.decode import ImageError
from imgmine_gui.core.jobs import JobContext, check_cancelled

LARGEST = 160
"""Pixels of the longer side of a preview; all changes are relative to the size."""


def preview_augmentation(
    paths: Sequence[str],
    preprocessing: Preprocessing,
    augmentation: Augmentation,
    copies: int,
    seed: int,
    context: JobContext,
) -> npt.NDArray[np.uint8]:
    """Change each image at random, with the function that the training uses.

    Args:
        paths: images; those that cannot be read are left out.
        copies: changed pictures of each.
        seed: the same seed gives the same changes.

    Returns:
        uint8 (images, 1 + copies, height, width, channels): the image as the network sees it, then its changed copies;
        the longer side at most ``LARGEST`` pixels.

    Raises:
        Cancelled: nobody waits for it any more.
    """
    small = _shrunk(preprocessing)
    rows = []
    for number, path in enumerate(paths):
        check_cancelled(context)
        try:
            pixels, _ = load_sample(path, small)
        except ImageError:
            continue
        changed = augment(np.repeat(pixels[None].astype(np.float32), copies, 0), augmentation, _seed(seed, number))
        rows.append(np.concatenate([pixels[None], np.asarray(changed).round().astype(np.uint8)]))
    shape = (0, 1 + copies, small.height, small.width, small.channels)
    return np.stack(rows) if rows else np.zeros(shape, np.uint8)


def _shrunk(preprocessing: Preprocessing) -> Preprocessing:
    """The same, at a size that is quick to make and to send."""
    scale = min(1.0, LARGEST / max(preprocessing.width, preprocessing.height))
    smallest = 16  # what Preprocessing takes
    width, height = (max(smallest, round(side * scale)) for side in (preprocessing.width, preprocessing.height))
    return preprocessing.model_copy(update={"width": width, "height": height})


def _seed(seed: int, number: int) -> npt.NDArray[np.int32]:
    return np.array([seed, number], np.int32)
