"""By what an image is recognised again when it was moved or renamed: its content."""

import hashlib
import os

from imgmine_gui.core.errors import reason_of
from imgmine_gui.core.images.pages import split_page, with_page
from imgmine_gui.core.images.problems import ImageError, ImageProblem
from imgmine_gui.core.images.reading import open_regular

_BLOCK = 2**20


def content_key(path: str | os.PathLike[str]) -> str:
    """The BLAKE2b-128 hash of the file's bytes, as 32 hexadecimal digits; reads the file a mebibyte at a time.

    Args:
        path: a file; or a page, ``FILE#page=N``, whose key is ``page_key`` of that of the file.

    Raises:
        ImageError: the file is missing, not a regular file, or cannot be read.
    """
    name, page = split_page(os.fspath(path))
    digest = hashlib.blake2b(digest_size=16)
    with open_regular(name) as file:
        block = bytearray(_BLOCK)
        view = memoryview(block)
        try:
            while count := file.readinto(block):
                digest.update(view[:count])
        except OSError as error:
            raise ImageError(ImageProblem.READ_ERROR, name, reason=reason_of(error)) from error
    return page_key(digest.hexdigest(), page)


def page_key(file_key: str, page: int) -> str:
    """The key of a page (from 1) of a file; that of the first is the file's own."""
    if page == 1:
        return file_key
    return hashlib.blake2b(with_page(file_key, page).encode(), digest_size=16).hexdigest()
