"""From a description to a Keras network: the one place where a network is built, for training and for loading."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from imgmine_gui.core.architectures.base import ARCHITECTURES, FineTuning, LineReader
from imgmine_gui.core.data.preprocessing import Normalisation, Preprocessing
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.options import Options, parse_options
from imgmine_gui.core.tasks.base import TASKS, Task
from imgmine_gui.core.text import N_


class NetworkDescription(Options):
    """All that is needed to build a network again; the weights come on top.

    Attributes:
        classes: names of the classes, or the characters of the alphabet, in the order of the logits.
        mean, variance: of the training images' channels, 0..255, where the normalisation is that of the dataset.
        precision: "float32" or "bfloat16" for the layers between input and head; weights are float32 always.
    """

    task: str
    architecture: str
    architecture_options: dict[str, Any]
    preprocessing: Preprocessing
    classes: tuple[str, ...] = Field(min_length=1)
    mean: tuple[float, ...] = ()
    variance: tuple[float, ...] = ()
    precision: str = "float32"


@dataclass(frozen=True)
class Network:
    """A built network with the names that explainers need.

    Attributes:
        model: input float32 (batch, height, width, channels) of 0..255, of lines their widths int32 (batch,) besides;
            outputs by name.
        feature_layer, sequence_layer, has_attention, self_attention_layers: see ``Features``.
    """

    model: Any
    description: NetworkDescription
    feature_layer: str
    sequence_layer: str | None
    has_attention: bool
    self_attention_layers: tuple[str, ...] = ()


def task_of(description: NetworkDescription) -> Task:
    """The task that the network was made for."""
    return TASKS[description.task]()


def build_network(description: NetworkDescription) -> Network:
    """Build the network with fresh weights; set the seed first where they matter.

    Raises:
        UserError: the task cannot read what the architecture produces, or does not go with the normalisation, or an
            option is out of its bounds.
    """
    import keras

    task, architecture = task_of(description), ARCHITECTURES[description.architecture]
    options = options_of(description)
    produce = next((kind for kind in task.accepts if kind in architecture.produces), None)
    if produce is None:
        raise UserError(
            N_("The architecture “{architecture}” cannot be trained for {task}."),
            N_("Choose another architecture."),
            architecture=architecture.name,
            task=task.name,
        )
    if task.lines and not description.preprocessing.normalisation.of_a_pixel:
        raise UserError(
            N_("The images of lines cannot be normalised by “{normalisation}”: no line would be read for itself."),
            N_("Choose “unit” or “symmetric” as normalisation."),
            normalisation=description.preprocessing.normalisation.value,
        )
    with dtype_policy(description):
        inputs = [keras.Input(image_shape(description), name="images", dtype="float32")]
        network = architecture()
        read = inputs[0] if network.reads_pixels else _normalised(inputs[0], description)
        if task.lines:
            assert isinstance(network, LineReader)
            inputs.append(keras.Input((), name="widths", dtype="int32"))
            features = network.build_lines(read, inputs[1], options)
        else:
            features = network.build(read, options, produce)
        outputs = task.head(features, len(description.classes), dropout_of(options))
        model = keras.Model(inputs if task.lines else inputs[0], outputs, name=architecture.name)
    return Network(
        model, description, features.feature_layer, features.sequence_layer, features.attention is not None,
        features.self_attention_layers,
    )  # fmt: skip


def begin_network(description: NetworkDescription) -> Network:
    """Build the network with the weights that its training begins with; set the seed first where they matter.

    Raises:
        UserError: as of ``build_network``, or pretrained weights are not on this computer.
    """
    network = build_network(description)
    ARCHITECTURES[description.architecture]().begin(network.model, options_of(description))
    return network


def fine_tuning_of(description: NetworkDescription) -> FineTuning | None:
    """Which layers of the network join its training later, if any do."""
    return ARCHITECTURES[description.architecture]().fine_tuning(options_of(description))


def options_of(description: NetworkDescription) -> Options:
    """The architecture's options as its own configuration."""
    return parse_options(ARCHITECTURES[description.architecture].options_type, description.architecture_options)


def dropout_of(options: Options) -> float:
    """The part of its input that the head leaves out at random while training."""
    return float(getattr(options, "dropout", 0.0))


def stride_of(description: NetworkDescription) -> int:
    """Pixels of a line's width that make a column of the network's sequence."""
    network = ARCHITECTURES[description.architecture]()
    assert isinstance(network, LineReader)
    return network.stride(options_of(description))


def image_shape(description: NetworkDescription) -> tuple[int, int | None, int]:
    """(height, width, channels) of what the network reads; the width of lines is open."""
    preprocessing = description.preprocessing
    width = None if TASKS[description.task].lines else preprocessing.width
    return preprocessing.height, width, preprocessing.channels


@contextmanager
def dtype_policy(description: NetworkDescription) -> Iterator[None]:
    """While this lasts, layers are built for the network's precision."""
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if description.precision == "bfloat16" else "float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _normalised(images: Any, description: NetworkDescription) -> Any:
    """The first layer: pixel values 0..255 to the range that was chosen."""
    from keras import layers

    kind = description.preprocessing.normalisation
    if kind is Normalisation.UNIT:
        return layers.Rescaling(1 / 255, name="normalisation")(images)
    if kind is Normalisation.SYMMETRIC:
        return layers.Rescaling(1 / 127.5, offset=-1.0, name="normalisation")(images)
    if kind is Normalisation.DATASET:
        return layers.Normalization(
            axis=-1, mean=list(description.mean), variance=list(description.variance), name="normalisation"
        )(images)
    from imgmine_gui.core.layers.normalisation import ImageStandardisation

    return ImageStandardisation(name="normalisation")(images)
