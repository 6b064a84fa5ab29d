"""The two parts of a network on a pretrained backbone, as networks of their own: features once, the head at once.

A training on kept features goes like this::

    key = frozen_key(description)                # None: this architecture has no frozen part
    frozen = build_frozen_network(description)   # images -> features; run once an image, keep under key and image
    head = build_head_network(description)       # features -> outputs; train it with the task's loss
    network = begin_network(description)
    give_head(head, network)                     # what build_network and training end to end would have given

Where the backbone is fine-tuned, kept features serve the epochs before that (``fine_tuning_of(description).after``);
the training then goes on with the whole network, its head given. Layers and their variables have the same names in the
parts and in the whole network.
"""

import json
from typing import Any

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.architectures.pretrained import FEATURES, PretrainedArchitecture, PretrainedOptions
from imgmine_gui.core.tasks.network import (
    Network,
    NetworkDescription,
    dropout_of,
    dtype_policy,
    image_shape,
    options_of,
    task_of,
)


def frozen_key(description: NetworkDescription) -> str | None:
    """Names everything between an image file and its features; equal keys mean equal features of equal files.

    Returns:
        A text of ASCII characters; None where the network has no frozen part.

    Raises:
        UserError: the pretrained weights are not on this computer.
    """
    architecture = _architecture(description)
    if architecture is None:
        return None
    preprocessing = description.preprocessing.model_dump(mode="json", exclude={"normalisation"})
    return json.dumps([architecture.frozen_key(_options(description)), preprocessing, description.precision])


def feature_shape(description: NetworkDescription) -> tuple[int, ...]:
    """Shape of one image's features, float32: (channels,) or (h, w, channels)."""
    return _require(description).feature_shape(description.preprocessing)


def build_frozen_network(description: NetworkDescription) -> Any:
    """A Keras model from images, float32 (batch, height, width, channels) of 0..255, to features, with their weights.

    Raises:
        UserError: the pretrained weights are not on this computer.
    """
    import keras

    architecture, options = _require(description), _options(description)
    with dtype_policy(description):
        images = keras.Input(image_shape(description), name="images", dtype="float32")
        model = keras.Model(images, architecture.frozen_part(images, options), name="frozen_part")
    architecture.begin(model, options)
    return model


def build_head_network(description: NetworkDescription) -> Any:
    """A Keras model from features, float32 (batch, *feature_shape), to the outputs of the whole network by name.

    Its weights are fresh; set the seed first where they matter.
    """
    import keras

    architecture, options = _require(description), _options(description)
    with dtype_policy(description):
        features = keras.Input(feature_shape(description), name="kept_features", dtype="float32")
        built = architecture.head(features, options)
        outputs = task_of(description).head(built, len(description.classes), dropout_of(options))
        return keras.Model(features, outputs, name="head")


def head_of(network: Network) -> Any:
    """The layers behind the features, as a Keras model that has its weights in common with ``network``.

    From float32 (batch, *feature_shape) to the outputs by name. What it learns, the whole network has learned.

    Raises:
        ValueError: the network has no frozen part.
    """
    import keras

    _require(network.description)
    with dtype_policy(network.description):
        return keras.Model(network.model.get_layer(FEATURES).output, network.model.output, name="head")


def give_head(head: Any, network: Network) -> None:
    """Copy the weights of a head into the whole network.

    Raises:
        ValueError: the network has no layer of such a name or shape: the head is of another description.
    """
    for layer in head.layers:
        if layer.weights:
            network.model.get_layer(layer.name).set_weights(layer.get_weights())


def _architecture(description: NetworkDescription) -> PretrainedArchitecture | None:
    architecture = ARCHITECTURES[description.architecture]()
    return architecture if isinstance(architecture, PretrainedArchitecture) else None


def _require(description: NetworkDescription) -> PretrainedArchitecture:
    architecture = _architecture(description)
    if architecture is None:
        raise ValueError(f"this network has no frozen part. Received: architecture={description.architecture!r}")
    return architecture


def _options(description: NetworkDescription) -> PretrainedOptions:
    options = options_of(description)
    assert isinstance(options, PretrainedOptions)
    return options
