"""From a method's name, a network and images to heatmaps."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import Progress
from imgmine_gui.core.explain.base import EXPLAINERS, Explainer
from imgmine_gui.core.explain.batches import slices
from imgmine_gui.core.explain.heatmap import Heatmap, normalise
from imgmine_gui.core.explain.subject import Floats, Subject
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.options import Options, parse_options
from imgmine_gui.core.text import N_


def supported_methods(gives: frozenset[str]) -> list[str]:
    """Names of the explainers defined on a network that gives these ("attention", "feature_map", "sequence")."""
    return [name for name in EXPLAINERS if EXPLAINERS[name].needs <= gives]


def make_explainer(method: str, options: Options | Mapping[str, Any] | None = None) -> Explainer[Any]:
    """The explainer called ``method`` with checked options.

    Raises:
        UserError: there is no such method, or an option is unknown or out of its bounds.
    """
    kind = EXPLAINERS[method]
    if options is None or isinstance(options, Mapping):
        options = parse_options(kind.Options, options or {})
    return kind(options)


def explain_images(
    method: str,
    subject: Subject,
    images: Floats,
    targets: npt.NDArray[Any],
    options: Options | Mapping[str, Any] | None = None,
    context: JobContext | None = None,
) -> list[Heatmap]:
    """Make one heatmap an image.

    Args:
        method: a name in ``EXPLAINERS``.
        subject: the network.
        images: ``[b, height, width, channels]``, pixel values in 0..255.
        targets: the class that each heatmap is for, ``[b]``.
        options: of the method, checked or as plain values; its defaults where None.
        context: told of the progress, and asked whether to go on.

    Raises:
        UserError: there is no such method, it is not defined on this network, or an option is wrong.
        Cancelled: the person cancelled.
    """
    explainer = make_explainer(method, options)
    if not explainer.supports(subject):
        raise UserError(
            N_("“{title}” is not defined on this network."),
            N_("Choose one of: {names}."),
            title=explainer.title,
            names=supported_methods(subject.gives),
        )
    images = np.asarray(images, np.float32)
    heatmaps: list[Heatmap] = []
    for part in slices(len(images), explainer.images_at_once(images)):
        raw = explainer.explain(subject, images[part], targets[part], context)
        heatmaps += [_heatmap(explainer, map_, int(target)) for map_, target in zip(raw, targets[part], strict=True)]
        if context is not None:
            context.report(Progress(len(heatmaps), len(images)))
    return heatmaps


def _heatmap(explainer: Explainer[Any], raw: Floats, target: int) -> Heatmap:
    return normalise(raw, explainer.name, target, zero_based=explainer.zero_based, percentile=explainer.percentile)
