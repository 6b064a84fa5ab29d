"""Text recognition: the characters of a line by connectionist temporal classification (CTC)."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.architectures.base import Features, Produces
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.tasks.base import TASKS, Task
from imgmine_gui.core.text import N_

BLANK = 0
"""The class of a column that adds no character; character k of the alphabet is class k + 1."""
LEAST = -60.0
"""Logarithm of the probability that a class has at least in a column."""


@TASKS.register("text_recognition")
class TextRecognition(Task):
    """What is written in an image of a line or a word.

    A column of the network's sequence is a distribution over blank and the characters of the alphabet. The probability
    of a text is the sum over all ways to spread it over the columns, with blanks between and repeats of each character
    (Graves, Fernandez, Gomez and Schmidhuber, "Connectionist temporal classification", ICML 2006).
    """

    name = "text_recognition"
    title = N_("Text recognition")
    summary = N_("Reads what is written in images of lines or words.")
    accepts = (Produces.SEQUENCE,)
    monitor = "cer"
    less_is_better = True
    lines = True
    suggested = MappingProxyType(
        {
            "height": 32,
            "width": 2048,
            "colour": "grey",
            "cell": "gru",
            "recurrent_layers": 1,
            "batch_normalisation": True,
            "dropout": 0.1,
            "batch_size": 16,
            "schedule": "one_cycle",
            "learning_rate": 3e-3,
            "clip_norm": 5.0,
            "precision": "float32",  # with 16 bits a gradient of long lines is now and then not a number
        }
    )
    without = frozenset({"resizing", "normalisation", "flip_horizontal", "flip_vertical", "class_weights"})

    def target(self, item: DataItem) -> str | None:
        """Its transcription."""
        return item.text

    def classes(self, items: DataItems) -> tuple[str, ...]:
        """The alphabet: every character of the transcriptions to train and to validate on, in the order of Unicode."""
        chosen = (item.text for item in items.items if item.split in (Split.TRAIN, Split.VALIDATION) and item.text)
        return tuple(sorted({character for text in chosen for character in text}))

    def encode(self, targets: Sequence[str], classes: Sequence[str]) -> npt.NDArray[np.int32]:
        """The classes of the characters, int32 (images, longest), with ``BLANK`` behind the end of each text.

        Raises:
            UserError: a character is not in the alphabet; words say which, and in which text.
        """
        index = {character: position for position, character in enumerate(classes, start=1)}
        encoded = np.full((len(targets), max((len(text) for text in targets), default=0)), BLANK, np.int32)
        for row, text in enumerate(targets):
            unknown = [character for character in text if character not in index]
            if unknown:
                raise UserError(
                    N_("The model does not know the character “{character}” of “{text}”."),
                    N_("Train with images in which it occurs."),
                    character=unknown[0],
                    text=text,
                )
            encoded[row, : len(text)] = [index[character] for character in text]
        return encoded

    def nothing_to_learn(self) -> UserError:
        """No image has a transcription."""
        return UserError(
            N_("There is no image with a transcription to train on."),
            N_("Add a labels.csv with the columns “file” and “text” to the folder, or a text file beside each image."),
        )

    def head(self, features: Features, classes: int, dropout: float) -> dict[str, Any]:
        """Dense layer over each column, float32 whatever the precision of the layers before."""
        import keras

        x = features.head_input
        if dropout:
            x = keras.layers.Dropout(dropout, name="head_dropout")(x)
        logits = keras.layers.Dense(1 + classes, dtype="float32", name="logits")(x)
        return {"logits": logits, "columns": features.columns}

    def loss(self, targets: Any, outputs: Mapping[str, Any], label_smoothing: float) -> Any:
        """-log p(text | image), over the columns that are the image's own; labels are not smoothed."""
        import tensorflow as tf

        # With sparse labels TensorFlow runs its native kernel, more than twenty times as fast as the dense one. It
        # takes logarithms of probabilities: one that is 0 in 32 bits would make the loss infinite.
        logits = tf.maximum(tf.nn.log_softmax(outputs["logits"]), LEAST)
        return tf.nn.ctc_loss(
            tf.sparse.from_dense(targets), logits, None, outputs["columns"], logits_time_major=False, blank_index=BLANK
        )

    def metrics(self, targets: Any, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """Edits from the greedily read text to the true one, characters of the true one, and whether they are equal."""
        import tensorflow as tf

        characters = tf.math.count_nonzero(targets, axis=1, dtype=tf.int32)
        edits = tf.edit_distance(_greedy(outputs), tf.sparse.from_dense(targets), normalize=False)
        return {
            "edits": edits,
            "characters": tf.cast(characters, tf.float32),
            "exact": tf.cast(tf.equal(edits, 0.0), tf.float32),
        }

    def figures(self, means: Mapping[str, float]) -> dict[str, float]:
        """Loss, part of the lines without an error, and the character error rate: edits / characters of all lines."""
        shown = {name: value for name, value in means.items() if name not in ("edits", "characters")}
        return {**shown, "cer": means["edits"] / max(means["characters"], 1e-9)}


def _greedy(outputs: Mapping[str, Any]) -> Any:
    """The best class of each column, repeats merged and blanks left out, as sparse int32 (batch, length)."""
    import tensorflow as tf

    last = tf.concat([outputs["logits"][..., 1:], outputs["logits"][..., :1]], axis=-1)  # the decoder's blank is last
    (found,), _ = tf.nn.ctc_greedy_decoder(tf.transpose(last, [1, 0, 2]), outputs["columns"])
    return tf.SparseTensor(found.indices, tf.cast(found.values + 1, tf.int32), found.dense_shape)


def columns_needed(text: Sequence[Any]) -> int:
    """The least number of columns that can spell ``text``, characters or their classes, by CTC.

    It is one a character, and a blank between equal neighbours.
    """
    return len(text) + sum(bool(first == second) for first, second in pairwise(text))
