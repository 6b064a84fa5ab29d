"""A heatmap: a map over the image with values in 0..1 and a stated method and target."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.explain.subject import Floats

FLATNESS = 1e-5
"""Below this part of its maximum, differences within a map are rounding."""


@dataclass(frozen=True)
class Heatmap:
    """A map over the whole image, whatever its resolution.

    Attributes:
        values: float32 ``(h, w)`` in 0..1; a single row stands for the full height.
        method: name of the explainer.
        target: index of the class it is for.
        flat: the method found no difference between the parts of the image (its map is zero, constant or not a
            number); ``values`` are zero then, and nothing is to be drawn.
    """

    values: Floats
    method: str
    target: int
    flat: bool


def normalise(
    raw: npt.NDArray[Any], method: str, target: int, *, zero_based: bool = False, percentile: float = 100.0
) -> Heatmap:
    """Bring a raw map ``(h, w)`` to 0..1.

    Args:
        raw: values of any scale, not negative.
        method: name of the explainer.
        target: index of the class.
        zero_based: divide by the maximum only, so that ratios stay what they are; otherwise the minimum becomes 0.
        percentile: values above this percentile are cut to it, so that single pixels do not darken all others.
    """
    values = raw.astype(np.float64)
    highest, lowest = float(values.max()), float(values.min())
    if not (np.isfinite(values).all() and highest > 0 and highest - lowest > FLATNESS * highest):
        return Heatmap(np.zeros(raw.shape, np.float32), method, target, flat=True)
    low = 0.0 if zero_based else lowest
    high = float(np.percentile(values, percentile))
    if high - low <= FLATNESS * highest:  # so few pixels speak that the percentile misses all of them
        high = highest
    values = np.clip((values - low) / (high - low), 0, 1)
    return Heatmap(values.astype(np.float32), method, target, flat=False)
