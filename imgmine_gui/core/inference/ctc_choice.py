"""How a trained network is to be decoded: chosen on validation, so that a character model is used where it helps.

A model of the training texts repairs what a network misreads, or spoils what it read well. Beam search is therefore
taken only where it makes fewer edits than greedy decoding by more than chance would (a paired test over lines, normal
approximation); then with the weight and the insertion bonus that make the fewest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from imgmine_gui.core.events import Progress
from imgmine_gui.core.inference.character_model import CharacterModel
from imgmine_gui.core.inference.ctc_alignment import Columns
from imgmine_gui.core.inference.ctc_decoding import WIDTH, Recognised, beam_search, greedy
from imgmine_gui.core.jobs import JobContext, check_cancelled

WEIGHTS = (0.1, 0.2, 0.35, 0.5, 0.75)
INSERTIONS = (0.0, 1.0, 2.0)
"""Bonuses of a character, in units of the weight: a character model asks about 2 nats for each."""
MOST_LINES = 300
"""Lines that are decoded with each candidate, in about 15 s in all; of more, so many evenly."""
SURE = 2.0
"""Standard errors by which the mean saving of a line must exceed 0: more than for a single candidate, of several the
best is looked at."""


@dataclass(frozen=True)
class DecodingChoice:
    """How to decode, and what it made on the validation lines.

    Attributes:
        beam: prefix beam search; otherwise greedy, and the following three do not matter.
        width, weight, insertion: see ``ctc_decoding.beam_search``.
        greedy_edits, edits: edits of greedy decoding and of this choice.
        lines, characters: what they were made in.
    """

    beam: bool = False
    width: int = WIDTH
    weight: float = 0.0
    insertion: float = 0.0
    greedy_edits: int = 0
    edits: int = 0
    lines: int = 0
    characters: int = 0

    def decode(
        self, log_probabilities: Columns, alphabet: Sequence[str], model: CharacterModel | None
    ) -> Recognised:  # fmt: skip
        """Read one line in this way; ``model`` is the one that the choice was made with."""
        if not self.beam:
            return greedy(log_probabilities, alphabet)
        return beam_search(log_probabilities, alphabet, self.width, model, self.weight, self.insertion)


def choose_decoding(
    log_probabilities: Sequence[Columns],
    texts: Sequence[str],
    alphabet: Sequence[str],
    model: CharacterModel | None,
    context: JobContext,
    width: int = WIDTH,
) -> DecodingChoice:
    """Choose how to decode from what the network says of validation lines, and their true texts.

    Args:
        log_probabilities: of each line, float32 (columns, 1 + len(alphabet)).
        model: learned from training texts only; None chooses between greedy decoding and beam search alone.
        context: gets ``Progress`` a candidate.

    Raises:
        Cancelled: the person stopped it.
    """
    rows = np.unique(np.linspace(0, len(texts) - 1, min(len(texts), MOST_LINES)).astype(int)).tolist()
    lines, texts = [log_probabilities[row] for row in rows], [texts[row] for row in rows]
    trials = _Trials(lines, texts, alphabet, model, width, context)
    plain = trials.edits_of(None)
    # First the weight, with the middle bonus; then the bonus. No weight at all is a candidate, and comes first.
    best, fewest = trials.best([(0.0, 0.0), *((weight, weight * INSERTIONS[1]) for weight in WEIGHTS if model)])
    if best[0]:
        other, edits = trials.best([(best[0], best[0] * ratio) for ratio in (INSERTIONS[0], INSERTIONS[2])])
        if edits.sum() < fewest.sum():
            best, fewest = other, edits
    beam = _surely_above_zero(plain - fewest)
    weight, insertion = best if beam else (0.0, 0.0)
    edits = fewest if beam else plain
    characters = sum(map(len, texts))
    return DecodingChoice(
        beam, width, weight, insertion, int(plain.sum()), int(edits.sum()), len(plain), characters
    )  # fmt: skip


def _surely_above_zero(saved: npt.NDArray[np.int64]) -> bool:
    """Whether the mean exceeds 0 by more than chance."""
    if len(saved) < 2:
        return False
    return bool(saved.mean() > SURE * saved.std(ddof=1) / np.sqrt(len(saved)))


class _Trials:
    """Decodes the same lines in many ways."""

    def __init__(
        self,
        lines: Sequence[Columns],
        texts: Sequence[str],
        alphabet: Sequence[str],
        model: CharacterModel | None,
        width: int,
        context: JobContext,
    ) -> None:
        self._lines, self._texts, self._alphabet = lines, texts, alphabet
        self._model, self._width, self._context = model, width, context
        self._done = 0
        self._total = 2 + (len(WEIGHTS) + len(INSERTIONS) - 1 if model else 0)

    def edits_of(self, candidate: tuple[float, float] | None) -> npt.NDArray[np.int64]:
        """(lines,) edits with this weight and bonus, or greedily."""
        edits = np.zeros(len(self._texts), np.int64)
        for row, (line, text) in enumerate(zip(self._lines, self._texts, strict=True)):
            check_cancelled(self._context)
            choice = DecodingChoice(candidate is not None, self._width, *(candidate or (0.0, 0.0)))
            edits[row] = Levenshtein.distance(choice.decode(line, self._alphabet, self._model).text, text)
        self._done += 1
        self._context.report(Progress(self._done, self._total))
        return edits

    def best(self, candidates: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], npt.NDArray[np.int64]]:
        """The one with the fewest edits, the first of equals, and its edits."""
        edits = [self.edits_of(candidate) for candidate in candidates]
        first = min(range(len(edits)), key=lambda index: int(edits[index].sum()))
        return candidates[first], edits[first]
