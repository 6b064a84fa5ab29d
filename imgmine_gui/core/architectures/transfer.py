"""Transfer learning: the mean of a pretrained backbone's features, then one or two layers of one's own."""

from types import MappingProxyType
from typing import Any

from pydantic import Field

from imgmine_gui.core.architectures.base import ARCHITECTURES, Features
from imgmine_gui.core.architectures.pretrained import PretrainedArchitecture, PretrainedOptions
from imgmine_gui.core.text import N_


class TransferOptions(PretrainedOptions):
    """Options of the network."""

    dense: int = Field(
        0, ge=0, le=8192, title=N_("Dense layer"),
        description=N_("Units of the layer before the last; 0 leaves it out."),
    )  # fmt: skip


@ARCHITECTURES.register("transfer")
class Transfer(PretrainedArchitecture):
    """Global average pooling over the feature map; a dense layer, if wanted."""

    name = "transfer"
    title = N_("Transfer")
    summary = N_("Has seen a million photos before yours: accurate with a few dozen images a class, in short time.")
    diagram = (N_("Image"), N_("Pretrained"), N_("Mean"), N_("Class"))
    options_type = TransferOptions
    suggested = MappingProxyType(
        {**PretrainedArchitecture.suggested, "optimiser": "adamw", "weight_decay": 1.0, "learning_rate": 0.003}
    )
    explainer = "hires_cam"
    pooled = True

    def head(self, features: Any, options: TransferOptions) -> Features:
        """(batch, channels), or (batch, dense)."""
        from keras import layers

        x = features
        if options.dense:
            x = layers.Dense(
                options.dense, activation="relu", kernel_initializer="he_normal", dtype="float32", name="dense"
            )(x)
        return Features(x, feature_layer="feature_map")
