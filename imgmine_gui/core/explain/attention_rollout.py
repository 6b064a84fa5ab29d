"""From where in the image the features of a transformer come, through all its layers."""

from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.explain.base import EXPLAINERS, Explainer, NoOptions
from imgmine_gui.core.explain.batches import images_at_once
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_


@EXPLAINERS.register("attention_rollout")
class AttentionRollout(Explainer[NoOptions]):
    """The product over the layers of (mean over the heads of A + I) / 2, from the last to the first.

    The identity stands for the path past each attention. A row of the product says how much of each patch is in a
    position at the end; as the network takes the mean over the positions, so the map is the mean over the rows, and
    sums to 1.
    """

    name = "attention_rollout"
    title = N_("Attention rollout")
    summary = N_("How much of each patch reached the end of the network, through all its attention weights.")
    paper = "Abnar, Zuidema: Quantifying Attention Flow in Transformers. ACL 2020"
    class_specific = False
    needs = frozenset({"feature_map", "self_attention"})
    zero_based = True

    def images_at_once(self, images: Floats) -> int:
        """How many images go through in one step; no gradients are kept."""
        return images_at_once(images.shape[1], images.shape[2])

    def _maps(
        self, subject: Subject, images: Floats, targets: npt.NDArray[np.int32], context: JobContext | None
    ) -> npt.NDArray[np.floating[Any]]:
        height, width = subject.feature_size
        share = np.full((len(images), 1, height * width), 1 / (height * width))
        for weights in reversed(subject.self_attention(images)):
            share = (share + share @ weights.mean(1)) / 2
        return share.reshape(-1, height, width)
