import keras
import numpy as np
import pytest
from keras import layers

from imgmine_gui.core.explain.subject import Subject
from imgmine_gui.core.explain.taps import find_layer, tapped
from tests.unit.explain.small_networks import CLASSES, HEIGHT, SHAPE, SPECIMENS, WIDTH, pictures, planted, subject_of

IMAGES = pictures()
TARGETS = np.array([0, 3, 1])


@pytest.mark.parametrize("kind", SPECIMENS)
def test_scores_are_those_of_the_network(kind: str) -> None:
    specimen = planted(SPECIMENS[kind])
    subject = specimen.subject()
    outputs = specimen.network(IMAGES, training=False)
    expected = {"attention": lambda: outputs["logits"], "two_output": lambda: outputs[1]}.get(kind, lambda: outputs)()
    np.testing.assert_allclose(subject.scores(IMAGES), expected, atol=1e-5)
    assert subject.gives == specimen.gives
    assert (subject.has_attention, subject.has_feature_map, subject.has_sequence) == tuple(
        name in specimen.gives for name in ("attention", "feature_map", "sequence")
    )
    assert (subject.input_shape, subject.classes) == (SHAPE, CLASSES)


@pytest.mark.parametrize("kind", [kind for kind in SPECIMENS if kind != "black_box"])
def test_the_gradient_at_the_feature_map_is_the_slope_of_the_score(kind: str) -> None:
    """Against the gradient of something added to the activations from outside, taken by an ordinary eager tape."""
    import tensorflow as tf

    specimen = planted(SPECIMENS[kind])
    _, gradients = specimen.subject().features_and_gradients(IMAGES, TARGETS)
    layer = find_layer(specimen.network, specimen.feature_layer or "")
    original, push = layer.call, tf.Variable(tf.zeros_like(gradients))
    layer.call = lambda *args, **kwargs: original(*args, **kwargs) + push
    with tf.GradientTape() as tape:
        outputs = specimen.network(IMAGES, training=False)
        scores = {"attention": lambda: outputs["logits"], "two_output": lambda: outputs[1]}.get(kind, lambda: outputs)()
        score = tf.gather(scores, TARGETS, axis=1, batch_dims=1)
    slope = tape.gradient(score, push).numpy()
    assert np.abs(slope).max() > 1e-4
    np.testing.assert_allclose(gradients, slope, atol=1e-6)


def test_features_come_from_the_depth_of_a_nested_network() -> None:
    specimen = planted(SPECIMENS["nested"])
    features, scores = specimen.subject().features_and_scores(IMAGES)
    inner = specimen.network.get_layer("backbone").layers[1]
    np.testing.assert_allclose(features, inner(IMAGES, training=False), atol=1e-5)
    np.testing.assert_allclose(scores, specimen.network(IMAGES, training=False), atol=1e-5)


def test_the_gradient_at_the_sequence_is_the_one_of_keras() -> None:
    import tensorflow as tf

    specimen = planted(SPECIMENS["recurrent"])
    sequence, gradients = specimen.subject().sequence_and_gradients(IMAGES, TARGETS)
    tail = keras.Model(specimen.network.get_layer("columns").output, specimen.network.output)
    start = tf.constant(sequence)
    with tf.GradientTape() as tape:
        tape.watch(start)
        score = tf.gather(tail(start, training=False), TARGETS, axis=1, batch_dims=1)
    np.testing.assert_allclose(gradients, tape.gradient(score, start), atol=1e-6)


def test_the_gradient_at_the_pixels_is_the_one_of_keras() -> None:
    import tensorflow as tf

    specimen = planted(SPECIMENS["sequential"])
    gradients = specimen.subject().input_gradients(IMAGES, TARGETS)
    start = tf.constant(IMAGES)
    with tf.GradientTape() as tape:
        tape.watch(start)
        score = tf.gather(specimen.network(start, training=False), TARGETS, axis=1, batch_dims=1)
    np.testing.assert_allclose(gradients, tape.gradient(score, start), atol=1e-7)


def test_a_frozen_network_has_gradients_too() -> None:
    specimen = planted(SPECIMENS["sequential"])
    _, expected = specimen.subject().features_and_gradients(IMAGES, TARGETS)
    specimen.network.trainable = False
    _, gradients = specimen.subject().features_and_gradients(IMAGES, TARGETS)
    assert np.abs(expected).max() > 0
    np.testing.assert_allclose(gradients, expected)


def test_a_feature_map_that_no_score_depends_on_has_no_gradient() -> None:
    images = keras.Input(SHAPE)
    unused = layers.Conv2D(2, 3, name="unused")(images)
    logits = layers.Dense(3)(layers.GlobalAveragePooling2D()(images))
    network = keras.Model(images, {"logits": logits, "unused": unused})
    features, gradients = Subject(network, "unused").features_and_gradients(IMAGES, np.zeros(3, int))
    assert features.any()
    assert not gradients.any()


def test_attention_is_given_as_it_is() -> None:
    specimen = planted(SPECIMENS["attention"])
    weights = specimen.subject().attention(IMAGES)
    assert weights is not None
    np.testing.assert_allclose(weights, specimen.network(IMAGES, training=False)["attention"], atol=1e-6)
    np.testing.assert_allclose(weights.sum((2, 3)), 1, atol=1e-5)
    assert subject_of("nested").attention(IMAGES) is None


