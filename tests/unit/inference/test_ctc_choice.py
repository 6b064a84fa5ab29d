"""Choosing how to decode on validation lines."""

import numpy as np
import numpy.typing as npt
import pytest
from rapidfuzz.distance import Levenshtein

from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.events import Event, Progress
from imgmine_gui.core.inference.character_model import CharacterModel
from imgmine_gui.core.inference.ctc_choice import DecodingChoice, choose_decoding
from imgmine_gui.core.inference.ctc_decoding import greedy
from imgmine_gui.core.jobs import PlainContext, Wish
from tests.ctc_columns import columns_of

WORDS = [
    "der",
    "die",
    "und",
    "in",
    "den",
    "von",
    "zu",
    "das",
    "mit",
    "sich",
    "des",
    "auf",
    "für",
    "ist",
    "im",
    "dem",
    "nicht",
    "ein",
    "eine",
    "als",
    "auch",
    "es",
    "an",
    "werden",
    "aus",
]
ALPHABET = sorted(set("".join(WORDS) + " "))
Lines = list[npt.NDArray[np.float32]]


def sentences(random: np.random.Generator, count: int) -> list[str]:
    return [" ".join(random.choice(WORDS, random.integers(3, 6))) for _ in range(count)]


def read(texts: list[str], random: np.random.Generator) -> Lines:
    return [columns_of(text, ALPHABET, random, doubt=0.15) for text in texts]


def edits(choice: DecodingChoice, lines: Lines, texts: list[str], model: CharacterModel) -> int:
    return sum(
        Levenshtein.distance(choice.decode(line, ALPHABET, model).text, text)
        for line, text in zip(lines, texts, strict=True)
    )


def test_a_model_that_knows_the_words_is_used_and_makes_fewer_edits_on_new_lines() -> None:
    random = np.random.default_rng(0)
    model = CharacterModel.learned(sentences(random, 200), ALPHABET)
    texts = sentences(random, 40)
    events: list[Event] = []
    choice = choose_decoding(read(texts, random), texts, ALPHABET, model, PlainContext(events.append))
    assert choice.beam
    assert choice.weight > 0
    assert choice.edits < choice.greedy_edits
    assert (choice.lines, choice.characters) == (40, sum(map(len, texts)))
    progress = [event for event in events if isinstance(event, Progress)]
    assert progress[-1].done == progress[-1].total
    fresh = sentences(random, 40)
    lines = read(fresh, random)
    assert edits(choice, lines, fresh, model) < edits(DecodingChoice(), lines, fresh, model)


def test_a_model_that_misleads_is_left_out() -> None:
    random = np.random.default_rng(1)
    model = CharacterModel.learned(["xx yy zz"] * 50, [*ALPHABET, "x", "y"], order=3)
    texts = ["".join(random.choice(ALPHABET, 8)) for _ in range(40)]
    lines = [columns_of(text, ALPHABET, random, doubt=0.02) for text in texts]
    choice = choose_decoding(lines, texts, ALPHABET, model, PlainContext())
    assert not choice.beam
    assert choice.edits == choice.greedy_edits == edits(choice, lines, texts, model)
    assert choice.decode(lines[0], ALPHABET, model) == greedy(lines[0], ALPHABET)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_lines_choose_greedy_decoding(count: int) -> None:
    random = np.random.default_rng(2)
    texts = sentences(random, count)
    assert not choose_decoding(read(texts, random), texts, ALPHABET, None, PlainContext()).beam


def test_cancelling_ends_it() -> None:
    random = np.random.default_rng(3)
    texts = sentences(random, 2)
    context = PlainContext()
    context.wish = Wish.CANCEL
    with pytest.raises(Cancelled):
        choose_decoding(read(texts, random), texts, ALPHABET, None, context)
