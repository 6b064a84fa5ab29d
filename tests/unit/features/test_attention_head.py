"""The attention head trained on kept maps: the Keras network's own, and it learns where to look."""

import numpy as np
import pytest
import tensorflow as tf

from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.features import attention_head
from imgmine_gui.core.features.attention_head import AttentionHeadOptions, train_attention_head
from imgmine_gui.core.features.heads import HeadOptions, Labelled, give_to_network, train_head
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.tasks.frozen import build_head_network
from imgmine_gui.core.tasks.network import NetworkDescription

OPTIONS = AttentionHeadOptions(epochs=12, learning_rate=0.01)
CHANNELS = 1280


def spots(images: int, seed: int) -> tuple[Labelled, np.ndarray]:
    """Maps in which every position bears a class, but only that of the marked one counts; and where that is."""
    random = np.random.default_rng(seed)
    targets = random.integers(0, 3, images).astype(np.int32)
    where = random.integers(0, 12, images)
    maps = np.zeros((images, 12, CHANNELS), np.float32)
    maps[..., 4:20] = np.abs(random.normal(0, 0.2, (images, 12, 16)))
    borne = random.integers(0, 3, (images, 12))
    borne[np.arange(images), where] = targets
    np.put_along_axis(maps, 1 + borne[..., np.newaxis], 4.0, axis=2)
    maps[np.arange(images), where, 0] = 6.0
    return Labelled(maps.reshape(images, 3, 4, CHANNELS).astype(np.float16), targets), where


def test_it_learns_where_to_look_and_is_the_keras_network() -> None:
    (training, _), (validation, _), (test, where) = spots(800, 0), spots(100, 1), spots(200, 2)
    head = train_attention_head(training, 3, OPTIONS, PlainContext(), validation)
    right = (head.logits(test.features).argmax(axis=1) == test.targets).mean()
    mean = train_head(
        Labelled(training.features.mean(axis=(1, 2), dtype=np.float32), training.targets), 3, HeadOptions()
    )
    pooled = test.features.mean(axis=(1, 2), dtype=np.float32)
    assert right > (mean.logits(pooled).argmax(axis=1) == test.targets).mean() + 0.2
    weights = head.attention(test.features)
    np.testing.assert_allclose(weights.sum(axis=(1, 2)), 1, atol=1e-5)
    assert (weights.reshape(200, 12).argmax(axis=1) == where).mean() > 0.7

    description = NetworkDescription(
        task="classification", architecture="transfer_attention", architecture_options={}, classes=("a", "b", "c"),
        preprocessing=Preprocessing(width=128, height=96),
    )  # fmt: skip
    network = build_head_network(description)
    give_to_network(head.arrays, network)
    outputs = network.predict(test.features.astype(np.float32), verbose=0)
    np.testing.assert_allclose(outputs["logits"], head.logits(test.features), atol=2e-3)
    np.testing.assert_allclose(outputs["attention"][:, 0], weights, atol=1e-4)


def test_the_gradients_are_those_of_automatic_differentiation() -> None:
    training, _ = spots(20, 3)
    random = np.random.default_rng(0)
    shapes = {"score_inner/kernel": (CHANNELS, 5), "score_inner/bias": (5,), "scores/kernel": (5, 1),
              "logits/kernel": (CHANNELS, 3), "logits/bias": (3,)}  # fmt: skip
    arrays = {name: random.normal(0, 0.05, shape).astype(np.float32) for name, shape in shapes.items()}
    ours = attention_head._gradients(arrays, training, np.arange(20), 3, 0.1)
    held = {name: tf.Variable(array) for name, array in arrays.items()}
    x = tf.constant(training.features.reshape(20, 12, CHANNELS).astype(np.float32))
    wanted = np.eye(3, dtype=np.float32)[training.targets] * 0.9 + 0.1 / 3
    with tf.GradientTape() as tape:
        inner = tf.tanh(x @ held["score_inner/kernel"] + held["score_inner/bias"])
        pooled = tf.reduce_sum(tf.nn.softmax(inner @ held["scores/kernel"], axis=1) * x, axis=1)
        logits = pooled @ held["logits/kernel"] + held["logits/bias"]
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(wanted, logits))
    for name, theirs in tape.gradient(loss, held).items():
        np.testing.assert_allclose(ours[name], theirs, atol=2e-5)


def test_equal_seeds_give_equal_heads_and_a_former_head_is_gone_on_from() -> None:
    training, _ = spots(80, 0)
    options = AttentionHeadOptions(epochs=2)
    first, again = (train_attention_head(training, 3, options, PlainContext()) for _ in range(2))
    assert all(np.array_equal(first.arrays[name], again.arrays[name]) for name in first.arrays)
    validation, _ = spots(50, 1)
    further = train_attention_head(training, 3, options, PlainContext(), validation, first.arrays)
    targets = validation.targets
    logits = first.logits(validation.features)
    loss = -float(tf.reduce_mean(tf.gather(tf.nn.log_softmax(logits), targets, batch_dims=1)))
    assert further.validation_loss is not None
    assert further.validation_loss <= loss + 1e-5


def test_it_can_be_cancelled() -> None:
    context = PlainContext()
    context.wish = Wish.CANCEL
    with pytest.raises(Cancelled):
        train_attention_head(spots(10, 0)[0], 3, OPTIONS, context)
