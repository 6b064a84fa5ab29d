"""Attention pooling for all that weigh the positions of a map: a_i = softmax of s(x_i), pooled to sum_i a_i x_i."""

from typing import Any

from pydantic import Field

from imgmine_gui.core.choice import Choice
from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_


class ScoreActivation(Choice):
    """The non-linearity between the two layers of the score network."""

    TANH = "tanh", N_("tanh")
    RELU = "relu", N_("ReLU")
    GELU = "gelu", N_("GELU")


class AttentionPoolingOptions(Options):
    """Options of the pooling."""

    heads: int = Field(
        1, ge=1, le=16, title=N_("Heads"),
        description=N_("How many places at once the network may look at, each with weights of its own."),
    )  # fmt: skip
    score_width: int = Field(
        64, ge=1, le=1024, title=N_("Score width"),
        description=N_("Units of the small network that scores each position."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    score_activation: ScoreActivation = Field(
        ScoreActivation.TANH, title=N_("Score activation"),
        description=N_("Non-linearity of the small network that scores each position."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    gating: bool = Field(
        False, title=N_("Gating"),
        description=N_("Multiplies the scores' inner layer by a second, sigmoid one (Ilse et al. 2018)."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    temperature: float = Field(
        1.0, ge=0.05, le=20, title=N_("Temperature"),
        description=N_("Below 1 the weights gather on fewer places, above 1 they spread."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    position: bool = Field(
        False, title=N_("Position"),
        description=N_("Tells every position where in the image it lies."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip


def attention_pooling(feature_map: Any, options: AttentionPoolingOptions, even: bool = False) -> tuple[Any, Any]:
    """Pool a feature map (batch, h, w, channels).

    Args:
        even: whether all places count alike at first, until the network has a reason to prefer some; random weights
            are a reason that few images do not take back.

    Returns:
        The pooled features, float32 (batch, heads * channels), and the weights, float32 (batch, heads, h, w), which
        sum to 1 a head.
    """
    from keras import layers

    height, width, channels = feature_map.shape[1:]
    positions = layers.Reshape((height * width, channels), name="positions")(feature_map)
    weights = _weights(positions, (height, width), options, even)
    pooled = layers.Dot(axes=(1, 1), dtype="float32", name="weighted_sum")([weights, positions])
    by_head = layers.Permute((2, 1), dtype="float32", name="by_head")(weights)
    attention = layers.Reshape((options.heads, height, width), dtype="float32", name="attention")(by_head)
    return layers.Flatten(dtype="float32", name="summary")(pooled), attention


def _weights(positions: Any, size: tuple[int, int], options: AttentionPoolingOptions, even: bool) -> Any:
    """(batch, positions, heads): softmax over the positions of s(x_i) / temperature.

    s(x) = w tanh(V x + b) (Bahdanau et al. 2015), with gating w (tanh(V x + b) * sigmoid(U x + c)) (Ilse et al. 2018,
    "Attention-based deep multiple instance learning").
    """
    from keras import layers

    x = positions
    if options.position:
        from imgmine_gui.core.layers.position import PositionChannels

        x = PositionChannels(*size, name="position")(x)
    inner = layers.Dense(options.score_width, activation=options.score_activation.value, name="score_inner")(x)
    if options.gating:
        gate = layers.Dense(options.score_width, activation="sigmoid", name="score_gate")(x)
        inner = layers.Multiply(name="score_gated")([inner, gate])
    start = "zeros" if even else "glorot_uniform"
    scores = layers.Dense(options.heads, use_bias=False, kernel_initializer=start, dtype="float32", name="scores")(
        inner
    )
    if options.temperature != 1.0:
        scores = layers.Rescaling(1.0 / options.temperature, dtype="float32", name="temperature")(scores)
    return layers.Softmax(axis=1, dtype="float32", name="weights")(scores)
