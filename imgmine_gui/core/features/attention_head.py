"""Training the attention head of a transfer network on kept maps.

The head is that of the architecture ``transfer_attention`` with its default options:
a_i = softmax over the positions of w tanh(V x_i + b), and y = softmax(W sum_i a_i x_i + d). It starts from the linear
head on the mean of the map, which it is when all a_i are alike, and goes on with Adam (Kingma and Ba 2015) in batches.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import Field

from imgmine_gui.core.features.heads import Floats, HeadOptions, Labelled, train_head
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_

BATCH = 64
MOMENTS = 0.9, 0.999
"""How slowly Adam's means of the gradient and of its square follow."""

Arrays = dict[str, Floats]


class AttentionHeadOptions(Options):
    """How an attention head is trained on kept maps."""

    score_width: int = Field(
        64, ge=1, le=1024, title=N_("Score width"),
        description=N_("Units of the small network that scores each position."),
    )  # fmt: skip
    epochs: int = Field(
        8, ge=1, le=1000, title=N_("Epochs"), description=N_("How often every training image is shown.")
    )  # fmt: skip
    learning_rate: float = Field(
        0.001, gt=0, le=1, title=N_("Learning rate"), description=N_("How far the weights move a step.")
    )  # fmt: skip
    label_smoothing: float = Field(
        0.1, ge=0, le=0.5, title=N_("Label smoothing"),
        description=N_("Part of the certainty that is taken from each label and spread over all classes."),
    )  # fmt: skip
    seed: int = Field(0, ge=0, title=N_("Seed"), description=N_("Decides the first weights and the order of images."))


@dataclass(frozen=True)
class AttentionHead:
    """A trained attention head.

    Attributes:
        arrays: float32 by ``LAYER/VARIABLE`` of the Keras network: ``score_inner/kernel`` (channels, score_width),
            ``score_inner/bias``, ``scores/kernel`` (score_width, 1), ``logits/kernel`` and ``logits/bias``.
        epochs: that were trained; the best of them is kept, 0 being the linear head.
        best_epoch: the kept one.
        validation_loss: of the kept epoch; None without validation images.
        seconds: the training took.
    """

    arrays: Mapping[str, Floats]
    epochs: int
    best_epoch: int
    validation_loss: float | None
    seconds: float

    def logits(self, maps: npt.NDArray[np.floating[Any]]) -> Floats:
        """float32 (n, classes) of maps (n, h, w, channels)."""
        parts = [_forward(self.arrays, _positions(maps[start : start + BATCH])) for start in range(0, len(maps), BATCH)]
        return np.concatenate([part.logits for part in parts])

    def attention(self, maps: npt.NDArray[np.floating[Any]]) -> Floats:
        """The weights of the positions, float32 (n, h, w), which sum to 1."""
        return _forward(self.arrays, _positions(maps)).weights.reshape(maps.shape[:3])


def train_attention_head(
    training: Labelled, classes: int, options: AttentionHeadOptions, context: JobContext,
    validation: Labelled | None = None, start: Mapping[str, Floats] | None = None,
) -> AttentionHead:  # fmt: skip
    """Train an attention head.

    Args:
        training: maps (n, h, w, channels) with their targets.
        classes: how many there are.
        options: of the head and its training.
        context: asked before each batch whether to go on.
        validation: where given, the epoch with the smallest loss on it is kept.
        start: arrays of a former head to go on from, if their shapes fit.

    Raises:
        Cancelled: the person cancelled.
    """
    began = time.perf_counter()
    random = np.random.default_rng(options.seed)
    arrays = _first(training, classes, options, random)
    if start is not None and {name: value.shape for name, value in start.items()} == _shapes(arrays):
        arrays = {name: start[name].copy() for name in arrays}
    adam = _Adam(arrays, options.learning_rate)
    best, best_epoch, best_loss = _copied(arrays), 0, _loss(arrays, validation)
    for epoch in range(1, options.epochs + 1):
        order = random.permutation(len(training.targets))
        adam.rate = options.learning_rate * 0.5 * (1 + np.cos(np.pi * (epoch - 1) / options.epochs))
        for first in range(0, len(order), BATCH):
            check_cancelled(context)
            adam.step(_gradients(arrays, training, order[first : first + BATCH], classes, options.label_smoothing))
        loss = _loss(arrays, validation)
        if loss is None or best_loss is None or loss < best_loss:
            best, best_epoch, best_loss = _copied(arrays), epoch, loss
    return AttentionHead(best, options.epochs, best_epoch, best_loss, time.perf_counter() - began)


@dataclass(frozen=True)
class _Forward:
    """What a batch is on its way through the head: (n, positions, ...) and (n, ...)."""

    inner: Floats
    weights: Floats
    pooled: Floats
    logits: Floats


