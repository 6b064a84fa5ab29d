"""The weights with which an attention network pools its feature map, shown as they are."""

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field

from imgmine_gui.core import options as configuration
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.explain.base import EXPLAINERS, Explainer
from imgmine_gui.core.explain.batches import images_at_once
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_


class AttentionOptions(configuration.Options):
    """Which of the heads is shown."""

    head: int | None = Field(
        None,
        ge=1,
        title=N_("Head"),
        description=N_("Which attention head to show, counted from 1. Without a number: the mean of all heads."),
    )


@EXPLAINERS.register("attention")
class Attention(Explainer[AttentionOptions]):
    """The attention weights, the mean over the heads or one head; they sum to 1 over the positions.

    The heatmap is the weights divided by their maximum, and nothing else: a place half as bright has half the weight.
    """

    name = "attention"
    title = N_("Attention")
    summary = N_("The weights with which the network itself gathered the image: bright places counted most.")
    paper = "Ilse, Tomczak, Welling: Attention-based Deep Multiple Instance Learning. ICML 2018"
    Options: ClassVar[type[configuration.Options]] = AttentionOptions
    class_specific = False
    needs = frozenset({"attention"})
    zero_based = True

    def images_at_once(self, images: Floats) -> int:
        """How many images go through in one step; no gradients are kept."""
        return images_at_once(images.shape[1], images.shape[2])

    def _maps(
        self, subject: Subject, images: Floats, targets: npt.NDArray[np.int32], context: JobContext | None
    ) -> npt.NDArray[np.floating[Any]]:
        weights = subject.attention(images)
        assert weights is not None
        head, heads = self.options.head, weights.shape[1]
        if head is None:
            return np.asarray(weights.mean(1))
        if head > heads:
            raise UserError(
                N_("This network has no attention head {head}."), N_("Choose 1 to {heads}."), head=head, heads=heads
            )
        return weights[:, head - 1]
