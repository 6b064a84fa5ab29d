"""The fused batch normalisation says and learns what Keras's own does."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from imgmine_gui.core.layers.batch_norm import FusedBatchNormalisation


def pair(policy: str) -> tuple[keras.layers.Layer, keras.layers.Layer]:
    """Ours and Keras's, with the same variables, unlike those of a fresh layer."""
    layers = [kind(momentum=0.9, dtype=policy) for kind in (FusedBatchNormalisation, keras.layers.BatchNormalization)]
    random = np.random.default_rng(1)
    values = [random.uniform(0.5, 2, 3) for _ in range(4)]
    for layer in layers:
        layer.build((None, None, None, 3))
        layer.set_weights(values)
    return layers[0], layers[1]


@pytest.mark.parametrize("shape", [(4, 5, 7, 3), (1, 1, 2, 3), (2, 8, 33, 3)])
@pytest.mark.parametrize(("policy", "tolerance"), [("float32", 1e-5), ("mixed_bfloat16", 0.06)])
@pytest.mark.parametrize("training", [True, False])
def test_output_gradients_and_averages(shape: tuple[int, ...], policy: str, tolerance: float, training: bool) -> None:
    random = np.random.default_rng(0)
    images, weights = random.normal(3, 2, shape), random.normal(0, 1, shape)
    found = []
    for layer in pair(policy):
        x = tf.constant(images, layer.compute_dtype)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, training=training)
            loss = tf.reduce_sum(tf.cast(y, tf.float32) * tf.constant(weights, tf.float32))
        assert y.dtype == layer.compute_dtype
        gradients = tape.gradient(loss, [x, layer.gamma.value, layer.beta.value])
        averages = [layer.moving_mean, layer.moving_variance]
        found.append([np.asarray(tf.cast(value, tf.float32)) for value in (y, *gradients, *averages)])
    assert np.std(found[1][0]) > 0.1
    for ours, theirs in zip(*found, strict=True):
        scale = max(1.0, float(np.abs(theirs).max()))
        np.testing.assert_allclose(ours / scale, theirs / scale, atol=tolerance)


def test_frozen_layer_learns_nothing() -> None:
    ours, theirs = pair("float32")
    images = tf.constant(np.random.default_rng(0).normal(3, 2, (4, 5, 7, 3)), tf.float32)
    for layer in (ours, theirs):
        layer.trainable = False
    before = [np.asarray(value) for value in ours.weights]
    np.testing.assert_allclose(ours(images, training=True), theirs(images, training=True), atol=1e-5)
    for value, was in zip(ours.weights, before, strict=True):
        np.testing.assert_array_equal(value, was)


def test_images_that_are_all_alike_stay_finite() -> None:
    ours, _ = pair("float32")
    for _ in range(3):
        y = np.asarray(ours(tf.ones((2, 4, 4, 3)) * 255.0, training=True))
    assert np.isfinite(y).all()
    assert all(np.isfinite(value).all() for value in ours.get_weights())
    assert (ours.moving_variance.numpy() >= 0).all()
