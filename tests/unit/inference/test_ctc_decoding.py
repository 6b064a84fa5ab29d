"""Decoding of CTC columns, against sums over all paths and against Keras."""

import itertools
import tracemalloc
from collections import defaultdict

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgmine_gui.core.inference.character_model import CharacterModel
from imgmine_gui.core.inference.ctc_alignment import align, text_log_probability
from imgmine_gui.core.inference.ctc_decoding import beam_search, greedy
from tests.ctc_columns import columns_of, log_softmax, random_columns

ALPHABET = "ab c"


def merged(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(label for label, _ in itertools.groupby(path) if label)


def all_texts(columns: npt.NDArray[np.float32]) -> dict[tuple[int, ...], float]:
    """The probability of each text: the sum over all paths that spell it."""
    found: dict[tuple[int, ...], float] = defaultdict(float)
    for path in itertools.product(range(columns.shape[1]), repeat=len(columns)):
        found[merged(path)] += float(np.exp(columns[np.arange(len(path)), path].astype(np.float64).sum()))
    return found


def best_spans(columns: npt.NDArray[np.float32], labels: tuple[int, ...]) -> list[tuple[int, int]]:
    """Columns of each character on the most probable of all paths that spell it."""
    paths = (p for p in itertools.product(range(columns.shape[1]), repeat=len(columns)) if merged(p) == labels)
    best = max(paths, key=lambda path: columns[np.arange(len(path)), path].sum())
    edges = [0, *np.cumsum([len(list(run)) for _, run in itertools.groupby(best)])]
    return [(a, b) for a, b in itertools.pairwise(edges) if best[a]]


tiny = st.builds(
    lambda seed, columns, classes: random_columns(np.random.default_rng(seed), columns, classes),
    st.integers(0, 10**6), st.integers(1, 5), st.integers(2, 4),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(tiny)
def test_a_text_is_as_probable_as_all_its_paths(columns: npt.NDArray[np.float32]) -> None:
    for labels, probability in all_texts(columns).items():
        assert np.exp(text_log_probability(columns, labels)) == pytest.approx(probability, rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(tiny)
def test_an_unlimited_beam_finds_the_most_probable_text(columns: npt.NDArray[np.float32]) -> None:
    texts = all_texts(columns)
    best = max(texts, key=lambda labels: texts[labels])
    alphabet = ALPHABET[: columns.shape[1] - 1]
    found = beam_search(columns, alphabet, width=None)
    labels = tuple(1 + alphabet.index(character) for character in found.text)
    assert texts[labels] == pytest.approx(texts[best], rel=1e-5)
    assert found.confidence == pytest.approx(texts[best], rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(tiny, st.sampled_from([0.3, 1.0, 2.0]), st.sampled_from([-1.0, 0.0, 1.5]))
def test_an_unlimited_beam_with_a_model_finds_the_best_sum(
    columns: npt.NDArray[np.float32], weight: float, insertion: float
) -> None:
    alphabet = ALPHABET[: columns.shape[1] - 1]
    model = CharacterModel.learned(["ab ab", "b ac", "aab", "a", "aa"], alphabet, order=3)
    texts = {"".join(alphabet[n - 1] for n in labels): value for labels, value in all_texts(columns).items()}
    joint = {
        text: np.log(value) + weight * model.text_log_probability(text) + insertion * len(text)
        for text, value in texts.items()
    }
    found = beam_search(columns, alphabet, None, model, weight, insertion)
    assert joint[found.text] == pytest.approx(max(joint.values()), abs=1e-5)
    share = np.exp(joint[found.text]) / sum(np.exp(value) for value in joint.values())
    assert found.confidence == pytest.approx(share, rel=1e-4)


@settings(max_examples=60, deadline=None)
@given(tiny)
def test_the_columns_of_characters_are_those_of_the_best_path(columns: npt.NDArray[np.float32]) -> None:
    for labels in all_texts(columns):
        assert align(columns, labels) == best_spans(columns, labels)
    alphabet = ALPHABET[: columns.shape[1] - 1]
    for found in (greedy(columns, alphabet), beam_search(columns, alphabet)):
        labels = tuple(1 + alphabet.index(character) for character in found.text)
        assert [(span.start, span.stop) for span in found.spans] == best_spans(columns, labels)
        for span, label in zip(found.spans, labels, strict=True):
            assert span.character == alphabet[label - 1]
            assert span.confidence == pytest.approx(np.exp(columns[span.start : span.stop, label].max()), rel=1e-5)


def test_greedy_reads_as_keras_does() -> None:
    import keras

    random = np.random.default_rng(1)
    columns = np.stack([random_columns(random, 40, 5) for _ in range(16)])
    lengths = random.integers(1, 41, 16)
    decoded, _ = keras.ops.ctc_decode(columns, lengths, strategy="greedy", mask_index=0)
    for row, length, labels in zip(columns, lengths, np.asarray(decoded)[0], strict=True):
        expected = "".join(ALPHABET[label - 1] for label in labels if label > 0)
        assert greedy(row[:length], ALPHABET).text == expected


def test_a_beam_of_twenty_finds_what_an_unlimited_one_finds_in_peaked_columns() -> None:
    random = np.random.default_rng(2)
    for text in ("abba", "a  b", "cab", "cc"):
        columns = columns_of(text, ALPHABET, random, doubt=0.3)[:9]
        limited, exact = beam_search(columns, ALPHABET), beam_search(columns, ALPHABET, width=None)
        assert limited.text == exact.text
        assert limited.confidence == pytest.approx(exact.confidence, rel=0.02)


def test_a_narrow_beam_is_not_surer_than_all_paths_are() -> None:
    random = np.random.default_rng(4)
    for _ in range(20):
        columns = random_columns(random, 12, 5)
        found = beam_search(columns, ALPHABET, width=2)
        labels = [1 + ALPHABET.index(character) for character in found.text]
        assert found.confidence <= np.exp(text_log_probability(columns, labels)) * 1.0001


def test_a_long_line_underflows_nowhere() -> None:
    text = "ab c" * 300
    columns = columns_of(text, ALPHABET, np.random.default_rng(3), columns=5000, doubt=0.0)
    for found in (greedy(columns, ALPHABET), beam_search(columns, ALPHABET)):
        assert found.text == text
        assert 0.0 < found.confidence < 1.0
        assert found.spans[-1].stop <= 5000


def test_noise_is_read_at_least_as_well_as_greedily_and_within_little_memory() -> None:
    alphabet = [chr(0x61 + more) for more in range(60)]
    columns = random_columns(np.random.default_rng(5), 300, 61)
    tracemalloc.start()
    try:
        found = beam_search(columns, alphabet)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10e6
    probability, plain = (
        text_log_probability(columns, [1 + alphabet.index(character) for character in text])
        for text in (found.text, greedy(columns, alphabet).text)
    )
    assert probability >= plain


def test_nothing_is_read_from_no_columns_and_from_blanks() -> None:
    none = np.empty((0, 5), np.float32)
    blank = log_softmax(np.array([[20.0, 0, 0, 0, 0]] * 7))
    for columns in (none, blank):
        for found in (greedy(columns, ALPHABET), beam_search(columns, ALPHABET)):
            assert (found.text, found.spans) == ("", ())
            assert found.confidence == pytest.approx(1.0, abs=1e-5)


def test_certain_columns_are_read_too() -> None:
    with np.errstate(divide="ignore"):
        columns = np.log(np.eye(5, dtype=np.float32)[[1, 0, 1, 2, 2, 0]])
    for found in (greedy(columns, ALPHABET), beam_search(columns, ALPHABET)):
        assert found.text == "aab"
        assert found.confidence == 1.0
        assert [(span.start, span.stop) for span in found.spans] == [(0, 1), (2, 3), (3, 5)]
    assert text_log_probability(columns, [3]) == -np.inf
    assert len(align(columns, [3])) == 1


def test_columns_of_another_alphabet_are_refused() -> None:
    columns = random_columns(np.random.default_rng(0), 4, 3)
    with pytest.raises(ValueError, match=r"Received: shape=\(4, 3\)"):
        greedy(columns, ALPHABET)
    with pytest.raises(ValueError, match="Received: shape"):
        beam_search(columns, ALPHABET)
    with pytest.raises(ValueError, match="Received: 4 columns"):
        align(columns, [1, 1, 1])
    with pytest.raises(ValueError, match="Received: 0 columns"):
        align(columns[:0], [1])
