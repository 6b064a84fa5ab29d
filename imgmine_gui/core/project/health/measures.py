"""Numbers that say how sound an image is, from its pixels at a small fixed size."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from imgmine_gui.core.images.convert import Pixels
from imgmine_gui.core.images.thumbnails import make_thumbnail
from imgmine_gui.core.project.health.perceptual_hash import SIDE, dct_hash

VERSION = 1
"""Of the measures: those of an earlier version are measured again."""

SIZE = 256
"""The longest side, in pixels, at which an image is measured; a smaller image keeps its size."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What is known of the look of an image.

    Attributes:
        perceptual_hash: 64 bits; see ``perceptual_hash.dct_hash``.
        sharpness: variance of the Laplacian of the luma (0 to 255) of the image ``SIZE`` pixels long. J. Pech-Pacheco
            et al., Diatom Autofocusing in Brightfield Microscopy, ICPR 2000.
        brightness: mean luma, 0 to 1.
        contrast: standard deviation of the luma, 0 to 0.5.
        entropy: of the luma's histogram, in bits, 0 to 8.
        saturation: mean difference of the strongest and the weakest of red, green and blue, 0 to 1; 0 is grey.
    """

    perceptual_hash: int
    sharpness: float
    brightness: float
    contrast: float
    entropy: float
    saturation: float

    @property
    def detail(self) -> float:
        """The sharpness in relation to the contrast; see ``relative_sharpness``."""
        return float(relative_sharpness(np.float64(self.sharpness), np.float64(self.contrast)))


def relative_sharpness(
    sharpness: npt.NDArray[np.floating] | np.floating, contrast: npt.NDArray[np.floating] | np.floating
) -> npt.NDArray[np.floating]:
    """The variance of the Laplacian as a share of the variance of the luma: an image that is dark is not blurred.

    By the sharpness alone, three quarters of photographs at a third of their brightness count as blurred; by this, one
    in a hundred, and of blurred ones as many are found.

    Args:
        sharpness, contrast: as in ``Measures``.

    Returns:
        About 0.15 for photographs, a tenth of that and less where they are blurred.
    """
    return np.asarray(sharpness / np.maximum((contrast * 255) ** 2, 1.0))


def measure_file(path: str) -> Measures:
    """Measure one image, decoded once.

    Args:
        path: of the file, or of a page of it.

    Raises:
        ImageError: the image cannot be decoded.
    """
    return measure_pixels(make_thumbnail(path, SIZE))


def measure_pixels(pixels: Pixels) -> Measures:
    """Measure an image.

    Args:
        pixels: uint8 (h, w, 3), already small.
    """
    image = Image.fromarray(pixels).convert("L")
    luma = np.asarray(image)
    shares = np.array(image.histogram()) / luma.size
    levels = np.arange(256)
    mean = float(shares @ levels)
    deviation = float(shares @ (levels - mean) ** 2) ** 0.5
    present = shares[shares > 0]
    tiny = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0))
    return Measures(
        perceptual_hash=dct_hash(tiny),
        sharpness=_laplacian_variance(luma),
        brightness=mean / 255,
        contrast=deviation / 255,
        entropy=float(-(present @ np.log2(present))) + 0.0,
        saturation=_mean_difference(pixels) / 255,
    )


def _mean_difference(pixels: Pixels) -> float:
    """Of the strongest and the weakest channel; a reduction along the last axis would take twenty times as long."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    strongest = np.maximum(np.maximum(red, green), blue)
    return float((strongest - np.minimum(np.minimum(red, green), blue)).mean())


def _laplacian_variance(luma: npt.NDArray[np.uint8]) -> float:
    """Of the four neighbours; 0 for an image that is too thin to have any pixel inside."""
    if min(luma.shape) < 3:
        return 0.0
    values = luma.astype(np.int16)
    laplacian = values[:-2, 1:-1] + values[2:, 1:-1]
    laplacian += values[1:-1, :-2]
    laplacian += values[1:-1, 2:]
    laplacian -= 4 * values[1:-1, 1:-1]
    return float(laplacian.var(dtype=np.float64))
