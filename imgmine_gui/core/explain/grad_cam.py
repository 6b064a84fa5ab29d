"""Grad-CAM: channels of the feature map, each weighted by its mean gradient."""

from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.cam import ClassActivationMap
from imgmine_gui.core.explain.subject import Floats
from imgmine_gui.core.text import N_


@EXPLAINERS.register("grad_cam")
class GradCam(ClassActivationMap):
    """ReLU(sum_k w_k A_k), where w_k is the mean of dS/dA_k over the positions (equations 1 and 2 of the paper).

    The mean forgets where a channel mattered. On a network that pools with attention it therefore misleads; HiResCAM
    and LayerCAM do not.
    """

    name = "grad_cam"
    title = N_("Grad-CAM")
    summary = N_("Features that speak for the class across the whole image, shown wherever they occur.")
    paper = (
        "Selvaraju et al.: Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization. ICCV 2017"
    )

    @staticmethod
    def combine(features: Floats, gradients: Floats) -> npt.NDArray[np.floating[Any]]:
        """The map ``[b, h, w]`` from activations and gradients ``[b, h, w, channels]``, before the final ReLU."""
        return np.asarray(np.einsum("bhwk,bk->bhw", features, gradients.mean((1, 2))))