class _Adam:
    """Changes arrays in place, after their gradients."""

    def __init__(self, arrays: Arrays, rate: float) -> None:
        self.rate = rate
        self._arrays, self._steps = arrays, 0
        self._mean = {name: np.zeros_like(array) for name, array in arrays.items()}
        self._square = {name: np.zeros_like(array) for name, array in arrays.items()}

    def step(self, gradients: Arrays) -> None:
        """One step; bias correction as in the paper."""
        self._steps += 1
        first, second = MOMENTS
        size = self.rate * np.sqrt(1 - second**self._steps) / (1 - first**self._steps)
        for name, gradient in gradients.items():
            self._mean[name] += (1 - first) * (gradient - self._mean[name])
            self._square[name] += (1 - second) * (gradient**2 - self._square[name])
            self._arrays[name] -= (size * self._mean[name] / (np.sqrt(self._square[name]) + 1e-7)).astype(np.float32)


def _positions(maps: npt.NDArray[np.floating[Any]]) -> Floats:
    """(n, positions, channels) float32."""
    return maps.reshape(len(maps), -1, maps.shape[-1]).astype(np.float32)


def _forward(arrays: Mapping[str, Floats], x: Floats) -> _Forward:
    inner = np.tanh(x @ arrays["score_inner/kernel"] + arrays["score_inner/bias"])
    scores = (inner @ arrays["scores/kernel"])[..., 0]
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = raised / raised.sum(axis=1, keepdims=True)
    pooled = (weights[:, np.newaxis] @ x)[:, 0]
    return _Forward(inner, weights, pooled, pooled @ arrays["logits/kernel"] + arrays["logits/bias"])


def _gradients(
    arrays: Arrays, training: Labelled, rows: npt.NDArray[np.intp], classes: int, smoothing: float
) -> Arrays:
    """Of the weighted mean of the cross-entropy over a batch."""
    x = _positions(training.features[rows])
    passed = _forward(arrays, x)
    wanted = np.full((len(rows), classes), smoothing / classes, np.float32)
    wanted[np.arange(len(rows)), training.targets[rows]] += 1 - smoothing
    parts = np.ones(len(rows)) if training.weights is None else training.weights[rows]
    slope = (_softmax(passed.logits) - wanted) * (parts / parts.sum())[:, np.newaxis].astype(np.float32)
    of_pooled = slope @ arrays["logits/kernel"].T
    of_weights = (x @ of_pooled[..., np.newaxis])[..., 0]
    mean = (passed.weights * of_weights).sum(axis=1, keepdims=True)
    of_scores = (passed.weights * (of_weights - mean))[..., np.newaxis]
    of_inner = (of_scores @ arrays["scores/kernel"].T) * (1 - passed.inner**2)
    flat_x, flat_inner = x.reshape(-1, x.shape[2]), of_inner.reshape(-1, of_inner.shape[2])
    return {
        "score_inner/kernel": flat_x.T @ flat_inner,
        "score_inner/bias": flat_inner.sum(axis=0),
        "scores/kernel": passed.inner.reshape(-1, of_inner.shape[2]).T @ of_scores.reshape(-1, 1),
        "logits/kernel": passed.pooled.T @ slope,
        "logits/bias": slope.sum(axis=0),
    }


def _first(training: Labelled, classes: int, options: AttentionHeadOptions, random: np.random.Generator) -> Arrays:
    """The linear head on the mean of the maps, and scores that are all 0."""
    maps, width = training.features, options.score_width
    means = np.concatenate([_positions(maps[at : at + BATCH]).mean(axis=1) for at in range(0, len(maps), BATCH)])
    linear = train_head(
        Labelled(means, training.targets, training.weights), classes,
        HeadOptions(label_smoothing=options.label_smoothing, iterations=30),
    )  # fmt: skip
    channels = maps.shape[-1]
    kernel = random.normal(0, np.sqrt(1 / channels), (channels, width)).astype(np.float32)
    return {
        "score_inner/kernel": kernel,
        "score_inner/bias": np.zeros(width, np.float32),
        "scores/kernel": np.zeros((width, 1), np.float32),
        "logits/kernel": linear.arrays["logits/kernel"].copy(),
        "logits/bias": linear.arrays["logits/bias"].copy(),
    }


def _loss(arrays: Arrays, validation: Labelled | None) -> float | None:
    """Mean cross-entropy of the validation images."""
    if validation is None:
        return None
    total = 0.0
    for start in range(0, len(validation.targets), BATCH):
        probabilities = _softmax(_forward(arrays, _positions(validation.features[start : start + BATCH])).logits)
        targets = validation.targets[start : start + BATCH]
        total -= float(np.log(probabilities[np.arange(len(targets)), targets] + 1e-30).sum())
    return total / len(validation.targets)


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = raised / raised.sum(axis=1, keepdims=True)
    return result


def _copied(arrays: Arrays) -> Arrays:
    return {name: array.copy() for name, array in arrays.items()}


def _shapes(arrays: Arrays) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in arrays.items()}
