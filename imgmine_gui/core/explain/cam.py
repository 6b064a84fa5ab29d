"""What the class activation maps that follow one gradient have in common."""

from abc import abstractmethod
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.explain.base import Explainer, NoOptions
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext


class ClassActivationMap(Explainer[NoOptions]):
    """A map of the feature layer's resolution, made from its activations A and the gradient dS/dA of the score S."""

    needs = frozenset({"feature_map"})

    @staticmethod
    @abstractmethod
    def combine(features: Floats, gradients: Floats) -> npt.NDArray[np.floating[Any]]:
        """The map ``[b, h, w]`` from activations and gradients ``[b, h, w, channels]``, before the final ReLU."""

    def _maps(
        self, subject: Subject, images: Floats, targets: npt.NDArray[np.int32], context: JobContext | None
    ) -> npt.NDArray[np.floating[Any]]:
        return self.combine(*subject.features_and_gradients(images, targets))
