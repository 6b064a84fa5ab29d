"""Classification: one class an image, y = softmax(W x + b)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.base import Features, Produces
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.tasks.base import TASKS, Task
from imgmine_gui.core.text import N_


@TASKS.register("classification")
class Classification(Task):
    """Which of several classes an image belongs to."""

    name = "classification"
    title = N_("Classification")
    summary = N_("Says which of your classes an image belongs to.")
    accepts = (Produces.VECTOR,)
    monitor = "accuracy"

    def target(self, item: DataItem) -> str | None:
        """Its class."""
        return item.label

    def classes(self, items: DataItems) -> tuple[str, ...]:
        """The classes of all labelled images."""
        return items.classes

    def encode(self, targets: Sequence[str], classes: Sequence[str]) -> npt.NDArray[np.int32]:
        """Indices of the labels in ``classes``, int32 (images,)."""
        index = {name: position for position, name in enumerate(classes)}
        try:
            return np.array([index[label] for label in targets], np.int32)
        except KeyError as error:
            raise UserError(
                N_("The model does not know the class “{label}”."),
                N_("Its classes are: {classes}."),
                label=error.args[0],
                classes=list(classes),
            ) from None

    def nothing_to_learn(self) -> UserError:
        """No image has a class."""
        return UserError(N_("There is no labelled image to train on."), N_("Add images in one folder a class."))

    def head(self, features: Features, classes: int, dropout: float) -> dict[str, Any]:
        """Dense layer and softmax, both float32 whatever the precision of the layers before."""
        import keras

        x = features.head_input
        if dropout:
            x = keras.layers.Dropout(dropout, name="head_dropout")(x)
        logits = keras.layers.Dense(classes, dtype="float32", name="logits")(x)
        outputs = {
            "logits": logits,
            "probabilities": keras.layers.Softmax(dtype="float32", name="probabilities")(logits),
        }
        if features.attention is not None:
            outputs["attention"] = features.attention
        return outputs

    def loss(self, targets: Any, outputs: Mapping[str, Any], label_smoothing: float) -> Any:
        """Cross-entropy of softmax, from the logits, with smoothed labels (Szegedy et al. 2016)."""
        import keras

        classes = outputs["logits"].shape[-1]
        wanted = (
            keras.ops.one_hot(targets, classes, dtype="float32") * (1.0 - label_smoothing) + label_smoothing / classes
        )
        return keras.ops.categorical_crossentropy(wanted, outputs["logits"], from_logits=True)

    def metrics(self, targets: Any, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """Whether the most probable class is the true one."""
        import keras

        predicted = keras.ops.argmax(outputs["logits"], axis=-1)
        return {
            "accuracy": keras.ops.cast(keras.ops.equal(predicted, keras.ops.cast(targets, predicted.dtype)), "float32")
        }
