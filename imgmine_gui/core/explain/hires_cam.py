"""HiResCAM: activation times gradient, position by position."""

from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.cam import ClassActivationMap
from imgmine_gui.core.explain.subject import Floats
from imgmine_gui.core.text import N_


@EXPLAINERS.register("hires_cam")
class HiResCam(ClassActivationMap):
    """ReLU(sum_k dS/dA_k * A_k), the product taken at every position (equation 4 of the paper)."""

    name = "hires_cam"
    title = N_("HiResCAM")
    summary = N_("Places that raised the score of the class, each judged on its own.")
    paper = (
        "Draelos, Carin: Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural networks. "
        "arXiv:2011.08891, 2020"
    )

    @staticmethod
    def combine(features: Floats, gradients: Floats) -> npt.NDArray[np.floating[Any]]:
        """The map ``[b, h, w]`` from activations and gradients ``[b, h, w, channels]``, before the final ReLU."""
        return np.asarray(np.einsum("bhwk,bhwk->bhw", features, gradients))
