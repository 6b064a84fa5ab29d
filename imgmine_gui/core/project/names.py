"""Names of images as they are searched and sorted."""

import os
import re
import unicodedata

from imgmine_gui.core.images.pages import with_page
from imgmine_gui.core.images.problems import printable

_DIGITS = re.compile(r"[0-9]+")
_LONGEST_NUMBER = 48  # the character for it comes before the letters

SEARCH_END = "\n\n"
"""Ends every stored text that is searched: so each of its characters begins a group of three, as the index has them."""


def searchable(text: str) -> str:
    """What is compared when a person searches: without case, and without regard to how accents are encoded."""
    if text.isascii():
        return text.lower()  # is the same, and quicker for the names of a million files
    return unicodedata.normalize("NFC", text.casefold())


def search_text(place: bytes) -> str:
    """What is stored for the search of an image at ``place``, a path below its source."""
    return searchable(_shown(place)) + SEARCH_END


def search_of_text(text: str) -> str:
    """What is stored, behind ``search_text``, for the search of an image in which ``text`` is written."""
    return searchable(text) + SEARCH_END if text else ""


def natural_key(place: bytes) -> str:
    """By what images are sorted by the names of their files: without case, numbers by their value.

    Example:
        >>> natural_key(b"b/IMG_9.jpg") < natural_key(b"a/img_10.jpg")
        True
    """
    return _DIGITS.sub(_by_value, searchable(_shown(place.rpartition(b"/")[2])))


def stored_names(path: bytes, page: int) -> tuple[str, str]:
    """What is stored of a page (from 0) of the file at ``path``: its ``natural_key``, and its ``search_text``."""
    text = path.decode() if not page and path.isascii() else ""
    if not text or not text.isprintable():
        return natural_key(path), search_text(with_page(path, page + 1))
    text = text.lower()  # both at once, for the names of a million files: the same in less time
    return _DIGITS.sub(_by_value, text[text.rfind("/") + 1 :]), text + SEARCH_END


def _by_value(digits: re.Match[str]) -> str:
    """Numbers of as many digits compare as texts do, so their length goes before them."""
    number = digits[0].lstrip("0") or "0"
    return chr(ord("0") + min(len(number), _LONGEST_NUMBER)) + number


def _shown(path: bytes) -> str:
    text = path.decode() if path.isascii() else os.fsdecode(path)
    return text if text.isprintable() else printable(text)
