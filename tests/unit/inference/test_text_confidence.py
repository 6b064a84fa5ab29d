"""Calibration of confidences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgmine_gui.core.inference.ctc_decoding import Recognised, Span
from imgmine_gui.core.inference.text_confidence import (
    Calibration,
    TextCalibration,
    calibrate,
    calibrate_text,
    calibration_error,
    right_characters,
)

texts = st.text("abc ", max_size=8)


def overconfident(random: np.random.Generator, count: int) -> tuple[list[float], list[bool]]:
    """What is said, and whether it is right: the true log-odds are 0.4 times those said, less 0.5."""
    logits = random.normal(3, 2, count)
    right = random.random(count) < 1 / (1 + np.exp(-(0.4 * logits - 0.5)))
    return (1 / (1 + np.exp(-logits))).tolist(), right.tolist()


def test_the_map_that_was_put_in_is_found() -> None:
    calibration = calibrate(*overconfident(np.random.default_rng(0), 20_000))
    assert calibration.slope == pytest.approx(0.4, abs=0.03)
    assert calibration.intercept == pytest.approx(-0.5, abs=0.06)
    assert calibration.error_before > 0.2
    assert calibration.error_after < 0.02
    assert calibration.count == 20_000


def test_three_hundred_lines_are_enough_to_gain_on_new_ones() -> None:
    random = np.random.default_rng(1)
    calibration = calibrate(*overconfident(random, 300))
    said, right = overconfident(random, 5000)
    before = calibration_error(np.array(said), np.array(right, float))
    after = calibration_error(calibration.applied(said), np.array(right, float))
    assert before > 0.2
    assert after < 0.04
    assert calibration.error_after < 0.5 * calibration.error_before


def test_the_error_is_what_one_computes_by_hand() -> None:
    said = np.repeat([0.2, 0.9], 50)
    right = np.concatenate([np.tile([1.0, 0, 0, 0, 1], 10), np.ones(50)])
    assert calibration_error(said, right) == pytest.approx((0.2 + 0.1) / 2)


@pytest.mark.parametrize("right", [True, False])
def test_the_order_survives_when_all_were_alike(right: bool) -> None:
    said = [0.5, 0.9, 0.99, 1.0, 0.0]
    calibration = calibrate(said * 20, [right] * 100)
    after = calibration.applied(said)
    assert np.array_equal(np.argsort(after), np.argsort(said))
    assert ((after > 0) & (after < 1)).all()


def test_a_handful_of_lines_changes_little() -> None:
    few, many = (calibrate([0.95] * count, [False] * count) for count in (2, 200))
    assert many.applied(0.95) < 0.1
    assert few.applied(0.95) > 0.4


def test_confidences_that_tell_the_opposite_keep_their_order() -> None:
    calibration = calibrate([0.1, 0.9] * 100, [True, False] * 100)
    assert calibration.applied(0.9) > calibration.applied(0.1)


def test_without_lines_nothing_changes() -> None:
    assert calibrate([], []) == Calibration()
    assert Calibration().applied([0.25, 0.5]) == pytest.approx([0.25, 0.5])
    assert calibrate([0.9], [True]).count == 1


@given(texts, texts)
def test_as_many_characters_are_right_as_both_texts_share(recognised: str, true: str) -> None:
    right = right_characters(recognised, true)
    assert len(right) == len(recognised)
    kept = [character for character, good in zip(recognised, right, strict=True) if good]
    rest = iter(true)
    assert all(character in rest for character in kept)  # in this order, each once
    assert (sum(right) == len(true) == len(recognised)) == (true == recognised)


def test_a_line_and_its_characters_are_calibrated() -> None:
    spans = (Span("a", 0, 2, 0.99), Span("b", 3, 4, 0.6))
    line = Recognised("ab", 0.7, spans)
    calibration = calibrate_text([line] * 50, ["ab"] * 10 + ["ac"] * 40)
    assert (calibration.line.count, calibration.character.count) == (50, 100)
    after = calibration.applied(line)
    assert after.text == "ab"
    assert [(span.character, span.start, span.stop) for span in after.spans] == [("a", 0, 2), ("b", 3, 4)]
    assert after.confidence == pytest.approx(0.2, abs=0.05)
    assert after.spans[0].confidence > 0.9
    assert after.spans[1].confidence == pytest.approx(0.2, abs=0.1)
    unchanged = TextCalibration().applied(line)
    assert [span.confidence for span in unchanged.spans] == pytest.approx([0.99, 0.6])
    assert TextCalibration().applied(Recognised("", 1.0, ())).spans == ()
