"""What a trained model reads in image files."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.lines import as_batch, load_line
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.inference.ctc_alignment import Columns
from imgmine_gui.core.inference.predictor import BATCH, Decoded, decoded_batches, run_network
from imgmine_gui.core.inference.text_decoder import TextDecoder
from imgmine_gui.core.inference.text_table import TextsRead, TextTable
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.storage.bundle import read_decoder
from imgmine_gui.core.storage.loading import load_network
from imgmine_gui.core.storage.run_folder import find_model
from imgmine_gui.core.tasks.network import Network, stride_of
from imgmine_gui.core.text import N_

SORTED = 8 * BATCH
"""Images among which those of like width are read together."""


def recognise(model: str, paths: Sequence[str], context: JobContext) -> TextTable:
    """Read image files.

    Args:
        model: a run folder or a model bundle.
        paths: any number of files; one that cannot be read gets a row without a text, and a reason.
        context: gets ``TextsRead`` events with the rows as they come.

    Raises:
        UserError: the model cannot be loaded.
        Cancelled: the person stopped it.
    """
    context.report(PhaseStarted(N_("Loading the model")))
    network = load_network(model)
    preprocessing = network.description.preprocessing
    context.report(PhaseStarted(N_("Reading the texts"), len(paths)))
    decoder = load_decoder(model, network)
    tables: list[TextTable] = []
    done = 0
    for start, decoded in decoded_batches(paths, lambda path: load_line(path, preprocessing)[0], context, SORTED):
        table = recognise_pixels(network, decoder, paths[start : start + len(decoded)], decoded)
        tables.append(table)
        done += len(decoded)
        context.report(TextsRead(table))
        context.report(Progress(done, len(paths)))
    return TextTable.concatenated(tables)


def load_decoder(model: str, network: Network) -> TextDecoder:
    """What makes texts of the network's outputs: what was fitted after its training, otherwise greedy decoding.

    Raises:
        UserError: the model's file is damaged, or was made by a newer ImgMine.
    """
    path = find_model(model)
    content = read_decoder(path)
    return TextDecoder.from_bytes(content, path) if content else TextDecoder(network.description.classes)


def recognise_pixels(
    network: Network, decoder: TextDecoder, paths: Sequence[str], decoded: Sequence[Decoded]
) -> TextTable:  # fmt: skip
    """The rows of some decoded lines."""
    read = [None if columns is None else decoder.read(columns) for columns in log_probabilities(network, decoded)]
    reasons = {path: pixels for path, pixels in zip(paths, decoded, strict=True) if isinstance(pixels, str)}
    return TextTable(tuple(paths), tuple(read), _strides(network, decoded), reasons)


def log_probabilities(network: Network, decoded: Sequence[Decoded]) -> list[Columns | None]:
    """What the network says of each line: log-softmax, float32 (columns, 1 + alphabet); None of an unreadable one."""
    found: list[Columns | None] = [None] * len(decoded)
    for rows in _by_width(decoded):
        images, widths = as_batch([pixels for row in rows if not isinstance(pixels := decoded[row], str)])
        outputs = run_network(network, images.astype(np.float32), widths)
        for row, logits, columns in zip(rows, outputs["logits"], outputs["columns"].tolist(), strict=True):
            found[row] = _log_softmax(logits[:columns])
    return found


def _by_width(decoded: Sequence[Decoded]) -> Iterator[list[int]]:
    """The readable rows in batches of like width."""
    widths = {row: pixels.shape[1] for row, pixels in enumerate(decoded) if not isinstance(pixels, str)}
    rows = sorted(widths, key=widths.__getitem__)
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _log_softmax(logits: npt.NDArray[np.float32]) -> Columns:
    shifted = logits - logits.max(axis=1, keepdims=True)
    normalised: Columns = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return normalised


def _strides(network: Network, decoded: Sequence[Decoded]) -> npt.NDArray[np.float32]:
    stride = stride_of(network.description)
    return np.array([np.nan if isinstance(pixels, str) else stride / pixels.shape[1] for pixels in decoded], np.float32)
