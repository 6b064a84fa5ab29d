"""How an image file becomes the numbers that a network reads; kept with every model."""

import numpy as np
import numpy.typing as npt
from pydantic import Field

from imgmine_gui.core.choice import Choice
from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.images.geometry import Geometry, ResizeMode
from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_


class Resizing(Choice):
    """What is done with an image whose shape is not the network's."""

    STRETCH = "stretch", N_("Stretch to fill")
    FIT = "fit", N_("Fit, with a border")
    CROP = "crop", N_("Fill, cut the edges off")


class Colour(Choice):
    """The channels that the network sees."""

    RGB = "rgb", N_("Full colour")
    GREY = "grey", N_("Greyscale")


class Normalisation(Choice):
    """How pixel values 0..255 are scaled inside the network."""

    UNIT = "unit", N_("0 to 1")
    SYMMETRIC = "symmetric", N_("-1 to 1")
    DATASET = "dataset", N_("By mean and spread of the training images")
    IMAGE = "image", N_("By mean and spread of each image")

    @property
    def of_a_pixel(self) -> bool:
        """Whether the value of a pixel alone decides what becomes of it."""
        return self in (Normalisation.UNIT, Normalisation.SYMMETRIC)


class Preprocessing(Options):
    """Size, shape, channels and scaling of what the network reads."""

    width: int = Field(
        224, ge=16, le=2048, title=N_("Width"), description=N_("Width of the image that the network sees."),
        json_schema_extra={"unit": N_("px")},
    )  # fmt: skip
    height: int = Field(
        224, ge=16, le=2048, title=N_("Height"), description=N_("Height of the image that the network sees."),
        json_schema_extra={"unit": N_("px")},
    )  # fmt: skip
    resizing: Resizing = Field(
        Resizing.STRETCH,
        title=N_("Resizing"),
        description=N_("What is done with an image whose shape is not that of the network's input."),
    )
    colour: Colour = Field(
        Colour.RGB,
        title=N_("Colour"),
        description=N_("Greyscale trains a little faster, and helps where colour says nothing about the class."),
    )
    normalisation: Normalisation = Field(
        Normalisation.SYMMETRIC,
        title=N_("Normalisation"),
        description=N_("The range that pixel values are brought to before the first layer."),
        json_schema_extra={"advanced": True},
    )

    @property
    def channels(self) -> int:
        """How many numbers a pixel has."""
        return 1 if self.colour is Colour.GREY else 3


def load_sample(path: str, preprocessing: Preprocessing) -> tuple[npt.NDArray[np.uint8], Geometry]:
    """Read one image as the network sees it, before normalisation.

    Returns:
        uint8 pixels (height, width, channels), and the geometry that leads from the pixels of the (oriented)
        original to these and back.

    Raises:
        ImageError: the file cannot be read as an image.
    """
    target = (preprocessing.width, preprocessing.height)
    decoded = decode_rgb(path, at_least=target)
    geometry = Geometry.plan(decoded.full_size, target, ResizeMode(preprocessing.resizing.value))
    pixels = geometry.apply(decoded.pixels)
    return (to_grey(pixels) if preprocessing.colour is Colour.GREY else pixels), geometry


def to_grey(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Luma of uint8 RGB (h, w, 3) by ITU-R BT.601, as (h, w, 1) uint8; exact for pixels that are grey already."""
    red, green, blue = (pixels[..., channel].astype(np.uint32) for channel in range(3))
    luma = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
    return luma.astype(np.uint8)[..., np.newaxis]
