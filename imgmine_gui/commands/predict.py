"""``imgmine predict MODEL DATA``: what a model says of images, as CSV and as heatmaps."""

from pathlib import Path
from typing import Any

from imgmine_gui.commands.console import Output
from imgmine_gui.commands.inputs import Inputs, read_inputs
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.commands.tensorflow_quiet import load_tensorflow
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.storage.atomic import write_bytes
from imgmine_gui.core.storage.bundle import read_manifest
from imgmine_gui.core.storage.run_folder import find_model
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import N_, ntr


def predict(model: Path, data: Path, out: Path, heatmaps: Path | None, method: str | None, output: Output) -> None:
    """Write a row an image to ``out`` and, where asked for, its heatmap below ``heatmaps``.

    Raises:
        UserError: model, data or places to write are not right.
        Cancelled: interrupted; the CSV is whole or not there.
    """
    if TASKS[read_manifest(find_model(model)).network.task].lines:
        if heatmaps is not None:
            raise UserError(N_("There are no heatmaps of a model that reads text."), N_("Leave out --heatmaps."))
        _read_texts(model, data, out, output)
        return
    context = PlainContext(output.event)
    with interruptible(context):
        inputs = read_inputs(data, context)
        load_tensorflow()
        from imgmine_gui.core.inference.predictor import predict as run_model

        table = run_model(str(model), [item.path for item in inputs.items.items], context)
        names = [inputs.relative(path) for path in table.paths]
        write_bytes(out, table.to_csv(names).encode())
        drawn = 0 if heatmaps is None else write_heatmaps(model, table, inputs, heatmaps, method, context)
    _tell(len(names), int((~table.readable).sum()), out, {"heatmaps": drawn}, output)


def _read_texts(model: Path, data: Path, out: Path, output: Output) -> None:
    """Write the text of each image to ``out``."""
    context = PlainContext(output.event)
    with interruptible(context):
        inputs = read_inputs(data, context)
        load_tensorflow()
        from imgmine_gui.core.inference.recogniser import recognise

        table = recognise(str(model), [item.path for item in inputs.items.items], context)
        write_bytes(out, table.to_csv([inputs.relative(path) for path in table.paths]).encode())
    _tell(len(table.paths), int((~table.readable).sum()), out, {}, output)


def _tell(images: int, unreadable: int, out: Path, more: dict[str, Any], output: Output) -> None:
    values = {"images": images - unreadable, "unreadable": unreadable, "out": str(out), **more}
    text = ntr(
        "{images} image predicted, {unreadable} could not be read. Saved in {out}.",
        "{images} images predicted, {unreadable} could not be read. Saved in {out}.",
        images - unreadable,
        **values,
    )
    output.result(values, text=text)


def write_heatmaps(
    model: Path, table: PredictionTable, inputs: Inputs, folder: Path, method: str | None, context: PlainContext
) -> int:
    """Write ``RELATIVE_PATH.npy`` and ``RELATIVE_PATH.png`` for each readable image; returns how many."""
    from imgmine_gui.core.explain.export import Drawing, export_heatmaps

    paths = [path for path, readable in zip(table.paths, table.readable, strict=True) if readable]
    names = [inputs.relative(path) for path in paths]
    return export_heatmaps(str(model), paths, names, str(folder), method, None, {}, Drawing(), context).images
