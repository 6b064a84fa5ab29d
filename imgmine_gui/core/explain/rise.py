"""RISE: the image seen through many random masks, each mask weighted by the probability of the class."""

import math
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field

from imgmine_gui.core import options as configuration
from imgmine_gui.core.explain.base import EXPLAINERS, check
from imgmine_gui.core.explain.baselines import Baseline, baseline_images
from imgmine_gui.core.explain.batches import images_at_once, slices
from imgmine_gui.core.explain.interpolation import bilinear_matrix
from imgmine_gui.core.explain.perturbed import PerturbedExplainer, blend
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_


class RiseOptions(configuration.Options):
    """The masks and what they hide the image with."""

    masks: int = Field(
        400,
        ge=16,
        le=8000,
        title=N_("Masks"),
        description=N_("How many random masks; more give a calmer map and take longer in proportion."),
    )
    cells: int = Field(
        7, ge=2, le=32, title=N_("Cells"), description=N_("Cells of a mask along each side; more show finer things.")
    )
    visible: int = Field(
        50,
        ge=5,
        le=95,
        title=N_("Visible part"),
        description=N_("How much of the image a mask leaves visible, on average."),
        json_schema_extra={"unit": "%"},
    )
    baseline: Baseline = Field(Baseline.BLACK, title=N_("Cover"), description=N_("What a mask hides the image with."))
    seed: int = Field(
        0, ge=0, le=2**31 - 1, title=N_("Seed"), description=N_("The same seed gives the same masks and the same map.")
    )


@EXPLAINERS.register("rise")
class Rise(PerturbedExplainer[RiseOptions]):
    """sum_i p(masked by M_i) M_i / sum_i M_i: the mean probability of the class while a pixel is visible.

    Equation 6 of the paper divides by the expected mask where this divides by the mean of the masks drawn: the same in
    the limit, but a pixel that was visible more often by chance is not brighter for that. The masks are those of the
    paper: a random grid enlarged by bilinear interpolation and shifted by a random part of a cell.
    """

    name = "rise"
    title = N_("RISE")
    summary = N_("Places that make the network surer when they are visible, found with many random masks.")
    paper = "Petsiuk, Das, Saenko: RISE: Randomized Input Sampling for Explanation of Black-box Models. BMVC 2018"
    Options: ClassVar[type[configuration.Options]] = RiseOptions

    def _map(
        self, subject: Subject, image: Floats, target: int, context: JobContext | None
    ) -> npt.NDArray[np.floating[Any]]:
        height, width = image.shape[:2]
        baseline = baseline_images(image[None], self.options.baseline)[0]
        weighted, visible = np.zeros(height * width), np.zeros(height * width)
        for masks in self._masks(height, width):
            check(context)
            values = subject.probabilities(blend(image, baseline, masks))[:, target]
            flat = masks.reshape(len(masks), -1)
            weighted += values @ flat
            visible += flat.sum(0)
        mean = np.divide(weighted, visible, out=np.zeros_like(weighted), where=visible > 0)
        return mean.reshape(height, width)

    def _masks(self, height: int, width: int) -> Iterator[Floats]:
        """All masks ``[n, height, width]`` in 0..1, batch by batch, the same for every image of this size."""
        options = self.options
        random = np.random.default_rng(options.seed)
        for part in slices(options.masks, images_at_once(height, width)):
            count = part.stop - part.start
            grids = (random.random((count, options.cells, options.cells)) < options.visible / 100).astype(np.float32)
            rows = _shifted(height, options.cells, count, random)
            columns = _shifted(width, options.cells, count, random)
            yield np.asarray(rows @ grids @ columns.transpose(0, 2, 1), np.float32)


def _shifted(side: int, cells: int, count: int, random: np.random.Generator) -> Floats:
    """``count`` matrices ``[side, cells]`` that enlarge a row of cells, each shifted by less than one cell."""
    cell = math.ceil(side / cells)
    matrix = bilinear_matrix((cells + 1) * cell, cells)
    starts = random.integers(0, cell, count)
    return np.asarray(matrix[starts[:, None] + np.arange(side)])
