"""Settings to begin with, by the size of the images."""

from typing import Any, Final

from imgmine_gui.core.training.config import TrainConfig, configure

LARGEST = 224
"""Pixels of the longer side: more costs time with the square, and shows its worth with fine detail only."""
PRETRAINED = "transfer"
READER = "crnn"
"""Of lines of text."""
FEW = 10_000
"""Labelled images from which on a network of one's own is worth the time."""
TINY = 64
"""Pixels of the longer side under which the features of photos say little."""
TINY_ARCHITECTURE = "cnn"
TINY_RECIPE: Final[dict[str, Any]] = {
    "dense": 128,
    "dropout": 0.4,
    "flip_horizontal": True,
    "batch_size": 128,
    "epochs": 28,
    "early_stopping": 0,
    "schedule": "one_cycle",
    "learning_rate": 2e-3,
    "average_weights": True,
}
"""For many tiny images: 0.936 on the test images of Fashion-MNIST, measured by ``tests/bench/fashion.py``."""
SMALLEST = 16
STEP = 8
SQUARE = 1.5
"""Up to this ratio of the sides a square is taken, since portrait and landscape are usually mixed."""


def suggest_config(typical_size: tuple[int, int] | None, images: int | None = None) -> TrainConfig:
    """The settings to begin with; see ``suggest``."""
    architecture, settings = suggest(typical_size, images)
    return configure(TrainConfig().task, architecture, settings.items())


def suggest(typical_size: tuple[int, int] | None, images: int | None = None) -> tuple[str, dict[str, Any]]:
    """An architecture for a classification, with settings by name.

    Args:
        typical_size: width and height of the images in pixels; the network's input is fitted to them.
        images: how many are labelled. Under ``FEW`` of them a pretrained network is suggested, at the size that it was
            made for, unless the images are tiny; of many tiny images ``TINY_RECIPE``; None suggests the default
            architecture.
    """
    if typical_size is None:
        return TrainConfig().architecture, {}
    tiny = max(typical_size) < TINY
    if images is not None and images < FEW and not tiny:
        return PRETRAINED, {}
    width, height = suggest_input(*typical_size)
    size = {"width": width, "height": height}
    if images is not None and images >= FEW and tiny:
        return TINY_ARCHITECTURE, {**size, **TINY_RECIPE}
    return TrainConfig().architecture, size


def suggest_input(width: int, height: int) -> tuple[int, int]:
    """Width and height of the network's input: never larger than the image, the longer side at most ``LARGEST``."""
    longer = max(width, height)
    if longer < SQUARE * min(width, height):
        width = height = longer
    scale = min(1.0, LARGEST / longer)
    return _rounded(width * scale), _rounded(height * scale)


def _rounded(side: float) -> int:
    """To a multiple of ``STEP``, or as it is where it is small already: 28 px stay 28."""
    whole = round(side)
    return max(SMALLEST, whole if whole <= 4 * STEP else round(side / STEP) * STEP)
