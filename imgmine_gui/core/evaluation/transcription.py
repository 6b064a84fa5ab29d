"""How right recognised texts are: characters, words and whole lines, each with how far chance may have moved it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.evaluation.text_alignment import Confusion, confusions, edit_distance
from imgmine_gui.core.evaluation.transcription_scoring import Scoring

RESAMPLES = 1000
LEVEL = 0.95
MOST_DRAWN = 20_000_000
"""Lines that are drawn in all for one interval; above 20,000 lines fewer resamples do, their intervals being narrow."""


@dataclass(frozen=True)
class Interval:
    """A figure and its 95 % interval: percentile bootstrap over lines (Efron and Tibshirani 1993, chapter 13)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class LineScore:
    """One line.

    Attributes:
        edits, characters: edit distance, and characters of the true text.
        word_edits, words: the same for words, the pieces between white space.
    """

    edits: int
    characters: int
    word_edits: int
    words: int

    @property
    def exact(self) -> bool:
        """Whether the texts are equal."""
        return self.edits == 0

    @property
    def cer(self) -> float:
        """Edits a true character; an empty text counts as one character."""
        return self.edits / max(1, self.characters)


@dataclass(frozen=True)
class TranscriptionReport:
    """Scores of recognised texts.

    Attributes:
        lines: one a text, in their order.
        cer: character error rate, the sum of edits over the sum of true characters; may exceed 1.
        wer: the same for words.
        exact: part of the lines that are equal.
        confusions: most frequent first; their lines are indices into ``lines``.
        scoring: what counted as a difference.
    """

    lines: tuple[LineScore, ...]
    cer: Interval
    wer: Interval
    exact: Interval
    confusions: tuple[Confusion, ...]
    scoring: Scoring


def transcription_report(
    true: Sequence[str], recognised: Sequence[str], scoring: Scoring | None = None
) -> TranscriptionReport:
    """Score recognised texts against the true ones.

    Without lines every figure is 0. Without a true character (or word) the rate counts one. The intervals of equal
    input are equal: the resamples are drawn from a fixed seed.
    """
    scoring = scoring or Scoring()
    pairs = [
        (scoring.normalised(first), scoring.normalised(second))
        for first, second in zip(true, recognised, strict=True)
    ]  # fmt: skip
    lines = tuple(line_score(*pair) for pair in pairs)
    counts = np.array(
        [(line.edits, line.characters, line.word_edits, line.words, line.exact) for line in lines], np.float64
    ).reshape(-1, 5)
    edits, characters, word_edits, words, exact = counts.T
    return TranscriptionReport(
        lines=lines,
        cer=ratio(edits, characters),
        wer=ratio(word_edits, words),
        exact=ratio(exact, np.ones(len(lines))),
        confusions=tuple(confusions(pairs)),
        scoring=scoring,
    )


def line_score(true: str, recognised: str) -> LineScore:
    """Score one line whose texts are as they are to be compared."""
    words = true.split()
    if true == recognised:
        return LineScore(0, len(true), 0, len(words))
    return LineScore(edit_distance(true, recognised), len(true), edit_distance(words, recognised.split()), len(words))


def ratio(numerators: npt.NDArray[np.float64], denominators: npt.NDArray[np.float64]) -> Interval:
    """The ratio of two sums over lines and its interval; a sum of denominators below 1 counts as 1."""
    count = len(numerators)
    if not count:
        return Interval(0.0, 0.0, 0.0)
    random = np.random.default_rng(0)
    drawn = np.empty(max(100, min(RESAMPLES, MOST_DRAWN // count)))
    for resample in range(len(drawn)):
        rows = random.integers(count, size=count)
        drawn[resample] = numerators[rows].sum() / max(1.0, denominators[rows].sum())
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(numerators.sum() / max(1.0, denominators.sum())), float(low), float(high))
