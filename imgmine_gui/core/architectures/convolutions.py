"""The convolution stack that the three families share: blocks of convolution, ReLU and 2x2 pooling."""

from typing import Annotated, Any

from pydantic import Field

from imgmine_gui.core.choice import Choice
from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_

SMALLEST_POOLED = 7
"""A block does not pool a map that would become smaller than this, so that small images keep a map to look at."""

LEAST_ROWS = 2
"""Rows that a line keeps: above and below the middle are told apart."""

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
        x = _convolution(x, number, width, options)
        if number <= options.poolings and min(x.shape[1:3]) >= 2 * SMALLEST_POOLED:
            x = _pooling(x, number, (2, 2), options)
    return layers.Identity(name="feature_map")(x)


def line_stack(images: Any, widths: Any, options: ConvolutionOptions, width_poolings: int) -> Any:
    """The same blocks for images of one height and any width.

    The height is halved by ``options.poolings`` blocks as long as two rows are left, the width by the first
    ``width_poolings`` of them: a narrow letter needs columns of its own.

    Args:
        images: (batch, height, width, channels), the width a multiple of 2^width_poolings.
        widths: int32 (batch,), pixels of each image; what lies right of them is as if it were not there.

    Returns:
        The feature map, (batch, h, width / 2^width_poolings, widths[-1]); its layer is called ``feature_map``.
    """
    from keras import layers

    from imgmine_gui.core.layers.columns import WithinWidth

    halved = 0
    x = WithinWidth(halved, name="within_0")([images, widths])
    for number, width in enumerate(options.widths, start=1):
        x = _convolution(x, number, width, options)
        rows, columns = (2 if number <= options.poolings and x.shape[1] >= 2 * LEAST_ROWS else 1,
                         2 if number <= width_poolings else 1)  # fmt: skip
        if rows * columns > 1:
            x = _pooling(x, number, (rows, columns), options)
        halved += columns == 2
        x = WithinWidth(halved, name=f"within_{number}")([x, widths])
    return layers.Identity(name="feature_map")(x)


def _convolution(x: Any, number: int, width: int, options: ConvolutionOptions) -> Any:
    """Convolution with same padding, batch normalisation where wanted, ReLU."""
    from keras import layers

    from imgmine_gui.core.layers.batch_norm import FusedBatchNormalisation

    normalised = options.batch_normalisation
    x = layers.Conv2D(width, options.kernel, padding="same", use_bias=not normalised,
                      kernel_initializer="he_normal", name=f"conv_{number}")(x)  # fmt: skip
    if normalised:
        x = FusedBatchNormalisation(momentum=BATCH_NORM_MOMENTUM, name=f"norm_{number}")(x)
    return layers.ReLU(name=f"relu_{number}")(x)


def _pooling(x: Any, number: int, size: tuple[int, int], options: ConvolutionOptions) -> Any:
    from keras import layers

    kind = layers.MaxPooling2D if options.pooling is Pooling.MAX else layers.AveragePooling2D
    return kind(size, name=f"pool_{number}")(x)
