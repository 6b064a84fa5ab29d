"""The pretrained backbone: against a second implementation, and its files against their descriptions."""

import hashlib
import json
from pathlib import Path

import keras
import numpy as np
import pytest
from safetensors.numpy import load_file

from imgmine_gui.core.architectures import efficientnet_lite
from imgmine_gui.core.architectures.efficientnet_lite import (
    PRETRAINED,
    Variant,
    assign_pretrained,
    backbone,
    blocks,
    fingerprint,
    parts,
)
from imgmine_gui.core.errors import UserError
from tests.unit.architectures.lite_in_numpy import lite0

SHIPPED = PRETRAINED / "efficientnet_lite0.safetensors"


def network(variant: Variant = Variant.LITE0, channels: int = 3) -> keras.Model:
    images = keras.Input((None, None, channels))
    return keras.Model(images, backbone(images, variant))


@pytest.fixture(scope="module")
def pretrained() -> keras.Model:
    model = network()
    assign_pretrained(model.layers, Variant.LITE0)
    return model


def weights() -> dict[str, np.ndarray]:
    return {name: array.astype(np.float64) for name, array in load_file(SHIPPED).items()}


@pytest.mark.parametrize("size", [(64, 64), (65, 97), (33, 50)])
def test_features_are_those_of_the_second_implementation(pretrained: keras.Model, size: tuple[int, int]) -> None:
    """Even and odd sides: zeros are added on both sides, or on the right and lower one alone."""
    pixels = np.random.default_rng(1).integers(0, 256, (2, *size, 3)).astype(np.float32)
    found, wanted = np.asarray(pretrained(pixels)), lite0(pixels, weights())
    assert found.shape == wanted.shape == (2, -(-size[0] // 32), -(-size[1] // 32), 1280)
    assert wanted.std() > 0.1
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_a_grey_image_is_seen_as_a_colour_image_of_grey(pretrained: keras.Model) -> None:
    grey = np.random.default_rng(2).integers(0, 256, (1, 64, 64, 1)).astype(np.float32)
    model = network(channels=1)
    assign_pretrained(model.layers, Variant.LITE0)
    np.testing.assert_allclose(np.asarray(model(grey)), np.asarray(pretrained(grey.repeat(3, -1))), atol=1e-5)


@pytest.mark.parametrize(
    ("variant", "millions", "depth"),
    [(Variant.LITE0, 3.35, 16), (Variant.LITE1, 4.109, 21), (Variant.LITE2, 4.782, 21)],
)
def test_sizes_are_the_published_ones(variant: Variant, millions: float, depth: int) -> None:
    """4.652, 5.416 and 6.092 million of the paper's table, less the classifier and what folding takes."""
    assert network(variant).count_params() / 1e6 == pytest.approx(millions, abs=1e-3)
    assert len(blocks(variant)) == depth


def test_parts_name_every_layer_with_weights_in_order(pretrained: keras.Model) -> None:
    assert [name for part in parts(Variant.LITE0) for name in part] == [
        layer.name for layer in pretrained.layers if layer.weights
    ]


def test_only_the_layers_that_are_named_can_be_trained() -> None:
    images = keras.Input((32, 32, 3))
    model = keras.Model(images, backbone(images, Variant.LITE0, frozenset({"top", "block_16_depthwise"})))
    assert {variable.path.split("/")[0] for variable in model.trainable_variables} == {"top", "block_16_depthwise"}


def test_the_file_is_what_its_description_says() -> None:
    facts = json.loads(SHIPPED.with_suffix(".json").read_text("utf-8"))
    content = SHIPPED.read_bytes()
    assert hashlib.sha256(content).hexdigest() == facts["sha256"] == fingerprint(Variant.LITE0)
    assert len(content) < 7e6
    assert facts["licence"] == "Apache-2.0"
    assert "Apache License" in (PRETRAINED / "LICENSE").read_text("utf-8")
    assert "ImageNet" in (PRETRAINED / "NOTICE").read_text("utf-8")


def test_a_changed_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray(SHIPPED.read_bytes())
    content[-1] ^= 1
    (tmp_path / SHIPPED.name).write_bytes(content)
    (tmp_path / SHIPPED.with_suffix(".json").name).write_bytes(SHIPPED.with_suffix(".json").read_bytes())
    monkeypatch.setattr(efficientnet_lite, "PRETRAINED", tmp_path)
    with pytest.raises(UserError, match="damaged"):
        assign_pretrained([], Variant.LITE0)


def test_weights_that_do_not_come_with_the_program_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(efficientnet_lite, "PRETRAINED", tmp_path)
    with pytest.raises(UserError, match="efficientnet_lite2"):
        fingerprint(Variant.LITE2)