def test_probabilities_are_taken_from_the_output_or_made_from_the_scores() -> None:
    ours = planted(SPECIMENS["attention"])
    np.testing.assert_allclose(
        ours.subject().probabilities(IMAGES), ours.network(IMAGES, training=False)["probabilities"], atol=1e-6
    )
    images = keras.Input(SHAPE)
    scores = layers.Dense(3)(layers.GlobalAveragePooling2D()(layers.Rescaling(1 / 255)(images)))
    calibrated = keras.Model(images, {"logits": scores, "probabilities": layers.Softmax()(scores / 4)})
    np.testing.assert_allclose(
        Subject(calibrated).probabilities(IMAGES), calibrated(IMAGES)["probabilities"], atol=1e-6
    )
    logits = planted(SPECIMENS["sequential"])
    np.testing.assert_allclose(
        logits.subject().probabilities(IMAGES),
        keras.ops.softmax(logits.network(IMAGES, training=False)),
        atol=1e-5,
    )
    softmax = planted(SPECIMENS["functional"])
    np.testing.assert_allclose(
        softmax.subject().probabilities(IMAGES), softmax.network(IMAGES, training=False), atol=1e-6
    )


@pytest.mark.parametrize("activation", [None, "sigmoid"])
def test_a_single_score_becomes_a_probability_through_the_sigmoid(activation: str | None) -> None:
    network = keras.Sequential([keras.Input(SHAPE), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(1)])
    network.layers[-1].kernel.assign(np.full((HEIGHT * WIDTH * 3, 1), -1e-3))
    logits = network(IMAGES).numpy()
    assert logits.max() < -0.5
    if activation:
        network.add(layers.Activation(activation))
    np.testing.assert_allclose(Subject(network).probabilities(IMAGES), 1 / (1 + np.exp(-logits)), atol=1e-5)


def test_the_score_may_be_named_counted_or_computed() -> None:
    network = planted(SPECIMENS["two_output"]).network
    other, wanted = network(IMAGES, training=False)
    np.testing.assert_allclose(Subject(network, score="other").scores(IMAGES), other, atol=1e-5)
    np.testing.assert_allclose(Subject(network, score=1).scores(IMAGES), wanted, atol=1e-5)
    difference = Subject(network, score=lambda outputs: outputs[1][:, :2] - outputs[0])
    np.testing.assert_allclose(difference.scores(IMAGES), wanted[:, :2] - other, atol=1e-5)


def test_a_network_of_open_width_takes_images_of_any_width() -> None:
    network = keras.Sequential(
        [keras.Input((16, None, 1)), layers.Conv2D(4, 3, name="c"), layers.GlobalAveragePooling2D(), layers.Dense(2)]
    )
    subject = Subject(network, "c")
    assert subject.input_shape == (16, None, 1)
    for width in (16, 40):
        features, _ = subject.features_and_gradients(np.ones((1, 16, width, 1), np.float32), np.array([1]))
        assert features.shape == (1, 14, width - 2, 4)
    assert subject.probabilities(np.ones((1, 16, 24, 1), np.float32)).sum() == pytest.approx(1)


def test_a_subclassed_network_works_once_it_is_built() -> None:
    class Foreign(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.convolution = layers.Conv2D(4, 3, activation="relu", name="inside")
            self.dense = layers.Dense(3)
            self.idle = layers.Activation("relu", name="idle")
            self.input_shape = (None, *SHAPE)

        def call(self, images):  # type: ignore[no-untyped-def]
            return self.dense(keras.ops.mean(self.convolution(images), (1, 2)))

    network = Foreign()
    network(IMAGES)
    features, gradients = Subject(network, "inside").features_and_gradients(IMAGES, np.array([0, 1, 2]))
    kernel = network.dense.kernel.numpy()
    assert features.any()
    np.testing.assert_allclose(gradients[1, 5, 5], kernel[:, 1] / (22 * 30), atol=1e-7)
    with pytest.raises(ValueError, match="never calls this layer"):
        Subject(network, "idle")


def test_what_does_not_fit_is_refused() -> None:
    sequential = planted(SPECIMENS["sequential"]).network
    with pytest.raises(ValueError, match="no layer of this name"):
        Subject(sequential, "absent")
    with pytest.raises(ValueError, match="feature_map must have 4 dimensions"):
        Subject(sequential, sequential.layers[-1].name)
    with pytest.raises(ValueError, match="which output to explain"):
        Subject(planted(SPECIMENS["two_output"]).network)
    with pytest.raises(ValueError, match="which output to explain"):
        Subject(sequential, score=3)
    with pytest.raises(ValueError, match="built network"):
        Subject(keras.Sequential([layers.Dense(2)]))


def test_tapping_leaves_nothing_behind() -> None:
    specimen = planted(SPECIMENS["nested"])
    layer = find_layer(specimen.network, "last_convolution")
    nodes = len(layer._inbound_nodes)
    specimen.subject().features_and_gradients(IMAGES, TARGETS)
    assert "call" not in vars(layer)
    assert len(layer._inbound_nodes) == nodes
    layer.call = mine = lambda images: images
    with tapped(layer):
        assert layer.call is not mine
    assert layer.call is mine


def test_a_recurrent_layer_with_its_states_gives_its_sequence() -> None:
    images = keras.Input(SHAPE)
    columns = layers.Reshape((32, 72))(layers.Permute((2, 1, 3))(images))
    sequence, last, _ = layers.LSTM(4, return_sequences=True, return_state=True, name="lstm")(columns)
    network = keras.Model(images, layers.Dense(2)(layers.Concatenate()([layers.Flatten()(sequence), last])))
    values, _ = Subject(network, sequence_layer="lstm").sequence_and_gradients(IMAGES, np.array([0, 1, 0]))
    assert values.shape == (3, 32, 4)
