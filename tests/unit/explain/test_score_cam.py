import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from imgmine_gui.core.explain.score_cam import ScoreCam, ScoreCamOptions
from imgmine_gui.core.explain.subject import Floats, Subject
from tests.unit.explain.small_networks import pictures, subject_of

IMAGES = pictures(2)
TARGETS = np.array([3, 0])


def naive(subject: Subject, image: Floats, target: int, channels: list[int]) -> Floats:
    features = subject.features_and_scores(image[None])[0][0]
    total = np.zeros(features.shape[:2])
    for k in channels:
        mask = tf.image.resize(features[..., k : k + 1], image.shape[:2]).numpy()
        mask = (mask - mask.min()) / (mask.max() - mask.min())
        total += subject.probabilities((image * mask)[None])[0, target] * features[..., k]
    return np.maximum(total, 0)


@pytest.mark.parametrize("kind", ["sequential", "functional", "nested", "attention", "recurrent"])
def test_one_channel_after_the_other(kind: str) -> None:
    subject = subject_of(kind)
    maps = ScoreCam().explain(subject, IMAGES, TARGETS)
    for image, target, map_ in zip(IMAGES, TARGETS, maps, strict=True):
        features = subject.features_and_scores(image[None])[0][0]
        varied = [k for k in range(features.shape[2]) if np.ptp(features[..., k]) > 0]
        assert varied
        np.testing.assert_allclose(map_, naive(subject, image, int(target), varied), atol=1e-4)


def test_the_most_varied_channels_are_taken() -> None:
    subject = subject_of("nested")
    features = subject.features_and_scores(IMAGES[:1])[0][0]
    most = np.argsort(-features.std((0, 1)))[:2].tolist()
    maps = ScoreCam(ScoreCamOptions(channels=2)).explain(subject, IMAGES[:1], TARGETS[:1])
    np.testing.assert_allclose(maps[0], naive(subject, IMAGES[0], int(TARGETS[0]), most), atol=1e-4)


def test_constant_channels_are_left_out() -> None:
    images = keras.Input((8, 8, 1))
    features = layers.Conv2D(2, 1, name="f")(images)
    network = keras.Model(images, layers.Dense(2)(layers.GlobalAveragePooling2D()(features)))
    network.get_layer("f").set_weights([np.array([[[[0.0, 1.0]]]]), np.array([5.0, 0.0])])
    network.layers[-1].set_weights([np.eye(2) / 100, np.zeros(2)])
    image = pictures(1, (8, 8, 1))
    maps = ScoreCam().explain(Subject(network, "f"), image, np.array([1]))
    np.testing.assert_allclose(maps / maps.max(), image[..., 0] / image.max(), atol=1e-5)
    assert not ScoreCam().explain(Subject(network, "f"), np.full_like(image, 3.0), np.array([1])).any()
