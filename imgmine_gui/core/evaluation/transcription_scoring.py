"""What counts as a difference between two texts: case, quotation marks and white space may be told not to."""

import unicodedata
from dataclasses import dataclass

from imgmine_gui.core.text import N_, tr

QUOTES = dict.fromkeys(map(ord, "“”„‟«»″〝〞〟＂"), '"') | dict.fromkeys(map(ord, "‘’‚‛‹›′`´＇"), "'")
"""Typographic quotation marks, primes and accents that stand for them, and the plain ones."""
CHARACTERS = N_("A character is a Unicode code point, letters with their marks composed (NFC).")
SENTENCES = {
    "case": (N_("Capital and small letters are told apart."), N_("Capital and small letters count as equal.")),
    "quotes": (N_("Typographic and plain quotation marks are told apart."),
               N_("Typographic quotation marks count as plain ones.")),
    "white_space": (N_("Every space counts."), N_("Spaces at the ends and further spaces between words are ignored.")),
}  # fmt: skip


@dataclass(frozen=True)
class Scoring:
    """How texts are made alike before they are compared; Unicode's composed form (NFC) always.

    A character is a code point of that form, as in the classes of a network: a letter with a mark for which Unicode has
    no code point counts as two.

    Attributes:
        case: tell capital from small letters. Otherwise by Unicode's case folding, which makes "ß" and "ss" equal.
        quotes: tell typographic quotation marks from plain ones.
        white_space: count every space. Otherwise each run of white space is one space, and none stands at the ends.
    """

    case: bool = True
    quotes: bool = True
    white_space: bool = True

    def normalised(self, text: str) -> str:
        """The text as it is compared."""
        text = unicodedata.normalize("NFC", text)
        if not self.quotes:
            text = text.translate(QUOTES)
        if not self.white_space:
            text = " ".join(text.split())
        return text if self.case else unicodedata.normalize("NFC", text.casefold())

    def sentences(self) -> tuple[str, ...]:
        """What was used, in the present language: what a character is, and one sentence an option."""
        options = (SENTENCES[name][0 if told_apart else 1] for name, told_apart in vars(self).items())
        return tuple(map(tr, (CHARACTERS, *options)))
