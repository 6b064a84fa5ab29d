"""Layers for batches of images of different widths: what lies right of an image must not change what is read in it."""

from typing import Any

import keras
import tensorflow as tf


class WithinWidth(keras.layers.Layer):  # type: ignore[misc]
    """Sets to zero what a feature map holds right of each image, as if the image had been read alone.

    A convolution with zero padding then sees at the right edge of a narrow image what it would see had the batch ended
    there.

    Args:
        halvings: how often the width of the map was halved.

    Inputs: the map (batch, height, columns, channels), and the widths of the images in pixels, int32 (batch,).
    """

    def __init__(self, halvings: int, **options: Any) -> None:
        super().__init__(**options)
        self.halvings = halvings

    def call(self, inputs: tuple[Any, Any]) -> Any:
        """The map, zero from column ceil(width / 2^halvings) on."""
        x, widths = inputs
        inside = tf.sequence_mask(columns_of(widths, self.halvings), tf.shape(x)[2], dtype=x.dtype)
        return x * inside[:, None, :, None]

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        """That of the map."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """What rebuilds the layer."""
        return {**super().get_config(), "halvings": self.halvings}


class ReversedColumns(keras.layers.Layer):  # type: ignore[misc]
    """Turns the order of each image's own columns about; those right of it stay where they are.

    Inputs: a sequence (batch, columns, features), and how many columns each image has, int32 (batch,).
    """

    def call(self, inputs: tuple[Any, Any]) -> Any:
        """The sequence from each image's last column to its first."""
        x, columns = inputs
        return tf.reverse_sequence(x, columns, seq_axis=1, batch_axis=0)

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        """That of the sequence."""
        return input_shape[0]


class ColumnCount(keras.layers.Layer):  # type: ignore[misc]
    """From widths in pixels, int32 (batch,), to columns of a map whose width was halved ``halvings`` times."""

    def __init__(self, halvings: int, **options: Any) -> None:
        super().__init__(**{"dtype": "int32", **options})
        self.halvings = halvings

    def call(self, widths: Any) -> Any:
        """ceil(width / 2^halvings), int32 (batch,)."""
        return columns_of(widths, self.halvings)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """That of the widths."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """What rebuilds the layer."""
        return {**super().get_config(), "halvings": self.halvings}


def columns_of(widths: Any, halvings: int) -> Any:
    """ceil(width / 2^halvings) of an int32 tensor."""
    stride = 2**halvings
    return (tf.cast(widths, tf.int32) + stride - 1) // stride
