"""From the columns of a network trained with CTC to a text, its characters' columns and how sure it is of them.

Two ways to the text. **Greedy** ("best path decoding", Graves et al. 2006): the best class of each column, merged.
**Prefix beam search** (Graves and Jaitly 2014; with a language model as Hannun et al. 2014, "First-pass large
vocabulary continuous speech recognition using bi-directional recurrent DNNs"): the text whose paths together are most
probable, weighed with how probable its characters are in that order.

A character's columns are those of the most probable path that spells the text, and its confidence is the highest
probability that the network gave it in them. A line's confidence is the probability of the text, all its paths summed.
Neither is calibrated yet: see ``text_confidence``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import starmap

import numpy as np

from imgmine_gui.core.inference.character_model import CharacterModel
from imgmine_gui.core.inference.ctc_alignment import Columns, align, text_log_probability
from imgmine_gui.core.inference.ctc_beam import BeamSearch

WIDTH = 20
"""Prefixes that a beam search follows."""


@dataclass(frozen=True, slots=True)
class Span:
    """One recognised character.

    Attributes:
        start, stop: its columns, half open; they do not overlap, and leave out the columns of blanks.
        confidence: 0..1.
    """

    character: str
    start: int
    stop: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Recognised:
    """A text that was read from a line.

    Attributes:
        confidence: 0..1, that the whole text is right.
        spans: one a character of ``text``, in order.
    """

    text: str
    confidence: float
    spans: tuple[Span, ...]


def greedy(log_probabilities: Columns, alphabet: Sequence[str]) -> Recognised:
    """Read the best class of each column.

    Args:
        log_probabilities: float32 (columns, 1 + len(alphabet)), log-softmax; class 0 is the blank.
        alphabet: the character of each further class.

    Raises:
        ValueError: the classes are not those of the alphabet.
    """
    _check(log_probabilities, alphabet)
    labels, spans = _greedy_path(log_probabilities)
    confidence = np.exp(text_log_probability(log_probabilities, labels))
    return _recognised(log_probabilities, alphabet, labels, spans, float(confidence))


def beam_search(
    log_probabilities: Columns,
    alphabet: Sequence[str],
    width: int | None = WIDTH,
    model: CharacterModel | None = None,
    weight: float = 0.0,
    insertion: float = 0.0,
) -> Recognised:
    """Read the text with the highest ``log P(text | columns) + weight * log P_model(text) + insertion * characters``.

    The confidence of the line is the part of the network's probability that lies in the beam, times the part of this
    text in the beam: without a model that is the text's probability.

    Args:
        log_probabilities: float32 (columns, 1 + len(alphabet)), log-softmax; class 0 is the blank.
        alphabet: the character of each further class.
        width: prefixes to follow; None follows all and prunes nothing (exact, for tiny inputs).
        weight: of the model against the network; 0 leaves it out.
        insertion: nats for each character; offsets that a model favours short texts.

    Raises:
        ValueError: the classes are not those of the alphabet.
    """
    _check(log_probabilities, alphabet)
    search = BeamSearch(alphabet, width, model if weight else None, weight, insertion)
    labels, confidence = search.best(log_probabilities)
    best_path, spans = _greedy_path(log_probabilities)
    # The best path of all is also the best one that spells its own text.
    spans = spans if labels == best_path else align(log_probabilities, labels)
    return _recognised(log_probabilities, alphabet, labels, spans, confidence)


def _greedy_path(log_probabilities: Columns) -> tuple[list[int], list[tuple[int, int]]]:
    """The classes of the best path, merged and without blanks, and the columns of each."""
    best = log_probabilities.argmax(axis=1) if len(log_probabilities) else np.empty(0, np.intp)
    edges = np.flatnonzero(np.diff(best, prepend=-1, append=-1))
    starts, stops = edges[:-1], edges[1:]
    shown = best[starts] != 0
    labels: list[int] = best[starts[shown]].tolist()
    return labels, list(zip(starts[shown].tolist(), stops[shown].tolist(), strict=True))


def _recognised(
    log_probabilities: Columns,
    alphabet: Sequence[str],
    labels: Sequence[int],
    spans: Sequence[tuple[int, int]],
    confidence: float,
) -> Recognised:
    characters = [alphabet[label - 1] for label in labels]
    if not labels:
        return Recognised("", min(1.0, confidence), ())
    # Of each span only the character's class counts; reduceat takes every second piece, the gaps being the others.
    columns = np.concatenate([np.arange(start, stop) for start, stop in spans])
    lengths = np.fromiter((stop - start for start, stop in spans), np.intp, len(spans))
    emitted = log_probabilities[columns, np.repeat(np.asarray(labels), lengths)]
    highest = np.exp(np.maximum.reduceat(emitted, np.concatenate(([0], np.cumsum(lengths)[:-1]))))
    told = zip(characters, *zip(*spans, strict=True), np.minimum(highest, 1.0).tolist(), strict=True)
    return Recognised("".join(characters), min(1.0, confidence), tuple(starmap(Span, told)))


def _check(log_probabilities: Columns, alphabet: Sequence[str]) -> None:
    if log_probabilities.ndim != 2 or log_probabilities.shape[1] != 1 + len(alphabet):
        raise ValueError(
            f"expected (columns, {1 + len(alphabet)}) for an alphabet of {len(alphabet)}. "
            f"Received: shape={log_probabilities.shape}"
        )
