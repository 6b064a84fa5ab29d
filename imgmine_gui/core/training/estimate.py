"""How long a training will take and how much memory, from a few real steps."""

import math
import sys
import time
from pathlib import Path

import keras
import numpy as np
import psutil

from imgmine_gui.core.data.batches import inputs_of
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.tasks.network import begin_network, fine_tuning_of
from imgmine_gui.core.text import N_
from imgmine_gui.core.training.batch_size import batch_size
from imgmine_gui.core.training.config import TrainConfig
from imgmine_gui.core.training.preparation import describe, encode_targets, indices_of, open_store, require_images
from imgmine_gui.core.training.results import Estimate
from imgmine_gui.core.training.steps import Steps

WARM_STEPS = 2
"""Steps that are not timed: the first compiles, the second fills caches."""
TIMED_STEPS = 4
VALIDATION_COST = 0.35
"""Of a validation image in training images: a pass forwards is about a third of one forwards and backwards."""


def estimate(config: TrainConfig, items: DataItems, cache_folder: str | None, context: JobContext) -> Estimate:
    """Time a few training steps on the real images.

    Args:
        cache_folder: for decoded pixels, which the training will find again; None keeps none.

    Raises:
        UserError: there is nothing to train on.
        Cancelled: the person stopped it.
    """
    context.report(PhaseStarted(N_("Preparing")))
    task = TASKS[config.task]()
    chosen, validation = indices_of(items, Split.TRAIN, task), indices_of(items, Split.VALIDATION, task)
    require_images(items, task)
    with open_store(config, items, Path(cache_folder) if cache_folder else None, lambda path, reason: None) as store:
        network = begin_network(describe(config, items, store))
        targets = encode_targets(task, items)
        steps = Steps(network.model, task, config, targets.shape[1:], fine_tuning_of(network.description))
        context.report(PhaseStarted(N_("Timing a few steps"), WARM_STEPS + TIMED_STEPS))
        order = np.resize(chosen, batch_size(config, len(chosen)))
        began = time.perf_counter()
        found, indices = store.read(order)
        reading = (time.perf_counter() - began) / len(np.unique(order)) * (len(chosen) + len(validation))
        seconds: list[float] = []
        for number in range(WARM_STEPS + TIMED_STEPS):
            check_cancelled(context)
            began = time.perf_counter()
            weights = np.ones(len(indices), np.float32)
            steps.train(inputs_of(found), targets[indices], weights, config.training.learning_rate, number, steps.alone)
            seconds.append(time.perf_counter() - began)
            context.report(Progress(number + 1, WARM_STEPS + TIMED_STEPS))
    speed = len(indices) / float(np.median(seconds[WARM_STEPS:]))
    once = reading + seconds[0]
    return _result(config, speed, once, len(chosen), len(validation), network.model)


def _result(
    config: TrainConfig, speed: float, once: float, images: int, validation: int, model: keras.Model
) -> Estimate:
    """The estimate; ``once`` are the seconds in which files are read and the network is compiled."""
    epoch = (images + VALIDATION_COST * validation) / speed
    total = once + epoch * config.training.epochs
    if config.training.time_budget is not None:
        total = min(total, config.training.time_budget)
    parameters = sum(math.prod(variable.shape) for variable in model.trainable_variables)
    return Estimate(speed, epoch, total, peak_memory(), parameters)


def peak_memory() -> int:
    """The most resident memory that this process ever had, in bytes."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    unit = 1 if sys.platform == "darwin" else 1024  # Linux counts kilobytes, macOS bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
