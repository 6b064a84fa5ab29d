"""Which engine computes the features: OpenVINO where it is there and works, else TensorFlow.

Of TensorFlow, LiteRT, ONNX Runtime and OpenVINO, the last is the fastest by far and the quickest to load, and its
features have a cosine above 0.999 to TensorFlow's in float32 (``packaging/dev.py bench features`` measures it).
"""

import logging
from typing import Protocol

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.efficientnet_lite import Variant

Maps = npt.NDArray[np.float32] | None


class FeatureEngine(Protocol):
    """Computes the features of images.

    Attributes:
        name: of the library.
        precision: "f32" or "bf16".
    """

    name: str
    precision: str

    def __call__(self, pixels: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], Maps]:
        """Pooled features (n, channels), and maps (n, h, w, channels) where they were asked for.

        Args:
            pixels: uint8 (n, height, width, channels).
        """


def open_engine(variant: Variant, size: tuple[int, int], channels: int, maps: bool) -> FeatureEngine:
    """The fastest engine that works here.

    Args:
        variant: which backbone.
        size: height and width of the images.
        channels: 3, or 1 for grey images.
        maps: whether the maps are wanted too.

    Raises:
        UserError: the backbone's weights are not on this computer.
    """
    from imgmine_gui.core.features.openvino_engine import OpenVinoEngine

    try:
        return OpenVinoEngine(variant, size, channels, maps)
    except (ImportError, OSError, RuntimeError) as error:
        logging.getLogger(__name__).warning("features are computed by TensorFlow, as OpenVINO failed: %s", error)
    from imgmine_gui.core.features.tensorflow_engine import TensorFlowEngine

    return TensorFlowEngine(variant, size, channels, maps)
