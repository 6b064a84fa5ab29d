"""One pass over a file for all that a scan wants of it: the sizes of its images, and by what it is recognised again."""

import errno
import hashlib
import io
import os
import stat
from collections.abc import Callable

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.images.convert import Size
from imgmine_gui.core.images.decode import inspect_pages
from imgmine_gui.core.images.formats import MAGIC_BYTES, looks_like_image
from imgmine_gui.core.images.problems import ImageError
from imgmine_gui.core.images.quick_size import quick_size
from imgmine_gui.core.images.reading import OPEN_FLAGS, file_error

_BLOCK = 2**20

Found = tuple[str, list[Size | ImageError]]
"""The key of the content (see ``hashing.content_key``), and for each page its oriented size or why it has none."""


def read_whole(path: bytes, is_image: bool, cancelled: Callable[[], bool]) -> Found | None:
    """Read a file once; ``None`` if it is no image and was not said to be one.

    Args:
        path: of what was a regular file when a walk looked at it just now.
        is_image: whether it is one in any case, by its name or because a person said so; then a file that cannot be
            read is an error.
        cancelled: asked after every mebibyte whether to give up.

    Raises:
        ImageError: the file, or its first page, cannot be read.
        Cancelled: ``cancelled`` said so.
    """
    try:
        descriptor = os.open(path, OPEN_FLAGS)
        try:
            return _read(descriptor, path, is_image, cancelled)
        finally:
            os.close(descriptor)
    except OSError as error:
        if not is_image:
            return None
        raise file_error(error, os.fsdecode(path)) from error


def _read(descriptor: int, path: bytes, is_image: bool, cancelled: Callable[[], bool]) -> Found | None:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
    # One byte more than there is: that it does not come is the end of the file, without asking again.
    start = os.read(descriptor, min(status.st_size + 1, _BLOCK))
    if not is_image and not looks_like_image(start[:MAGIC_BYTES]):
        return None
    size = quick_size(start, status.st_size)
    sizes: list[Size | ImageError] = [size] if size else _sizes(os.fsdecode(path))
    digest = hashlib.blake2b(start, digest_size=16)
    if len(start) != status.st_size:
        with io.FileIO(descriptor, "rb", closefd=False) as file:
            block = bytearray(_BLOCK)
            view = memoryview(block)
            while count := file.readinto(block):
                digest.update(view[:count])
                if cancelled():
                    raise Cancelled
    return digest.hexdigest(), sizes


def _sizes(path: str) -> list[Size | ImageError]:
    return [one if isinstance(one, ImageError) else (one.width, one.height) for one in inspect_pages(path)]
