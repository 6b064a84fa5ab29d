"""Draw a coloured heatmap over an image."""

import numpy as np
import numpy.typing as npt

_BAND_PIXELS = 2**20


def overlay(image: npt.NDArray[np.uint8], rgba: npt.NDArray[np.uint8], opacity: float = 1.0) -> npt.NDArray[np.uint8]:
    """``image`` with ``rgba`` over it.

    Args:
        image: uint8 (h, w, 3).
        rgba: uint8 (h, w, 4), not premultiplied, as ``colormaps.colour_heatmap`` makes it.
        opacity: 0 to 1, of the whole upper layer, times the opacity of each of its pixels.

    Returns:
        uint8 (h, w, 3): image * (1 - a) + colour * a with a = opacity * alpha / 255, rounded.

    Raises:
        ValueError: the sizes differ, or the opacity is outside of 0..1.
    """
    if image.shape[:2] != rgba.shape[:2]:
        raise ValueError(f"the sizes differ. Received: image.shape={image.shape}, rgba.shape={rgba.shape}")
    if not 0 <= opacity <= 1:
        raise ValueError(f"opacity must lie in 0..1. Received: opacity={opacity}")
    result = np.empty_like(image)
    # Band by band, because the intermediate floats of a large photograph would take ten times its size.
    rows = max(1, _BAND_PIXELS // max(1, image.shape[1]))
    for top in range(0, image.shape[0], rows):
        below, above = image[top : top + rows], rgba[top : top + rows]
        alpha = above[..., 3:].astype(np.float32) * np.float32(opacity / 255)
        mixed = below + (above[..., :3].astype(np.float32) - below) * alpha
        result[top : top + rows] = mixed + np.float32(0.5)
    return result
