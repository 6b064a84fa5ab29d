"""The part of a network on a pretrained backbone that learns: what stands behind the kept features.

The epochs before fine-tuning, or all of them where nothing is fine-tuned, learn from kept features. Layers and their
variables are those of the whole network.
"""

from typing import Any

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.architectures.pretrained import FEATURES, PretrainedArchitecture
from imgmine_gui.core.tasks.network import Network, dtype_policy


def head_of(network: Network) -> Any:
    """The layers behind the features, as a Keras model that has its weights in common with ``network``.

    From float32 (batch, *feature_shape) to the outputs by name. What it learns, the whole network has learned.

    Raises:
        ValueError: the network has no frozen part.
    """
    import keras

    name = network.description.architecture
    if not issubclass(ARCHITECTURES[name], PretrainedArchitecture):
        raise ValueError(f"this network has no frozen part. Received: architecture={name!r}")
    with dtype_policy(network.description):
        return keras.Model(network.model.get_layer(FEATURES).output, network.model.output, name="head")
