"""LayerCAM: activations weighted by what is positive of the gradient, position by position."""

from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.cam import ClassActivationMap
from imgmine_gui.core.explain.subject import Floats
from imgmine_gui.core.text import N_


@EXPLAINERS.register("layer_cam")
class LayerCam(ClassActivationMap):
    """ReLU(sum_k ReLU(dS/dA_k) * A_k), the product taken at every position (equations 6 to 8 of the paper)."""

    name = "layer_cam"
    title = N_("LayerCAM")
    summary = N_("Places where something speaks for the class, whatever else there speaks against it.")
    paper = (
        "Jiang et al.: LayerCAM: Exploring Hierarchical Class Activation Maps for Localization. "
        "IEEE Transactions on Image Processing 30, 2021"
    )

    @staticmethod
    def combine(features: Floats, gradients: Floats) -> npt.NDArray[np.floating[Any]]:
        """The map ``[b, h, w]`` from activations and gradients ``[b, h, w, channels]``, before the final ReLU."""
        return np.asarray(np.einsum("bhwk,bhwk->bhw", features, np.maximum(gradients, 0)))
