"""Text in columns of a terminal, where a Chinese character takes two."""

import unicodedata

CLOSING = "，。；：！？、）》」』”’…"
"""No line begins with one of these."""
OPENING = "（《「『“‘"
"""No line ends with one of these."""


def width_of(text: str) -> int:
    """How many columns ``text`` takes."""
    return sum(2 if _is_wide(character) else 1 for character in text)


def pad(text: str, width: int) -> str:
    """``text`` with blanks behind it, ``width`` columns wide."""
    return text + " " * (width - width_of(text))


def wrap(text: str, width: int) -> list[str]:
    """The lines of ``text``, each at most ``width`` columns wide where its words allow.

    Western words stay whole; Chinese is broken between any two characters but beside a mark that belongs to one.

    Example:
        >>> wrap("一二三，四五", 6)
        ['一二', '三，四', '五']
    """
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width_of((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _pieces(text: str) -> list[str]:
    """What a line may be broken between; each with the blanks behind it."""
    pieces: list[str] = []
    for character in text:
        before = pieces[-1][-1] if pieces else " "
        alone = before != " " and (_is_wide(character) or _is_wide(before)) and before not in OPENING
        if pieces and (character == " " or character in CLOSING or not (alone or before == " ")):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
