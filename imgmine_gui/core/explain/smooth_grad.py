"""SmoothGrad: the mean gradient over noisy copies of the image."""

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field

from imgmine_gui.core import options as configuration
from imgmine_gui.core.explain.base import EXPLAINERS, check
from imgmine_gui.core.explain.batches import images_at_once, slices
from imgmine_gui.core.explain.perturbed import PerturbedExplainer
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_


class SmoothGradOptions(configuration.Options):
    """The noisy copies."""

    samples: int = Field(
        16,
        ge=1,
        le=512,
        title=N_("Copies"),
        description=N_("How many noisy copies; more give a calmer map and take longer in proportion."),
    )
    noise: int = Field(
        15,
        ge=0,
        le=50,
        title=N_("Noise"),
        description=N_("Strength of the noise (its standard deviation), in percent of the image's range of values."),
        json_schema_extra={"unit": "%"},
    )
    seed: int = Field(
        0, ge=0, le=2**31 - 1, title=N_("Seed"), description=N_("The same seed gives the same noise and the same map.")
    )


@EXPLAINERS.register("smooth_grad")
class SmoothGrad(PerturbedExplainer[SmoothGradOptions]):
    """max over colour channels of |mean_i dS/dx at x + n_i|, n_i normal noise.

    The largest magnitude over the channels is the map of Simonyan et al. ("Deep Inside Convolutional Networks", 2013),
    which this becomes without noise. It is drawn up to its 99th percentile, as in the paper.
    """

    name = "smooth_grad"
    title = N_("SmoothGrad")
    summary = N_("Pixels to which the score of the class is most sensitive, averaged over noisy copies of the image.")
    paper = "Smilkov et al.: SmoothGrad: removing noise by adding noise. arXiv:1706.03825, 2017"
    Options: ClassVar[type[configuration.Options]] = SmoothGradOptions
    percentile = 99.0

    def _map(
        self, subject: Subject, image: Floats, target: int, context: JobContext | None
    ) -> npt.NDArray[np.floating[Any]]:
        options = self.options
        sigma = options.noise / 100 * float(np.ptp(image))
        random = np.random.default_rng(options.seed)
        gradient = np.zeros(image.shape)
        for part in slices(options.samples, images_at_once(*image.shape[:2], gradients=True)):
            check(context)
            count = part.stop - part.start
            noise = random.standard_normal((count, *image.shape), np.float32)
            noisy = image + np.float32(sigma) * noise
            gradient += subject.input_gradients(noisy, np.full(count, target)).sum(0)
        return np.asarray(np.abs(gradient / options.samples).max(2))
