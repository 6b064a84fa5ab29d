"""Training the head of a transfer network on kept features, in a fraction of a second.

The head is that of the architecture ``transfer``: y = softmax(W x + b), or with one hidden layer before it,
y = softmax(W relu(V x + c) + b). Its arrays bear the names of the Keras layers, so that they are the weights of the
network that predicts from pixels. All images are looked at in each step (L-BFGS): a result depends on nothing but
features, targets, options and seed.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import Field

from imgmine_gui.core.features.lbfgs import minimise
from imgmine_gui.core.options import Options
from imgmine_gui.core.text import N_

Floats = npt.NDArray[np.float32]
Targets = npt.NDArray[np.int32]
Arrays = dict[str, Floats]

SMALLEST_SPREAD = 0.1
"""Part of the mean spread that every feature's spread counts as at least: what hardly varies is not blown up."""


class HeadOptions(Options):
    """How a head is trained on kept features."""

    dense: int = Field(
        0, ge=0, le=8192, title=N_("Dense layer"),
        description=N_("Units of the layer before the last; 0 leaves it out."),
    )  # fmt: skip
    shrinkage: float = Field(
        0.03, ge=0, le=100, title=N_("Shrinkage"),
        description=N_("Keeps weights small (L2), against learning by heart; more for few images."),
    )  # fmt: skip
    label_smoothing: float = Field(
        0.1, ge=0, le=0.5, title=N_("Label smoothing"),
        description=N_("Part of the certainty that is taken from each label and spread over all classes."),
    )  # fmt: skip
    iterations: int = Field(
        200, ge=1, le=10_000, title=N_("Iterations"), description=N_("At most so many looks at all images.")
    )  # fmt: skip
    patience: int = Field(
        10, ge=1, le=10_000, title=N_("Patience"),
        description=N_("Iterations without a smaller validation loss after which the training ends."),
    )  # fmt: skip
    seed: int = Field(0, ge=0, title=N_("Seed"), description=N_("Decides the first weights of the dense layer."))


@dataclass(frozen=True)
class Labelled:
    """Features with what they are.

    Attributes:
        features: (n, channels), any float type.
        targets: (n,) index of the class of each.
        weights: (n,) what each counts in the loss; None: all alike.
    """

    features: npt.NDArray[np.floating[Any]]
    targets: npt.NDArray[np.integer[Any]]
    weights: npt.NDArray[np.floating[Any]] | None = None


@dataclass(frozen=True)
class Head:
    """A trained head.

    Attributes:
        arrays: float32 by ``LAYER/VARIABLE`` of the Keras network: ``logits/kernel`` (channels, classes) and
            ``logits/bias`` (classes,), and those of ``dense`` where there is such a layer.
        iterations: how often all images were looked at.
        loss: of the training images, with shrinkage.
        validation_loss, validation_accuracy: of the kept iteration; None without validation images.
        seconds: the training took.
    """

    arrays: Mapping[str, Floats]
    iterations: int
    loss: float
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float

    def logits(self, features: npt.NDArray[np.floating[Any]]) -> Floats:
        """float32 (n, classes) of features (n, channels)."""
        return _forward(self.arrays, features.astype(np.float32))[-1]

    def probabilities(self, features: npt.NDArray[np.floating[Any]]) -> Floats:
        """float32 (n, classes), rows sum to 1."""
        result: Floats = np.exp(_log_softmax(self.logits(features)))
        return result


def balanced_weights(targets: npt.NDArray[np.integer[Any]], classes: int) -> Floats:
    """n / (classes * n_class) for each image: every class counts alike."""
    counts = np.bincount(targets, minlength=classes)
    weights: Floats = (len(targets) / (classes * np.maximum(counts, 1)))[targets].astype(np.float32)
    return weights


def train_head(
    training: Labelled, classes: int, options: HeadOptions, validation: Labelled | None = None,
    start: Mapping[str, Floats] | None = None,
) -> Head:  # fmt: skip
    """Train a head.

    Args:
        training: at least one image.
        classes: how many there are; more than occur in ``training`` is fine.
        options: of the head and its training.
        validation: where given, the iteration with the smallest loss on it is kept, and the training ends early.
        start: arrays of a former head to go on from; those of another shape are not used.
    """
    began = time.perf_counter()
    features = training.features.astype(np.float32)
    scaling = _Scaling.of(features)
    problem = _Problem(scaling.apply(features), training, classes, options)
    shapes = _shapes(features.shape[1], classes, options.dense)
    first = _first(shapes, options.seed)
    if start is not None and {name: array.shape for name, array in start.items()} == shapes:
        first = scaling.fold_in(start)
    watch = _Watch(validation, scaling, shapes, options.patience)
    best, loss, iterations = _flat(first), float("nan"), 0
    for vector, value in minimise(lambda vector: problem.loss(_split(vector, shapes)), best):
        iterations += 1
        if watch.is_better(vector) or validation is None:
            best, loss = vector, value
        if iterations >= options.iterations or watch.tired:
            break
    arrays = scaling.fold_out(_split(best, shapes))
    return Head(arrays, iterations, loss, watch.loss, watch.accuracy, time.perf_counter() - began)


