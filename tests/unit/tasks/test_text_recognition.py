"""Text recognition: its loss against its definition, its figures against the decoder, and what it learns from."""

import itertools
from collections.abc import Sequence

import keras
import numpy as np
import pytest
import tensorflow as tf

from imgmine_gui.core.architectures.base import Features
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.evaluation.text_alignment import edit_distance
from imgmine_gui.core.inference.ctc_decoding import greedy
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.tasks.text_recognition import TextRecognition, columns_needed
from tests.ctc_columns import columns_of, log_softmax

TASK = TextRecognition()
ALPHABET = tuple("abc")


def losses(logits: np.ndarray, columns: Sequence[int], texts: Sequence[str]) -> np.ndarray:
    outputs = {"logits": tf.constant(logits, tf.float32), "columns": tf.constant(columns, tf.int32)}
    return np.asarray(TASK.loss(tf.constant(TASK.encode(texts, ALPHABET)), outputs, 0.0))


def spelled(path: Sequence[int]) -> str:
    return "".join(ALPHABET[label - 1] for label, _ in itertools.groupby(path) if label)


def summed_over_all_paths(logits: np.ndarray, text: str) -> float:
    """-log of the probability of every path of classes that spells the text."""
    probabilities = np.exp(log_softmax(logits.astype(np.float64)))
    paths = itertools.product(range(logits.shape[1]), repeat=len(logits))
    return -np.log(
        sum(np.prod(probabilities[range(len(path)), path]) for path in paths if spelled(path) == text), dtype=np.float64
    )


@pytest.mark.parametrize("text", ["a", "aa", "ab", "aba", "abb", "ccc"])
def test_loss_is_the_sum_over_all_paths(text: str) -> None:
    logits = np.random.default_rng(1).normal(0, 2, (5, 4)).astype(np.float32)
    padded = np.concatenate([logits, np.full((3, 4), 7, np.float32)])
    expected = summed_over_all_paths(logits, text)
    other = np.random.default_rng(2).normal(0, 2, (8, 4)).astype(np.float32)
    found = losses(np.stack([padded, other]), [5, 8], [text, "abcba"])  # beside a longer one
    np.testing.assert_allclose(found[0], expected, rtol=1e-5)
    np.testing.assert_allclose(losses(padded[None], [5], [text]), [expected], rtol=1e-5)  # and alone


def test_loss_and_its_gradient_are_those_of_the_dense_one_of_keras() -> None:
    random = np.random.default_rng(0)
    texts = ["abc", "aab", "c", "cccc", "abcabc"]
    columns = np.array([7, 20, 3, 9, 20], np.int32)
    logits = tf.constant(random.normal(0, 3, (5, 20, 4)), tf.float32)
    targets = tf.constant(TASK.encode(texts, ALPHABET))
    lengths = tf.constant([len(text) for text in texts])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(logits)
        ours = TASK.loss(targets, {"logits": logits, "columns": tf.constant(columns)}, 0.0)
        theirs = keras.ops.ctc_loss(targets, logits, lengths, tf.constant(columns), mask_index=0)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)
    np.testing.assert_allclose(tape.gradient(ours, logits), tape.gradient(theirs, logits), atol=2e-5)
    assert not np.asarray(tape.gradient(ours, logits))[0, 7:].any()  # what lies right of an image teaches nothing


def test_loss_is_finite_where_a_probability_underflows() -> None:
    logits = np.zeros((1, 4, 4), np.float32)
    logits[:, :, 0] = 1e4
    with tf.GradientTape() as tape:
        watched = tf.constant(logits)
        tape.watch(watched)
        loss = TASK.loss(tf.constant([[1, 2, 3]]), {"logits": watched, "columns": tf.constant([4])}, 0.0)
    assert np.isfinite(loss).all() and float(loss[0]) > 100
    assert np.isfinite(tape.gradient(loss, watched)).all()


