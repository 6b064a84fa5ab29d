"""Scaling of pixel values by the statistics of each image."""

from typing import Any

import keras


class ImageStandardisation(keras.layers.Layer):  # type: ignore[misc]
    """(x - mean) / deviation over all pixels and channels of each image; the deviation is at least 1/sqrt(pixels).

    The lower bound, that of ``tf.image.per_image_standardization``, keeps an image of one colour finite.
    Input and output (batch, height, width, channels).
    """

    def call(self, inputs: Any) -> Any:
        """Standardise each image."""
        x = keras.ops.cast(inputs, "float32")
        pixels = float(x.shape[1] * x.shape[2] * x.shape[3])
        mean = keras.ops.mean(x, axis=(1, 2, 3), keepdims=True)
        deviation = keras.ops.std(x, axis=(1, 2, 3), keepdims=True)
        return keras.ops.cast((x - mean) / keras.ops.maximum(deviation, pixels**-0.5), self.compute_dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """As the input."""
        return input_shape
