"""Score-CAM: every channel of the feature map is a mask, weighted by what the network says through it."""

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field

from imgmine_gui.core import options as configuration
from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.baselines import Baseline, baseline_images
from imgmine_gui.core.explain.batches import images_at_once, slices
from imgmine_gui.core.explain.interpolation import resize
from imgmine_gui.core.explain.perturbed import PerturbedExplainer, blend, target_values
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_


class ScoreCamOptions(configuration.Options):
    """How many channels are tried and what they hide the image with."""

    channels: int = Field(
        128,
        ge=1,
        le=4096,
        title=N_("Channels"),
        description=N_(
            "At most so many channels are tried, those that vary most over the image. "
            "Each costs one pass of the network."
        ),
    )
    baseline: Baseline = Field(
        Baseline.BLACK, title=N_("Cover"), description=N_("What a channel hides the image with where it is not active.")
    )


@EXPLAINERS.register("score_cam")
class ScoreCam(PerturbedExplainer[ScoreCamOptions]):
    """ReLU(sum_k w_k A_k), where w_k is the probability of the class when the image is seen through channel k.

    The channel, enlarged and brought to 0..1, is the mask. As in the authors' code the weight is the probability after
    the softmax over the classes, without the term of the baseline, which is the same for all channels. A channel that
    is constant masks nothing and is left out. When there are too many, the most varied ones are taken, as in
    Faster Score-CAM (Li, 2020).
    """

    name = "score_cam"
    title = N_("Score-CAM")
    summary = N_("Features through which alone the network still recognises the class; no gradients are used.")
    paper = (
        "Wang et al.: Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks. "
        "CVPR Workshops 2020"
    )
    Options: ClassVar[type[configuration.Options]] = ScoreCamOptions
    needs = frozenset({"feature_map"})

    def _map(
        self, subject: Subject, image: Floats, target: int, context: JobContext | None
    ) -> npt.NDArray[np.floating[Any]]:
        features = subject.features_and_scores(image[None])[0][0]
        channels = self._choose(features)
        if not len(channels):
            return np.zeros(features.shape[:2])
        planes = np.moveaxis(features[..., channels], 2, 0)
        baseline = baseline_images(image[None], self.options.baseline)[0]
        height, width = image.shape[:2]

        def seen() -> Iterator[Floats]:
            for part in slices(len(planes), images_at_once(height, width)):
                yield blend(image, baseline, _to_masks(planes[part], height, width))

        weights = target_values(subject.probabilities, seen(), target, context)
        return np.asarray(np.einsum("khw,k->hw", planes, weights))

    def _choose(self, features: Floats) -> npt.NDArray[np.intp]:
        """Indices of the channels that vary, the most varied ones if they are too many, in their own order."""
        varied = np.flatnonzero(np.ptp(features, axis=(0, 1)) > 0)
        most = np.argsort(-features[..., varied].std((0, 1)), kind="stable")[: self.options.channels]
        return np.asarray(np.sort(varied[most]))


def _to_masks(planes: Floats, height: int, width: int) -> Floats:
    masks = resize(planes, height, width)
    low, high = (edge(masks, axis=(1, 2), keepdims=True) for edge in (np.min, np.max))
    return np.asarray((masks - low) / np.where(high > low, high - low, 1), np.float32)
