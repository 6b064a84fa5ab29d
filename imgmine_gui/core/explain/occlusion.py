"""Occlusion: how far the score falls when a window of the image is covered."""

import math
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field

from imgmine_gui.core import options as configuration
from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.baselines import Baseline, baseline_images
from imgmine_gui.core.explain.batches import images_at_once, slices
from imgmine_gui.core.explain.perturbed import PerturbedExplainer, target_values
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_


class OcclusionOptions(configuration.Options):
    """The window and what covers it."""

    window: int = Field(
        15,
        ge=1,
        le=50,
        title=N_("Window"),
        description=N_("Side of the covering window, in percent of the image's side."),
        json_schema_extra={"unit": "%"},
    )
    overlap: int = Field(
        2,
        ge=1,
        le=8,
        title=N_("Overlap"),
        description=N_("In how many steps the window moves on by its own side; more steps are finer and slower."),
    )
    baseline: Baseline = Field(
        Baseline.BLACK, title=N_("Cover"), description=N_("What the window covers the image with.")
    )


@EXPLAINERS.register("occlusion")
class Occlusion(PerturbedExplainer[OcclusionOptions]):
    """At every pixel the mean fall of the score over the windows that cover it; needs no gradients.

    The windows of the first row and column begin at the border, those of the last may reach beyond it.
    """

    name = "occlusion"
    title = N_("Occlusion")
    summary = N_("Places without which the network is less sure: they are covered one after the other.")
    paper = "Zeiler, Fergus: Visualizing and Understanding Convolutional Networks. ECCV 2014"
    Options: ClassVar[type[configuration.Options]] = OcclusionOptions

    def _map(
        self, subject: Subject, image: Floats, target: int, context: JobContext | None
    ) -> npt.NDArray[np.floating[Any]]:
        height, width = image.shape[:2]
        windows = [(rows, columns) for rows in self._intervals(height) for columns in self._intervals(width)]
        baseline = baseline_images(image[None], self.options.baseline)[0]

        def covered() -> Iterator[Floats]:
            for part in slices(len(windows), images_at_once(height, width)):
                batch = np.repeat(image[None], part.stop - part.start, 0)
                for picture, window in zip(batch, windows[part], strict=True):
                    picture[window] = baseline[window]
                yield batch

        whole = float(subject.scores(image[None])[0, target])
        falls = whole - target_values(subject.scores, covered(), target, context)
        total, count = np.zeros((height, width)), np.zeros((height, width))
        for window, fall in zip(windows, falls, strict=True):
            total[window] += fall
            count[window] += 1
        return np.asarray(total / count)

    def _intervals(self, side: int) -> list[slice]:
        window = max(round(side * self.options.window / 100), 1)
        step = max(window // self.options.overlap, 1)
        count = math.ceil(max(side - window, 0) / step) + 1
        return [slice(index * step, min(index * step + window, side)) for index in range(count)]
