"""Transfer learning with attention: the map of a pretrained backbone, pooled by weights that are shown."""

from typing import Any

from pydantic import Field

from imgmine_gui.core.architectures.attention_pooling import AttentionPoolingOptions, attention_pooling
from imgmine_gui.core.architectures.base import ARCHITECTURES, Features
from imgmine_gui.core.architectures.pretrained import PretrainedArchitecture, PretrainedOptions
from imgmine_gui.core.text import N_


class TransferAttentionOptions(AttentionPoolingOptions, PretrainedOptions):
    """Options of the network."""

    dropout: float = Field(
        0.5, ge=0, le=0.9, title=N_("Dropout"),
        description=N_("Part of the features that is left out at random while training, against learning by heart."),
    )  # fmt: skip


@ARCHITECTURES.register("transfer_attention")
class TransferAttention(PretrainedArchitecture):
    """Attention pooling over the feature map, 7 x 7 for an image of 224 x 224; the weights are an output."""

    name = "transfer_attention"
    title = N_("Transfer with attention")
    summary = N_("Transfer that learns where to look: the heatmap is the network's own weights.")
    diagram = (N_("Image"), N_("Pretrained"), N_("Weights"), N_("Weighted sum"), N_("Class"))
    options_type = TransferAttentionOptions
    explainer = "attention"
    pooled = False

    def head(self, features: Any, options: TransferAttentionOptions) -> Features:
        """(batch, heads * channels) and the weights (batch, heads, h, w), float32, which sum to 1 a head."""
        pooled, attention = attention_pooling(features, options, even=True)
        return Features(pooled, feature_layer="feature_map", attention=attention)
