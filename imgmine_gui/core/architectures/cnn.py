"""CNN: convolutions and pooling, one dense layer, softmax."""

from typing import Any

from pydantic import Field

from imgmine_gui.core.architectures.base import ARCHITECTURES, Architecture, Features, Produces
from imgmine_gui.core.architectures.convolutions import ConvolutionOptions, convolution_stack
from imgmine_gui.core.choice import Choice
from imgmine_gui.core.text import N_


class Summary(Choice):
    """How the feature map becomes one vector."""

    FLATTEN = "flatten", N_("Every position of its own")
    GLOBAL_AVERAGE = "global_average", N_("Average over the image")
    GLOBAL_MAX = "global_max", N_("Largest over the image")


class CnnOptions(ConvolutionOptions):
    """Options of the CNN."""

    summary: Summary = Field(
        Summary.FLATTEN,
        title=N_("Feature map"),
        description=N_("How the feature map becomes one vector: flat keeps the place of things, global forgets it."),
    )
    dense: int = Field(
        512, ge=0, le=8192, title=N_("Dense layer"),
        description=N_("Units of the layer before the last; 0 leaves it out."),
    )  # fmt: skip


@ARCHITECTURES.register("cnn")
class Cnn(Architecture):
    """Blocks of convolution, ReLU and pooling; the map as one vector; a dense layer."""

    name = "cnn"
    title = N_("CNN")
    summary = N_("The classic: looks for small patterns, then for patterns of patterns. A good first choice.")
    diagram = (N_("Image"), N_("Convolutions"), N_("Dense"), N_("Class"))
    options_type = CnnOptions
    produces = frozenset({Produces.VECTOR})
    explainer = "layer_cam"

    def build(self, images: Any, options: CnnOptions, produce: Produces) -> Features:
        """(batch, dense) from (batch, height, width, channels)."""
        from keras import layers

        feature_map = convolution_stack(images, options)
        summary = {
            Summary.FLATTEN: layers.Flatten,
            Summary.GLOBAL_AVERAGE: layers.GlobalAveragePooling2D,
            Summary.GLOBAL_MAX: layers.GlobalMaxPooling2D,
        }[options.summary]
        x = summary(name="summary")(feature_map)
        if options.dense:
            x = layers.Dense(options.dense, activation="relu", kernel_initializer="he_normal", name="dense")(x)
        return Features(x, feature_layer="feature_map")
