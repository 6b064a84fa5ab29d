"""What a translation must keep to: completeness, the fields of its source, and the typography of Chinese."""

import re
from collections.abc import Iterator, Sequence
from string import Formatter

CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LATIN = "0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"  # without the signs × and ÷

# Blanks do not part a mark from the Chinese it belongs to. A full stop counts at the end of a word only: "文件.png".
ASCII_PUNCTUATION = re.compile(rf"(?<=[{CJK}])\s*([,;:?!()]|\.(?![\w.]))|([,;:?!()])\s*(?=[{CJK}])")
# Qt's way to write the key of a Chinese menu entry, 文件(&F), which it recognises in this form only.
MNEMONIC = re.compile(r"\(&\w\)")
NO_GAP = re.compile(rf"[{CJK}][{LATIN}{{]|[{LATIN}}}][{CJK}]")
LABEL = re.compile("[^，。；：！？]*")


def missing(translations: Sequence[str], fuzzy: bool) -> Iterator[str]:
    """Whether a plural form has no text, or somebody has to look at it again.

    Args:
        translations: one text a plural form.
        fuzzy: the flag of the catalogue.
    """
    if not translations or not all(translations):
        yield "has no translation"
    elif fuzzy:
        yield "is marked as fuzzy"


def wrong_fields(sources: Sequence[str], translation: str) -> Iterator[str]:
    """Where the ``{fields}`` of a translation are not those of its source.

    Args:
        sources: the English text, or its singular and plural: the translation has the fields of both together.
        translation: one plural form of the translation.
    """
    try:
        expected = set().union(*(fields(source) for source in sources))
    except ValueError:
        return  # the source is no template: it is shown as it is
    try:
        found = fields(translation)
    except ValueError as error:
        yield f"has unbalanced braces ({error})"
        return
    if found != expected:
        yield f"has the fields {sorted(found)} in the place of {sorted(expected)}"


def fields(text: str) -> set[str]:
    """The fields of a template, with their formats: ``"{share:.1%} of {name}"`` has ``{"share:.1%", "name"}``.

    Raises:
        ValueError: the braces are not balanced.
    """
    found = set()
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None:
            found.add(name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else ""))
    return found


def wrong_typography(translation: str) -> Iterator[str]:
    """Where a Chinese text is not written as a Chinese writer would."""
    text = MNEMONIC.sub("", translation)
    for found in ASCII_PUNCTUATION.finditer(text):
        mark = found.group(1) or found.group(2)
        yield f"has the ASCII mark {mark!r} next to Chinese at {excerpt(text, found)}"
    for found in NO_GAP.finditer(text):
        yield f"lacks a blank between Chinese and Latin, digits or a field at {excerpt(text, found)}"
    if "..." in text:
        yield "has three dots in the place of …"
    if "……" in text and LABEL.fullmatch(text):
        yield "has …… in a label; there … is enough"


def excerpt(text: str, found: re.Match[str]) -> str:
    """The place of ``found`` with a few characters on either side."""
    return f"“{text[max(0, found.start() - 4) : found.end() + 4]}”"
