"""How good a training on labelled images would be: their features, then cross-validation or a learning curve."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.features.cache import FeatureCache
from imgmine_gui.core.features.compute import FeatureRequest, FeatureTable, compute_features
from imgmine_gui.core.features.crossvalidation import CrossValidation, Judged, cross_validate
from imgmine_gui.core.features.doubted import Doubted, find_doubted
from imgmine_gui.core.features.folds import stratified_folds
from imgmine_gui.core.features.heads import HeadOptions
from imgmine_gui.core.features.labelled import LabelledImages, connected
from imgmine_gui.core.features.learning_curve import LearningCurve, learning_curve
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.data_items import DataItem


@dataclass(frozen=True)
class CheckedImages:
    """The images that were judged.

    Attributes:
        keys: (n,) of their contents.
        targets: int32 (n,) index of the class of each.
        classes: their names.
        together: how many of them stay together with others: copies, and images of one group.
        unreadable: how many more could not be read.
        computed: how many went through the backbone now.
        cached: of how many the features were kept.
        engine: that the features were computed with, "" for none.
        feature_seconds: reading and computing them took.
    """

    keys: tuple[str, ...]
    targets: npt.NDArray[np.int32]
    classes: tuple[str, ...]
    together: int
    unreadable: int
    computed: int
    cached: int
    engine: str
    feature_seconds: float


@dataclass(frozen=True)
class CheckedByFolds:
    """What cross-validation found, of which images, and whose labels it doubts."""

    images: CheckedImages
    folds: int
    found: CrossValidation
    doubted: Doubted


@dataclass(frozen=True)
class CheckedBySizes:
    """The learning curve, and of which images."""

    images: CheckedImages
    folds: int
    found: LearningCurve


@dataclass(frozen=True)
class CheckSettings:
    """How the images are judged.

    Attributes:
        folds: into how many parts they are divided.
        seed: decides the parts.
        head: how each head is trained.
        request: which features it is trained on.
    """

    folds: int
    seed: int = 0
    head: HeadOptions = field(default_factory=HeadOptions)
    request: FeatureRequest = field(default_factory=FeatureRequest)


def check_by_folds(labelled: LabelledImages, settings: CheckSettings, context: JobContext) -> CheckedByFolds:
    """Cross-validate the head of a transfer network on the images.

    Raises:
        UserError: there are fewer different images than folds, or the disk is full.
        Cancelled: the person cancelled; features that were computed are kept.
    """
    images, judged = _prepare(labelled, settings, context)
    found = cross_validate(judged, settings.head, context, settings.folds, settings.seed)
    return CheckedByFolds(images, settings.folds, found, find_doubted(judged.targets, found.probabilities))


def check_by_sizes(labelled: LabelledImages, settings: CheckSettings, context: JobContext) -> CheckedBySizes:
    """Draw the learning curve of the head of a transfer network on the images.

    Raises:
        UserError: there are too few images, or the disk is full.
        Cancelled: the person cancelled; features that were computed are kept.
    """
    images, judged = _prepare(labelled, settings, context)
    found = learning_curve(judged, settings.head, context, settings.folds, seed=settings.seed)
    return CheckedBySizes(images, settings.folds, found)


def open_cache(folders: Sequence[Path]) -> FeatureCache:
    """The cache in the first of ``folders`` that can be written: a project may lie on a drive that can only be read.

    Raises:
        UserError: none of them can be written.
    """
    for folder in folders[:-1]:
        try:
            return FeatureCache(folder)
        except UserError:
            continue
    return FeatureCache(folders[-1])


def _prepare(labelled: LabelledImages, settings: CheckSettings, context: JobContext) -> tuple[CheckedImages, Judged]:
    """Features of the images; what cannot be divided is found out before anything is computed."""
    items, classes = labelled.items, labelled.classes
    index = {name: number for number, name in enumerate(classes)}
    targets = np.array([index[item.label or ""] for item in items], np.int32)
    parts = connected([item.key for item in items], labelled.groups)
    stratified_folds(targets, parts, settings.folds, settings.seed)
    with open_cache(labelled.caches) as cache:
        table = compute_features(items, settings.request, cache, context)
    kept = [parts[image] for image in table.images]
    judged = Judged(table.values, targets[table.images], kept, len(classes))
    return _facts(items, classes, judged, table), judged


def _facts(items: Sequence[DataItem], classes: tuple[str, ...], judged: Judged, table: FeatureTable) -> CheckedImages:
    _, part, sizes = np.unique(np.asarray(judged.groups, str), return_inverse=True, return_counts=True)
    return CheckedImages(
        tuple(items[image].key for image in table.images), judged.targets, classes, int((sizes[part] > 1).sum()),
        len(items) - len(table.images), table.computed, table.cached, table.engine, table.seconds,
    )  # fmt: skip
