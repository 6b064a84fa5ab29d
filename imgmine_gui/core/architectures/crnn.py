"""CRNN: convolutional features read as a sequence x_1..x_T along the width, h_t = LSTM(x_t, h_{t-1})."""

from typing import Any

from pydantic import Field

from imgmine_gui.core.architectures.base import ARCHITECTURES, Architecture, Features, LineReader, Produces
from imgmine_gui.core.architectures.convolutions import ConvolutionOptions, convolution_stack, line_stack
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
    width_poolings: int = Field(
        2, ge=0, le=5, title=N_("Poolings of the width"),
        description=N_("For text: how many blocks halve the width too. Fewer leave narrow letters more columns."),
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@ARCHITECTURES.register("crnn")
class Crnn(Architecture, LineReader):
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

        x = _columns(convolution_stack(images, options))
        for number in range(1, options.recurrent_layers + 1):
            every_state = number < options.recurrent_layers or produce is Produces.SEQUENCE
            name = f"recurrent_{number}"
            if options.bidirectional:
                x = layers.Bidirectional(_recurrent(options, f"{name}_cell", every_state), name=name)(x)
            else:
                x = _recurrent(options, name, every_state)(x)
        return Features(x, feature_layer="feature_map", sequence_layer="columns")

    def build_lines(self, images: Any, widths: Any, options: CrnnOptions) -> Features:
        """Every state, (batch, columns, units or 2 units).

        The backward direction begins at each image's own last column, not in what was added to make the batch even.
        """
        from keras import layers

        from imgmine_gui.core.layers.columns import ColumnCount, ReversedColumns

        x = _columns(line_stack(images, widths, options, self._width_poolings(options)))
        columns = ColumnCount(self._width_poolings(options), name="column_count")(widths)
        for number in range(1, options.recurrent_layers + 1):
            read = _recurrent(options, f"recurrent_{number}", True)(x)
            if options.bidirectional:
                turned = ReversedColumns(name=f"turned_{number}")([x, columns])
                backward = _recurrent(options, f"recurrent_{number}_backward", True)(turned)
                backward = ReversedColumns(name=f"turned_back_{number}")([backward, columns])
                read = layers.Concatenate(name=f"both_{number}", dtype="float32")([read, backward])
            x = read
        return Features(x, feature_layer="feature_map", sequence_layer="columns", columns=columns)

    def stride(self, options: CrnnOptions) -> int:
        """A power of two: each pooling of the width halves it."""
        return int(2 ** self._width_poolings(options))

    def _width_poolings(self, options: CrnnOptions) -> int:
        return min(options.width_poolings, len(options.widths))


def _columns(feature_map: Any) -> Any:
    """(batch, h, columns, channels) as a sequence, (batch, columns, h * channels)."""
    from keras import layers

    height, width, channels = feature_map.shape[1:]
    columns = layers.Permute((2, 1, 3), name="columns_first")(feature_map)
    return layers.Reshape((-1 if width is None else width, height * channels), name="columns")(columns)


def _recurrent(options: CrnnOptions, name: str, every_state: bool) -> Any:
    """One recurrent layer; in float32, since errors of a shorter format add up over the columns."""
    from keras import layers

    kind = layers.LSTM if options.cell is Cell.LSTM else layers.GRU
    return kind(options.units, return_sequences=every_state, dtype="float32", name=name)
