"""Fitting and keeping what reads the lines of a network."""

from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.inference.ctc_decoding import greedy
from imgmine_gui.core.inference.text_confidence import calibration_error
from imgmine_gui.core.inference.text_decoder import TextDecoder
from imgmine_gui.core.jobs import PlainContext, Wish
from tests.ctc_columns import columns_of

WORDS = ["haus", "maus", "baum", "blume", "straße", "zaun", "hof", "garten", "und", "im", "am"]
ALPHABET = tuple(sorted(set(" ".join(WORDS))))


def sentences(random: np.random.Generator, count: int) -> list[str]:
    return [" ".join(random.choice(WORDS, 4)) for _ in range(count)]


def fitted(random: np.random.Generator, doubt: float = 0.06) -> TextDecoder:
    texts = sentences(random, 60)
    lines = [columns_of(text, ALPHABET, random, doubt=doubt) for text in texts]
    return TextDecoder.fitted(lines, texts, ALPHABET, sentences(random, 100), PlainContext())


def test_new_lines_are_read_better_than_greedily_and_with_truer_confidences() -> None:
    random = np.random.default_rng(0)
    decoder = fitted(random)
    texts = sentences(random, 60)
    lines = [columns_of(text, ALPHABET, random, doubt=0.06) for text in texts]
    read, plain = [decoder.read(line) for line in lines], [greedy(line, ALPHABET) for line in lines]
    edits = [
        sum(Levenshtein.distance(one.text, text) for one, text in zip(r, texts, strict=True)) for r in (read, plain)
    ]
    assert edits[0] < edits[1]
    right = np.array([one.text == text for one, text in zip(read, texts, strict=True)], float)
    assert calibration_error(np.array([one.confidence for one in read]), right) < 0.2
    assert decoder.calibration.line.count == 60


def test_a_decoder_survives_its_file(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    decoder = fitted(random)
    assert decoder.model is not None
    again = TextDecoder.from_bytes(decoder.to_bytes(), tmp_path)
    assert (again.alphabet, again.choice, again.calibration) == (ALPHABET, decoder.choice, decoder.calibration)
    for text in sentences(random, 5):
        line = columns_of(text, ALPHABET, random)
        assert again.read(line) == decoder.read(line)


def test_a_decoder_without_a_model_survives_its_file(tmp_path: Path) -> None:
    again = TextDecoder.from_bytes(TextDecoder(ALPHABET).to_bytes(), tmp_path)
    assert again == TextDecoder(ALPHABET)
    line = columns_of("haus", ALPHABET, np.random.default_rng(2), doubt=0)
    assert again.read(line).text == "haus"


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    whole = fitted(np.random.default_rng(3)).to_bytes()
    for damage in (b"", whole[:-3], whole[:40], b"\0" * 100, whole.replace(b'\\"version\\": 1', b'\\"version\\": 9'),
                   whole.replace(b"alphabet\\", b"alphobet\\", 1), whole.replace(b"U32", b"U31")):  # fmt: skip
        with pytest.raises(UserError, match="damaged or not a model"):
            TextDecoder.from_bytes(damage, tmp_path / "a.imgmodel")


def test_cancelling_ends_the_fit() -> None:
    context = PlainContext()
    context.wish = Wish.CANCEL
    line = columns_of("haus", ALPHABET, np.random.default_rng(0))
    with pytest.raises(Cancelled):
        TextDecoder.fitted([line], ["haus"], ALPHABET, ["haus"], context)
