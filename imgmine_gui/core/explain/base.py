"""What every explainer is: a method that says which parts of an image spoke for a class."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar, cast

import numpy as np
import numpy.typing as npt

from imgmine_gui.core import options as configuration
from imgmine_gui.core.explain.batches import images_at_once, slices
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.registry import Registry
from imgmine_gui.core.text import N_

EXPLAINERS: "Registry[type[Explainer[Any]]]" = Registry(N_("explainer"), "imgmine_gui.core.explain")

OptionsT = TypeVar("OptionsT", bound=configuration.Options)


class NoOptions(configuration.Options):
    """For an explainer that leaves nothing to choose."""


class Explainer(ABC, Generic[OptionsT]):
    """The base of all explainers; each is one file of this package and registers itself in ``EXPLAINERS``.

    Attributes:
        name: the key in the registry.
        title, summary: English texts marked with ``N_``; the summary is one plain sentence for a person.
        paper: where the method was published.
        Options: the class of its options.
        class_specific: whether the map depends on the target class.
        needs: what it asks of a network: some of "attention", "feature_map", "self_attention", "sequence".
        zero_based: whether a heatmap is the map divided by its maximum, so that nought stays nought and values keep
            their ratios; otherwise it is stretched from its minimum to its maximum.
        percentile: above this percentile of its values a heatmap is cut; 100 cuts nothing.

    Args:
        options: an instance of ``Options``; by default its defaults.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    paper: ClassVar[str]
    Options: ClassVar[type[configuration.Options]] = NoOptions
    class_specific: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset()
    zero_based: ClassVar[bool] = False
    percentile: ClassVar[float] = 100.0

    def __init__(self, options: OptionsT | None = None) -> None:
        self.options = options if options is not None else cast(OptionsT, self.Options())

    @classmethod
    def supports(cls, subject: Subject) -> bool:
        """Whether this method is defined on the subject's network."""
        return cls.needs <= subject.gives

    def explain(
        self, subject: Subject, images: Floats, targets: npt.NDArray[Any], context: JobContext | None = None
    ) -> Floats:
        """Make one map an image.

        Args:
            subject: the network.
            images: float32 ``[b, height, width, channels]``, pixel values in 0..255.
            targets: whole numbers ``[b]``, the class that each map is for.
            context: asked between batches whether to go on.

        Returns:
            float32 ``[b, map_height, map_width]``, not negative, on a scale of the method's own. A map covers the
            whole image, whatever its resolution.

        Raises:
            ValueError: the method is not defined on this network, or the arguments do not fit it.
            Cancelled: the person cancelled.
        """
        targets = np.asarray(targets, np.int32)
        self._check(subject, images, targets)
        maps = []
        for part in slices(len(images), self.images_at_once(images)):
            check(context)
            maps.append(self._maps(subject, images[part], targets[part], context))
        return np.maximum(np.concatenate(maps), 0, dtype=np.float32)

    def images_at_once(self, images: Floats) -> int:
        """How many images go through in one step, so that memory stays bounded."""
        return images_at_once(images.shape[1], images.shape[2], gradients=True)

    @abstractmethod
    def _maps(
        self, subject: Subject, images: Floats, targets: npt.NDArray[np.int32], context: JobContext | None
    ) -> npt.NDArray[np.floating[Any]]:
        """The maps ``[b, map_height, map_width]`` of one batch; what is negative is set to nought afterwards."""

    def _check(self, subject: Subject, images: Floats, targets: npt.NDArray[np.int32]) -> None:
        if not self.supports(subject):
            needed = sorted(self.needs - subject.gives)
            raise ValueError(f"{self.name} is not defined on this network, which lacks: {needed}")
        if images.ndim != 4 or len(images) == 0 or targets.shape != (len(images),):
            raise ValueError(
                "images [b, height, width, channels] and targets [b] are needed. "
                f"Received: images.shape={images.shape}, targets.shape={targets.shape}"
            )
        if targets.min() < 0 or targets.max() >= subject.classes:
            raise ValueError(f"a target is no class of the {subject.classes}. Received: targets={targets.tolist()}")


def check(context: JobContext | None) -> None:
    """Raise ``Cancelled`` if there is a context and the person no longer wants the job."""
    if context is not None:
        check_cancelled(context)
