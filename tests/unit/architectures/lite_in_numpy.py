"""EfficientNet-Lite by its description in NumPy, independent of Keras and of the program: for comparison.

Written from the paper's table and the TensorFlow models' rules of padding, with every convolution as a sum over the
places of its kernel.
"""

from collections.abc import Mapping

import numpy as np

Arrays = Mapping[str, np.ndarray]

LITE0 = [
    # repeats, kernel, stride, expansion
    (1, 3, 1, 1),
    (2, 3, 2, 6),
    (2, 5, 2, 6),
    (3, 3, 2, 6),
    (3, 5, 1, 6),
    (4, 5, 2, 6),
    (1, 3, 1, 6),
]


def relu6(x: np.ndarray) -> np.ndarray:
    """min(max(x, 0), 6)."""
    return np.minimum(np.maximum(x, 0), 6)


def padded(x: np.ndarray, kernel: int, stride: int) -> tuple[np.ndarray, int, int]:
    """The map with zeros around by TensorFlow's rule, and the sides of the output: an odd rest goes right and down."""
    sides = [-(-side // stride) for side in x.shape[1:3]]
    widths = []
    for side, out in zip(x.shape[1:3], sides, strict=True):
        total = max((out - 1) * stride + kernel - side, 0)
        widths.append((total // 2, total - total // 2))
    return np.pad(x, ((0, 0), *widths, (0, 0))), sides[0], sides[1]


def convolution(x: np.ndarray, w: Arrays, name: str, stride: int = 1) -> np.ndarray:
    """sum over i, j of x[stride y + i, stride x + j] K[i, j], and the bias."""
    kernel = w[f"{name}/kernel"]
    source, height, width = padded(x, kernel.shape[0], stride)
    out = np.zeros((len(x), height, width, kernel.shape[3]))
    for i, j in np.ndindex(*kernel.shape[:2]):
        out += (
            source[:, i : i + stride * height : stride, j : j + stride * width : stride][:, :height, :width]
            @ kernel[i, j]
        )
    return out + w[f"{name}/bias"]


def depthwise(x: np.ndarray, w: Arrays, name: str, stride: int) -> np.ndarray:
    """Each channel with its own kernel."""
    kernel = w[f"{name}/kernel"][..., 0]
    source, height, width = padded(x, kernel.shape[0], stride)
    out = np.zeros((len(x), height, width, x.shape[3]))
    for i, j in np.ndindex(*kernel.shape[:2]):
        out += source[:, i : i + stride * height : stride, j : j + stride * width : stride] * kernel[i, j]
    return out + w[f"{name}/bias"]


def lite0(pixels: np.ndarray, w: Arrays) -> np.ndarray:
    """The feature map, float64, of pixel values 0..255, (batch, height, width, 3)."""
    x = relu6(convolution((pixels.astype(np.float64) - 127) / 128, w, "stem", 2))
    number = 0
    for repeats, _, first_stride, expansion in LITE0:
        for repeat in range(repeats):
            number += 1
            name, stride = f"block_{number:02}", first_stride if repeat == 0 else 1
            inner = relu6(convolution(x, w, f"{name}_expand")) if expansion > 1 else x
            inner = relu6(depthwise(inner, w, f"{name}_depthwise", stride))
            out = convolution(inner, w, f"{name}_project")
            x = out + x if stride == 1 and out.shape == x.shape else out
    return relu6(convolution(x, w, "top"))
