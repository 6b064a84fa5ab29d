"""By what an image is recognised again when it was moved or renamed: its content."""

import hashlib
import os

from imgmine_gui.core.images.problems import ImageError, ImageProblem
from imgmine_gui.core.images.reading import open_regular

_BLOCK = 2**20


def content_key(path: str | os.PathLike[str]) -> str:
    """The BLAKE2b-128 hash of the file's bytes, as 32 hexadecimal digits; reads the file a mebibyte at a time.

    Raises:
        ImageError: the file is missing, not a regular file, or cannot be read.
    """
    name = os.fspath(path)
    digest = hashlib.blake2b(digest_size=16)
    with open_regular(name) as file:
        block = bytearray(_BLOCK)
        view = memoryview(block)
        try:
            while count := file.readinto(block):
                digest.update(view[:count])
        except OSError as error:
            raise ImageError(ImageProblem.READ_ERROR, name, reason=error.strerror or str(error)) from error
    return digest.hexdigest()
