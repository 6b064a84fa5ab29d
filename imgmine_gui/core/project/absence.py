"""Whether files that were there before are gone, or only their drive is."""

import os
from collections.abc import Sequence

from imgmine_gui.core.images.hashing import content_key
from imgmine_gui.core.images.pages import with_page
from imgmine_gui.core.images.problems import ImageError
from imgmine_gui.core.project.walk import found_file


def is_connected(folder: bytes) -> bool:
    """Whether a folder is there and holds anything: what is mounted there may be gone, and leave it empty."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except OSError:
        return False


def is_gone(location: bytes, page: int, key: str, stamp: Sequence[int]) -> bool:
    """Whether a file is no longer there, or has another content by now."""
    try:
        status = os.stat(location)
        if found_file(location, status)[1:] == tuple(stamp):
            return False
        return content_key(with_page(os.fsdecode(location), page + 1)) != key
    except FileNotFoundError:
        return True
    except (OSError, ImageError):
        return False  # it cannot be told
