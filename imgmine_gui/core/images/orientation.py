"""How a camera was held: EXIF orientation, as views of arrays."""

from PIL import Image, ImageFile

from imgmine_gui.core.images.convert import Pixels

_TAG = 0x0112


def read_orientation(image: ImageFile.ImageFile) -> int:
    """The orientation 1 to 8 that the header of ``image`` gives; 1 where it gives none, or none that can be read."""
    try:
        # The general method on purpose: that of PNG images decodes the whole image in order to find an orientation
        # behind the pixels, which no browser honours either.
        value = Image.Image.getexif(image).get(_TAG)
    except Exception:
        # Damaged metadata raises nearly anything (see reading.py) and is no reason to refuse the pixels.
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def swaps_sides(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation >= 5


def as_stored(oriented: Pixels, orientation: int) -> Pixels:
    """A view of ``oriented`` with the rows and columns as the file stores them: what is written to it is oriented.

    Args:
        oriented: uint8 (h, w, 3).
        orientation: 1 to 8, as EXIF 2.3 defines it.
    """
    flipped = {
        1: oriented,
        2: oriented[:, ::-1],
        3: oriented[::-1, ::-1],
        4: oriented[::-1],
        5: oriented,
        6: oriented[:, ::-1],
        7: oriented[::-1, ::-1],
        8: oriented[::-1],
    }[orientation]
    return flipped.swapaxes(0, 1) if swaps_sides(orientation) else flipped
