"""What every architecture gives to the rest of the program, and the table of all of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

from imgmine_gui.core.options import Options
from imgmine_gui.core.registry import Registry
from imgmine_gui.core.text import N_


class Produces(StrEnum):
    """The shape of what an architecture hands to a task's head."""

    VECTOR = "vector"
    """(batch, features): one vector an image."""
    SEQUENCE = "sequence"
    """(batch, columns, features): one vector a column of the image, from left to right."""


@dataclass(frozen=True)
class Features:
    """The tensors that ``Architecture.build`` made.

    Attributes:
        head_input: what the task's head reads: (batch, features) or (batch, columns, features).
        feature_layer: name of the layer whose output, (batch, h, w, channels), is read by class activation maps.
        sequence_layer: name of the layer whose output, (batch, columns, features), is the sequence read along the
            width, if there is one.
        attention: (batch, heads, h, w), the weights of attention pooling, which sum to 1 a head, if there are any.
        self_attention_layers: names of the layers, from the images on, whose outputs, (batch, heads, positions,
            positions), are the weights of self-attention; the positions are those of the feature layer in rows.
        columns: int32 (batch,), how many columns of ``head_input`` are of the image itself; None where all are.
    """

    head_input: Any
    feature_layer: str
    sequence_layer: str | None = None
    attention: Any | None = None
    self_attention_layers: tuple[str, ...] = ()
    columns: Any | None = None


@dataclass(frozen=True)
class FineTuning:
    """How layers that came trained join in, once the fresh ones have been trained on what they give.

    Attributes:
        layers: their names.
        after: epochs in which the others learn alone.
        rate: their learning rate as a part of that of the others.
    """

    layers: frozenset[str]
    after: int
    rate: float


class Architecture(ABC):
    """A network family with its options; one file of this package each.

    Attributes:
        name: as in ``--architecture``.
        title, summary: for a person; English, marked with ``N_``.
        diagram: the stages from left to right, as drawn on the card: a word each, marked with ``N_``.
        options_type: the options, a frozen configuration.
        produces: what it can hand to a head; a task says which it accepts.
        explainer: name of the explainer that points rightly here.
        reads_pixels: whether ``build`` is given pixel values 0..255, and scales them itself as its weights want it.
        batch_size: images looked at together where there are many, and nobody sets it.
        suggested: options of preprocessing, augmentation and training, by name, that it learns better with than with
            the defaults of all; whatever a person sets goes before them.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    diagram: ClassVar[tuple[str, ...]]
    options_type: ClassVar[type[Options]]
    produces: ClassVar[frozenset[Produces]]
    explainer: ClassVar[str]
    reads_pixels: ClassVar[bool] = False
    batch_size: ClassVar[int] = 32
    suggested: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    @abstractmethod
    def build(self, images: Any, options: Any, produce: Produces) -> Features:
        """Build the Keras layers on ``images``, float (batch, height, width, channels).

        They are normalised already unless the architecture ``reads_pixels``. No weights are read: a network whose
        weights come from a model bundle is built the same way.
        """

    def begin(self, model: Any, options: Any) -> None:  # noqa: B027 - most have nothing to do
        """Give ``model``, freshly built, the weights that a training begins with; by default the random ones it has.

        Raises:
            UserError: weights that it needs are not on this computer.
        """

    def fine_tuning(self, options: Any) -> FineTuning | None:
        """Which layers join the training later and more slowly; None where all that learn do so from the start."""
        return None


class LineReader(ABC):
    """What an architecture that produces a sequence is as well: it reads images of one height and any width."""

    @abstractmethod
    def build_lines(self, images: Any, widths: Any, options: Any) -> Features:
        """Build the Keras layers for a batch of lines; a sequence is produced.

        Args:
            images: float (batch, height, width, channels), normalised; the width is open, and that of the widest image.
            widths: int32 (batch,), how many pixels of the width are of each image. What lies right of them does not
                change what is produced for the image's own columns.
            options: of the architecture.
        """

    @abstractmethod
    def stride(self, options: Any) -> int:
        """Pixels of the width that make a column: an image has ceil(width / stride) of them."""


ARCHITECTURES: Registry[type[Architecture]] = Registry(N_("architecture"), "imgmine_gui.core.architectures")
