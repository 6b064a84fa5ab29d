"""What a training needs to know of its images before it begins."""

from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.data.batches import channel_statistics
from imgmine_gui.core.data.pixel_store import PixelStore
from imgmine_gui.core.data.preprocessing import Normalisation
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.tasks.base import Task
from imgmine_gui.core.tasks.network import NetworkDescription
from imgmine_gui.core.text import N_
from imgmine_gui.core.training.config import TrainConfig
from imgmine_gui.core.training.precision import resolve_precision


def describe(config: TrainConfig, items: DataItems, store: PixelStore) -> NetworkDescription:
    """The network that ``config`` asks for on these images."""
    mean: tuple[float, ...] = ()
    variance: tuple[float, ...] = ()
    scaled = not ARCHITECTURES[config.architecture].reads_pixels
    if scaled and config.preprocessing.normalisation is Normalisation.DATASET:
        mean, variance = channel_statistics(store, indices_of(items, Split.TRAIN))
    return NetworkDescription(
        task=config.task,
        architecture=config.architecture,
        architecture_options=config.architecture_options,
        preprocessing=config.preprocessing,
        classes=items.classes,
        mean=mean,
        variance=variance,
        precision=resolve_precision(config.training.precision).value,
    )


def indices_of(items: DataItems, split: Split) -> npt.NDArray[np.intp]:
    """Positions in ``items`` of the labelled images of a split."""
    chosen = [number for number, item in enumerate(items.items) if item.split is split and item.label is not None]
    return np.array(chosen, np.intp)


def require_images(items: DataItems) -> None:
    """Raise a ``UserError`` where there is nothing to train on."""
    if not len(indices_of(items, Split.TRAIN)):
        raise UserError(N_("There is no labelled image to train on."), N_("Add images in one folder a class."))


def encode_targets(task: Task, items: DataItems) -> npt.NDArray[np.int32]:
    """The target of every item, (items, ...) int32; those without a label hold zeros and are never asked for."""
    labelled = [number for number, item in enumerate(items.items) if item.label is not None]
    encoded = task.encode([items.items[number].label for number in labelled], items.classes)
    targets = np.zeros((len(items.items), *encoded.shape[1:]), np.int32)
    targets[labelled] = encoded
    return targets


def image_weights(targets: npt.NDArray[np.int32], chosen: npt.NDArray[np.intp], classes: int, balance: bool) -> Any:
    """What each item counts in the loss, float32 (items,): 1, or n / (classes * n_class) where classes are balanced."""
    if not balance or targets.ndim != 1:
        return np.ones(len(targets), np.float32)
    counts = np.bincount(targets[chosen], minlength=classes)
    return (len(chosen) / (classes * np.maximum(counts, 1)))[targets].astype(np.float32)
