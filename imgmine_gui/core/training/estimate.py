"""How long a training will take and how much memory, from a few real steps."""

import contextlib
import math
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import psutil

from imgmine_gui.core.data.batches import inputs_of
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.tasks.frozen import head_of
from imgmine_gui.core.tasks.network import begin_network, fine_tuning_of
from imgmine_gui.core.text import N_
from imgmine_gui.core.training.batch_size import batch_size
from imgmine_gui.core.training.config import TrainConfig
from imgmine_gui.core.training.kept import feature_seconds, needs_pixels
from imgmine_gui.core.training.preparation import describe, encode_targets, indices_of, open_store, require_images
from imgmine_gui.core.training.results import Estimate
from imgmine_gui.core.training.steps import Steps

WARM_STEPS = 2
"""Steps that are not timed: the first compiles, the second fills caches."""
TIMED_STEPS = 4
VALIDATION_COST = 0.35
"""Of a validation image in training images: a pass forwards is about a third of one forwards and backwards."""


@dataclass(frozen=True)
class _Timed:
    """How long steps of one kind take.

    Attributes:
        first: seconds of the first step, which compiles.
        speed: images a second in the others.
    """

    first: float
    speed: float

    def epoch(self, images: int, validation: int) -> float:
        """Seconds of an epoch with its validation."""
        return (images + VALIDATION_COST * validation) / self.speed


def estimate(config: TrainConfig, items: DataItems, cache_folder: str | None, context: JobContext) -> Estimate:
    """Time a few training steps on the real images, and where features are kept, the computing of some of them.

    Args:
        cache_folder: for decoded pixels and features, which the training will find again; None keeps none.

    Raises:
        UserError: there is nothing to train on, or the backbone's weights are not on this computer.
        Cancelled: the person stopped it.
    """
    context.report(PhaseStarted(N_("Preparing")))
    task = TASKS[config.task]()
    chosen, validation = indices_of(items, Split.TRAIN, task), indices_of(items, Split.VALIDATION, task)
    require_images(items, task)
    with contextlib.ExitStack() as stack:
        folder = Path(cache_folder or stack.enter_context(tempfile.TemporaryDirectory()))
        once = feature_seconds(config, items.items, chosen, validation, folder, context)
        pixels = folder if once is None or needs_pixels(config) else None
        store = open_store(config, items, pixels, lambda path, reason: None)
        stack.enter_context(store)
        network = begin_network(describe(config, items, store))
        targets, fine_tuning = encode_targets(task, items), fine_tuning_of(network.description)
        head = head_of(network) if once is not None else None
        steps = Steps(network.model, task, config, targets.shape[1:], fine_tuning, head)
        order = np.resize(chosen, batch_size(config, len(chosen)))
        total, alone, shown = once or 0.0, 0, None
        if head is not None:
            drawn = np.random.default_rng(0).random((len(order), *head.input_shape[1:])).astype(np.float16)
            shown = _time_steps(steps, (drawn,), targets[order], 0, context)
            alone = steps.alone if fine_tuning else config.training.epochs
            total += shown.first + alone * shown.epoch(len(chosen), len(validation))
        if alone < config.training.epochs:
            began = time.perf_counter()
            found, indices = store.read(order)
            total += (time.perf_counter() - began) / len(np.unique(order)) * (len(chosen) + len(validation))
            shown = _time_steps(steps, inputs_of(found), targets[indices], steps.alone, context)
            total += shown.first + (config.training.epochs - alone) * shown.epoch(len(chosen), len(validation))
    assert shown is not None  # there is an epoch at least
    return _result(config, shown, total, shown.epoch(len(chosen), len(validation)), network.model)


def _time_steps(
    steps: Steps, inputs: tuple[npt.NDArray[Any], ...], targets: npt.NDArray[np.int32], epoch: int, context: JobContext
) -> _Timed:
    """Time the steps of the kind that is done in ``epoch``."""
    context.report(PhaseStarted(N_("Timing a few steps"), WARM_STEPS + TIMED_STEPS))
    seconds: list[float] = []
    for number in range(WARM_STEPS + TIMED_STEPS):
        check_cancelled(context)
        began = time.perf_counter()
        weights = np.ones(len(targets), np.float32)
        steps.train(inputs, targets, weights, steps.config.training.learning_rate, number, epoch)
        seconds.append(time.perf_counter() - began)
        context.report(Progress(number + 1, WARM_STEPS + TIMED_STEPS))
    return _Timed(seconds[0], len(targets) / float(np.median(seconds[WARM_STEPS:])))


def _result(config: TrainConfig, timed: _Timed, total: float, epoch: float, model: keras.Model) -> Estimate:
    if config.training.time_budget is not None:
        total = min(total, config.training.time_budget)
    parameters = sum(math.prod(variable.shape) for variable in model.trainable_variables)
    return Estimate(timed.speed, epoch, total, peak_memory(), parameters)


def peak_memory() -> int:
    """The most resident memory that this process ever had, in bytes."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    unit = 1 if sys.platform == "darwin" else 1024  # Linux counts kilobytes, macOS bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
