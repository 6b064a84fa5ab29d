"""Prefix beam search over the columns of a CTC network (Graves and Jaitly 2014, Hannun et al. 2014).

The prefixes form a tree. Each keeps two log-probabilities, summed over all paths that spell it so far: of those that
end in a blank, and of those that end in its last character; a repeated character grows a prefix only from the former.
"""

from collections.abc import Sequence
from math import exp, inf, log, log1p

import numpy as np

from imgmine_gui.core.inference.character_model import CharacterModel
from imgmine_gui.core.inference.ctc_alignment import Columns

LEAST_PROBABILITY = 1e-4
"""Characters below it in a column are not tried there: nearly all of an alphabet, nearly everywhere."""
MOST_TRIED = 20
"""Characters that are tried in a column at most."""
MARGIN = 12.0
"""Prefixes so many nats below the best one are dropped: they hold less than 1e-5 of its probability."""


class _Prefix:
    """A node of the tree: the text from the root to here."""

    __slots__ = ("bonus", "children", "context", "in_blank", "in_label", "kept", "label", "next_blank", "next_label",
                 "parent", "score", "seen")  # fmt: skip

    def __init__(self, parent: "_Prefix | None", label: int, context: str, bonus: float) -> None:
        self.parent = parent
        self.label = label
        self.context = context
        """What the model looks at to judge the next character."""
        self.bonus = bonus
        """What the model and the characters' count add to the score."""
        self.children: dict[int, _Prefix] = {}
        self.in_blank = self.in_label = self.next_blank = self.next_label = -inf
        self.score = bonus
        self.seen = -1
        self.kept = False
        """Whether it is in the beam."""

    def leave(self) -> None:
        """Leave the tree if nothing grows from here: that of a wide line of noise would fill the memory."""
        node = self
        while node.parent is not None and not node.kept and not node.children:
            node.parent.children.pop(node.label, None)
            node = node.parent

    def labels(self) -> list[int]:
        """Classes of the characters."""
        found: list[int] = []
        node = self
        while node.parent is not None:
            found.append(node.label)
            node = node.parent
        return found[::-1]


class BeamSearch:
    """One search; ``best`` may be called for any number of lines."""

    def __init__(
        self,
        alphabet: Sequence[str],
        width: int | None,
        model: CharacterModel | None,
        weight: float,
        insertion: float,
    ) -> None:
        self._alphabet = alphabet
        self._width = width
        self._model = model
        self._weight = weight
        self._insertion = insertion

    def best(self, log_probabilities: Columns) -> tuple[list[int], float]:
        """The classes of the best text and its share of the probability, 0..1: see ``ctc_decoding.beam_search``."""
        root = _Prefix(None, 0, self._model.start if self._model else "", 0.0)
        root.in_blank = 0.0
        beam = [root]
        tried = self._tried(log_probabilities)
        blanks: list[float] = log_probabilities[:, 0].tolist()
        for column, (blank, characters) in enumerate(zip(blanks, tried, strict=True)):
            if characters:
                beam = self._pruned(self._advanced(beam, column, blank, characters))
            else:
                for prefix in beam:
                    prefix.in_blank = _sum(prefix.in_blank, prefix.in_label) + blank
                    prefix.in_label = -inf
        return self._chosen(beam)

    def _tried(self, log_probabilities: Columns) -> list[list[tuple[int, float]]]:
        """For each column the classes, without the blank, that are tried there, and their log-probabilities."""
        found: list[list[tuple[int, float]]] = [[] for _ in range(len(log_probabilities))]
        characters = log_probabilities[:, 1:]
        least = log(LEAST_PROBABILITY) if self._width is not None else -inf
        if self._width is not None and characters.shape[1] > MOST_TRIED:
            # Where nothing stands out, hundreds of characters are all as likely: the first ones do.
            lowest = np.partition(characters, -MOST_TRIED, axis=1)[:, -MOST_TRIED, None]
            characters = np.where(characters >= lowest, characters, -np.inf)
        columns, indices = np.nonzero(characters > least)
        values = characters[columns, indices].tolist()
        for column, label, value in zip(columns.tolist(), (indices + 1).tolist(), values, strict=True):
            found[column].append((label, value))
        return found

    def _advanced(
        self, beam: list[_Prefix], column: int, blank: float, characters: list[tuple[int, float]]
    ) -> list[_Prefix]:
        """All prefixes that the beam's become in one column."""
        reached = list(beam)
        emitted = dict(characters)
        totals = [_sum(prefix.in_blank, prefix.in_label) for prefix in beam]
        for prefix, total in zip(beam, totals, strict=True):
            prefix.seen = column
            prefix.next_blank = total + blank
            prefix.next_label = prefix.in_label + emitted.get(prefix.label, -inf)
        for prefix, total in zip(beam, totals, strict=True):
            children = prefix.children
            for label, value in characters:
                gained = (prefix.in_blank if label == prefix.label else total) + value
                if gained == -inf:
                    continue
                child = children.get(label)
                if child is None:
                    child = children[label] = self._child(prefix, label)
                if child.seen != column:
                    child.seen = column
                    child.next_blank, child.next_label = -inf, gained
                    reached.append(child)
                else:
                    child.next_label = _sum(child.next_label, gained)
        return reached

    def _child(self, prefix: _Prefix, label: int) -> _Prefix:
        """A prefix with one character more."""
        bonus = prefix.bonus + self._insertion
        if self._model is None:
            return _Prefix(prefix, label, "", bonus)
        character = self._alphabet[label - 1]
        bonus += self._weight * self._model.log_probability(character, prefix.context)
        return _Prefix(prefix, label, self._model.after(prefix.context, character), bonus)

    def _pruned(self, reached: list[_Prefix]) -> list[_Prefix]:
        """The best of them, best first, with their sums moved on."""
        for prefix in reached:
            prefix.in_blank, prefix.in_label = prefix.next_blank, prefix.next_label
            prefix.score = _sum(prefix.in_blank, prefix.in_label) + prefix.bonus
        if self._width is None:
            return reached
        reached.sort(key=lambda prefix: prefix.score, reverse=True)
        least = reached[0].score - MARGIN
        kept = [prefix for prefix in reached[: self._width] if not prefix.score < least]
        for prefix in kept:
            prefix.kept = True
        for prefix in reached[len(kept) :]:
            prefix.kept = False
            prefix.leave()
        return kept

    def _chosen(self, beam: list[_Prefix]) -> tuple[list[int], float]:
        network = [_sum(prefix.in_blank, prefix.in_label) for prefix in beam]
        joint = [own + self._ended(prefix) for own, prefix in zip(network, beam, strict=True)]
        best = max(range(len(beam)), key=joint.__getitem__)
        if joint[best] == -inf:
            return beam[best].labels(), 0.0
        share = 1.0 / sum(exp(score - joint[best]) for score in joint)
        return beam[best].labels(), share * sum(map(exp, network))

    def _ended(self, prefix: _Prefix) -> float:
        """The prefix's bonus as a whole text."""
        if self._model is None:
            return prefix.bonus
        return prefix.bonus + self._weight * self._model.log_probability(self._model.END, prefix.context)


def _sum(first: float, second: float) -> float:
    """Logarithm of the sum of two probabilities given by their logarithms."""
    if first < second:
        first, second = second, first
    return first if second == -inf else first + log1p(exp(second - first))
