"""The text of an image as it is learned: one line, normalised; or why it cannot be."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from imgmine_gui.core.text import N_

LONGEST = 1000
"""The longest text of one line, in characters."""

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a text is none of a line.

    Attributes:
        message: an English template, marked with ``N_``.
        values: for its fields.
    """

    message: str
    values: dict[str, Any] = field(default_factory=dict)


def line_text(written: str) -> str | Unusable:
    """``written`` as the text of a line: in NFC, without white space around it; the order of its characters stays.

    Example:
        >>> line_text(" e\\u0301t\\u00e9\\r\\n")
        'été'
    """
    text = unicodedata.normalize("NFC", written.strip().strip(_BYTE_ORDER_MARK).strip())
    if not text:
        return Unusable(N_("The text is empty."))
    if len(text) > LONGEST:
        message = N_("The text has {count} characters; a line has at most {limit}.")
        return Unusable(message, {"count": len(text), "limit": LONGEST})
    if len(text.splitlines()) > 1:
        return Unusable(N_("The text has several lines; an image of one line is needed."))
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"}:
            message = N_("The text holds a character that cannot be written: {code}.")
            return Unusable(message, {"code": f"U+{ord(character):04X}"})
    return text
