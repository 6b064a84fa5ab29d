"""Enlarging and blurring maps as products with small matrices: both are separable, and need no image library."""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt


@lru_cache(maxsize=64)
def bilinear_matrix(target: int, source: int) -> npt.NDArray[np.float32]:
    """The matrix ``[target, source]`` that enlarges ``source`` samples to ``target`` by linear interpolation.

    Samples lie in the middle of their cells and the ends are held, as in ``tf.image.resize``.
    """
    places = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    left = np.minimum(np.floor(places).astype(int), max(source - 2, 0))
    matrix = np.zeros((target, source), np.float32)
    rows = np.arange(target)
    matrix[rows, left] = 1 - (places - left)
    matrix[rows, np.minimum(left + 1, source - 1)] += places - left
    matrix.flags.writeable = False
    return matrix


@lru_cache(maxsize=64)
def gaussian_matrix(size: int, sigma: float) -> npt.NDArray[np.float32]:
    """The matrix ``[size, size]`` that blurs ``size`` samples.

    ``sigma`` is in samples; at the ends the weights that remain are brought to the sum 1.
    """
    distances = np.subtract.outer(np.arange(size), np.arange(size))
    weights = np.exp(-0.5 * (distances / sigma) ** 2)
    matrix: npt.NDArray[np.float32] = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    matrix.flags.writeable = False
    return matrix


def resize(maps: npt.NDArray[Any], height: int, width: int) -> npt.NDArray[Any]:
    """Bring maps ``[..., h, w]`` to ``[..., height, width]`` by bilinear interpolation."""
    rows = bilinear_matrix(height, maps.shape[-2])
    columns = bilinear_matrix(width, maps.shape[-1])
    return np.asarray(rows @ maps @ columns.T)
