"""How probable a character is after those before it: an n-gram model learned from texts.

Interpolated with Witten and Bell's discounting (Witten and Bell 1991; formula as Chen and Goodman 1999, section 2.5):
``P(c | h) = (count(h c) + types(h) P(c | h')) / (count(h) + types(h))``, where ``types(h)`` is how many different
characters followed ``h``, ``h'`` is ``h`` without its first character, and below the shortest context every character
is equally probable. Kneser and Ney's needs counts of counts that few characters do not give well.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log

import numpy as np
import numpy.typing as npt

ORDER = 5
"""Characters an n-gram has."""
MOST_CHARACTERS = 5_000_000
"""Of the texts that are learned from; more of them are thinned out evenly."""
MOST_REMEMBERED = 100_000
"""Answers that are kept for the next time."""


class CharacterModel:
    """Probabilities of characters in their context; knows the characters of one alphabet, and the end of a text.

    Attributes:
        start: the context of a text's first character.
    """

    END = "\n"
    """Stands before and after each text; no line of text contains it."""

    def __init__(self, alphabet: Sequence[str], order: int, counts: Mapping[str, int]) -> None:
        """Take the counts of the n-grams of ``order`` characters, each text begun by ``order - 1`` times ``END``."""
        if self.END in alphabet or order < 1 or any(len(gram) != order for gram in counts):
            raise ValueError(f"no alphabet or no n-grams of {order}. Received: alphabet={alphabet!r}")
        self.alphabet = "".join(alphabet)
        self.order = order
        self.start = self.END * (order - 1)
        self._counts = dict(counts)
        self._uniform = 1.0 / (len(self.alphabet) + 1)
        self._followers: dict[str, dict[str, int]] = {}
        self._remembered: dict[str, float] = {}
        for gram, count in self._counts.items():
            for first in range(order):
                followers = self._followers.setdefault(gram[first:-1], {})
                followers[gram[-1]] = followers.get(gram[-1], 0) + count
        self._totals = {context: (sum(seen.values()), len(seen)) for context, seen in self._followers.items()}

    @classmethod
    def learned(
        cls, texts: Sequence[str], alphabet: Sequence[str], order: int = ORDER, words: Iterable[str] = ()
    ) -> "CharacterModel":
        """Learn from texts, and from the words of a list as if each occurred once more.

        Texts and words with characters outside the alphabet are left out. Where the alphabet has a space, the words are
        learned as one line, otherwise each as a text.
        """
        known = set(alphabet)
        usable = [text for text in texts if known.issuperset(text)]
        listed = [word for word in words if word and known.issuperset(word)]
        usable += [" ".join(listed)] if " " in known and listed else listed
        step = max(1, -(-sum(map(len, usable)) // MOST_CHARACTERS))
        counts: Counter[str] = Counter()
        for text in usable[::step]:
            padded = cls.END * (order - 1) + text + cls.END
            counts.update(padded[first : first + order] for first in range(len(text) + 1))
        return cls(alphabet, order, counts)

    def log_probability(self, character: str, context: str) -> float:
        """Natural logarithm of the probability of ``character``, or of ``END``, after ``context`` (see ``after``)."""
        gram = context + character
        found = self._remembered.get(gram)
        if found is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[gram] = log(self._probability(character, context))
        return found

    def after(self, context: str, character: str) -> str:
        """The context of what follows ``character``."""
        return (context + character)[1:]

    def text_log_probability(self, text: str) -> float:
        """Natural logarithm of the probability of a whole text, its end included."""
        context, total = self.start, 0.0
        for character in text + self.END:
            total += self.log_probability(character, context)
            context = self.after(context, character)
        return total

    def to_arrays(self) -> dict[str, npt.NDArray[np.uint32]]:
        """The model as arrays: ``alphabet`` (characters,), ``ngrams`` (n, order) of code points, ``counts`` (n,)."""
        grams = np.array([[ord(character) for character in gram] for gram in self._counts], np.uint32)
        return {
            "alphabet": np.array([ord(character) for character in self.alphabet], np.uint32),
            "ngrams": grams.reshape(-1, self.order),
            "counts": np.array(list(self._counts.values()), np.uint32),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.uint32]]) -> "CharacterModel":
        """The model that ``to_arrays`` gave.

        Raises:
            ValueError: an array is missing, or they are not such arrays.
        """
        try:
            alphabet, grams, counts = arrays["alphabet"], arrays["ngrams"], arrays["counts"]
            spelt = ["".join(map(chr, gram)) for gram in grams.tolist()]
            told = dict(zip(spelt, counts.tolist(), strict=True))
            return cls([chr(code) for code in alphabet.tolist()], grams.shape[1], told)
        except (KeyError, IndexError, TypeError, OverflowError) as error:
            raise ValueError(f"no character model. Received: arrays={sorted(arrays)}") from error

    def _probability(self, character: str, context: str) -> float:
        probability = self._uniform
        for first in range(len(context), -1, -1):
            totals = self._totals.get(context[first:])
            if totals is None:
                break
            count, types = totals
            seen = self._followers[context[first:]].get(character, 0)
            probability = (seen + types * probability) / (count + types)
        return probability
