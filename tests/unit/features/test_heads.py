"""Heads trained on kept features: the right minimum, the same as the Keras network, quickly."""

import time

import keras
import numpy as np
import pytest

from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.features.heads import HeadOptions, Labelled, balanced_weights, train_head
from imgmine_gui.core.tasks.network import NetworkDescription
from tests.timing import LENIENCY
from tests.unit.two_parts import build_head_network, give_to_network


def clouds(images: int, classes: int = 4, channels: int = 1280, spread: float = 3.0, seed: int = 0) -> Labelled:
    """Overlapping clouds of features, at least 0 as those of the backbone."""
    centres = np.random.default_rng(99).normal(0, 1, (classes, channels))
    random = np.random.default_rng(seed)
    targets = random.integers(0, classes, images).astype(np.int32)
    features = np.maximum(centres[targets] + random.normal(0, spread, (images, channels)), 0) / 3
    return Labelled(features.astype(np.float16), targets)


def description(dense: int) -> NetworkDescription:
    return NetworkDescription(
        task="classification", architecture="transfer", architecture_options={"dense": dense},
        preprocessing=Preprocessing(), classes=("a", "b", "c", "d"),
    )  # fmt: skip


@pytest.mark.parametrize("dense", [0, 24])
def test_the_head_is_that_of_the_keras_network(dense: int) -> None:
    data = clouds(300)
    head = train_head(data, 4, HeadOptions(dense=dense))
    network = build_head_network(description(dense))
    give_to_network(head.arrays, network)
    outputs = network.predict(data.features.astype(np.float32), verbose=0)
    np.testing.assert_allclose(outputs["logits"], head.logits(data.features), atol=1e-3)
    np.testing.assert_allclose(outputs["probabilities"], head.probabilities(data.features), atol=1e-4)
    trainable = {f"{layer.name}/{weight.name}" for layer in network.layers for weight in layer.weights}
    assert set(head.arrays) == trainable


def test_the_minimum_is_that_of_plain_gradient_descent_by_keras() -> None:
    """A second way to the same minimum, on features of mean 0 and spread 1, with weights and smoothing."""
    data = clouds(120, channels=12, spread=2.0)
    features = data.features.astype(np.float32)
    features = (features - features.mean(0)) / features.std(0)
    weights = balanced_weights(data.targets, 4)
    options = HeadOptions(shrinkage=0.05, label_smoothing=0.1)
    head = train_head(Labelled(features, data.targets, weights), 4, options)
    kernel, bias = keras.Variable(np.zeros((12, 4), np.float32)), keras.Variable(np.zeros(4, np.float32))
    wanted = np.eye(4, dtype=np.float32)[data.targets] * 0.9 + 0.025
    import tensorflow as tf

    for _ in range(3000):
        with tf.GradientTape() as tape:
            losses = tf.nn.softmax_cross_entropy_with_logits(wanted, features @ kernel.value + bias.value)
            loss = tf.reduce_sum(losses * weights) / weights.sum() + 0.025 * tf.reduce_sum(tf.square(kernel.value))
        for variable, slope in zip((kernel, bias), tape.gradient(loss, [kernel.value, bias.value]), strict=True):
            variable.assign_sub(0.5 * slope)
    assert head.loss == pytest.approx(float(loss), rel=1e-4)
    np.testing.assert_allclose(head.arrays["logits/kernel"], kernel.numpy(), atol=5e-3)


def test_equal_seeds_give_equal_heads() -> None:
    data = clouds(200)
    first, again, other = (train_head(data, 4, HeadOptions(dense=8, seed=seed)).arrays for seed in (1, 1, 2))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["dense/kernel"], other["dense/kernel"])


def test_validation_ends_the_training_at_its_smallest_loss() -> None:
    training, validation = clouds(100, spread=25), clouds(100, spread=25, seed=1)
    free = train_head(training, 4, HeadOptions(shrinkage=0.0))
    watched = train_head(training, 4, HeadOptions(shrinkage=0.0, patience=4), validation)
    log = np.log(watched.probabilities(validation.features))
    assert watched.validation_loss == pytest.approx(-float(log[np.arange(100), validation.targets].mean()), rel=1e-2)
    assert watched.validation_loss is not None
    late = np.log(free.probabilities(validation.features) + 1e-30)
    assert watched.validation_loss < -float(late[np.arange(100), validation.targets].mean())
    assert watched.iterations < free.iterations


def test_weights_count_a_rare_class_like_the_others() -> None:
    data = clouds(2000, classes=2, channels=8, spread=4.0)
    kept = np.flatnonzero((data.targets == 0) | (np.arange(2000) % 20 == 0))
    rare = Labelled(data.features[kept], data.targets[kept])
    even = Labelled(rare.features, rare.targets, balanced_weights(rare.targets, 2))
    test = clouds(2000, classes=2, channels=8, spread=4.0, seed=5)
    found = [train_head(one, 2, HeadOptions()).logits(test.features).argmax(1) for one in (rare, even)]
    recalls = [float((one[test.targets == 1] == 1).mean()) for one in found]
    assert recalls[0] < 0.5 * recalls[1]


def test_3000_images_are_learned_anew_within_a_second() -> None:
    data = clouds(3068, classes=10)
    former = train_head(data, 10, HeadOptions(iterations=30), clouds(341, classes=10, seed=3))
    targets = data.targets.copy()
    targets[7] = (targets[7] + 1) % 10
    best = min(
        _seconds(
            lambda: train_head(Labelled(data.features, targets), 10, HeadOptions(iterations=15), start=former.arrays)
        )
        for _ in range(2)
    )
    assert best < 1.0 * LENIENCY


def _seconds(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - began


def test_a_former_head_of_other_classes_is_not_gone_on_from() -> None:
    data = clouds(100)
    former = train_head(clouds(100, classes=3), 3, HeadOptions())
    fresh, started = train_head(data, 4, HeadOptions()), train_head(data, 4, HeadOptions(), start=former.arrays)
    assert np.array_equal(fresh.arrays["logits/kernel"], started.arrays["logits/kernel"])
    again = train_head(data, 4, HeadOptions(), start=fresh.arrays)
    assert again.loss <= fresh.loss * 1.0001
