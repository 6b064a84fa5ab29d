"""How many pictures a file holds, without decoding any of them."""

import os
import struct
from typing import BinaryIO

from PIL import ImageFile

from imgmine_gui.core.images.pages import PAGE_LIMIT, tiff_pages

FRAME_LIMIT = PAGE_LIMIT
"""Counting ends here: a hostile file may hold millions of tiny pictures, or claim to."""


def count_frames(image: ImageFile.ImageFile, file: BinaryIO) -> int:
    """The number of pictures (frames of an animation, pages of a TIFF), at least 1 and at most ``FRAME_LIMIT``.

    Args:
        image: opened, not decoded.
        file: where it was read from; its position is changed.
    """
    # Pillow counts the frames of GIF and TIFF by reading each, and remembers those of the others from the header.
    counters = {"GIF": _gif_frames, "TIFF": _tiff_frames}
    counter = counters.get(image.format or "")
    if counter is None:
        frames = int(getattr(image, "n_frames", 1))
    else:
        try:
            frames = counter(file)
        except (struct.error, IndexError):
            frames = 1  # cut short within the first picture; decoding will tell
    return min(max(frames, 1), FRAME_LIMIT)


def _gif_frames(file: BinaryIO) -> int:
    """GIF89a specification, section 17 and following: blocks, each a chain of sub-blocks."""
    file.seek(10)
    flags = file.read(1)[0]
    file.seek(13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0))
    frames = 0
    while frames < FRAME_LIMIT:
        kind = file.read(1)
        if kind == b"!":
            file.read(1)
        elif kind == b",":
            flags = file.read(9)[8]
            file.seek((3 << (flags & 7) + 1 if flags & 0x80 else 0) + 1, os.SEEK_CUR)
            frames += 1
        else:  # the trailer, the end of the file, or damage
            break
        while (length := file.read(1)) not in {b"", b"\0"}:
            file.seek(length[0], os.SEEK_CUR)
    return frames


def _tiff_frames(file: BinaryIO) -> int:
    known: list[int] = getattr(file, "directories", [])  # of a file that was turned to a page
    return len(known or tiff_pages(file))