@dataclass(frozen=True)
class _Scaling:
    """Features brought to mean 0 and spread 1 for the optimiser; the weights take it in afterwards."""

    mean: Floats
    spread: Floats

    @classmethod
    def of(cls, features: Floats) -> "_Scaling":
        spread = features.std(axis=0)
        return cls(features.mean(axis=0), np.maximum(spread, SMALLEST_SPREAD * float(spread.mean()) + 1e-6))

    def apply(self, features: Floats) -> Floats:
        return (features - self.mean) / self.spread

    def fold_out(self, arrays: Arrays) -> Arrays:
        """Weights for scaled features as weights for the features themselves."""
        layer = _first_layer(arrays)
        kernel = arrays[f"{layer}/kernel"] / self.spread[:, np.newaxis]
        return {**arrays, f"{layer}/kernel": kernel, f"{layer}/bias": arrays[f"{layer}/bias"] - self.mean @ kernel}

    def fold_in(self, arrays: Mapping[str, Floats]) -> Arrays:
        """The reverse of ``fold_out``."""
        layer = _first_layer(arrays)
        kernel = arrays[f"{layer}/kernel"]
        scaled = kernel * self.spread[:, np.newaxis]
        return {**arrays, f"{layer}/kernel": scaled, f"{layer}/bias": arrays[f"{layer}/bias"] + self.mean @ kernel}


class _Problem:
    """The weighted mean of the cross-entropy, plus half of ``shrinkage`` times the sum of squared kernels."""

    def __init__(self, features: Floats, training: Labelled, classes: int, options: HeadOptions) -> None:
        self._features, self._shrinkage = features, options.shrinkage
        smoothing = options.label_smoothing
        self._wanted = np.full((len(features), classes), smoothing / classes, np.float32)
        self._wanted[np.arange(len(features)), training.targets] += 1.0 - smoothing
        weights = np.ones(len(features)) if training.weights is None else training.weights
        self._parts = (weights / weights.sum()).astype(np.float32)[:, np.newaxis]

    def loss(self, arrays: Arrays) -> tuple[float, Floats]:
        """Value, and gradient as one vector in the order of ``arrays``."""
        *hidden, logits = _forward(arrays, self._features)
        log_probabilities = _log_softmax(logits)
        value = -float(np.sum(self._parts * self._wanted * log_probabilities, dtype=np.float64))
        slope = (np.exp(log_probabilities) - self._wanted) * self._parts
        gradients: Arrays = {}
        if hidden:
            gradients["logits/kernel"], gradients["logits/bias"] = hidden[0].T @ slope, slope.sum(axis=0)
            slope = (slope @ arrays["logits/kernel"].T) * (hidden[0] > 0)
        layer = _first_layer(arrays)
        gradients[f"{layer}/kernel"], gradients[f"{layer}/bias"] = self._features.T @ slope, slope.sum(axis=0)
        for name, array in arrays.items():
            if name.endswith("kernel"):
                value += self._shrinkage / 2 * float(np.sum(np.square(array), dtype=np.float64))
                gradients[name] += np.float32(self._shrinkage) * array
        return value, _flat({name: gradients[name] for name in arrays})


class _Watch:
    """The validation images: which iteration is the best, and whether it is long ago."""

    def __init__(
        self, validation: Labelled | None, scaling: _Scaling, shapes: dict[str, tuple[int, ...]], patience: int
    ) -> None:
        self.loss: float | None = None
        self.accuracy: float | None = None
        self._shapes, self._patience, self._waited = shapes, patience, 0
        self._validation = validation
        if validation is not None:
            self._features = scaling.apply(validation.features.astype(np.float32))

    @property
    def tired(self) -> bool:
        return self._waited >= self._patience

    def is_better(self, vector: Floats) -> bool:
        if self._validation is None:
            return False
        log_probabilities = _log_softmax(_forward(_split(vector, self._shapes), self._features)[-1])
        targets = self._validation.targets
        loss = -float(log_probabilities[np.arange(len(targets)), targets].mean())
        if self.loss is not None and loss >= self.loss:
            self._waited += 1
            return False
        self.loss, self._waited = loss, 0
        self.accuracy = float((log_probabilities.argmax(axis=1) == targets).mean())
        return True


def _shapes(channels: int, classes: int, dense: int) -> dict[str, tuple[int, ...]]:
    if not dense:
        return {"logits/kernel": (channels, classes), "logits/bias": (classes,)}
    return {"dense/kernel": (channels, dense), "dense/bias": (dense,),
            "logits/kernel": (dense, classes), "logits/bias": (classes,)}  # fmt: skip


def _first(shapes: dict[str, tuple[int, ...]], seed: int) -> Arrays:
    """Zeros for a linear head; He et al. (2015) for a hidden layer, and small weights behind it."""
    random = np.random.default_rng(seed)
    arrays = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    if "dense/kernel" in shapes:
        for name in ("dense/kernel", "logits/kernel"):
            inputs = shapes[name][0]
            arrays[name] = random.normal(0, np.sqrt(2 / inputs), shapes[name]).astype(np.float32)
    return arrays


def _first_layer(arrays: Mapping[str, Floats]) -> str:
    return "dense" if "dense/kernel" in arrays else "logits"


def _forward(arrays: Mapping[str, Floats], features: Floats) -> list[Floats]:
    """The hidden layer's values where there is one, and the logits."""
    if "dense/kernel" not in arrays:
        return [features @ arrays["logits/kernel"] + arrays["logits/bias"]]
    hidden = np.maximum(features @ arrays["dense/kernel"] + arrays["dense/bias"], 0)
    return [hidden, hidden @ arrays["logits/kernel"] + arrays["logits/bias"]]


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result


def _flat(arrays: Mapping[str, Floats]) -> Floats:
    return np.concatenate([array.ravel() for array in arrays.values()]).astype(np.float32)


def _split(vector: Floats, shapes: dict[str, tuple[int, ...]]) -> Arrays:
    arrays: Arrays = {}
    start = 0
    for name, shape in shapes.items():
        end = start + int(np.prod(shape))
        arrays[name] = vector[start:end].reshape(shape)
        start = end
    return arrays
