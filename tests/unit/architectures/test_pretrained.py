"""Networks on the pretrained backbone: their two parts are the whole, and their heads are what they say."""

import keras
import numpy as np
import pytest

from imgmine_gui.core.architectures import efficientnet_lite
from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.data.preprocessing import Preprocessing
from imgmine_gui.core.explain.compute import explain_images, make_explainer
from imgmine_gui.core.explain.explain_file import methods_for, subject_of
from imgmine_gui.core.options import parse_options
from imgmine_gui.core.storage.bundle import load_bundle, save_bundle
from imgmine_gui.core.tasks.frozen import head_of
from imgmine_gui.core.tasks.network import Network, NetworkDescription, begin_network, build_network, fine_tuning_of
from tests.unit.architectures.lite_in_numpy import lite0
from tests.unit.networks import dense, softmax, values_of
from tests.unit.two_parts import build_frozen_network, build_head_network, feature_shape, give_head

KINDS = ("transfer", "transfer_attention")


def describe(architecture: str, precision: str = "float32", **options: object) -> NetworkDescription:
    kind = ARCHITECTURES[architecture].options_type
    given = {name: value for name, value in options.items() if name in kind.model_fields}
    return NetworkDescription(
        task="classification",
        architecture=architecture,
        architecture_options=parse_options(kind, given).model_dump(mode="json"),
        preprocessing=Preprocessing(width=96, height=64),
        classes=("a", "b", "c"),
        precision=precision,
    )


def pictures(count: int = 2) -> np.ndarray:
    coarse = np.random.default_rng(4).integers(0, 256, (count, 8, 12, 3))
    return coarse.repeat(8, 1).repeat(8, 2).astype(np.float32)


def outputs(model: keras.Model, images: np.ndarray) -> dict[str, np.ndarray]:
    return {name: np.asarray(value) for name, value in model(images, training=False).items()}


def begun(architecture: str, **options: object) -> Network:
    keras.utils.set_random_seed(5)
    return begin_network(describe(architecture, **options))


@pytest.mark.parametrize("units", [0, 7])
def test_transfer_is_the_mean_and_dense_layers(units: int) -> None:
    network = begun("transfer", dense=units)
    w = values_of(network)
    x = lite0(pictures(), {name: w[name] for name in w}).mean((1, 2))
    if units:
        x = np.maximum(dense(x, w, "dense"), 0)
    found = outputs(network.model, pictures())
    np.testing.assert_allclose(found["logits"], dense(x, w, "logits"), atol=1e-4)
    np.testing.assert_allclose(found["probabilities"], softmax(dense(x, w, "logits")), atol=1e-4)


@pytest.mark.parametrize("heads", [1, 3])
def test_transfer_attention_is_the_weighted_mean_and_shows_its_weights(heads: int) -> None:
    network = begun("transfer_attention", heads=heads)
    w = values_of(network)
    x = lite0(pictures(), w).reshape(2, 2 * 3, 1280)
    scores = np.tanh(dense(x, w, "score_inner")) @ w["scores/kernel"]
    weights = softmax(scores, axis=1)
    pooled = np.einsum("bph,bpc->bhc", weights, x).reshape(2, -1)
    found = outputs(network.model, pictures())
    np.testing.assert_allclose(found["attention"].reshape(2, heads, -1), weights.transpose(0, 2, 1), atol=1e-5)
    np.testing.assert_allclose(found["logits"], dense(pooled, w, "logits"), atol=1e-4)


@pytest.mark.parametrize("architecture", KINDS)
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_backbone_then_head_is_the_whole_network(architecture: str, precision: str) -> None:
    description = describe(architecture, precision, dense=6, heads=2)
    frozen = build_frozen_network(description)
    keras.utils.set_random_seed(8)
    head = build_head_network(description)
    network = begin_network(description)
    give_head(head, network)
    features = np.asarray(frozen(pictures(), training=False))
    assert features.dtype == np.float32
    assert features.shape[1:] == feature_shape(description) == head.input_shape[1:]
    apart, whole = outputs(head, features), outputs(network.model, pictures())
    assert apart.keys() == whole.keys()
    for name, values in whole.items():
        np.testing.assert_allclose(apart[name], values, atol=1e-5)


