"""Print a line of text as an old book would show it: drawn with a font, then worn, as an image in grey.

Sizes are in pixels, ink is from 0 (paper) to 1 (fully inked), grey from 0 (black) to 255 (white).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Floats = NDArray[np.float64]
Random = np.random.Generator
Font = ImageFont.FreeTypeFont

HEIGHTS = (34, 46)
"""Least and greatest height of an image."""
LETTER_PART = (0.60, 0.72)
"""Part of the height from the top of a d to the foot of a p."""
SCALE = 2
"""Lines are drawn so many times as large and made smaller once they are turned and inked."""
STEEPEST = 0.8
"""Greatest angle in degrees by which a line is turned."""
DRIFT = 0.13
"""Greatest rise from the line's middle to its end, as a part of the height: a long line is turned less."""
PAPER = (185.0, 250.0)
INK = (15.0, 105.0)
QUALITY = (40, 80)
"""Of the JPEG files."""


@dataclass(frozen=True)
class Face:
    """An upright font and its italics, as FreeType opens them."""

    roman: Font
    italic: Font

    def scaled(self, letters: float) -> "Face":
        """The size in which it is ``letters`` pixels from the top of a d to the foot of a p."""
        _, top, _, bottom = self.roman.getbbox("dp", anchor="ls")
        size = self.roman.size * letters / (bottom - top)
        return Face(self.roman.font_variant(size=size), self.italic.font_variant(size=size))


@dataclass(frozen=True)
class Line:
    """What is printed: `italic` says of each character of `text` whether it is."""

    text: str
    italic: Sequence[bool]

    def runs(self) -> list[tuple[str, bool]]:
        """Pieces of the text that are wholly upright or wholly italic, with which of them they are."""
        pairs = zip(self.text, self.italic, strict=True)
        return [("".join(one for one, _ in part), italic) for italic, part in groupby(pairs, lambda pair: pair[1])]


def print_line(line: Line, face: Face, random: Random) -> bytes:
    """Draw a line and wear it; return a JPEG file in 8-bit grey."""
    height = int(random.integers(HEIGHTS[0], HEIGHTS[1] + 1))
    wear = float(random.uniform(0.1, 1.0))
    letters = height * SCALE * float(random.uniform(*LETTER_PART))
    mask = _draw(line, face.scaled(letters), height * SCALE, random)
    ink = _shrink(_ink(_turn(mask, random), wear, random))
    grey = _press(ink, wear, random)
    file = BytesIO()
    grey.save(file, "JPEG", quality=int(random.integers(QUALITY[0], QUALITY[1] + 1)), optimize=True)
    return file.getvalue()


def _draw(line: Line, face: Face, height: int, random: Random) -> Image.Image:
    """White text on black with margins; its baseline lies where letters with and without tails are in the middle."""
    fonts = [(text, face.italic if italic else face.roman) for text, italic in line.runs()]
    before, after = (float(part) * height for part in random.uniform(0.2, 0.6, size=2))
    _, top, _, bottom = face.roman.getbbox("dp", anchor="ls")
    baseline = (height - top - bottom) / 2 + height * float(random.uniform(-0.03, 0.03))
    width = before + sum(font.getlength(text) for text, font in fonts) + after
    image = Image.new("L", (-(-round(width) // SCALE) * SCALE, height))
    pen, x = ImageDraw.Draw(image), before
    for text, font in fonts:
        pen.text((x, baseline), text, fill=255, font=font, anchor="ls")
        x += font.getlength(text)
    return image


def _turn(mask: Image.Image, random: Random) -> Image.Image:
    steepest = min(STEEPEST, float(np.degrees(np.arctan(DRIFT * mask.height / (mask.width / 2)))))
    return mask.rotate(float(random.uniform(-steepest, steepest)), Image.Resampling.BICUBIC)


def _ink(mask: Image.Image, wear: float, random: Random) -> Floats:
    """Ink that has run or failed: letters swell and thin from place to place, and are paler here and there."""
    soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(SCALE * 0.5)), np.float64) / 255
    edge = random.uniform(0.36, 0.52) + 0.07 * wear * _clouds(mask, 0.5, random)
    ink = 1 / (1 + np.exp(np.clip((edge - soft) / 0.09, -50, 50)))
    pale = np.clip(_clouds(mask, 0.35, random) - 0.4, 0, 1.5)
    return np.asarray(ink * (1 - 0.4 * wear * pale))


def _shrink(ink: Floats) -> Floats:
    height, width = ink.shape
    return np.asarray(ink.reshape(height // SCALE, SCALE, width // SCALE, SCALE).mean((1, 3)))


def _press(ink: Floats, wear: float, random: Random) -> Image.Image:
    """Ink on shaded and stained paper, out of focus and under the noise of a camera."""
    size = Image.new("L", ink.shape[::-1])
    paper = float(random.uniform(*PAPER)) + 8 * wear * _clouds(size, 2.0, random)
    for _ in range(int(random.poisson(0.7 * wear))):
        paper -= _spot(size, random.uniform(0.3, 1.5), random) * random.uniform(10, 55)
    for _ in range(int(random.poisson(2.5 * wear))):
        paper -= _spot(size, random.uniform(0.015, 0.04), random) * random.uniform(60, 160)
    black = float(random.uniform(*INK))
    grey = paper + (np.minimum(black, paper) - paper) * ink
    blurred = _image(grey).filter(ImageFilter.GaussianBlur(float(random.uniform(0.0, 0.35 + 0.55 * wear))))
    return _image(np.asarray(blurred, np.float64) + random.normal(0, 1 + 6 * wear, ink.shape))


def _spot(image: Image.Image, radius: float, random: Random) -> Floats:
    """1 in the middle of a round spot at a random place, falling to 0; `radius` is a part of the height."""
    x, y = random.uniform(0, image.width), random.uniform(0, image.height)
    columns, rows = np.arange(image.width), np.arange(image.height)[:, None]
    return np.asarray(np.exp(-(((columns - x) ** 2 + (rows - y) ** 2) / (radius * image.height) ** 2)))


def _clouds(image: Image.Image, cell: float, random: Random) -> Floats:
    """A smooth field of the image's size about 0, mostly within 1; it changes over `cell` heights."""
    side = cell * image.height
    shape = (int(image.height / side) + 3, int(image.width / side) + 3)
    grid = Image.fromarray(random.normal(size=shape).astype(np.float32))
    box = (1.0, 1.0, 1 + image.width / side, 1 + image.height / side)
    return np.asarray(grid.resize(image.size, Image.Resampling.BICUBIC, box=box), np.float64)


def _image(grey: Floats) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(grey), 0, 255).astype(np.uint8))
