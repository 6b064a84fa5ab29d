"""Predictions of a trained model for image files."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.data.lines import ALIGNED
from imgmine_gui.core.data.preprocessing import load_sample
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.images.decode import ImageError
from imgmine_gui.core.inference.table import Predicted, PredictionTable
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.storage.loading import load_network
from imgmine_gui.core.tasks.network import Network
from imgmine_gui.core.text import N_

BATCH = 32
"""Images a pass; larger gains nothing on two cores."""
WORKERS = 2
AHEAD = 4
"""Batches that are decoded before the network asks for them."""

Decoded = npt.NDArray[np.uint8] | str
"""Pixels at network size, or the reason why there are none."""


def predict(model: str, paths: Sequence[str], context: JobContext) -> PredictionTable:
    """Predict image files.

    Args:
        model: a run folder or a model bundle.
        paths: any number of files; one that cannot be read gets a row of NaN and a reason.
        context: gets ``Predicted`` events with the rows as they come.

    Raises:
        UserError: the model cannot be loaded.
        Cancelled: the person stopped it.
    """
    context.report(PhaseStarted(N_("Loading the model")))
    network = load_network(model)
    context.report(PhaseStarted(N_("Predicting"), len(paths)))
    tables: list[PredictionTable] = []
    done = 0
    preprocessing = network.description.preprocessing
    for start, decoded in decoded_batches(paths, lambda path: load_sample(path, preprocessing)[0], context):
        table = predict_pixels(network, paths[start : start + len(decoded)], decoded)
        tables.append(table)
        done += len(decoded)
        context.report(Predicted(table))
        context.report(Progress(done, len(paths)))
    return PredictionTable.concatenated(tables, network.description.classes)


def predict_pixels(network: Network, paths: Sequence[str], decoded: Sequence[Decoded]) -> PredictionTable:
    """The rows of one batch of decoded images."""
    classes = network.description.classes
    probabilities = np.full((len(decoded), len(classes)), np.nan, np.float32)
    good = [row for row, pixels in enumerate(decoded) if not isinstance(pixels, str)]
    if good:
        outputs = run_network(network, np.stack([decoded[row] for row in good]).astype(np.float32))
        probabilities[good] = outputs["probabilities"]
    reasons = {path: pixels for path, pixels in zip(paths, decoded, strict=True) if isinstance(pixels, str)}
    return PredictionTable(classes, tuple(paths), probabilities, reasons)


def run_network(network: Network, *inputs: npt.NDArray[Any]) -> dict[str, npt.NDArray[np.float32]]:
    """The network's outputs, as arrays by name.

    Args:
        inputs: float32 (batch, height, width, channels) of 0..255, and of lines their widths, int32 (batch,).
    """
    outputs = _compiled(network)(*inputs)
    return {name: np.asarray(value) for name, value in outputs.items()}


def warm_up(model: str, context: JobContext) -> None:
    """Load and compile ``model`` before it is asked for."""
    context.report(PhaseStarted(N_("Loading the model")))
    network = load_network(model)
    run_network(network, *(np.ones([side or ALIGNED for side in (1, *one.shape[1:])], one.dtype)
                           for one in network.model.inputs))  # fmt: skip


def _compiled(network: Network) -> Any:
    """A function of the network for batches of any size: ``model.predict`` costs hundreds of milliseconds a call."""
    import tensorflow as tf

    compiled = getattr(network.model, "_imgmine_compiled", None)
    if compiled is None:
        signature = [tf.TensorSpec(one.shape, one.dtype) for one in network.model.inputs]

        def call(*inputs: Any) -> Any:
            return network.model(list(inputs) if len(inputs) > 1 else inputs[0], training=False)

        compiled = tf.function(call, input_signature=signature)
        network.model._imgmine_compiled = compiled  # kept with the model, and dropped with it
    return compiled


def decoded_batches(
    paths: Sequence[str], load: Callable[[str], npt.NDArray[np.uint8]], context: JobContext, size: int = BATCH
) -> Iterator[tuple[int, list[Decoded]]]:
    """Start and pixels of each batch of ``size`` images; threads decode ahead, in order.

    Args:
        load: gives the pixels of a file, or raises an ``ImageError``.
    """

    def decode(path: str) -> Decoded:
        try:
            return load(path)
        except ImageError as error:
            return error.message

    with ThreadPoolExecutor(WORKERS, thread_name_prefix="decode") as pool:
        coming: deque[Future[Decoded]] = deque()
        submitted = 0
        try:
            for start in range(0, len(paths), size):
                while submitted < min(len(paths), start + AHEAD * size):
                    coming.append(pool.submit(decode, os.fspath(paths[submitted])))
                    submitted += 1
                decoded = [coming.popleft().result() for _ in range(min(size, len(paths) - start))]
                check_cancelled(context)
                yield start, decoded
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
