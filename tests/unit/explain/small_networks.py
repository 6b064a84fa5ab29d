"""Networks of every shape that explainers meet, small enough to be looked at in milliseconds.

Each holds a random flip and a dropout, which must stand still while the network is explained.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import keras
import numpy as np
from keras import layers

from imgmine_gui.core.explain.subject import Floats, Score, Subject
from imgmine_gui.core.layers.self_attention import AttentionMix, AttentionWeights

CLASSES = 4
HEIGHT, WIDTH = 24, 32
SHAPE = (HEIGHT, WIDTH, 3)


@dataclass(frozen=True)
class Specimen:
    """A network with what a subject must know of it."""

    network: Any
    gives: frozenset[str]
    feature_layer: str | None = None
    sequence_layer: str | None = None
    score: Score | None = None
    self_attention_layers: tuple[str, ...] = ()

    def subject(self) -> Subject:
        return Subject(self.network, self.feature_layer, self.sequence_layer, self.score, self.self_attention_layers)


def convolutions() -> list[Any]:
    return [
        layers.RandomFlip(),
        layers.Rescaling(1 / 255),
        layers.Conv2D(6, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(8, 3, padding="same", activation="relu", name="last_convolution"),
    ]


def through(x: Any, parts: list[Any]) -> Any:
    for part in parts:
        x = part(x)
    return x


def sequential() -> Specimen:
    head = [layers.MaxPooling2D(), layers.Dropout(0.5), layers.Flatten(), layers.Dense(CLASSES)]
    network = keras.Sequential([keras.Input(SHAPE), *convolutions(), *head])
    return Specimen(network, frozenset({"feature_map"}), "last_convolution")


def functional() -> Specimen:
    """A softmax at the end, as networks from elsewhere have it."""
    images = keras.Input(SHAPE)
    features = through(images, convolutions())
    added = layers.Add()([features, layers.Conv2D(8, 1)(features)])
    pooled = layers.Dropout(0.5)(layers.GlobalAveragePooling2D()(added))
    network = keras.Model(images, layers.Dense(CLASSES, activation="softmax")(pooled))
    return Specimen(network, frozenset({"feature_map"}), added._keras_history.operation.name)


def nested() -> Specimen:
    """The layer of interest lies two networks deep."""
    inner = keras.Sequential([keras.Input(SHAPE), *convolutions()])
    images = keras.Input(SHAPE)
    backbone = keras.Model(images, layers.BatchNormalization()(inner(images)), name="backbone")
    outer = keras.Input(SHAPE)
    pooled = layers.GlobalMaxPooling2D()(backbone(outer))
    network = keras.Model(outer, layers.Dense(CLASSES)(layers.Dropout(0.5)(pooled)))
    return Specimen(network, frozenset({"feature_map"}), "last_convolution")


def attention() -> Specimen:
    """Our own contract: logits, probabilities and the weights of two heads."""
    images = keras.Input(SHAPE)
    features = through(images, convolutions())
    rows, columns, channels = features.shape[1:]
    positions = layers.Reshape((rows * columns, channels))(features)
    weights = layers.Softmax(axis=1)(layers.Dense(2)(layers.Dense(5, activation="tanh")(positions)))
    pooled = layers.Flatten()(layers.Dot(axes=1)([weights, positions]))
    logits = layers.Dense(CLASSES)(layers.Dropout(0.5)(pooled))
    outputs = {
        "logits": logits,
        "probabilities": layers.Softmax()(logits),
        "attention": layers.Reshape((2, rows, columns))(layers.Permute((2, 1))(weights)),
    }
    return Specimen(keras.Model(images, outputs), frozenset({"attention", "feature_map"}), "last_convolution")


def transformer() -> Specimen:
    """Two layers of self-attention over the positions of a map, and the mean."""
    images = keras.Input(SHAPE)
    features = through(images, convolutions())
    rows, columns, channels = features.shape[1:]
    x = layers.Reshape((rows * columns, channels))(features)
    names = ("first_weights", "second_weights")
    for name in names:
        weights = AttentionWeights(2, name=name)([layers.Dense(channels)(x), layers.Dense(channels)(x)])
        x = layers.Add()([x, AttentionMix()([weights, layers.Dense(channels)(x)])])
    last = layers.Reshape((rows, columns, channels), name="last_map")(x)
    logits = layers.Dense(CLASSES)(layers.Dropout(0.5)(layers.GlobalAveragePooling2D()(last)))
    gives = frozenset({"feature_map", "self_attention"})
    return Specimen(keras.Model(images, logits), gives, "last_map", self_attention_layers=names)


def two_output() -> Specimen:
    """Two outputs in a list; the second is explained."""
    images = keras.Input(SHAPE)
    pooled = layers.Flatten()(through(images, convolutions()))
    other = layers.Dense(2, name="other")(pooled)
    wanted = layers.Dense(CLASSES, name="wanted")(layers.Dropout(0.5)(pooled))
    return Specimen(
        keras.Model(images, [other, wanted]), frozenset({"feature_map"}), "last_convolution", score="wanted"
    )


def recurrent() -> Specimen:
    images = keras.Input(SHAPE)
    features = through(images, convolutions())
    rows, columns, channels = features.shape[1:]
    sequence = layers.Reshape((columns, rows * channels), name="columns")(layers.Permute((2, 1, 3))(features))
    states = layers.Bidirectional(layers.LSTM(5, return_sequences=True))(sequence)
    last = layers.Dropout(0.5)(layers.GRU(6)(states))
    network = keras.Model(images, layers.Dense(CLASSES)(last))
    return Specimen(network, frozenset({"feature_map", "sequence"}), "last_convolution", "columns")


def black_box() -> Specimen:
    """No layer is named: only what looks at images and scores is defined."""
    network = sequential().network
    return Specimen(network, frozenset())


SPECIMENS: dict[str, Callable[[], Specimen]] = {
    make.__name__: make
    for make in (sequential, functional, nested, attention, transformer, two_output, recurrent, black_box)
}


def planted(make: Callable[[], Specimen], seed: int = 0) -> Specimen:
    """The specimen with random weights that follow from ``seed`` and leave no score untouched."""
    keras.utils.set_random_seed(seed)
    specimen = make()
    random = np.random.default_rng(seed)
    for weight in specimen.network.weights:
        if weight.dtype == "float32":
            scale = 1 / np.sqrt(max(np.prod(weight.shape[:-1]), 1))
            values = random.normal(0, scale, weight.shape)
            weight.assign(np.abs(values) if "variance" in weight.name else values)
    return specimen


@cache
def specimen_of(kind: str) -> Specimen:
    """A planted specimen, the same for all tests, which must leave its weights alone."""
    return planted(SPECIMENS[kind])


@cache
def subject_of(kind: str) -> Subject:
    """The subject of that specimen, compiled once."""
    return specimen_of(kind).subject()


def pictures(count: int = 3, shape: tuple[int, ...] = SHAPE, seed: int = 7) -> Floats:
    """Random images with coarse structure, 0..255."""
    random = np.random.default_rng(seed)
    coarse = random.uniform(0, 255, (count, shape[0] // 4, shape[1] // 4, shape[2]))
    fine = random.uniform(-20, 20, (count, *shape))
    return np.clip(coarse.repeat(4, 1).repeat(4, 2) + fine, 0, 255).astype(np.float32)
