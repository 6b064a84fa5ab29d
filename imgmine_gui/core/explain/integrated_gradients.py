"""Integrated gradients: the gradient gathered on the way from an empty image to the image."""

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field

from imgmine_gui.core import options as configuration
from imgmine_gui.core.explain.base import EXPLAINERS, check
from imgmine_gui.core.explain.baselines import Baseline, baseline_images
from imgmine_gui.core.explain.batches import images_at_once, slices
from imgmine_gui.core.explain.perturbed import PerturbedExplainer, blend
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_


class IntegratedGradientsOptions(configuration.Options):
    """The way and where it begins."""

    steps: int = Field(
        32,
        ge=2,
        le=512,
        title=N_("Steps"),
        description=N_("Images on the way from the start to the image; more are more exact and slower."),
    )
    baseline: Baseline = Field(
        Baseline.BLACK,
        title=N_("Start"),
        description=N_("The image without information that the way starts from. Nothing is seen in what equals it."),
    )


@EXPLAINERS.register("integrated_gradients")
class IntegratedGradients(PerturbedExplainer[IntegratedGradientsOptions]):
    """The positive part of the attributions, summed over the colour channels of a pixel.

    The attributions add up to the score of the image less that of the start (the axiom of completeness), as closely as
    the trapezoidal rule over ``steps`` points allows.
    """

    name = "integrated_gradients"
    title = N_("Integrated gradients")
    summary = N_("Pixels that raised the score of the class on the way from an empty image to this one.")
    paper = "Sundararajan, Taly, Yan: Axiomatic Attribution for Deep Networks. ICML 2017"
    Options: ClassVar[type[configuration.Options]] = IntegratedGradientsOptions
    percentile = 99.0

    def attributions(
        self, subject: Subject, image: Floats, target: int, context: JobContext | None = None
    ) -> npt.NDArray[np.float64]:
        """What every value of ``image`` ``[height, width, channels]`` adds to the score; same shape, signed."""
        height, width = image.shape[:2]
        baseline = baseline_images(image[None], self.options.baseline)[0]
        places = np.linspace(0, 1, self.options.steps, dtype=np.float32)
        weights = np.ones(len(places)) / (len(places) - 1)
        weights[[0, -1]] /= 2
        gradient = np.zeros(image.shape)
        for part in slices(len(places), images_at_once(height, width, gradients=True)):
            check(context)
            images = blend(image, baseline, places[part, None, None])
            targets = np.full(len(images), target)
            gradient += np.tensordot(weights[part], subject.input_gradients(images, targets), 1)
        return np.asarray(gradient * (image - baseline))

    def _map(
        self, subject: Subject, image: Floats, target: int, context: JobContext | None
    ) -> npt.NDArray[np.floating[Any]]:
        return np.asarray(self.attributions(subject, image, target, context).sum(2))
