"""The compiled functions of a training: one step, and one batch of validation."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from imgmine_gui.core.architectures.base import FineTuning
from imgmine_gui.core.data.augmentation import augment
from imgmine_gui.core.data.line_augmentation import augment_lines
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.tasks.base import Task
from imgmine_gui.core.text import N_
from imgmine_gui.core.training.config import OptimiserName, TrainConfig, TrainingOptions

MOMENTUM = 0.9
NOT_DECAYED = ["bias", "gamma", "beta"]
"""Variables that weight decay leaves alone: shrinking an offset or a scale regularises nothing."""
LONGEST_AVERAGE = 0.999
"""Decay of the averaged weights at most: about a thousand steps."""


def make_optimiser(options: TrainingOptions, name: str = "optimiser") -> keras.optimizers.Optimizer:
    """The optimiser, its weight decay on kernels only."""
    rate, decay = options.learning_rate, options.weight_decay or None
    if options.optimiser is OptimiserName.ADAM:
        return keras.optimizers.Adam(rate, name=name)
    if options.optimiser is OptimiserName.ADAMW:
        optimiser = keras.optimizers.AdamW(rate, weight_decay=options.weight_decay, name=name)
    else:
        optimiser = keras.optimizers.SGD(rate, MOMENTUM, nesterov=True, weight_decay=decay, name=name)
    optimiser.exclude_from_weight_decay(var_names=NOT_DECAYED)
    return optimiser


@dataclass(frozen=True)
class _Part:
    """Variables that learn at one rate, as a part of the whole network's, under an optimiser of their own."""

    variables: list[keras.Variable]
    optimiser: keras.optimizers.Optimizer
    rate: float


