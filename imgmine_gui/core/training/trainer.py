"""Training: from a run's folder to its model."""

import contextlib
import math
import shutil
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.batches import Batch, Source, batches, epoch_order
from imgmine_gui.core.data.lines import LineStore, order_by_width
from imgmine_gui.core.data.pixel_store import PixelStore
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import BatchEnded, EpochEnded, ImageSkipped, PhaseStarted, Progress, Saved, Warned
from imgmine_gui.core.features.source import FeatureSource
from imgmine_gui.core.jobs import JobContext, stop_asked
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.atomic import remove_unfinished
from imgmine_gui.core.storage.bundle import save_bundle
from imgmine_gui.core.storage.run_folder import RunFolder, RunState
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.tasks.frozen import head_of
from imgmine_gui.core.tasks.network import Network, begin_network, fine_tuning_of
from imgmine_gui.core.text import N_
from imgmine_gui.core.training.batch_size import batch_size
from imgmine_gui.core.training.checkpoint import Position, load_checkpoint, save_checkpoint
from imgmine_gui.core.training.config import TrainConfig
from imgmine_gui.core.training.kept import kept_features, needs_pixels
from imgmine_gui.core.training.preparation import (
    describe,
    encode_targets,
    image_weights,
    indices_of,
    open_store,
    require_images,
    usable,
)
from imgmine_gui.core.training.reading import fit_decoder
from imgmine_gui.core.training.results import TrainResult
from imgmine_gui.core.training.schedule import rate_factor
from imgmine_gui.core.training.steps import Steps

CHECKPOINT_SECONDS = 20.0
"""What a killed process loses at most, next to one epoch's end."""
WRITTEN = ("checkpoint-*", "model.imgmodel")
"""Files of a run that its training alone writes."""
RATE_SMOOTHING = 0.1
"""Weight of the newest step in the shown images a second."""


def train(run: str, cache_folder: str | None, context: JobContext, feature_folder: str | None = None) -> TrainResult:
    """Train the run in folder ``run``, from its newest checkpoint where there is one.

    Everything that decides the result lies in the folder: configuration and items. The best epoch's network is kept as
    the run's model, whatever ends the training.

    Args:
        run: a folder made by ``RunFolder.create``.
        cache_folder: for decoded pixels and features; None keeps them for this training alone, inside the run.
        context: reports events; stop keeps what was learned, cancel too, as far as it was saved.
        feature_folder: for features, where they are not to lie in ``cache_folder``.

    Raises:
        UserError: there is nothing to train on, the disk is full, or the loss was not a number from the start.
        Cancelled: the person cancelled.
    """
    folder = RunFolder.open(Path(run))
    folder.update(state=RunState.RUNNING)
    try:
        result = _train(folder, cache_folder, feature_folder, context)
    except BaseException as error:
        with contextlib.suppress(UserError):  # on a full disk: what ended the training matters more than its state
            folder.update(state=RunState.STOPPED if isinstance(error, Cancelled) else RunState.FAILED)
        raise
    folder.update(state=result.state)
    return result


def _train(folder: RunFolder, cache_folder: str | None, feature_folder: str | None, context: JobContext) -> TrainResult:
    config = TrainConfig.model_validate(folder.config)
    items = folder.items()
    task = TASKS[config.task]()
    require_images(items, task)
    context.report(PhaseStarted(N_("Preparing")))

    def skip(path: str, reason: str) -> None:
        context.report(ImageSkipped(path, reason))

    own_cache = folder.path / "cache"
    cache = Path(cache_folder or own_cache)
    try:
        chosen = indices_of(items, Split.TRAIN, task), indices_of(items, Split.VALIDATION, task)
        features = kept_features(config, items.items, *chosen, Path(feature_folder or cache), context)
        pixels = cache if features is None or needs_pixels(config) else None
        with open_store(config, items, pixels, skip) as store:
            keras.utils.set_random_seed(config.training.seed)
            network = begin_network(describe(config, items, store))
            return Trainer(config, folder, items, store, network, context, features).run()
    finally:
        if cache_folder is None:
            shutil.rmtree(own_cache, ignore_errors=True)


