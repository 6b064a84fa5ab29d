"""Deletion and insertion: how well a heatmap names the pixels that the network decides by.

Petsiuk, Das, Saenko: RISE: Randomized Input Sampling for Explanation of Black-box Models. BMVC 2018.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.events import Progress
from imgmine_gui.core.explain.baselines import Baseline, baseline_images
from imgmine_gui.core.explain.batches import images_at_once, slices
from imgmine_gui.core.explain.compute import explain_images
from imgmine_gui.core.explain.heatmap import Heatmap
from imgmine_gui.core.explain.interpolation import resize
from imgmine_gui.core.explain.perturbed import blend, target_values
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.options import Options


@dataclass(frozen=True)
class Faithfulness:
    """Both scores of one heatmap, or their means over many.

    Attributes:
        deletion: area in 0..1 under the probability of the class while the brightest pixels are taken away first;
            the lower, the better the heatmap.
        insertion: the same while they are given back first; the higher, the better.
        deletion_curve, insertion_curve: the probabilities, from no pixel changed to all of them, in even steps.
    """

    deletion: float
    insertion: float
    deletion_curve: tuple[float, ...]
    insertion_curve: tuple[float, ...]


@dataclass(frozen=True)
class MeanFaithfulness:
    """The means over many images.

    Attributes:
        mean: over the images whose heatmap was not flat; None if there were none.
        images: how many the mean is over.
        flat: how many were left out because their heatmap was flat and so names no order of the pixels.
    """

    mean: Faithfulness | None
    images: int
    flat: int


def faithfulness(
    subject: Subject,
    image: Floats,
    target: int,
    heatmap: Heatmap,
    *,
    steps: int = 50,
    deletion_baseline: Baseline = Baseline.MEAN,
    insertion_baseline: Baseline = Baseline.BLURRED,
    context: JobContext | None = None,
) -> Faithfulness:
    """Score one heatmap.

    Args:
        subject: the network.
        image: float32 ``[height, width, channels]``, pixel values in 0..255.
        target: the class whose probability is followed.
        heatmap: enlarged to the image's size; of equally bright pixels the upper left ones come first.
        steps: in how many equal parts the pixels are changed.
        deletion_baseline: what takes the place of deleted pixels; the paper's is the mean colour.
        insertion_baseline: what insertion starts from; the paper's is the blurred image.
        context: asked between batches whether to go on.

    Raises:
        Cancelled: the person cancelled.
    """
    image = np.asarray(image, np.float32)
    ranks = _ranks(heatmap.values, *image.shape[:2])

    def curve(start: Floats, end: Floats) -> npt.NDArray[np.float64]:
        return target_values(subject.probabilities, _transition(start, end, ranks, steps), target, context)

    deletion = curve(image, baseline_images(image[None], deletion_baseline)[0])
    insertion = curve(baseline_images(image[None], insertion_baseline)[0], image)
    return _scored(deletion, insertion)


def faithfulness_over(
    method: str,
    subject: Subject,
    samples: Iterable[tuple[Floats, int]],
    options: Options | Mapping[str, Any] | None = None,
    *,
    steps: int = 50,
    total: int | None = None,
    context: JobContext | None = None,
) -> MeanFaithfulness:
    """Score a method over many images, one after the other.

    Args:
        method: a name in ``EXPLAINERS``.
        subject: the network.
        samples: images ``[height, width, channels]`` with the class each is explained for; read once, one at a time.
        options: of the method.
        steps: as in ``faithfulness``.
        total: how many samples there are, for the progress.
        context: told of the progress, and asked whether to go on.

    Raises:
        UserError: there is no such method, it is not defined on this network, or an option is wrong.
        Cancelled: the person cancelled.
    """
    quiet = None if context is None else _Quiet(context)
    curves: list[tuple[tuple[float, ...], tuple[float, ...]]] = []
    flat = 0
    for done, (pixels, target) in enumerate(samples, 1):
        image = np.asarray(pixels, np.float32)
        heatmap = explain_images(method, subject, image[None], np.array([target]), options, quiet)[0]
        if heatmap.flat:
            flat += 1
        else:
            result = faithfulness(subject, image, target, heatmap, steps=steps, context=quiet)
            curves.append((result.deletion_curve, result.insertion_curve))
        if context is not None:
            context.report(Progress(done, total))
    mean = _scored(*np.mean(curves, 0)) if curves else None
    return MeanFaithfulness(mean, len(curves), flat)


class _Quiet:
    """Passes the person's wish on, and keeps the progress within one image to itself."""

    def __init__(self, context: JobContext) -> None:
        self._context = context

    def report(self, event: object) -> None:
        """Say nothing."""

    @property
    def wish(self) -> Any:
        """What the person wants now."""
        return self._context.wish


def _scored(deletion: npt.NDArray[np.float64], insertion: npt.NDArray[np.float64]) -> Faithfulness:
    areas = [float(np.trapezoid(curve, dx=1 / (len(curve) - 1))) for curve in (deletion, insertion)]
    return Faithfulness(areas[0], areas[1], tuple(deletion.tolist()), tuple(insertion.tolist()))


def _ranks(values: Floats, height: int, width: int) -> npt.NDArray[np.intp]:
    """The place of every pixel ``[height, width]`` in the order from the brightest on."""
    order = np.argsort(-resize(values, height, width).ravel(), kind="stable")
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order))
    return ranks.reshape(height, width)


def _transition(start: Floats, end: Floats, ranks: npt.NDArray[np.intp], steps: int) -> Iterator[Floats]:
    """``steps`` + 1 images from ``start`` to ``end``, in batches; pixels change in the order of their ranks."""
    height, width = ranks.shape
    counts = np.round(np.linspace(0, ranks.size, steps + 1))
    for part in slices(len(counts), images_at_once(height, width)):
        masks = (ranks[None] < counts[part, None, None]).astype(np.float32)
        yield blend(end, start, masks)
