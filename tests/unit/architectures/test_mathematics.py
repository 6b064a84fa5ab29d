"""Each family against a second implementation of its formula in NumPy."""

import math

import numpy as np
import pytest

from imgmine_gui.core.explain.compute import make_explainer
from imgmine_gui.core.explain.explain_file import subject_of
from tests.unit.architectures.recurrent import gru, lstm
from tests.unit.networks import dense, pixels, pool, sigmoid, small_network, softmax, stack, values_of

TOLERANCE = {"rtol": 2e-4, "atol": 2e-4}


def outputs(network, images):
    return {name: np.asarray(value) for name, value in network.model(images, training=False).items()}


@pytest.mark.parametrize("summary", ["flatten", "global_average", "global_max"])
@pytest.mark.parametrize("pooling", ["max", "average"])
def test_cnn(summary: str, pooling: str) -> None:
    network = small_network("cnn", summary=summary, pooling=pooling, dense=7)
    images, w = pixels(2), values_of(network)
    x = stack(images, w, 1, pooling)
    x = {"flatten": x.reshape(2, -1), "global_average": x.mean((1, 2)), "global_max": x.max((1, 2))}[summary]
    logits = dense(np.maximum(dense(x, w, "dense"), 0), w, "logits")
    found = outputs(network, images)
    np.testing.assert_allclose(found["logits"], logits, **TOLERANCE)
    np.testing.assert_allclose(found["probabilities"], softmax(logits), **TOLERANCE)


def test_cnn_without_batch_normalisation_has_a_bias() -> None:
    network = small_network("cnn", batch_normalisation=False)
    w = values_of(network)
    assert w["conv_1/bias"].shape == (4,)
    assert not any("norm" in path for path in w)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_crnn(cell: str, bidirectional: bool) -> None:
    network = small_network("crnn", cell=cell, units=5, recurrent_layers=2, bidirectional=bidirectional)
    images, w = pixels(2), values_of(network)
    feature_map = stack(images, w, 1)
    x = np.stack([feature_map[:, :, column].reshape(2, -1) for column in range(feature_map.shape[2])], 1)
    read = lstm if cell == "lstm" else gru
    kind = cell
    for number in (1, 2):
        if bidirectional:
            there = read(x, w, f"recurrent_{number}/forward_recurrent_{number}_cell/{kind}_cell")
            back = read(x[:, ::-1], w, f"recurrent_{number}/backward_recurrent_{number}_cell/{kind}_cell")
            last = np.concatenate([there[:, -1], back[:, -1]], -1)
            x = np.concatenate([there, back[:, ::-1]], -1)
        else:
            x = read(x, w, f"recurrent_{number}/{kind}_cell")
            last = x[:, -1]
    found = outputs(network, images)
    np.testing.assert_allclose(found["logits"], dense(last, w, "logits"), **TOLERANCE)


@pytest.mark.parametrize("heads", [1, 3])
@pytest.mark.parametrize("gating", [False, True])
@pytest.mark.parametrize("position", [False, True])
def test_attention(heads: int, gating: bool, position: bool) -> None:
    options = {"heads": heads, "gating": gating, "position": position, "temperature": 0.5, "dense": 7, "poolings": 1}
    network = small_network("attention", **options)
    images, w = pixels(2), values_of(network)
    feature_map = stack(images, w, 1)
    _, height, width, channels = feature_map.shape
    x = feature_map.reshape(2, -1, channels)
    scored = x
    if position:
        centres = [((c + 0.5) / width * 2 - 1, (r + 0.5) / height * 2 - 1) for r in range(height) for c in range(width)]
        scored = np.concatenate([x, np.broadcast_to(np.array(centres), (2, height * width, 2))], -1)
    inner = np.tanh(dense(scored, w, "score_inner"))
    if gating:
        inner = inner * sigmoid(dense(scored, w, "score_gate"))
    weights = np.empty((2, heads, height * width))
    pooled = np.zeros((2, heads, channels))
    for image in range(2):
        for head in range(heads):
            s = inner[image] @ w["scores/kernel"][:, head] / 0.5
            weights[image, head] = np.exp(s) / np.exp(s).sum()
            for position_, a in enumerate(weights[image, head]):
                pooled[image, head] += a * x[image, position_]
    logits = dense(np.maximum(dense(pooled.reshape(2, -1), w, "dense"), 0), w, "logits")
    found = outputs(network, images)
    np.testing.assert_allclose(found["attention"].reshape(2, heads, -1), weights, **TOLERANCE)
    np.testing.assert_allclose(found["attention"].sum((2, 3)), 1, atol=1e-6)
    np.testing.assert_allclose(found["logits"], logits, **TOLERANCE)


def test_pooling_stops_before_the_map_vanishes() -> None:
    network = small_network("cnn", size=28, widths=(4, 4, 4, 4), poolings=4)
    assert network.model.get_layer("feature_map").output.shape[1:3] == (7, 7)
    assert pool(np.zeros((1, 7, 7, 1))).shape[1:3] == (3, 3)  # what a third pooling would have left


@pytest.mark.parametrize("architecture", ["cnn", "crnn", "attention"])
def test_defaults_are_those_of_the_mission(architecture: str) -> None:
    network = small_network(architecture, size=224, widths=(32, 64, 128, 128), poolings=4)
    assert network.model.input_shape == (None, 224, 224, 3)
    assert network.model.get_layer("feature_map").output.shape[1:] == (14, 14, 128)


def normed(x: np.ndarray, w: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Layer normalisation over the features, epsilon 1e-6."""
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-6)
    return scaled * w[f"{name}/gamma"] + w[f"{name}/beta"]


def test_small_vit_and_its_rollout() -> None:
    """The formulas of Vaswani et al. 2017, block by block; the rollout from the very same weights."""
    network = small_network("small_vit", patch=4, depth=2, heads=3, head_width=5)
    images, w = pixels(2), values_of(network)
    patches = (images.astype(np.float64) / 255).reshape(2, 4, 4, 4, 4, 3).transpose(0, 1, 3, 2, 4, 5)
    x = patches.reshape(2, 16, 48) @ w["patches/kernel"].reshape(48, 15) + w["patches/bias"]
    x = x + w["learned_positions/vectors"]
    rollout = np.broadcast_to(np.eye(16), (2, 16, 16))
    for name in ("attention_01", "attention_02"):
        inner = normed(x, w, f"{name}_norm")
        q, k, v = (dense(inner, w, f"{name}_{part}").reshape(2, 16, 3, 5) for part in ("queries", "keys", "values"))
        a = softmax(np.einsum("bihd,bjhd->bhij", q, k) / np.sqrt(5))
        x = x + dense(np.einsum("bhij,bjhd->bihd", a, v).reshape(2, 16, 15), w, f"{name}_out")
        inner = dense(normed(x, w, f"{name}_dense_norm"), w, f"{name}_dense_in")
        gelu = inner * np.vectorize(lambda t: (1 + math.erf(t / math.sqrt(2))) / 2)(inner)
        x = x + dense(gelu, w, f"{name}_dense_out")
        rollout = (0.5 * a.mean(1) + 0.5 * np.eye(16)) @ rollout
    found = outputs(network, images)
    np.testing.assert_allclose(found["logits"], dense(normed(x, w, "last_norm").mean(1), w, "logits"), **TOLERANCE)
    maps = make_explainer("attention_rollout").explain(subject_of(network), images, np.array([0, 1]))
    np.testing.assert_allclose(maps, rollout.mean(1).reshape(2, 4, 4), **TOLERANCE)
    np.testing.assert_allclose(maps.sum((1, 2)), 1, atol=1e-5)
