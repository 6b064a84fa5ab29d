"""The two parts of a network on a pretrained backbone, built apart: a second way to what the whole network gives."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.architectures.pretrained import PretrainedArchitecture, PretrainedOptions
from imgmine_gui.core.tasks.network import (
    Network,
    NetworkDescription,
    dropout_of,
    dtype_policy,
    image_shape,
    options_of,
    task_of,
)


def feature_shape(description: NetworkDescription) -> tuple[int, ...]:
    """Shape of one image's features, float32: (channels,) or (h, w, channels)."""
    return _parts(description)[0].feature_shape(description.preprocessing)


def build_frozen_network(description: NetworkDescription) -> Any:
    """A Keras model from images, float32 (batch, height, width, channels) of 0..255, to features; with its weights."""
    architecture, options = _parts(description)
    with dtype_policy(description):
        images = keras.Input(image_shape(description), name="images", dtype="float32")
        model = keras.Model(images, architecture.frozen_part(images, options), name="frozen_part")
    architecture.begin(model, options)
    return model


def build_head_network(description: NetworkDescription) -> Any:
    """A Keras model from features, float32 (batch, *feature_shape), to the outputs of the whole network by name."""
    architecture, options = _parts(description)
    with dtype_policy(description):
        features = keras.Input(feature_shape(description), name="kept_features", dtype="float32")
        built = architecture.head(features, options)
        outputs = task_of(description).head(built, len(description.classes), dropout_of(options))
        return keras.Model(features, outputs, name="head")


def give_head(head: Any, network: Network) -> None:
    """Copy the weights of a head into the whole network; ValueError where it has no such layers."""
    for layer in head.layers:
        if layer.weights:
            network.model.get_layer(layer.name).set_weights(layer.get_weights())


def give_to_network(arrays: Mapping[str, np.ndarray], model: Any) -> None:
    """Assign a head's arrays to the layers of their names in a Keras model."""
    for name, array in arrays.items():
        layer, _, variable = name.partition("/")
        next(one for one in model.get_layer(layer).weights if one.name == variable).assign(array)


def _parts(description: NetworkDescription) -> tuple[PretrainedArchitecture, PretrainedOptions]:
    architecture, options = ARCHITECTURES[description.architecture](), options_of(description)
    assert isinstance(architecture, PretrainedArchitecture)
    assert isinstance(options, PretrainedOptions)
    return architecture, options
