"""The one decoder of the program: a file to oriented 8-bit RGB pixels, or an ``ImageError`` with the reason.

Safe to call from several threads at once. What a file must be, and how its mode becomes RGB, is said in ``reading``
and ``convert``; this module is what the rest of the program imports.
"""

import os
from dataclasses import dataclass

import numpy as np
from PIL import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from imgmine_gui.core.images.convert import Pixels, Size, write_rgb
from imgmine_gui.core.images.formats import MAGIC_BYTES, SUFFIXES, looks_like_image
from imgmine_gui.core.images.frames import count_frames
from imgmine_gui.core.images.orientation import as_stored, read_orientation, swaps_sides
from imgmine_gui.core.images.pages import with_page
from imgmine_gui.core.images.problems import PROBLEM_TITLES, ImageError, ImageProblem
from imgmine_gui.core.images.reading import (
    HEADER_LIMIT,
    PIXEL_LIMIT,
    HeaderReader,
    forget_frames,
    open_regular,
    opened_image,
    opened_page,
)
from imgmine_gui.core.images.truncation import is_cut_short

__all__ = [
    "HEADER_LIMIT",
    "MAGIC_BYTES",
    "PIXEL_LIMIT",
    "PROBLEM_TITLES",
    "SUFFIXES",
    "DecodedImage",
    "ImageError",
    "ImageInfo",
    "ImageProblem",
    "Pixels",
    "Size",
    "decode_rgb",
    "inspect_image",
    "inspect_pages",
    "looks_like_image",
]


PAGED = {"TIFF", "DICOM"}
"""The formats whose pictures are images of their own; elsewhere they are frames of an animation, or previews."""


@dataclass(frozen=True)
class ImageInfo:
    """What the header of an image says.

    Attributes:
        width: in pixels, after the orientation is applied.
        height: in pixels, after the orientation is applied.
        format: a name in ``formats.READERS`` or ``optional.OPTIONAL_READERS``.
        mode: Pillow's name of the pixel format, before conversion.
        orientation: 1 to 8, of EXIF; already contained in width and height.
        frames: how many pictures the file holds.
        pages: how many of them are images of their own (of a TIFF, of a DICOM), named by ``pages.with_page``; of an
            animation only the first picture is used, and this is 1.
    """

    width: int
    height: int
    format: str
    mode: str
    orientation: int
    frames: int
    pages: int = 1


@dataclass(frozen=True)
class DecodedImage:
    """Pixels, oriented, and how large the image is at full size.

    Attributes:
        pixels: uint8 (height, width, 3); halved once, twice or thrice (rounding up) where the caller asked for less.
        full_size: width and height of the oriented original.
    """

    pixels: Pixels
    full_size: Size


def inspect_image(path: str | os.PathLike[str]) -> ImageInfo:
    """Read the header of an image, without decoding it.

    Args:
        path: a regular file, or a link to one; or a page, ``FILE#page=N``.

    Raises:
        ImageError: the file cannot be opened as an image. Damage behind the header is found only by ``decode_rgb``.
    """
    try:
        return _inspect(os.fspath(path))
    except ImageError as error:
        forget_frames(error)
        raise


def inspect_pages(path: str | os.PathLike[str]) -> list[ImageInfo | ImageError]:
    """Read the headers of all pages of a file; an error in place of a page that cannot be used.

    Raises:
        ImageError: the first page cannot be opened.
    """
    name = os.fspath(path)
    try:
        first = _inspect(name)
    except ImageError as error:
        forget_frames(error)
        raise
    found: list[ImageInfo | ImageError] = [first]
    if first.format == "DICOM":
        found *= first.pages  # which are all alike
    elif first.pages > 1:
        with open_regular(name) as file:
            file.headers_only()
            found.extend(_inspect_page(file, with_page(name, page), page) for page in range(2, first.pages + 1))
    return found


def decode_rgb(path: str | os.PathLike[str], at_least: Size | None = None) -> DecodedImage:
    """Decode an image to oriented 8-bit RGB: the first picture of a file, or a page of it.

    Args:
        path: a regular file, or a link to one; or a page, ``FILE#page=N``.
        at_least: width and height, oriented, that are enough. An image at least twice as large on both sides may be
            returned at a half, a quarter or an eighth of its size, never smaller than this; a JPEG is then decoded
            in a fraction of the time.

    Raises:
        ImageError: with the reason. An image that is cut short is one: there are no half images.

    Example:
        >>> decode_rgb("leaf_4000x3000.jpg", at_least=(224, 224)).pixels.shape
        (375, 500, 3)
    """
    try:
        return _decode(os.fspath(path), at_least)
    except ImageError as error:
        forget_frames(error)
        raise


def _inspect(name: str) -> ImageInfo:
    with opened_image(name) as (image, file):
        return _info(image, file)


def _inspect_page(file: HeaderReader, location: str, page: int) -> ImageInfo | ImageError:
    try:
        with opened_page(file, location, page) as image:
            return _info(image, file)
    except ImageError as error:
        forget_frames(error)
        return error


def _info(image: ImageFile.ImageFile, file: HeaderReader) -> ImageInfo:
    orientation = read_orientation(image)
    width, height = _oriented_size(image, orientation)
    frames = count_frames(image, file)
    pages = frames if image.format in PAGED else 1
    return ImageInfo(width, height, image.format or "", image.mode, orientation, frames, pages)


def _decode(name: str, at_least: Size | None) -> DecodedImage:
    with opened_image(name) as (image, file):
        orientation = read_orientation(image)
        full_size = _oriented_size(image, orientation)
        reduction = _reduction(full_size, at_least, orientation)
        if reduction > 1 and isinstance(image, JpegImageFile):
            image.draft(None, (image.width // reduction, image.height // reduction))
            image.load()
            remaining = 1
        else:
            image.load()
            remaining = reduction
        # The decoder takes anything for a JPEG's pixels, also the zeros that an interrupted copy leaves.
        if image.format == "JPEG" and is_cut_short(file, "JPEG"):
            raise ImageError(ImageProblem.TRUNCATED, name)
        if image.format == "TIFF":
            orientation = 1  # Pillow has applied it while loading
        pixels = np.empty((-(-full_size[1] // reduction), -(-full_size[0] // reduction), 3), np.uint8)
        write_rgb(image, remaining, as_stored(pixels, orientation))
        return DecodedImage(pixels, full_size)


def _oriented_size(image: ImageFile.ImageFile, orientation: int) -> Size:
    # Pillow gives the oriented size of a TIFF, the stored size of everything else. It looks at the TIFF's own tag
    # only, though, and later also applies an orientation that it finds in the XMP metadata.
    swapped = image.format == "TIFF" and getattr(image, "tag_v2", {}).get(0x0112) in {5, 6, 7, 8}
    if swaps_sides(orientation) != swapped:
        return image.height, image.width
    return image.width, image.height


def _reduction(full_size: Size, at_least: Size | None, orientation: int) -> int:
    """By how much the sides may be divided: 8, 4, 2 or 1."""
    if at_least is None:
        return 1
    width, height = full_size
    for factor in (8, 4, 2):
        # The last row or column of squares may reach over the edge. If it were flipped to the front, every other
        # pixel would be moved by the part that reaches over: then only a factor without remainder will do.
        moves = orientation != 1 and (width % factor or height % factor)
        if width // factor >= at_least[0] and height // factor >= at_least[1] and not moves:
            return factor
    return 1
