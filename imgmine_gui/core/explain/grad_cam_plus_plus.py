"""Grad-CAM++: Grad-CAM with weights that let every occurrence of a feature count."""

from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.cam import ClassActivationMap
from imgmine_gui.core.explain.subject import Floats
from imgmine_gui.core.text import N_


@EXPLAINERS.register("grad_cam_plus_plus")
class GradCamPlusPlus(ClassActivationMap):
    """ReLU(sum_k w_k A_k) with w_k = sum_ij alpha_ij ReLU(dY/dA_ij) (equations 5, 10 and 19 of the paper).

    As in the paper Y = exp(S), and S is taken as piecewise linear in A; then, with g = dS/dA, the n-th derivative of Y
    is exp(S) g^n and alpha = g^2 / (2 g^2 + g^3 sum_ab A_ab). The factor exp(S), common to the whole map and apt to
    overflow, is left out of the weights.
    """

    name = "grad_cam_plus_plus"
    title = N_("Grad-CAM++")
    summary = N_("Like Grad-CAM, but better where the same thing appears several times in an image.")
    paper = (
        "Chattopadhay et al.: Grad-CAM++: Generalized Gradient-based Visual Explanations for Deep Convolutional "
        "Networks. WACV 2018"
    )

    @staticmethod
    def combine(features: Floats, gradients: Floats) -> npt.NDArray[np.floating[Any]]:
        """The map ``[b, h, w]`` from activations and gradients ``[b, h, w, channels]``, before the final ReLU."""
        gradient = gradients.astype(np.float64)
        total = features.sum((1, 2), keepdims=True, dtype=np.float64)
        # g^2 cancels from alpha except where g is 0, and there ReLU(g) removes the position anyway.
        denominator = 2 + gradient * total
        alpha = np.divide(1, denominator, out=np.zeros_like(denominator), where=denominator != 0)
        weights = (alpha * np.maximum(gradient, 0)).sum((1, 2))
        return np.asarray(np.einsum("bhwk,bk->bhw", features, weights))
