"""Position as two more features: where in the map a position lies."""

from typing import Any

import keras
import numpy as np


class PositionChannels(keras.layers.Layer):  # type: ignore[misc]
    """Append the coordinates of each position of a map to its features (Liu et al. 2018, "CoordConv").

    Args:
        height, width: of the map whose positions, in rows, are the sequence.

    Input (batch, height * width, features); output (batch, height * width, features + 2), the last two being x and y
    from -1 at the left and top edge to 1 at the right and bottom.
    """

    def __init__(self, height: int, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.height, self.width = height, width
        rows, columns = np.meshgrid(_centres(height), _centres(width), indexing="ij")
        self._coordinates = np.stack([columns, rows], axis=-1).reshape(1, height * width, 2).astype(np.float32)

    def call(self, inputs: Any) -> Any:
        """Append the coordinates."""
        batch = keras.ops.shape(inputs)[0]
        coordinates = keras.ops.cast(keras.ops.convert_to_tensor(self._coordinates), inputs.dtype)
        return keras.ops.concatenate([inputs, keras.ops.tile(coordinates, (batch, 1, 1))], axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """(batch, positions, features + 2)."""
        features = input_shape[-1]
        return (*input_shape[:-1], None if features is None else features + 2)

    def get_config(self) -> dict[str, Any]:
        """What makes the layer again."""
        return {**super().get_config(), "height": self.height, "width": self.width}


def _centres(count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Centres of ``count`` equal cells of -1..1."""
    return (np.arange(count) + 0.5) / count * 2 - 1
