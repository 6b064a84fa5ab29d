"""CRNN: convolutional features read as a sequence x_1..x_T along the width, h_t = LSTM(x_t, h_{t-1})."""

from typing import Any

from pydantic import Field

from imgmine_gui.core.architectures.base import ARCHITECTURES, Architecture, Features, Produces
from imgmine_gui.core.architectures.convolutions import ConvolutionOptions, convolution_stack
from imgmine_gui.core.choice import Choice
from imgmine_gui.core.text import N_


class Cell(Choice):
    """The recurrent unit."""

    LSTM = "lstm", N_("LSTM")
    GRU = "gru", N_("GRU")


class CrnnOptions(ConvolutionOptions):
    """Options of the CRNN."""

    cell: Cell = Field(
        Cell.LSTM, title=N_("Recurrent unit"),
        description=N_("LSTM remembers with two states, GRU with one and a little faster."),
    )  # fmt: skip
    units: int = Field(
        128, ge=1, le=2048, title=N_("Units"), description=N_("Size of the memory of each recurrent layer.")
    )
    recurrent_layers: int = Field(
        2, ge=1, le=4, title=N_("Recurrent layers"), description=N_("How many recurrent layers read one another.")
    )
    bidirectional: bool = Field(
        True, title=N_("Both directions"), description=N_("Reads from left to right and from right to left.")
    )


@ARCHITECTURES.register("crnn")
class Crnn(Architecture):
    """The convolution stack, its map as a sequence of columns, recurrent layers."""

    name = "crnn"
    title = N_("CRNN")
    summary = N_("Reads the image column by column, like a line of text. Made for writing, signals and rows of things.")
    diagram = (N_("Image"), N_("Convolutions"), N_("Columns"), N_("Recurrent"), N_("Class"))
    options_type = CrnnOptions
    produces = frozenset({Produces.VECTOR, Produces.SEQUENCE})
    explainer = "columns"

    def build(self, images: Any, options: CrnnOptions, produce: Produces) -> Features:
        """The last states, (batch, units or 2 units), or every state, (batch, columns, units or 2 units).

        For a vector the last layer hands on its final state: of a two-directional layer, the state of each direction
        after it has read the whole width.
        """
        from keras import layers

        feature_map = convolution_stack(images, options)
        height, width, channels = feature_map.shape[1:]
        columns = layers.Permute((2, 1, 3), name="columns_first")(feature_map)
        x = layers.Reshape((width, height * channels), name="columns")(columns)
        for number in range(1, options.recurrent_layers + 1):
            every_state = number < options.recurrent_layers or produce is Produces.SEQUENCE
            x = _recurrent(options, number, every_state)(x)
        return Features(x, feature_layer="feature_map", sequence_layer="columns")


def _recurrent(options: CrnnOptions, number: int, every_state: bool) -> Any:
    """One recurrent layer; in float32, since errors of a shorter format add up over the columns."""
    from keras import layers

    kind = layers.LSTM if options.cell is Cell.LSTM else layers.GRU
    name = f"recurrent_{number}"
    if not options.bidirectional:
        return kind(options.units, return_sequences=every_state, dtype="float32", name=name)
    cell = kind(options.units, return_sequences=every_state, dtype="float32", name=f"{name}_cell")
    return layers.Bidirectional(cell, name=name)
