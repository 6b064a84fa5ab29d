"""From arrays to pictures of Qt."""

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage


def image_of(pixels: npt.NDArray[np.uint8]) -> QImage:
    """A picture that owns its pixels.

    Args:
        pixels: uint8 (h, w, 3), or (h, w, 4) with an opacity that is not premultiplied.
    """
    height, width, channels = pixels.shape
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    return QImage(pixels.tobytes(), width, height, channels * width, kind).copy()
