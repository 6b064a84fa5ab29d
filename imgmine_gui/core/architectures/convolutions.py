"""The convolution stack that the three families share: blocks of convolution, ReLU and 2x2 pooling."""

from typing import Annotated, Any

from pydantic import Field

from imgmine_gui.core.choice import Choice
from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_

SMALLEST_POOLED = 7
"""A block does not pool a map that would become smaller than this, so that small images keep a map to look at."""

BATCH_NORM_MOMENTUM = 0.9
"""With Keras's 0.99 the moving averages of a short training are still those of its first steps."""


class Pooling(Choice):
    """How four neighbours become one."""

    MAX = "max", N_("Largest")
    AVERAGE = "average", N_("Average")


class ConvolutionOptions(Options):
    """Options of the stack."""

    widths: tuple[Annotated[int, Field(ge=1, le=2048)], ...] = Field(
        (32, 64, 128, 128),
        min_length=1,
        max_length=12,
        title=N_("Widths"),
        description=N_("Channels of each block, from the first to the last; as many blocks as numbers."),
    )
    poolings: int = Field(
        4, ge=0, le=12, title=N_("Poolings"),
        description=N_("How many blocks halve the map. Fewer give a finer heatmap and a slower training."),
    )  # fmt: skip
    kernel: int = Field(
        3, ge=1, le=11, title=N_("Kernel"), description=N_("Width and height of each convolution, an odd number."),
        json_schema_extra={"unit": N_("px"), "advanced": True},
    )  # fmt: skip
    pooling: Pooling = Field(
        Pooling.MAX, title=N_("Pooling"), description=N_("How four neighbouring positions become one."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    batch_normalisation: bool = Field(
        False, title=N_("Batch normalisation"),
        description=N_("Keeps the values between the layers in range: fewer epochs, but slower ones."),
    )  # fmt: skip
    dropout: float = Field(
        0.3, ge=0, le=0.9, title=N_("Dropout"),
        description=N_("Part of the features that is left out at random while training, against learning by heart."),
    )  # fmt: skip


def convolution_stack(images: Any, options: ConvolutionOptions) -> Any:
    """Blocks of convolution (same padding), optional batch normalisation, ReLU and pooling.

    Args:
        images: (batch, height, width, channels).

    Returns:
        The feature map, (batch, h, w, widths[-1]); its layer is called ``feature_map``.
    """
    from keras import layers

    x = images
    for number, width in enumerate(options.widths, start=1):
        normalised = options.batch_normalisation
        x = layers.Conv2D(width, options.kernel, padding="same", use_bias=not normalised,
                          kernel_initializer="he_normal", name=f"conv_{number}")(x)  # fmt: skip
        if normalised:
            x = layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM, name=f"norm_{number}")(x)
        x = layers.ReLU(name=f"relu_{number}")(x)
        if number <= options.poolings and min(x.shape[1:3]) >= 2 * SMALLEST_POOLED:
            pool = layers.MaxPooling2D if options.pooling is Pooling.MAX else layers.AveragePooling2D
            x = pool(2, name=f"pool_{number}")(x)
    return layers.Identity(name="feature_map")(x)
