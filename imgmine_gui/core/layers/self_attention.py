"""Self-attention in parts, so that its weights are the output of a layer and can be looked at."""

from typing import Any

import keras


class AttentionWeights(keras.layers.Layer):  # type: ignore[misc]
    """softmax(q k^T / sqrt(d)) of each head (Vaswani et al. 2017).

    Args:
        heads: how many parts of d features queries and keys are cut into.

    Input queries and keys, both (batch, positions, heads * d); output (batch, heads, positions, positions), float32,
    whose last axis sums to 1.
    """

    def __init__(self, heads: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads = heads

    def call(self, inputs: Any) -> Any:
        """Weigh every position for every position."""
        queries, keys = (keras.ops.cast(_by_head(each, self.heads), "float32") for each in inputs)
        scores = keras.ops.einsum("bihd,bjhd->bhij", queries, keys) * queries.shape[-1] ** -0.5
        return keras.ops.softmax(scores, axis=-1)

    def compute_output_spec(self, inputs: Any) -> Any:
        """(batch, heads, positions, positions)."""
        batch, positions, _ = inputs[0].shape
        return keras.KerasTensor((batch, self.heads, positions, positions), dtype="float32")

    def get_config(self) -> dict[str, Any]:
        """What makes the layer again."""
        return {**super().get_config(), "heads": self.heads}


class AttentionMix(keras.layers.Layer):  # type: ignore[misc]
    """The values of all positions, mixed by the weights.

    Input weights (batch, heads, positions, positions) and values (batch, positions, heads * d); output as the values.
    """

    def call(self, inputs: Any) -> Any:
        """Mix each head's part of the values."""
        weights, values = inputs
        split = _by_head(values, weights.shape[1])
        mixed = keras.ops.einsum("bhij,bjhd->bihd", keras.ops.cast(weights, split.dtype), split)
        return keras.ops.reshape(mixed, (-1, *values.shape[1:]))

    def compute_output_spec(self, inputs: Any) -> Any:
        """As the values."""
        return keras.KerasTensor(inputs[1].shape, dtype=self.compute_dtype)


class LearnedPositions(keras.layers.Layer):  # type: ignore[misc]
    """Add a learned vector to each position (Dosovitskiy et al. 2021), to (batch, positions, features)."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the vectors."""
        initial = keras.initializers.RandomNormal(stddev=0.02)
        self.vectors = self.add_weight(name="vectors", shape=input_shape[1:], initializer=initial)

    def call(self, inputs: Any) -> Any:
        """Add the vectors."""
        return inputs + keras.ops.cast(self.vectors, inputs.dtype)


def _by_head(values: Any, heads: int) -> Any:
    """(batch, positions, heads, d)."""
    _, positions, features = values.shape
    return keras.ops.reshape(values, (-1, positions, heads, features // heads))
