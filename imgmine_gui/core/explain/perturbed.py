"""What the explainers that change the image and look at the score again have in common."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.explain.base import Explainer, OptionsT, check
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext


class PerturbedExplainer(Explainer[OptionsT]):
    """One image after the other, each sent through the network many times in batches."""

    def images_at_once(self, images: Floats) -> int:
        """One: each image fills the batches by itself."""
        return 1

    @abstractmethod
    def _map(
        self, subject: Subject, image: Floats, target: int, context: JobContext | None
    ) -> npt.NDArray[np.floating[Any]]:
        """The map ``[h, w]`` of one image ``[height, width, channels]``."""

    def _maps(
        self, subject: Subject, images: Floats, targets: npt.NDArray[np.int32], context: JobContext | None
    ) -> npt.NDArray[np.floating[Any]]:
        pairs = zip(images, targets, strict=True)
        return np.stack([self._map(subject, image, int(target), context) for image, target in pairs])


def target_values(
    ask: Callable[[Floats], Floats], batches: Iterable[Floats], target: int, context: JobContext | None
) -> npt.NDArray[np.float64]:
    """What ``ask`` (``subject.scores`` or ``subject.probabilities``) says of the target for every image of the batches.

    Raises:
        Cancelled: the person cancelled; asked before every batch.
    """
    values = []
    for batch in batches:
        check(context)
        values.append(ask(batch)[:, target])
    return np.concatenate(values).astype(np.float64)


def blend(image: Floats, baseline: Floats, masks: Floats) -> Floats:
    """``image`` where a mask is 1, ``baseline`` where it is 0.

    Args:
        image, baseline: ``[height, width, channels]``.
        masks: ``[n, height, width]`` in 0..1, or ``[n, 1, 1]``.

    Returns:
        float32 ``[n, height, width, channels]``.
    """
    height, width, channels = image.shape
    # Colours side by side in one long row: numpy is several times faster there than over an inner axis of three.
    row = (height, width * channels)
    blended = (masks if masks.shape[2] == 1 else np.repeat(masks, channels, 2)) * (image - baseline).reshape(row)
    blended += baseline.reshape(row)
    return np.asarray(blended.reshape(-1, *image.shape), np.float32)
