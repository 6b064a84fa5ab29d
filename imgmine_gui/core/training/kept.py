"""Which trainings learn from kept features instead of pixels, and where these come from."""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.architectures.pretrained import PretrainedArchitecture, PretrainedOptions
from imgmine_gui.core.events import PhaseStarted, Warned
from imgmine_gui.core.features.cache import FOLDER, FeatureCache
from imgmine_gui.core.features.compute import FeaturePass, FeatureRequest
from imgmine_gui.core.features.source import FeatureSource, open_features
from imgmine_gui.core.features.space import record_name
from imgmine_gui.core.features.views import Views
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.text import N_
from imgmine_gui.core.training.config import TrainConfig

SAMPLE = 64
"""Rows of features that are computed to see how long one takes: two batches, of which the first opens the engine."""

Positions = npt.NDArray[np.intp]


def feature_request(config: TrainConfig) -> FeatureRequest | None:
    """The features that the head learns from alone; None where no layer is frozen, or all learn from the start."""
    architecture, options = ARCHITECTURES[config.architecture](), config.options
    if not isinstance(architecture, PretrainedArchitecture) or not isinstance(options, PretrainedOptions):
        return None
    fine_tuning = architecture.fine_tuning(options)
    if fine_tuning is not None and not fine_tuning.after:
        return None
    views = Views(copies=options.copies, flip_horizontal=config.augmentation.flip_horizontal)
    return FeatureRequest(options.backbone, config.preprocessing, not architecture.pooled, views)


def needs_pixels(config: TrainConfig) -> bool:
    """Whether the training ever looks at pixels, next to computing features."""
    return (
        feature_request(config) is None or ARCHITECTURES[config.architecture]().fine_tuning(config.options) is not None
    )


def kept_features(
    config: TrainConfig, items: Sequence[DataItem], training: Positions, validation: Positions, folder: Path,
    context: JobContext,
) -> FeatureSource | None:  # fmt: skip
    """The features that the training begins with; None where it begins with pixels.

    Args:
        folder: a cache folder; the features lie in one of its own within it.

    Raises:
        UserError, Cancelled: as ``open_features``.
    """
    request = feature_request(config)
    if request is None:
        return None
    context.report(PhaseStarted(N_("Reading features")))
    with FeatureCache(folder / FOLDER) as cache:
        source = open_features(items, training, validation, request, cache, context)
        limit = f"{cache.limit / 1e9:g}"
    if source is None:
        context.report(
            Warned(
                N_("The features need more room than the {limit} GB of their cache: each epoch computes them anew."),
                {"limit": limit},
            )
        )
    return source


def feature_seconds(
    config: TrainConfig, items: Sequence[DataItem], training: Positions, validation: Positions, folder: Path,
    context: JobContext,
) -> float | None:  # fmt: skip
    """How long it takes to compute the features that are not kept yet, from the first of them, which are kept then.

    Args:
        folder: as in ``kept_features``.

    Returns:
        Seconds; None where the training begins with pixels.

    Raises:
        UserError, Cancelled: as ``open_features``.
    """
    request = feature_request(config)
    if request is None:
        return None
    space, views = request.space(), request.views.names()
    chosen = [(image, views) for image in training] + [(image, views[:1]) for image in validation]
    names = [record_name(items[image].key, view) for image, of in chosen for view in of]
    with FeatureCache(folder / FOLDER) as cache:
        if len(names) * space.record.itemsize > cache.limit:
            return None
        kept = dict(zip(names, cache.rows(space, names).found.tolist(), strict=True))
        missing = sum(not found for found in kept.values())
        lacking = [items[image] for image in training if not kept[record_name(items[image].key)]]
        began, ends = time.perf_counter(), []
        for batch in FeaturePass(lacking[: SAMPLE // len(views)], request, cache, context).batches():
            check_cancelled(context)
            if batch.computed:
                ends.append((time.perf_counter() - began, len(batch.images)))
    if not ends:
        return 0.0
    last, rows = ends[-1]
    each = (last - (ends[-2][0] if len(ends) > 1 else 0.0)) / rows
    return last + each * max(0, missing - sum(count for _, count in ends))
