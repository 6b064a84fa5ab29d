"""Enumerations whose members carry the words a person chooses them by."""

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A ``StrEnum`` whose members are ``NAME = "value", N_("Words")``; ``str`` and JSON see the value alone.

    Example:
        >>> class Colour(Choice):
        ...     RGB = "rgb", N_("Colour")
        >>> Colour.RGB.words, str(Colour.RGB)
        ('Colour', 'rgb')
    """

    words: str

    def __new__(cls, value: str, words: str = "") -> Self:
        """Make the member from its value and its words (English, to be translated when shown)."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words or value
        return member