class Steps:
    """Training and validation of one network, a batch at a time.

    Args:
        model: the network.
        task: gives loss and metrics.
        config: augmentation, optimiser, smoothing.
        targets_shape: of one image's target, () for a class.
        fine_tuning: which layers join in later; None where all learn from the start.
        head: the layers that learn at first, from kept features; its weights are those of ``model``.

    Attributes:
        variables: all that a training changes next to the network's own: of the optimisers, and the averages.
        alone: epochs before other layers join in.
        averages: exponential moving averages of the trainable variables; empty where the options want none.
    """

    def __init__(
        self, model: keras.Model, task: Task, config: TrainConfig, targets_shape: tuple[int, ...],
        fine_tuning: FineTuning | None = None, head: keras.Model | None = None,
    ) -> None:  # fmt: skip
        self._head = head
        self.model, self.task, self.config = model, task, config
        self._parts = _parts(model, config.training, fine_tuning)
        self.optimiser = self._parts[0].optimiser
        self.alone = fine_tuning.after if fine_tuning else 0
        self.averages = self._start_averages() if config.training.average_weights else []
        optimisers = [variable for part in self._parts for variable in part.optimiser.variables]
        self.variables = [*optimisers, *self.averages]
        images, *others = model.inputs
        image = (tf.TensorSpec(images.shape, tf.uint8), *(tf.TensorSpec(one.shape, one.dtype) for one in others))
        rest = [tf.TensorSpec((None, *targets_shape), tf.int32), tf.TensorSpec((None,), tf.float32),
                tf.TensorSpec((2,), tf.int32)]  # fmt: skip
        self._train = {  # by how many parts learn, 0 for the head from features; what is not asked for is not compiled
            count: tf.function(self._train_step_of(model, self._parts[:count]), input_signature=[image, *rest])
            for count in range(1, len(self._parts) + 1)
        }
        self._validate = {False: tf.function(self._validation_of(model), input_signature=[image, rest[0]])}
        if head is not None:
            feature = (tf.TensorSpec((None, *head.input_shape[1:]), tf.float16),)
            step = self._train_step_of(head, self._parts[:1])
            self._train[0] = tf.function(step, input_signature=[feature, *rest])
            self._validate[True] = tf.function(self._validation_of(head), input_signature=[feature, rest[0]])

    def reads_features(self, epoch: int) -> bool:
        """Whether the head learns alone in this 0-based epoch, from kept features."""
        return self._head is not None and (len(self._parts) == 1 or epoch < self.alone)

    def train(
        self, inputs: tuple[npt.NDArray[Any], ...], targets: npt.NDArray[np.int32], weights: npt.NDArray[np.float32],
        rate: float, number: int, epoch: int = 0,
    ) -> dict[str, float]:  # fmt: skip
        """Change the weights once.

        Args:
            inputs: see ``Batch``.
            targets, weights: (n, ...) and (n,).
            rate: learning rate of this step.
            number: of the step since the start of the training; with the run's seed it decides the augmentation.
            epoch: 0-based; it decides which layers learn.

        Returns:
            The means of loss and metrics over the batch.
        """
        count = len(self._parts) if epoch >= self.alone else 1
        for part in self._parts[:count]:
            part.optimiser.learning_rate.assign(rate * part.rate)
        seed = np.array([self.config.training.seed, number], np.int32)
        step = self._train[0 if self.reads_features(epoch) else count]
        means: Mapping[str, Any] = step(inputs, targets, weights, seed)
        return {name: float(value) for name, value in means.items()}

    def validate(
        self, inputs: tuple[npt.NDArray[Any], ...], targets: npt.NDArray[np.int32], epoch: int = 0
    ) -> dict[str, float]:
        """The sums of loss and metrics over the batch, without smoothing and augmentation; see ``train``."""
        sums: Mapping[str, Any] = self._validate[self.reads_features(epoch)](inputs, targets)
        return {name: float(value) for name, value in sums.items()}

    @contextlib.contextmanager
    def averaged(self) -> Iterator[None]:
        """Within it the network has the averaged weights, after it those of the newest step again."""
        if not self.averages:
            yield
            return
        present = [variable.numpy() for variable in self.model.trainable_variables]
        for variable, average in zip(self.model.trainable_variables, self.averages, strict=True):
            variable.assign(average)
        try:
            yield
        finally:
            for variable, value in zip(self.model.trainable_variables, present, strict=True):
                variable.assign(value)

    def _start_averages(self) -> list[keras.Variable]:
        return [
            keras.Variable(variable, trainable=False, dtype=variable.dtype, name=f"average_{number}")
            for number, variable in enumerate(self.model.trainable_variables)
        ]

    def _follow(self) -> None:
        """Let the averages follow the weights.

        The decay is min(``LONGEST_AVERAGE``, (1 + t) / (10 + t)) after t steps, as in TensorFlow's
        ``ExponentialMovingAverage`` with ``num_updates``: a short training averages its last tenth as well.
        """
        steps = tf.cast(self.optimiser.iterations, tf.float32)
        decay = tf.minimum(LONGEST_AVERAGE, (1.0 + steps) / (10.0 + steps))
        for variable, average in zip(self.model.trainable_variables, self.averages, strict=True):
            average.assign_add((1.0 - decay) * (variable - average))

    def _train_step_of(self, model: keras.Model, parts: list[_Part]) -> Callable[..., dict[str, Any]]:
        """One step of the whole network, or of its head, in which ``parts`` learn."""

        def step(inputs: Any, targets: Any, weights: Any, seed: Any) -> dict[str, Any]:
            images, *widths = inputs
            images = tf.cast(images, tf.float32)
            if widths:
                images = augment_lines(images, self.config.augmentation, seed)
            elif model is self.model:
                images = augment(images, self.config.augmentation, seed)
            # What is watched alone is recorded: below the first layer that learns, a step is a pass forwards.
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch([variable.value for part in parts for variable in part.variables])
                outputs = model([images, *widths] if widths else images, training=True)
                losses = self.task.loss(targets, outputs, self.config.training.label_smoothing)
                loss = tf.reduce_sum(losses * weights) / tf.reduce_sum(weights)
            gradients = tape.gradient(loss, [part.variables for part in parts])
            if self.config.training.clip_norm:
                gradients = [tf.clip_by_global_norm(found, self.config.training.clip_norm)[0] for found in gradients]
            for part, found in zip(parts, gradients, strict=True):
                part.optimiser.apply(found, part.variables)
            if self.averages:
                self._follow()
            metrics = self.task.metrics(targets, outputs)
            return {"loss": loss, **{name: tf.reduce_mean(values) for name, values in metrics.items()}}

        return step

    def _validation_of(self, model: keras.Model) -> Callable[..., dict[str, Any]]:
        """The sums over a batch, by the whole network or its head."""

        def step(inputs: Any, targets: Any) -> dict[str, Any]:
            images, *widths = inputs
            images = tf.cast(images, tf.float32)
            outputs = model([images, *widths] if widths else images, training=False)
            sums = {"loss": tf.reduce_sum(self.task.loss(targets, outputs, 0.0))}
            for name, values in self.task.metrics(targets, outputs).items():
                sums[name] = tf.reduce_sum(values)
            return sums

        return step


def _parts(model: keras.Model, options: TrainingOptions, fine_tuning: FineTuning | None) -> list[_Part]:
    """The layers that learn from the start, and those that join in, if there are any.

    Raises:
        UserError: the training would end before they do.
    """
    if fine_tuning is not None and fine_tuning.after >= options.epochs:
        raise UserError(
            N_("The training ends before fine-tuning begins, which is after epoch {epoch}."),
            N_("Choose more epochs, or fewer before fine-tuning (head_epochs)."),
            epoch=fine_tuning.after,
        )
    names = fine_tuning.layers if fine_tuning else frozenset()
    late = [variable for layer in model.layers if layer.name in names for variable in layer.trainable_variables]
    ids = {id(variable) for variable in late}
    parts = [_Part([v for v in model.trainable_variables if id(v) not in ids], make_optimiser(options), 1.0)]
    if fine_tuning is not None:
        kind = options.model_copy(update={"weight_decay": 0.0})  # what came trained is not drawn to zero
        parts.append(_Part(late, make_optimiser(kind, "backbone_optimiser"), fine_tuning.rate))
    for part in parts:
        part.optimiser.build(part.variables)
    return parts
