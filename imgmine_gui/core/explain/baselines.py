"""What stands in for pixels whose information is taken away."""

import numpy as np

from imgmine_gui.core.choice import Choice
from imgmine_gui.core.explain.interpolation import gaussian_matrix
from imgmine_gui.core.explain.subject import Floats
from imgmine_gui.core.text import N_

BLUR_SIGMA = 10 / 224
"""Of a blurred image, as a share of its side (Fong and Vedaldi, "Interpretable Explanations of Black Boxes", 2017)."""


class Baseline(Choice):
    """The ways to take information away.

    Black is the default of the methods that use one: on the clutter sample, whose background is dark, their heatmaps
    then peak in the item's box for 0.76 to 0.98 of the images, with the mean colour for 0.21 to 0.94. Where images are
    bright, or black itself means something, another may point better.
    """

    BLACK = "black", N_("Black")
    MEAN = "mean", N_("Mean colour of the image")
    BLURRED = "blurred", N_("Blurred image")


def baseline_images(images: Floats, baseline: Baseline) -> Floats:
    """What remains of ``images`` ``[b, height, width, channels]`` without their information, of the same shape."""
    if baseline is Baseline.BLACK:
        return np.zeros_like(images)
    if baseline is Baseline.MEAN:
        return np.broadcast_to(images.mean((1, 2), keepdims=True), images.shape)
    rows, columns = (gaussian_matrix(side, side * BLUR_SIGMA) for side in images.shape[1:3])
    planes = rows @ np.moveaxis(images, 3, 1) @ columns.T
    return np.asarray(np.moveaxis(planes, 1, 3), np.float32)
