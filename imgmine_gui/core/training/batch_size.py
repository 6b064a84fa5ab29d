"""How many images are looked at together where a person leaves it to the program."""

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.training.config import TrainConfig

LEAST_STEPS = 16
"""Steps that an epoch has at least, as long as a batch keeps ``SMALLEST`` images."""
SMALLEST = 8
"""Images: a gradient of fewer is mostly noise."""


def batch_size(config: TrainConfig, images: int) -> int:
    """The number of images a step.

    Epochs are what a person sets, steps are what a network learns in: with 100 images and the 128 of a pretrained
    network an epoch would be one step, and the training over before the head knows its classes. So the batch is a
    sixteenth of the images, within ``SMALLEST`` and what the architecture takes where there are many. Measured on 5,
    10, 20 and 50 photos a class of ten by ``tests/bench/few.py``.

    Args:
        config: a size that is set in it holds.
        images: how many there are to train on.
    """
    most = ARCHITECTURES[config.architecture].batch_size
    return config.training.batch_size or min(most, max(SMALLEST, images // LEAST_STEPS))
