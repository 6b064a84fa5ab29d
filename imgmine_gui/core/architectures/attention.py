"""Attention: a_i = exp(s(x_i)) / sum_j exp(s(x_j)) over the positions of the feature map, pooled to sum_i a_i x_i."""

from typing import Any

from pydantic import Field

from imgmine_gui.core.architectures.attention_pooling import AttentionPoolingOptions, attention_pooling
from imgmine_gui.core.architectures.base import ARCHITECTURES, Architecture, Features, Produces
from imgmine_gui.core.architectures.convolutions import ConvolutionOptions, convolution_stack
from imgmine_gui.core.text import N_


class AttentionOptions(AttentionPoolingOptions, ConvolutionOptions):
    """Options of the attention network."""

    poolings: int = Field(
        3, ge=0, le=12, title=N_("Poolings"),
        description=N_("How many blocks halve the map. Fewer give a finer heatmap and a slower training."),
    )  # fmt: skip
    dense: int = Field(
        128, ge=0, le=8192, title=N_("Dense layer"),
        description=N_("Units of the layer before the last; 0 leaves it out."),
    )  # fmt: skip


@ARCHITECTURES.register("attention")
class Attention(Architecture):
    """The convolution stack, pooled by attention weights that are an output of the network."""

    name = "attention"
    title = N_("Attention")
    summary = N_("Learns where to look: weighs every place of the image, and shows you the weights.")
    diagram = (N_("Image"), N_("Convolutions"), N_("Weights"), N_("Weighted sum"), N_("Class"))
    options_type = AttentionOptions
    produces = frozenset({Produces.VECTOR})
    explainer = "attention"

    def build(self, images: Any, options: AttentionOptions, produce: Produces) -> Features:
        """(batch, dense) and the weights (batch, heads, h, w), float32, which sum to 1 a head."""
        from keras import layers

        x, attention = attention_pooling(convolution_stack(images, options), options)
        if options.dense:
            x = layers.Dense(options.dense, activation="relu", kernel_initializer="he_normal", name="dense")(x)
        return Features(x, feature_layer="feature_map", attention=attention)
