"""The text of an image as it is learned: one line, normalised; or why it cannot be."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from imgmine_gui.core.project.transcriptions.options import Normalisation
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
    """``written`` as the text of a line, without white space around it; its characters and their order stay.

    Example:
        >>> line_text(" caf\u00e9\\r\\n")
        'café'
    """
    text = written.strip().removeprefix(_BYTE_ORDER_MARK).strip()
    if not text:
        return Unusable(N_("The text is empty."))
    if len(text) > LONGEST:
        message = N_("The text has {count} characters; a line has at most {limit}.")
        return Unusable(message, {"count": len(text), "limit": LONGEST})
    if text.isprintable():
        return text
    if len(text.splitlines()) > 1:
        return Unusable(N_("The text has several lines; an image of one line is needed."))
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"}:
            message = N_("The text holds a character that cannot be written: {code}.")
            return Unusable(message, {"code": f"U+{ord(character):04X}"})
    return text


def normalised(text: str, form: Normalisation) -> str:
    """``text`` in a Unicode form; the same text in the same form is always the same code points.

    Example:
        >>> normalised("e\u0301", Normalisation.NFC)
        'é'
    """
    match form:
        case Normalisation.NFC:
            return unicodedata.normalize("NFC", text)
        case Normalisation.NFD:
            return unicodedata.normalize("NFD", text)
        case Normalisation.NFKC:
            return unicodedata.normalize("NFKC", text).strip()
        case Normalisation.NONE:
            return text
