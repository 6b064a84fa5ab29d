"""After the training of a network that reads: how its outputs are to be made into text, fitted on validation lines."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.lines import LineStore
from imgmine_gui.core.events import PhaseStarted
from imgmine_gui.core.inference.ctc_choice import MOST_LINES
from imgmine_gui.core.inference.recogniser import log_probabilities
from imgmine_gui.core.inference.text_decoder import TextDecoder
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.storage.bundle import load_bundle, save_bundle
from imgmine_gui.core.text import N_


def fit_decoder(
    model: Path, store: LineStore, items: Sequence[DataItem], training: npt.NDArray[np.intp],
    validation: npt.NDArray[np.intp], context: JobContext,
) -> None:  # fmt: skip
    """Fit how the model's outputs are decoded and how sure they are, and keep it in the model's bundle.

    Args:
        model: the bundle.
        training, validation: indices of the lines of the two splits in ``store`` and ``items``.

    Raises:
        Cancelled: the person cancelled; the model reads greedily then.
    """
    context.report(PhaseStarted(N_("Fitting how lines are read")))
    network, manifest = load_bundle(model)
    chosen = validation[np.linspace(0, len(validation) - 1, min(len(validation), MOST_LINES)).astype(np.intp)]
    lines = ["" if pixels is None else pixels for pixels in store.lines(chosen)]
    pairs = [
        (columns, items[index].text or "")
        for columns, index in zip(log_probabilities(network, lines), chosen.tolist(), strict=True)
        if columns is not None
    ]
    if not pairs:
        return
    learned = [items[index].text or "" for index in training.tolist()]
    columns, texts = zip(*pairs, strict=True)
    decoder = TextDecoder.fitted(columns, texts, network.description.classes, learned, context)
    save_bundle(model, network, manifest.trained, decoder.to_bytes())
