"""``imgmine predict MODEL DATA``: what a model says of images, as CSV and as heatmaps."""

from pathlib import Path

from imgmine_gui.commands.console import Output
from imgmine_gui.commands.inputs import Inputs, read_inputs
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.commands.tensorflow_quiet import load_tensorflow
from imgmine_gui.core.inference.table import Predicted, PredictionTable
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.storage.atomic import write_bytes
from imgmine_gui.core.text import ntr


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
    images = len(names) - unreadable
    values = {"images": images, "unreadable": unreadable, "out": str(out), "heatmaps": drawn}
    text = ntr(
        "{images} image predicted, {unreadable} could not be read. Saved in {out}.",
        "{images} images predicted, {unreadable} could not be read. Saved in {out}.",
        images,
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
