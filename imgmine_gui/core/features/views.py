"""Changed copies of a training image, whose features are kept like those of the image itself."""

import json
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image
from pydantic import Field

from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_

Pixels = npt.NDArray[np.uint8]


class Views(Options):
    """How many changed copies of each training image are learned from beside it, and how they are changed."""

    copies: int = Field(
        0, ge=0, le=32, title=N_("Changed copies"),
        description=N_("Of each training image; each costs as much time and room as the image itself."),
    )  # fmt: skip
    flip_horizontal: bool = Field(
        True,
        title=N_("Mirror left and right"),
        description=N_("Right where a mirrored image is as likely as the original: plants, but not letters."),
    )
    crop: float = Field(
        0.2, ge=0, le=0.9, title=N_("Crop"), description=N_("At most this part of width and height is cut off.")
    )

    def names(self) -> list[str]:
        """Names of the views of an image: the image itself, which is "", and its copies."""
        how = json.dumps([self.flip_horizontal, self.crop])
        return ["", *(f"{number} {how}" for number in range(1, self.copies + 1))]

    def draw(self, key: str, pixels: Pixels) -> Iterator[Pixels]:
        """The copies of an image, in the order of ``names``, always the same for the same content.

        Args:
            key: of the image's content.
            pixels: uint8 (height, width, channels), which every copy has too.
        """
        for number in range(1, self.copies + 1):
            random = np.random.default_rng([number, *key.encode()])
            yield self._changed(pixels, random)

    def _changed(self, pixels: Pixels, random: np.random.Generator) -> Pixels:
        height, width = pixels.shape[:2]
        part = 1.0 - self.crop * random.random(2)
        left, top = (1.0 - part) * random.random(2)
        box = (left * width, top * height, (left + part[0]) * width, (top + part[1]) * height)
        image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
        changed = np.asarray(image.resize((width, height), Image.Resampling.BILINEAR, box=box)).reshape(pixels.shape)
        mirrored = self.flip_horizontal and random.random() < 0.5
        return np.ascontiguousarray(changed[:, ::-1] if mirrored else changed)
