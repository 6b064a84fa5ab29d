"""The maps that follow one gradient, against what the papers' formulas give when they are written out."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.explain.compute import explain_images
from imgmine_gui.core.explain.subject import Floats, Subject
from tests.unit.explain.small_networks import SHAPE, pictures, subject_of

IMAGES = pictures(2)
TARGETS = np.array([2, 1])


def globally_pooled() -> tuple[Subject, Floats, Floats]:
    """The network of Zhou et al.: global average pooling and one dense layer; with its features and kernel."""
    keras.utils.set_random_seed(3)
    images = keras.Input(SHAPE)
    features = layers.Conv2D(6, 3, strides=2, activation="relu", name="f")(layers.Rescaling(1 / 255)(images))
    network = keras.Model(images, layers.Dense(4)(layers.GlobalAveragePooling2D()(features)))
    subject = Subject(network, "f")
    return subject, subject.features_and_scores(IMAGES)[0], network.layers[-1].kernel.numpy()


def test_on_global_pooling_three_methods_are_one() -> None:
    """Grad-CAM, HiResCAM and the class activation map of Zhou et al. (2016), there equal by algebra."""
    subject, features, kernel = globally_pooled()
    grad_cam, hires_cam = (EXPLAINERS[name]().explain(subject, IMAGES, TARGETS) for name in ("grad_cam", "hires_cam"))
    cam = np.maximum(np.einsum("bhwk,kb->bhw", features, kernel[:, TARGETS]), 0)
    assert cam.max() > 0.05
    np.testing.assert_allclose(grad_cam, hires_cam, atol=1e-6)
    np.testing.assert_allclose(grad_cam, cam / (cam.shape[1] * cam.shape[2]), atol=1e-6)


@pytest.mark.parametrize("kind", ["sequential", "attention", "recurrent"])
@pytest.mark.parametrize("method", ["grad_cam", "hires_cam", "layer_cam"])
def test_the_formula_written_out(method: str, kind: str) -> None:
    subject = subject_of(kind)
    features, gradients = subject.features_and_gradients(IMAGES, TARGETS)
    expected = np.zeros(features.shape[:3])
    for b, i, j, k in itertools.product(*(range(side) for side in features.shape)):
        weight = {
            "grad_cam": gradients[b, :, :, k].mean(),
            "hires_cam": gradients[b, i, j, k],
            "layer_cam": max(gradients[b, i, j, k], 0),
        }[method]
        expected[b, i, j] += weight * features[b, i, j, k]
    expected = np.maximum(expected, 0)
    assert expected.max() > 0
    maps = EXPLAINERS[method]().explain(subject, IMAGES, TARGETS)
    np.testing.assert_allclose(maps, expected, atol=1e-5 * expected.max())


def test_the_unclipped_hires_cam_adds_up_to_the_score_of_a_linear_head() -> None:
    images = keras.Input(SHAPE)
    features = layers.Conv2D(3, 5, strides=3, activation="relu", name="f")(layers.Rescaling(1 / 255)(images))
    network = keras.Model(images, layers.Dense(4, use_bias=False)(layers.Flatten()(features)))
    subject = Subject(network, "f")
    maps = EXPLAINERS["hires_cam"].combine(*subject.features_and_gradients(IMAGES, TARGETS))
    np.testing.assert_allclose(maps.sum((1, 2)), subject.scores(IMAGES)[[0, 1], TARGETS], atol=1e-5)


def literal_grad_cam_plus_plus(features: Floats, hidden: Floats, output: Floats) -> Floats:
    """Equations 5, 10 and 19 for one image, with the derivatives of Y = exp(S) taken one by one in float64.

    S = output . relu(hidden . flatten(A)). Of every activation the first three derivatives of Y come from three
    nested tapes.
    """
    start = tf.constant(features.ravel(), tf.float64)

    def value(activations: tf.Tensor) -> tf.Tensor:
        return tf.exp(tf.tensordot(tf.nn.relu(tf.tensordot(activations, hidden, 1)), output, 1))

    first, second, third = np.zeros((3, features.size))
    for index in range(features.size):
        with tf.GradientTape() as outer:
            outer.watch(start)
            with tf.GradientTape() as middle:
                middle.watch(start)
                with tf.GradientTape() as inner:
                    inner.watch(start)
                    y = value(start)
                one = inner.gradient(y, start)[index]
            two = middle.gradient(one, start)[index]
        first[index], second[index], third[index] = one, two, outer.gradient(two, start)[index]
    first, second, third = (derivative.reshape(features.shape) for derivative in (first, second, third))
    total = np.zeros(features.shape[:2])
    for k in range(features.shape[2]):
        weight = 0.0
        for i, j in np.ndindex(features.shape[:2]):
            bottom = 2 * second[i, j, k] + (features[..., k].astype(float) * third[i, j, k]).sum()
            alpha = second[i, j, k] / bottom if bottom else 0.0
            weight += alpha * max(first[i, j, k], 0)
        total += weight * features[..., k]
    return np.maximum(total, 0)


def test_grad_cam_plus_plus_against_the_derivatives_of_the_paper() -> None:
    random = np.random.default_rng(5)
    images = keras.Input(SHAPE)
    features = layers.Conv2D(3, 5, strides=7, activation="relu", name="f")(layers.Rescaling(1 / 255)(images))
    hidden = layers.Dense(6, use_bias=False, activation="relu", name="hidden")(layers.Flatten()(features))
    network = keras.Model(images, layers.Dense(4, use_bias=False, name="out")(hidden))
    network.get_layer("hidden").kernel.assign(random.normal(0.1, 0.3, network.get_layer("hidden").kernel.shape))
    network.get_layer("out").kernel.assign(random.normal(0.2, 0.5, (6, 4)))
    subject = Subject(network, "f")
    maps = EXPLAINERS["grad_cam_plus_plus"]().explain(subject, IMAGES, TARGETS)
    activations, scores = subject.features_and_scores(IMAGES)
    for index, target in enumerate(TARGETS):
        weights = (network.get_layer(name).kernel.numpy().astype(float) for name in ("hidden", "out"))
        first, second = weights
        expected = literal_grad_cam_plus_plus(activations[index], first, second[:, target])
        assert expected.max() > 0
        ours = maps[index] * np.exp(scores[index, target].astype(float))  # the common factor that ours leaves out
        np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-5 * expected.max())


def test_grad_cam_plus_plus_survives_scores_whose_exponential_overflows() -> None:
    features = np.full((1, 2, 2, 1), 50.0, np.float32)
    gradients = np.array([[[[5000.0], [0.0]], [[-3.0], [0.0]]]], np.float32)
    combined = EXPLAINERS["grad_cam_plus_plus"].combine(features, gradients)
    alpha = 5000.0**2 / (2 * 5000.0**2 + 5000.0**3 * 200)
    np.testing.assert_allclose(combined[0], 50 * alpha * 5000, rtol=1e-6)


@pytest.mark.parametrize("method", ["grad_cam", "grad_cam_plus_plus", "hires_cam", "layer_cam"])
def test_the_map_is_for_the_class_that_was_asked_for(method: str) -> None:
    """Left and right halves speak for one class each."""
    images = keras.Input((8, 8, 1))
    features = layers.Conv2D(2, 1, use_bias=False, name="f")(images)
    network = keras.Model(images, layers.Dense(2, use_bias=False)(layers.Flatten()(features)))
    network.get_layer("f").kernel.assign(np.ones((1, 1, 1, 2)))
    kernel = np.zeros((8, 8, 2, 2), np.float32)
    kernel[:, :4, 0, 0] = kernel[:, 4:, 1, 1] = 1
    network.layers[-1].kernel.assign(kernel.reshape(-1, 2))
    image = np.zeros((1, 8, 8, 1), np.float32)
    image[:, :, 2], image[:, :, 5] = 1, 1
    subject = Subject(network, "f")
    left, right = (explain_images(method, subject, image, np.array([target]))[0].values for target in (0, 1))
    if method in {"hires_cam", "layer_cam"}:
        assert np.flatnonzero(left.sum(0)).tolist() == [2]
        assert np.flatnonzero(right.sum(0)).tolist() == [5]
    else:  # the mean over the positions forgets the place, which is what their papers define
        np.testing.assert_allclose(left, right, atol=1e-6)
