"""What a training needs to know of its images before it begins."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.data.batches import channel_statistics
from imgmine_gui.core.data.image_store import Skip
from imgmine_gui.core.data.lines import LineStore
from imgmine_gui.core.data.pixel_store import PixelStore
from imgmine_gui.core.data.preprocessing import Normalisation
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import ImageSkipped
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.tasks.base import TASKS, Task
from imgmine_gui.core.tasks.network import NetworkDescription, stride_of
from imgmine_gui.core.tasks.text_recognition import columns_needed
from imgmine_gui.core.text import N_, Retold
from imgmine_gui.core.training.config import TrainConfig
from imgmine_gui.core.training.precision import resolve_precision

_TOO_LONG = N_("The text of “{file}” needs {needed} columns, and its image gives {there}.")


def open_store(config: TrainConfig, items: DataItems, folder: Path | None, skip: Skip) -> PixelStore | LineStore:
    """The images as the task reads them; see ``PixelStore`` and ``LineStore``."""
    kind = LineStore if TASKS[config.task].lines else PixelStore
    return kind(items.items, config.preprocessing, folder, skip)


def describe(config: TrainConfig, items: DataItems, store: PixelStore | LineStore) -> NetworkDescription:
    """The network that ``config`` asks for on these images."""
    mean: tuple[float, ...] = ()
    variance: tuple[float, ...] = ()
    scaled = not ARCHITECTURES[config.architecture].reads_pixels
    task = TASKS[config.task]()
    if scaled and config.preprocessing.normalisation is Normalisation.DATASET and isinstance(store, PixelStore):
        mean, variance = channel_statistics(store, indices_of(items, Split.TRAIN, task))
    return NetworkDescription(
        task=config.task,
        architecture=config.architecture,
        architecture_options=config.architecture_options,
        preprocessing=config.preprocessing,
        classes=task.classes(items),
        mean=mean,
        variance=variance,
        precision=resolve_precision(config.training.precision).value,
    )


def indices_of(items: DataItems, split: Split, task: Task) -> npt.NDArray[np.intp]:
    """Positions in ``items`` of the images of a split of which it is known what is to be learned of them."""
    chosen = [number for number, item in enumerate(items.items) if item.split is split and task.target(item)]
    return np.array(chosen, np.intp)


def require_images(items: DataItems, task: Task) -> None:
    """Raise a ``UserError`` where there is nothing to train on."""
    if not len(indices_of(items, Split.TRAIN, task)):
        raise task.nothing_to_learn()


def encode_targets(task: Task, items: DataItems) -> npt.NDArray[np.int32]:
    """The target of every item, (items, ...) int32; zeros, never asked for, of those that are not learned from."""
    known = [number for split in (Split.TRAIN, Split.VALIDATION) for number in indices_of(items, split, task).tolist()]
    encoded = task.encode([task.target(items.items[number]) or "" for number in known], task.classes(items))
    targets = np.zeros((len(items.items), *encoded.shape[1:]), np.int32)
    targets[known] = encoded
    return targets


def usable(
    items: DataItems, split: Split, task: Task, store: PixelStore | LineStore, description: NetworkDescription,
    context: JobContext,
) -> npt.NDArray[np.intp]:  # fmt: skip
    """The images of a split that can be learned from; the narrow first where they are lines.

    Raises:
        UserError: there are images to train on, and not one of them can be learned from.
    """
    indices = indices_of(items, split, task)
    if not isinstance(store, LineStore):
        return indices
    fitting = _fitting_lines(items, indices, store, description, context)
    if split is Split.TRAIN and len(indices) and not len(fitting):
        raise UserError(
            N_("Every text is too long for the columns of its image: one of {stride} px for each character."),
            N_("Choose fewer poolings of the width, or a larger height."),
            stride=stride_of(description),
        )
    return fitting[np.argsort(store.widths[fitting], kind="stable")]


def _fitting_lines(
    items: DataItems, indices: npt.NDArray[np.intp], store: LineStore, description: NetworkDescription,
    context: JobContext,
) -> npt.NDArray[np.intp]:  # fmt: skip
    """Those of ``indices`` whose text the network's columns can hold, by CTC's bound; the others are told."""
    stride = stride_of(description)
    columns = -(-store.widths // stride)
    kept = []
    for index in indices.tolist():
        item, there = items.items[index], int(columns[index])
        needed = columns_needed(item.text or "")
        if not there or needed <= there:
            kept.append(index)
            continue
        reason = Retold(_TOO_LONG, {"file": printable(os.path.basename(item.path)), "needed": needed, "there": there})
        context.report(ImageSkipped(item.path, reason))
    return np.array(kept, np.intp)


def image_weights(targets: npt.NDArray[np.int32], chosen: npt.NDArray[np.intp], classes: int, balance: bool) -> Any:
    """What each item counts in the loss, float32 (items,): 1, or n / (classes * n_class) where classes are balanced."""
    if not balance or targets.ndim != 1:
        return np.ones(len(targets), np.float32)
    counts = np.bincount(targets[chosen], minlength=classes)
    return (len(chosen) / (classes * np.maximum(counts, 1)))[targets].astype(np.float32)
