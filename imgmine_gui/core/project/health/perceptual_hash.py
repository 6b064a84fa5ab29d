"""A hash that hardly changes when an image is resized, compressed or brightened a little.

The DCT hash of the pHash library (C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010),
in the variant of the package ``imagehash``: the image as 32 x 32 grey, the lowest 8 x 8 coefficients of its cosine
transform, and for each of them whether it is above the median of all.
"""

import numpy as np
import numpy.typing as npt

SIDE = 32
"""The grey image that is hashed has as many pixels a side."""

_LOW = 8
_ROUNDED = 1e-6
_COSINES = np.cos(np.pi / (2 * SIDE) * np.outer(np.arange(_LOW), 2 * np.arange(SIDE) + 1))
"""(8, 32): the lowest basis functions of the DCT-II, all scaled alike."""


def dct_hash(grey: npt.NDArray[np.uint8]) -> int:
    """The hash of an image.

    Args:
        grey: uint8 (32, 32), the whole image.

    Returns:
        64 bits, 0 to 2**64 - 1; the constant part is the highest. Similar images differ in few of them.
    """
    coefficients = _COSINES @ grey.astype(np.float64) @ _COSINES.T
    # Of a flat image all but one are rounding errors, which differ from machine to machine.
    coefficients = np.round(coefficients / _ROUNDED)
    bits = coefficients > np.median(coefficients)
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def distance(one: int, other: int) -> int:
    """In how many bits two hashes differ, 0 to 64."""
    return (one ^ other).bit_count()
