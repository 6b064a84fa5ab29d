"""The characters of transcriptions, with how often they occur."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.layout import Split

RARE = 5
"""A character that occurs in fewer images of the training part is flagged: it will hardly be learned."""


@dataclass(frozen=True, slots=True)
class CharacterCount:
    """One character of the transcriptions, a code point.

    Attributes:
        character: itself.
        count: how often it occurs.
        images: in how many images.
        in_training: in how many images of the training part.
    """

    character: str
    count: int
    images: int
    in_training: int

    @property
    def rare(self) -> bool:
        """Whether it occurs in fewer than ``RARE`` images of the training part."""
        return self.in_training < RARE

    @property
    def code(self) -> str:
        """Such as ``U+00E9``."""
        return f"U+{ord(self.character):04X}"

    @property
    def shown(self) -> str:
        """As it can be seen by itself: a combining one on a circle, one without a shape as its code."""
        if unicodedata.category(self.character).startswith("M"):
            return "◌" + self.character
        return self.character if self.character.isprintable() and not self.character.isspace() else self.code

    @property
    def name(self) -> str:
        """Its name in the Unicode Standard, English; its code if it has none."""
        return unicodedata.name(self.character, self.code)


def count_characters(items: Iterable[DataItem]) -> tuple[CharacterCount, ...]:
    """The characters of all texts, in the order of their code points."""
    counts: Counter[str] = Counter()
    images: Counter[str] = Counter()
    in_training: Counter[str] = Counter()
    for item in items:
        if item.text is not None:
            counts.update(item.text)
            once = set(item.text)
            images.update(once)
            if item.split is Split.TRAIN:
                in_training.update(once)
    return tuple(CharacterCount(one, counts[one], images[one], in_training[one]) for one in sorted(counts))
