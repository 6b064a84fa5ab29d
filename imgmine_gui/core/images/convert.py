"""Any mode of Pillow to 8-bit RGB, by one stated rule a mode.

- RGB: as it is. Files with 16 bits a channel keep their upper 8 bits (Pillow decodes no more of them).
- 1, L, YCbCr, HSV, CMYK: Pillow's own formulas; CMYK from a JPEG is taken as inverted, as Adobe writes it.
- LAB: through the D50 profile connection space to sRGB.
- Transparency of any kind (RGBA, LA, palettes, a transparent colour): composited on white.
- More than 8 bits of grey (I;16, I) and float (F): linear, by the range of values that the image announces, see
  ``grey_levels``. A plain conversion would clip all of them at 255, that is, to white.

Embedded colour profiles are not applied.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

_BAND_PIXELS = 2**20
_TRANSPARENT_MODES = {"RGBA", "LA", "PA", "RGBa", "La"}
_USUAL_WHITES = (255, 1_023, 4_095, 16_383, 65_535)

Size = tuple[int, int]
Pixels = npt.NDArray[np.uint8]


def write_rgb(image: Image.Image, reduction: int, out: Pixels) -> None:
    """Convert ``image`` band by band into ``out``, so that no second copy of a large image is ever held.

    Args:
        image: decoded, of any mode.
        reduction: every square of this many pixels a side is averaged into one.
        out: uint8 (ceil(height / reduction), ceil(width / reduction), 3); may be a flipped or transposed view.
    """
    convert = _converter(image)
    for top, band in _bands(image, reduction):
        rgb = convert(band)
        if reduction > 1:
            rgb = rgb.reduce(reduction)
        first = top // reduction
        out[first : first + rgb.height] = np.asarray(rgb)


def grey_levels(lowest: float, highest: float, *, integers: bool) -> tuple[float, float]:
    """The values that become black and white, for an image whose finite values lie in lowest..highest.

    A range that instruments and programs usually write is kept as it is, so that images of one series stay
    comparable: 0..1 for floats; for whole numbers 0 to the first of 255, 1023, 4095, 16383 and 65535 (8, 10, 12, 14
    and 16 bits) that is not exceeded. Any other range (negative values, larger ones) is stretched from its lowest to
    its highest value.

    Example:
        >>> grey_levels(12, 3_900, integers=True)
        (0.0, 4095.0)
    """
    if lowest >= 0:
        whites = _USUAL_WHITES if integers else (1,)
        for white in whites:
            if highest <= white:
                return 0.0, float(white)
    return float(lowest), float(highest)


def _bands(image: Image.Image, reduction: int) -> Iterator[tuple[int, Image.Image]]:
    rows = max(1, _BAND_PIXELS // (image.width * reduction)) * reduction
    if rows >= image.height:
        yield 0, image
        return
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _converter(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    mode = image.mode
    if mode.startswith("I") or mode == "F":
        return _grey_converter(image)
    if mode == "LAB":
        # Made anew for each image: a transform holds a cache and must not be shared by threads.
        transform = ImageCms.buildTransform(ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB")
        return lambda band: _as_image(ImageCms.applyTransform(band, transform))
    clear_palette = mode == "P" and image.palette is not None and image.palette.mode == "RGBA"
    if mode in _TRANSPARENT_MODES or clear_palette or "transparency" in image.info:
        return _on_white
    if mode == "RGB":
        return lambda band: band
    return lambda band: band.convert("RGB")


def _on_white(band: Image.Image) -> Image.Image:
    rgba = band.convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    return Image.alpha_composite(white, rgba).convert("RGB")


def _grey_converter(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    lowest, highest = np.inf, -np.inf
    for _, band in _bands(image, 1):
        values = np.asarray(band)
        finite = values[np.isfinite(values)] if image.mode == "F" else values
        if finite.size:
            lowest, highest = min(lowest, float(finite.min())), max(highest, float(finite.max()))
    if lowest > highest:  # not one finite value
        lowest = highest = 0.0
    black, white = grey_levels(lowest, highest, integers=image.mode != "F")
    if image.mode != "F" and lowest >= 0 and highest < 2**16 < image.width * image.height:
        table = _to_8_bit(np.arange(2**16), black, white)
        return lambda band: Image.fromarray(table[np.asarray(band)]).convert("RGB")
    return lambda band: Image.fromarray(_to_8_bit(np.asarray(band), black, white)).convert("RGB")


def _to_8_bit(values: npt.NDArray[Any], black: float, white: float) -> Pixels:
    """Linear from black to white, rounded; what is not a number becomes black."""
    # In double precision: the difference of two float32 numbers may overflow.
    levels = values.astype(np.float64)
    levels -= black
    levels *= 255.0 / (white - black) if white > black else 0.0
    levels += 0.5
    np.nan_to_num(levels, copy=False, nan=0.0, posinf=255.0, neginf=0.0)
    return levels.clip(0, 255, out=levels).astype(np.uint8)


def _as_image(image: Image.Image | None) -> Image.Image:
    assert image is not None  # None is returned only where a conversion in place was asked for
    return image
