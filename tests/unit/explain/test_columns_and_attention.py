import keras
import numpy as np
import pytest
from keras import layers

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.explain.attention import Attention, AttentionOptions
from imgmine_gui.core.explain.columns import Columns
from imgmine_gui.core.explain.compute import explain_images
from imgmine_gui.core.explain.subject import Subject
from tests.unit.explain.small_networks import SPECIMENS, pictures, planted, subject_of

IMAGES = pictures(2)
TARGETS = np.array([3, 1])


def test_columns_are_value_times_gradient_summed_over_the_features() -> None:
    subject = subject_of("recurrent")
    sequence, gradients = subject.sequence_and_gradients(IMAGES, TARGETS)
    expected = np.zeros((2, 1, sequence.shape[1]))
    for b, t, f in np.ndindex(sequence.shape):
        expected[b, 0, t] += sequence[b, t, f] * gradients[b, t, f]
    maps = Columns().explain(subject, IMAGES, TARGETS)
    assert maps.shape == (2, 1, 16)
    assert expected.max() > 0
    np.testing.assert_allclose(maps, np.maximum(expected, 0), atol=1e-6)


def test_the_column_that_the_score_reads_is_found() -> None:
    images = keras.Input((4, 6, 1))
    sequence = layers.Reshape((6, 4), name="sequence")(layers.Permute((2, 1, 3))(images))
    network = keras.Model(images, layers.Dense(2, use_bias=False)(layers.Flatten()(sequence)))
    kernel = np.zeros((6, 4, 2), np.float32)
    kernel[4, :, 0] = -1
    kernel[1, :, 1] = -1
    network.layers[-1].kernel.assign(kernel.reshape(-1, 2))
    heatmaps = explain_images(
        "columns", Subject(network, sequence_layer="sequence"), -np.ones((2, 4, 6, 1)), np.array([0, 1])
    )
    assert [heatmap.values.tolist() for heatmap in heatmaps] == [[[0, 0, 0, 0, 1, 0]], [[0, 1, 0, 0, 0, 0]]]


def test_attention_is_the_mean_over_the_heads_or_one_head() -> None:
    specimen = planted(SPECIMENS["attention"])
    weights = specimen.network(IMAGES, training=False)["attention"].numpy()
    assert not np.allclose(weights[:, 0], weights[:, 1], rtol=0.01)
    subject = specimen.subject()
    np.testing.assert_allclose(Attention().explain(subject, IMAGES, TARGETS), weights.mean(1), atol=1e-6)
    second = Attention(AttentionOptions(head=2)).explain(subject, IMAGES, TARGETS)
    np.testing.assert_allclose(second, weights[:, 1], atol=1e-6)
    with pytest.raises(UserError, match="no attention head 3"):
        Attention(AttentionOptions(head=3)).explain(subject, IMAGES, TARGETS)


def test_the_heatmap_of_attention_keeps_the_ratios_of_the_weights() -> None:
    specimen = planted(SPECIMENS["attention"])
    weights = specimen.network(IMAGES, training=False)["attention"].numpy().mean(1)
    heatmaps = explain_images("attention", specimen.subject(), IMAGES, TARGETS)
    for heatmap, expected in zip(heatmaps, weights, strict=True):
        np.testing.assert_allclose(heatmap.values, expected / expected.max(), atol=1e-5)
        assert heatmap.values.min() > 0