def test_loss_of_a_text_that_just_fits_is_finite() -> None:
    logits = np.random.default_rng(0).normal(0, 1, (1, 5, 4)).astype(np.float32)
    assert columns_needed("aabb") == 6
    assert columns_needed("aabc") == 5
    assert np.isfinite(losses(logits, [5], ["aabc"])).all()
    assert columns_needed("") == 0


def test_metrics_are_those_of_the_decoder() -> None:
    random = np.random.default_rng(3)
    texts = ["abc", "", "aabbcc", "c", "bca", "ab"]
    said = [columns_of(text, ALPHABET, random, 20, doubt=0.6) for text in texts]
    said[-1] = log_softmax(random.normal(0, 3, (20, 4)))
    columns = [20, 6, 20, 5, 13, 11]
    outputs = {"logits": tf.constant(np.stack(said)), "columns": tf.constant(columns)}
    found = {
        key: np.asarray(value)
        for key, value in TASK.metrics(tf.constant(TASK.encode(texts, ALPHABET)), outputs).items()
    }
    read = [greedy(one[:count], ALPHABET).text for one, count in zip(said, columns, strict=True)]
    assert [edit_distance(text, one) for text, one in zip(texts, read, strict=True)] == found["edits"].tolist()
    assert found["characters"].tolist() == [len(text) for text in texts]
    assert found["exact"].tolist() == [float(text == one) for text, one in zip(texts, read, strict=True)]
    assert found["edits"].sum() > 0
    assert 0 < found["exact"].sum() < len(texts)


def test_metrics_of_lines_without_a_character() -> None:
    blank = tf.constant(np.tile([9.0, 0, 0, 0], (2, 5, 1)), tf.float32)
    found = TASK.metrics(tf.constant([[0], [1]]), {"logits": blank, "columns": tf.constant([5, 5])})
    assert [np.asarray(found[name]).tolist() for name in ("edits", "characters", "exact")] == [[0, 1], [0, 1], [1, 0]]


def test_error_rate_is_the_sum_of_edits_by_the_sum_of_characters() -> None:
    assert TASK.figures({"loss": 2.0, "edits": 0.75, "characters": 3.0, "exact": 0.5}) == {
        "loss": 2.0, "exact": 0.5, "cer": 0.25,
    }  # fmt: skip
    assert TASK.figures({"loss": 0.0, "edits": 0.0, "characters": 0.0, "exact": 1.0})["cer"] == 0


def test_encoded_text_comes_back() -> None:
    assert TASK.encode(["ab", "", "cca"], ALPHABET).tolist() == [[1, 2, 0], [0, 0, 0], [3, 3, 1]]
    assert TASK.encode(["ab"], ALPHABET).dtype == np.int32
    assert TASK.encode([], ALPHABET).shape == (0, 0)


def test_unknown_character_is_named() -> None:
    with pytest.raises(UserError) as told:
        TASK.encode(["ab", "ax"], ALPHABET)
    assert "x" in told.value.message and "ax" in told.value.message


def test_alphabet_is_of_what_is_trained_and_validated_on() -> None:
    texts = {Split.TRAIN: "ba", Split.VALIDATION: "b€", Split.TEST: "z", None: "y"}
    items = [DataItem(f"{text}.png", None, split, text, text) for split, text in texts.items()]
    items.append(DataItem("none.png", "label", Split.TRAIN, "none"))
    items.append(DataItem("empty.png", None, Split.TRAIN, "empty", ""))
    assert TASK.classes(DataItems.of_items(items)) == ("a", "b", "€")
    assert [TASK.target(item) for item in items[-2:]] == [None, ""]


def test_head_reads_each_column_alone_in_32_bits() -> None:
    sequence = keras.Input((None, 3), dtype="bfloat16")
    count = keras.Input((), dtype="int32")
    outputs = TASK.head(Features(sequence, "map", columns=count), 3, 0.5)
    assert outputs["logits"].shape == (None, None, 4)
    assert outputs["logits"].dtype == "float32"
    assert outputs["columns"] is count
