"""``imgmine predict MODEL DATA``: what a model says of images, as CSV and as heatmaps."""

from pathlib import Path

import numpy as np
from PIL import Image

from imgmine_gui.commands.console import Output
from imgmine_gui.commands.inputs import Inputs, read_inputs
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.commands.tensorflow_quiet import load_tensorflow
from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.images.colormaps import colour_heatmap
from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.images.overlay import overlay
from imgmine_gui.core.inference.table import Predicted, PredictionTable
from imgmine_gui.core.jobs import PlainContext, check_cancelled
from imgmine_gui.core.storage.atomic import replacing, write_bytes
from imgmine_gui.core.text import N_, tr

OVERLAY_OPACITY = 0.8
COLOURS = "viridis"


def predict(model: Path, data: Path, out: Path, heatmaps: Path | None, method: str | None, output: Output) -> None:
    """Write a row an image to ``out`` and, where asked for, its heatmap below ``heatmaps``.

    Raises:
        UserError: model, data or places to write are not right.
        Cancelled: interrupted; the CSV is whole or not there.
    """
    context = PlainContext(lambda event: None if isinstance(event, Predicted) else output.event(event))
    with interruptible(context):
        inputs = read_inputs(data, context)
        load_tensorflow()
        from imgmine_gui.core.inference.predictor import predict as run_model

        table = run_model(str(model), [item.path for item in inputs.items.items], context)
        names = [inputs.relative(path) for path in table.paths]
        write_bytes(out, table.to_csv(names).encode())
        drawn = 0 if heatmaps is None else write_heatmaps(model, table, inputs, heatmaps, method, context)
    unreadable = int((~table.readable).sum())
    values = {"images": len(names) - unreadable, "unreadable": unreadable, "out": str(out), "heatmaps": drawn}
    text = tr("{images} images predicted, {unreadable} could not be read. Saved in {out}.", **values)
    output.result(values, text=text)


def write_heatmaps(
    model: Path, table: PredictionTable, inputs: Inputs, folder: Path, method: str | None, context: PlainContext
) -> int:
    """Write ``RELATIVE_PATH.npy`` and ``RELATIVE_PATH.png`` for each readable image; returns how many."""
    from imgmine_gui.core.explain.explain_file import explain_files
    from imgmine_gui.core.storage.loading import load_network

    network = load_network(model)
    chosen = method or ARCHITECTURES[network.description.architecture].explainer
    paths = [path for path, readable in zip(table.paths, table.readable, strict=True) if readable]
    context.report(PhaseStarted(N_("Making heatmaps"), len(paths)))
    for number, heatmap in enumerate(explain_files(network, paths, chosen, None, {}, context), start=1):
        check_cancelled(context)
        write_heatmap(heatmap.on_original(), heatmap.path, folder / inputs.relative(heatmap.path))
        context.report(Progress(number, len(paths)))
    return len(paths)


def write_heatmap(values: np.ndarray, image: str, target: Path) -> None:
    """Write ``target.npy``, float32 (height, width) in 0..1, and ``target.png``, the image with the heatmap over it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target.with_name(target.name + ".npy")) as file:
        np.save(file, values)
    with replacing(target.with_name(target.name + ".png")) as file:
        Image.fromarray(draw(values, image)).save(file, "PNG")


def draw(values: np.ndarray, image: str) -> np.ndarray:
    """The image at its full size with the heatmap over it, uint8 (height, width, 3)."""
    return overlay(decode_rgb(image).pixels, colour_heatmap(values, COLOURS), OVERLAY_OPACITY)
