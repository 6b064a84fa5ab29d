"""Confidences that mean what they say: of lines (or characters) with a confidence of 0.9, nine in ten are right.

A network is surer of itself than it is right. What it says is mapped by ``sigmoid(slope * logit(p) + intercept)``,
fitted on validation lines (Platt 1999; with an intercept of 0 it is the temperature scaling of Guo et al. 2017): two
numbers, which few lines give well, and which keep the order of the confidences. How far off they are is told by the
expected calibration error (Guo et al. 2017) over ten groups of equal size (Nguyen and O'Connor 2015).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from imgmine_gui.core.inference.ctc_decoding import Recognised

GROUPS = 10
FOLDS = 5
LEAST_SLOPE = 0.05
"""Keeps the order of confidences where they tell nothing."""
NEAREST = 1e-6
"""Confidences are kept so far from 0 and 1: what 32-bit numbers tell apart."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """A map from what a network says to how often it is right; the default one changes nothing.

    Attributes:
        error_before, error_after: expected calibration error on the validation data, 0..1; the latter of
            confidences that were calibrated on the other four fifths of it.
        count: lines or characters that it was fitted on.
    """

    slope: float = 1.0
    intercept: float = 0.0
    error_before: float = 0.0
    error_after: float = 0.0
    count: int = 0

    def applied(self, confidences: npt.ArrayLike) -> Floats:
        """Calibrated confidences, of the same shape."""
        return _sigmoid(self.slope * _logit(np.asarray(confidences, np.float64)) + self.intercept)


@dataclass(frozen=True)
class TextCalibration:
    """The calibrations of lines and of characters."""

    line: Calibration = Calibration()
    character: Calibration = Calibration()

    def applied(self, recognised: Recognised) -> Recognised:
        """The same text with calibrated confidences."""
        values = self.character.applied([span.confidence for span in recognised.spans]).tolist()
        spans = tuple(replace(span, confidence=value) for span, value in zip(recognised.spans, values, strict=True))
        return Recognised(recognised.text, float(self.line.applied(recognised.confidence)), spans)


def calibrate_text(recognised: Sequence[Recognised], texts: Sequence[str]) -> TextCalibration:
    """Calibrations from what was recognised in validation lines, and their true texts.

    A line is right when its text is equal; a recognised character when it matches one in an alignment with the fewest
    edits. Calibrate what was decoded in the way that is used later.
    """
    lines = [one.confidence for one in recognised]
    exact = [one.text == text for one, text in zip(recognised, texts, strict=True)]
    characters = [span.confidence for one in recognised for span in one.spans]
    right = [good for one, text in zip(recognised, texts, strict=True) for good in right_characters(one.text, text)]
    return TextCalibration(calibrate(lines, exact), calibrate(characters, right))


def right_characters(recognised: str, true: str) -> list[bool]:
    """For each recognised character whether it matches a true one."""
    right = [False] * len(recognised)
    for block in Levenshtein.opcodes(recognised, true):
        if block.tag == "equal":
            right[block.src_start : block.src_end] = [True] * (block.src_end - block.src_start)
    return right


def calibrate(confidences: Sequence[float], right: Sequence[bool]) -> Calibration:
    """The calibration of confidences 0..1 by whether they were right; without any, one that changes nothing."""
    said, truth = np.asarray(confidences, np.float64), np.asarray(right, np.float64)
    if not len(said):
        return Calibration()
    slope, intercept = _fitted(said, truth)
    folds = np.random.default_rng(0).permutation(len(said)) % FOLDS
    held_out = said.copy()
    for fold in range(FOLDS):
        others = folds != fold
        if others.any():
            held_out[~others] = Calibration(*_fitted(said[others], truth[others])).applied(said[~others])
    before, after = calibration_error(said, truth), calibration_error(held_out, truth)
    return Calibration(slope, intercept, before, after, len(said))


def calibration_error(confidences: Floats, right: Floats) -> float:
    """Expected calibration error, 0..1: mean distance of confidence and correctness over groups of equal size.

    Args:
        confidences: (n,), n >= 1.
        right: (n,) of 0 and 1.
    """
    order = np.argsort(confidences, kind="stable")
    groups = np.array_split(order, min(GROUPS, len(order)))
    gaps = [len(rows) * abs(confidences[rows].mean() - right[rows].mean()) for rows in groups]
    return float(sum(gaps) / len(order))


def _fitted(said: Floats, right: Floats) -> tuple[float, float]:
    """Slope and intercept of the logistic regression of ``right`` on the logits.

    Platt's targets (a little off 0 and 1) and a weak pull to "change nothing" keep it finite when all were right.
    """
    logits, ones = _logit(said), np.ones_like(said)
    good = right.sum()
    targets = np.where(right > 0, (good + 1) / (good + 2), 1 / (len(right) - good + 2))
    slope, intercept = _newton(np.stack((logits, ones)), 0 * ones, targets, np.array([1.0, 0.0])).tolist()
    if slope < LEAST_SLOPE:
        slope = LEAST_SLOPE
        (intercept,) = _newton(ones[None], slope * logits, targets, np.zeros(1)).tolist()
    return slope, intercept


def _newton(inputs: Floats, offsets: Floats, targets: Floats, start: Floats) -> Floats:
    """Weights of ``sigmoid(weights @ inputs + offsets)`` near ``targets``, pulled weakly to ``start``."""
    weights = start
    for _ in range(50):
        found = _sigmoid(weights @ inputs + offsets)
        gradient = inputs @ (found - targets) + (weights - start)
        curvature = (inputs * (found * (1 - found))) @ inputs.T + np.eye(len(start))
        step = np.linalg.solve(curvature, gradient)
        largest = float(np.abs(step).max())
        weights = weights - step / max(1.0, largest)
        if largest < 1e-9:
            break
    return weights


def _logit(probabilities: Floats) -> Floats:
    clipped = np.clip(probabilities, NEAREST, 1 - NEAREST)
    return np.log(clipped) - np.log1p(-clipped)


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logits)), np.float64)