@pytest.mark.parametrize("architecture", KINDS)
def test_the_head_alone_can_be_trained_and_the_whole_network_trains_the_same(architecture: str) -> None:
    description = describe(architecture, dense=6)
    head, network = build_head_network(description), begin_network(description)
    trained = [variable.path for variable in network.model.trainable_variables]
    assert trained == [variable.path for variable in head.trainable_variables]
    assert not any("block" in path for path in trained)


def test_a_head_of_another_description_is_refused() -> None:
    with pytest.raises(ValueError, match=r"dense|score"):
        give_head(build_head_network(describe("transfer_attention")), build_network(describe("transfer")))


def test_an_architecture_without_a_frozen_part_says_so() -> None:
    with pytest.raises(ValueError, match="cnn"):
        head_of(build_network(describe("cnn")))


@pytest.mark.parametrize("architecture", KINDS)
def test_the_head_of_a_network_shares_its_weights(architecture: str) -> None:
    network = begun(architecture)
    head, features = head_of(network), np.asarray(build_frozen_network(network.description)(pictures()))
    for name, values in outputs(network.model, pictures()).items():
        np.testing.assert_allclose(outputs(head, features)[name], values, atol=1e-5)
    network.model.get_layer("logits").kernel.assign_add(np.ones((1280, 3), np.float32))
    assert head.get_layer("logits").kernel is network.model.get_layer("logits").kernel


@pytest.mark.parametrize(
    ("choice", "layers", "missing"),
    [("last", {"block_15_expand", "block_16_project", "top"}, "block_14_project"), ("all", {"stem", "top"}, "logits")],
)
def test_fine_tuning_names_the_layers_that_learn_later(choice: str, layers: set[str], missing: str) -> None:
    description = describe("transfer", fine_tune=choice, blocks=2, head_epochs=4, backbone_rate=0.2)
    fine_tuning = fine_tuning_of(description)
    assert fine_tuning is not None
    assert (fine_tuning.after, fine_tuning.rate) == (4, 0.2)
    assert layers <= fine_tuning.layers
    assert missing not in fine_tuning.layers
    trainable = {layer.name for layer in build_network(description).model.layers if layer.trainable_variables}
    assert trainable == {*fine_tuning.layers, "logits"}
    assert fine_tuning_of(describe("transfer")) is None


@pytest.mark.parametrize("architecture", KINDS)
def test_a_bundle_needs_no_pretrained_file(architecture: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = begun(architecture)
    save_bundle(tmp_path / "x.imgmodel", network)
    monkeypatch.setattr(efficientnet_lite, "PRETRAINED", tmp_path / "nowhere")
    loaded, _ = load_bundle(tmp_path / "x.imgmodel")
    for name, values in outputs(network.model, pictures()).items():
        np.testing.assert_array_equal(outputs(loaded.model, pictures())[name], values)


@pytest.mark.parametrize("architecture", KINDS)
def test_every_explainer_makes_a_map_of_it(architecture: str) -> None:
    network = begun(architecture)
    logits = network.model.get_layer("logits").kernel
    logits.assign(np.abs(logits.numpy()))  # so that every place speaks for every class
    if network.has_attention:  # untrained, it prefers no place
        scores = network.model.get_layer("scores").kernel
        scores.assign(np.random.default_rng(0).normal(size=scores.shape))
    subject = subject_of(network)
    features, _ = subject.features_and_scores(pictures())
    assert features.shape == (2, 2, 3, 1280)
    quick = {"rise": {"masks": 20}, "smooth_grad": {"samples": 2}, "integrated_gradients": {"steps": 4}}
    for method in methods_for(network.has_attention, has_sequence=False):
        heatmaps = explain_images(method, subject, pictures(), np.array([0, 1]), quick.get(method, {}))
        assert not any(heatmap.flat for heatmap in heatmaps), method


def test_hires_cam_of_transfer_is_the_class_activation_map() -> None:
    """On the mean and one dense layer, HiResCAM is ReLU(sum_c w_c A_c) / positions (Zhou et al. 2016)."""
    network = begun("transfer")
    subject = subject_of(network)
    kernel = values_of(network)["logits/kernel"]
    features, _ = subject.features_and_scores(pictures())
    found = make_explainer("hires_cam").explain(subject, pictures(), np.array([2, 1]))
    wanted = np.stack([feature @ kernel[:, target] for feature, target in zip(features, (2, 1), strict=True)])
    np.testing.assert_allclose(found, np.maximum(wanted, 0) / 6, atol=1e-5)
