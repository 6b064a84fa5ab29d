"""Networks whose scores can be worked out on paper."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from imgmine_gui.core.explain.subject import Subject


def linear_subject(weights: npt.NDArray[Any]) -> Subject:
    """Score c is the sum over the image of pixel times ``weights[..., c]`` (height, width, channels, classes)."""
    network = keras.Sequential(
        [keras.Input(weights.shape[:3]), layers.Flatten(), layers.Dense(weights.shape[3], use_bias=False)]
    )
    network.layers[-1].kernel.assign(weights.reshape(-1, weights.shape[3]))
    return Subject(network)


def region_subject(height: int, width: int, rows: slice, columns: slice, weight: float = 1.0) -> Subject:
    """Two classes: score 0 is ``weight`` times the sum of the pixels of a region, score 1 the negative of that."""
    weights = np.zeros((height, width, 1, 2), np.float32)
    weights[rows, columns, :, 0] = weight
    weights[rows, columns, :, 1] = -weight
    return linear_subject(weights)