class Trainer:
    """One training at work; see ``train``."""

    def __init__(
        self, config: TrainConfig, folder: RunFolder, items: DataItems, store: PixelStore | LineStore, network: Network,
        context: JobContext, features: FeatureSource | None = None,
    ) -> None:  # fmt: skip
        self.config, self.options, self.folder = config, config.training, folder
        self.store, self.features, self.network, self.context = store, features, network, context
        self.task, self.items = TASKS[config.task](), items
        self.targets = encode_targets(self.task, items)
        self.train_indices, self.validation_indices = (
            usable(items, split, self.task, store, network.description, context)
            for split in (Split.TRAIN, Split.VALIDATION)
        )
        self.weights = image_weights(self.targets, self.train_indices, len(items.classes), self.options.class_weights)
        fine_tuning = fine_tuning_of(network.description)
        head = head_of(network) if features is not None else None
        self.steps = Steps(network.model, self.task, config, self.targets.shape[1:], fine_tuning, head)
        self.variables = [*network.model.variables, *self.steps.variables]
        self.batch_size = batch_size(config, len(self.train_indices))
        self.steps_per_epoch = math.ceil(len(self.train_indices) / self.batch_size)
        self.position = self._restore()
        self._best: list[npt.NDArray[Any]] | None = None
        self._saved_at = time.monotonic()
        self._saved_position: tuple[int, int] | None = None
        self._rows: list[tuple[float, float, float]] = []
        self._images_per_second = 0.0
        self._timed = (0, 0.0)

    def run(self) -> TrainResult:
        """Train until the last epoch, a stop, the budget, or the patience is at its end."""
        self.context.report(PhaseStarted(N_("Training"), self.steps_per_epoch * self.options.epochs))
        state = RunState.FINISHED
        while not self._at_end():
            if not self._epoch():
                state = RunState.STOPPED
                break
        if not self.position.done:  # stopped before anything was learned: there is nothing to keep
            raise Cancelled
        self._keep(final=True)
        if isinstance(self.store, LineStore) and len(self.validation_indices):
            with contextlib.suppress(Cancelled):  # the model reads greedily then
                fit_decoder(self.folder.model_path, self.store, self.items.items, self.train_indices,
                            self.validation_indices, self.context)  # fmt: skip
        return self._result(state)

    def _order(self, epoch: int) -> npt.NDArray[np.intp]:
        """The images to train on in the order of an epoch, which depends on seed and epoch alone."""
        order = self.train_indices[epoch_order(len(self.train_indices), self.options.seed, epoch)]
        if not isinstance(self.store, LineStore):
            return order
        mixer = np.random.default_rng([self.options.seed, epoch, len(order)])
        return order_by_width(order, self.store.widths, self.batch_size, mixer)

    def _restore(self) -> Position:
        remove_unfinished(self.folder.path, *WRITTEN)
        position = load_checkpoint(self.folder.path, self.variables)
        if position is None:
            self.folder.drop_steps_from(0)
            return Position(epochs=self.options.epochs)
        self.folder.drop_steps_from(position.done)
        self.folder.write_history(position.history)
        if self.options.epochs != position.epochs:  # trained further than planned: a new course of the learning rate
            position.schedule_from, position.epochs = position.done, self.options.epochs
            position.waited = 0
        return position

    def _at_end(self) -> bool:
        patience = self.options.early_stopping
        waited = min(self.position.waited, self.position.epoch - self.steps.alone)  # not before all layers learn
        tired = bool(patience) and waited >= patience
        return self.position.epoch >= self.options.epochs or tired or self._time_is_up()

    def _time_is_up(self) -> bool:
        budget = self.options.time_budget
        return budget is not None and self.position.seconds + self._validation_seconds() >= budget

    def _validation_seconds(self) -> float:
        """What the last validation took; it belongs to the budget."""
        history = self.position.history
        return float(history[-1].get("validation_seconds", 0.0)) if history else 0.0

    def _progress(self) -> float:
        """Part of the schedule that is done, 0..1."""
        position = self.position
        begin, end = position.schedule_from, self.options.epochs * self.steps_per_epoch
        joined = self.steps.alone * self.steps_per_epoch
        if begin < joined:  # the head alone, and fine-tuning after it, each have a course of their own
            begin, end = (begin, joined) if position.done < joined else (joined, end)
        by_steps = (position.done - begin) / max(1, end - begin)
        if self.options.time_budget is None:
            return by_steps
        return max(by_steps, position.seconds / self.options.time_budget)

    def _epoch(self) -> bool:
        """Train and validate one epoch; False when the person stopped it, or the loss was not a number."""
        position = self.position
        started = position.seconds
        stream = batches(self._source(), self._order(position.epoch), self.batch_size, position.step)
        try:
            for batch in stream:
                if stop_asked(self.context):
                    return False
                if not self._step(batch):
                    return False
                if self._time_is_up():
                    break
                if self._is_overdue():
                    self._keep()
        finally:
            stream.close()
        if not position.sums.get("images"):
            raise UserError(
                N_("None of the training images could be read."), N_("Look at the list of problems on the Data page.")
            )
        position.step = self.steps_per_epoch
        with self.steps.averaged():
            validated = self._validate()
            if validated is None:
                return False
            self._end_epoch(*validated, position.seconds - started)
        first = not self.folder.model_path.is_file()  # from now on there is something to look at
        if first or self._is_overdue():
            self._keep()
        return True

    def _source(self) -> Source:
        """What this epoch reads."""
        if self.features is None or not self.steps.reads_features(self.position.epoch):
            return self.store
        self.features.begin_epoch(self.options.seed, self.position.epoch)
        return self.features

    def _is_overdue(self) -> bool:
        return time.monotonic() - self._saved_at > CHECKPOINT_SECONDS

    def _step(self, batch: Batch) -> bool:
        """One training step; False when the loss was not a number."""
        position, count = self.position, len(batch.indices)
        rate = self.options.learning_rate * rate_factor(self.options.schedule, self._progress())
        began = time.monotonic()
        targets, weights = self.targets[batch.indices], self.weights[batch.indices]
        means = self.steps.train(batch.inputs, targets, weights, rate, position.done, position.epoch)
        seconds = time.monotonic() - began
        if not math.isfinite(means["loss"]):
            self._not_a_number()
            return False
        position.step, position.done = batch.step + 1, position.done + 1
        position.seconds += seconds
        for name, value in {**means, "images": 1.0}.items():
            position.sums[name] = position.sums.get(name, 0.0) + value * count
        self._note_step(self.task.figures(means), count, seconds)
        return True

    def _note_step(self, means: dict[str, float], count: int, seconds: float) -> None:
        position = self.position
        speed = count / max(seconds, 1e-9)
        before = self._images_per_second
        if not before:
            self._images_per_second = speed  # the step that compiled: shown, not counted
        else:
            self._images_per_second = before + RATE_SMOOTHING * (speed - before) if self._timed[0] else speed
            self._timed = (self._timed[0] + count, self._timed[1] + seconds)
        self._rows.append((position.done - 1, means["loss"], means.get(self.task.monitor, math.nan)))
        self.context.report(
            BatchEnded(position.epoch, position.step - 1, self.steps_per_epoch, means, self._images_per_second)
        )

    def _not_a_number(self) -> None:
        if self.position.best is None:
            raise UserError(
                N_("The loss is not a number any more, before the first epoch ended."),
                N_("Choose a lower learning rate and train again."),
            )
        self.context.report(
            Warned(N_("The loss is not a number any more; the training was stopped and its best epoch is kept."))
        )
        self._saved_position = self._reached()  # this state is worth nothing; the checkpoint before it stands

    def _validate(self) -> tuple[dict[str, float], float] | None:
        """Metrics of the validation images by name, and the seconds it took; None when the person stopped it."""
        if not len(self.validation_indices):
            return {}, 0.0
        self.context.report(PhaseStarted(N_("Validating"), len(self.validation_indices)))
        began = time.monotonic()
        sums: dict[str, float] = {}
        images = 0
        stream = batches(self._source(), self.validation_indices, self.batch_size)
        try:
            for batch in stream:
                if stop_asked(self.context):
                    return None
                found = self.steps.validate(batch.inputs, self.targets[batch.indices], self.position.epoch)
                for name, value in found.items():
                    sums[name] = sums.get(name, 0.0) + value
                images += len(batch.indices)
                self.context.report(Progress(images, len(self.validation_indices)))
        finally:
            stream.close()
        seconds = time.monotonic() - began
        self.position.seconds += seconds
        self.context.report(PhaseStarted(N_("Training"), self.steps_per_epoch * self.options.epochs))
        if not images:
            return {}, seconds
        figures = self.task.figures({name: value / images for name, value in sums.items()})
        return {f"val_{name}": value for name, value in figures.items()}, seconds

    def _end_epoch(self, validated: dict[str, float], validation_seconds: float, seconds: float) -> None:
        position = self.position
        images = position.sums.pop("images")
        metrics = self.task.figures({name: value / images for name, value in position.sums.items()}) | validated
        prefix = "val_" if validated else ""
        sign = -1.0 if self.task.less_is_better else 1.0
        reached = (sign * metrics[prefix + self.task.monitor], -metrics[prefix + "loss"])
        better = position.best is None or reached > position.best
        if better:
            position.best, position.waited = reached, 0
        else:
            position.waited += 1
        kept = better or self.options.keep_last
        if kept:
            self._best = [np.array(variable.numpy()) for variable in self.network.model.weights]
        rate = float(self.steps.optimiser.learning_rate)
        entry = {"epoch": position.epoch, "step": position.done, "seconds": seconds, "learning_rate": rate,
                 "validation_seconds": validation_seconds, "best": kept, **metrics}  # fmt: skip
        position.history = [*position.history, entry]
        event = EpochEnded(position.epoch, self.options.epochs, metrics, kept, rate, seconds)
        position.epoch, position.step, position.sums = position.epoch + 1, 0, {}
        self.folder.write_history(position.history)
        self.folder.update(epochs_done=position.epoch, metrics=self._best_metrics())
        self.context.report(event)

    def _best_metrics(self) -> dict[str, float]:
        best = [entry for entry in self.position.history if entry["best"]]
        told = {"epoch", "step", "seconds", "learning_rate", "validation_seconds", "best"}
        return {name: value for name, value in best[-1].items() if name not in told} if best else {}

    def _keep(self, final: bool = False) -> None:
        """Write the best network, then the whole state; in this order a kill in between loses nothing."""
        if self._rows:
            self.folder.append_steps(self._rows)
            self._rows = []
        if self._best is not None:
            self._save_model(self._best)
            self._best = None
        elif final and not self.folder.model_path.is_file():  # stopped within the first epoch: what there is
            with self.steps.averaged():
                save_bundle(self.folder.model_path, self.network, self._trained())
        if self._reached() != self._saved_position:
            path = save_checkpoint(self.folder.path, self.variables, self.position)
            self._saved_position = self._reached()
            self.context.report(Saved(str(path)))
        self._saved_at = time.monotonic()

    def _reached(self) -> tuple[int, int]:
        return self.position.done, self.position.epoch

    def _save_model(self, weights: list[npt.NDArray[Any]]) -> None:
        """Write ``weights`` as the run's model, and go on with the present ones."""
        variables = self.network.model.weights
        present = [np.array(variable.numpy()) for variable in variables]
        _assign(variables, weights)
        try:
            save_bundle(self.folder.model_path, self.network, self._trained())
        finally:
            _assign(variables, present)

    def _trained(self) -> dict[str, Any]:
        return {"epochs": self.position.epoch, "metrics": self._best_metrics(), "run": self.folder.name}

    def _result(self, state: RunState) -> TrainResult:
        images, seconds = self._timed
        best = [entry["epoch"] for entry in self.position.history if entry["best"]]
        return TrainResult(
            run=str(self.folder.path),
            state=state,
            epochs=self.position.epoch,
            best_epoch=best[-1] if best else 0,
            metrics=self._best_metrics(),
            images_per_second=images / seconds if seconds else self._images_per_second,
            seconds=self.position.seconds,
            skipped=max(self.store.skipped, self.features.skipped if self.features else 0),
        )


def _assign(variables: list[Any], arrays: list[npt.NDArray[Any]]) -> None:
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
