"""The compiled functions of a training: one step, and one batch of validation."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from imgmine_gui.core.data.augmentation import augment
from imgmine_gui.core.tasks.base import Task
from imgmine_gui.core.training.config import OptimiserName, TrainConfig, TrainingOptions

MOMENTUM = 0.9
NOT_DECAYED = ["bias", "gamma", "beta"]
"""Variables that weight decay leaves alone: shrinking an offset or a scale regularises nothing."""
LONGEST_AVERAGE = 0.999
"""Decay of the averaged weights at most: about a thousand steps."""


def make_optimiser(options: TrainingOptions) -> keras.optimizers.Optimizer:
    """The optimiser, its weight decay on kernels only."""
    rate, decay = options.learning_rate, options.weight_decay or None
    if options.optimiser is OptimiserName.ADAM:
        return keras.optimizers.Adam(rate, name="optimiser")
    if options.optimiser is OptimiserName.ADAMW:
        optimiser = keras.optimizers.AdamW(rate, weight_decay=options.weight_decay, name="optimiser")
    else:
        optimiser = keras.optimizers.SGD(rate, MOMENTUM, nesterov=True, weight_decay=decay, name="optimiser")
    optimiser.exclude_from_weight_decay(var_names=NOT_DECAYED)
    return optimiser


class Steps:
    """Training and validation of one network, a batch at a time.

    Args:
        model: the network.
        task: gives loss and metrics.
        config: augmentation, optimiser, smoothing.
        targets_shape: of one image's target, () for a class.

    Attributes:
        averages: exponential moving averages of the trainable variables; empty where the options want none.
    """

    def __init__(self, model: keras.Model, task: Task, config: TrainConfig, targets_shape: tuple[int, ...]) -> None:
        self.model, self.task, self.config = model, task, config
        self.optimiser = make_optimiser(config.training)
        self.optimiser.build(model.trainable_variables)
        self.averages = self._start_averages() if config.training.average_weights else []
        images = tf.TensorSpec((None, *model.input_shape[1:]), tf.uint8)
        targets = tf.TensorSpec((None, *targets_shape), tf.int32)
        weights, seed = tf.TensorSpec((None,), tf.float32), tf.TensorSpec((2,), tf.int32)
        self._train = tf.function(self._train_step, input_signature=[images, targets, weights, seed])
        self._validate = tf.function(self._validation_step, input_signature=[images, targets])

    def train(
        self, pixels: npt.NDArray[np.uint8], targets: npt.NDArray[np.int32], weights: npt.NDArray[np.float32],
        rate: float, number: int,
    ) -> dict[str, float]:  # fmt: skip
        """Change the weights once.

        Args:
            pixels: (n, height, width, channels).
            targets, weights: (n, ...) and (n,).
            rate: learning rate of this step.
            number: of the step since the start of the training; with the run's seed it decides the augmentation.

        Returns:
            The means of loss and metrics over the batch.
        """
        self.optimiser.learning_rate.assign(rate)
        seed = np.array([self.config.training.seed, number], np.int32)
        means: Mapping[str, Any] = self._train(pixels, targets, weights, seed)
        return {name: float(value) for name, value in means.items()}

    def validate(self, pixels: npt.NDArray[np.uint8], targets: npt.NDArray[np.int32]) -> dict[str, float]:
        """The sums of loss and metrics over the batch, without smoothing and augmentation."""
        sums: Mapping[str, Any] = self._validate(pixels, targets)
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

    def _train_step(self, pixels: Any, targets: Any, weights: Any, seed: Any) -> dict[str, Any]:
        images = augment(tf.cast(pixels, tf.float32), self.config.augmentation, seed)
        with tf.GradientTape() as tape:
            outputs = self.model(images, training=True)
            losses = self.task.loss(targets, outputs, self.config.training.label_smoothing)
            loss = tf.reduce_sum(losses * weights) / tf.reduce_sum(weights)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimiser.apply(gradients, self.model.trainable_variables)
        if self.averages:
            self._follow()
        metrics = self.task.metrics(targets, outputs)
        return {"loss": loss, **{name: tf.reduce_mean(values) for name, values in metrics.items()}}

    def _validation_step(self, pixels: Any, targets: Any) -> dict[str, Any]:
        outputs = self.model(tf.cast(pixels, tf.float32), training=False)
        sums = {"loss": tf.reduce_sum(self.task.loss(targets, outputs, 0.0))}
        for name, values in self.task.metrics(targets, outputs).items():
            sums[name] = tf.reduce_sum(values)
        return sums
