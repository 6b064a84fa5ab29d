"""Settings to begin with, by the size of the images."""

from imgmine_gui.core.training.config import TrainConfig

LARGEST = 224
"""Pixels of the longer side: more costs time with the square, and shows its worth with fine detail only."""
SMALLEST = 16
STEP = 8
SQUARE = 1.5
"""Up to this ratio of the sides a square is taken, since portrait and landscape are usually mixed."""


def suggest_config(typical_size: tuple[int, int] | None) -> TrainConfig:
    """The defaults, with the network's input fitted to images of the typical (width, height)."""
    config = TrainConfig()
    if typical_size is None:
        return config
    width, height = suggest_input(*typical_size)
    preprocessing = config.preprocessing.model_copy(update={"width": width, "height": height})
    return config.model_copy(update={"preprocessing": preprocessing})


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
