"""Which trainings learn from kept features instead of pixels, and where these come from."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.architectures.pretrained import PretrainedArchitecture, PretrainedOptions
from imgmine_gui.core.events import PhaseStarted, Warned
from imgmine_gui.core.features.cache import FOLDER, FeatureCache
from imgmine_gui.core.features.compute import FeatureRequest
from imgmine_gui.core.features.source import FeatureSource, open_features
from imgmine_gui.core.features.views import Views
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.text import N_
from imgmine_gui.core.training.config import TrainConfig

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
