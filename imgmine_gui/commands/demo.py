"""``imgmine demo``: trains on a bundled sample and shows what came of it, in the window or as a report."""

from pathlib import Path
from typing import Any

from imgmine_gui.commands.console import Output
from imgmine_gui.commands.evaluate import figures, score
from imgmine_gui.commands.inputs import Inputs, choose, read_inputs
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.commands.report import Picture, Report, write_report
from imgmine_gui.commands.tensorflow_quiet import load_tensorflow
from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.evaluation.localisation import energy_in, points_at, read_boxes
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.inference.table import Predicted, PredictionTable
from imgmine_gui.core.jobs import PlainContext, check_cancelled
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import N_, RESOURCES, tr
from imgmine_gui.core.training.recipes import RECIPES, recipe

MARGIN = 4
"""Pixels round a thing's box in which a heatmap's peak still points at the thing."""


def demo(sample: str, out: Path, output: Output) -> None:
    """Train by the recipe of a sample and write a report with heatmaps to the folder ``out``.

    Raises:
        UserError: the sample is not there, or ``out`` cannot be written or holds something already.
        Cancelled: interrupted.
    """
    folder = find_folder(sample)
    context = PlainContext(lambda event: None if isinstance(event, Predicted) else output.event(event))
    with interruptible(context):
        inputs = read_inputs(folder, context)
        run = RunFolder.create(out / "run", sample, recipe(sample).model_dump(mode="json"), inputs.items)
        load_tensorflow()
        from imgmine_gui.core.inference.predictor import predict
        from imgmine_gui.core.training.trainer import train

        trained = train(str(run.path), None, context)
        items, _ = choose(inputs.items, "test", TASKS["classification"]())
        table = predict(str(run.path), [item.path for item in items], context)
        scores = score(table, items)
        labels = [item.label or "" for item in items]
        pictures, pointing = _look(run, table, labels, inputs, context)
    report = write_report(out, Report(tr("Demonstration: {sample}", sample=sample), run, scores, pictures, pointing))
    values: dict[str, Any] = {**figures(scores), **pointing, "seconds": trained.seconds, "report": str(report)}
    text = tr(
        "Accuracy {accuracy}; in {pointing} of the images the heatmap points at the item. Report: {report}",
        accuracy=f"{scores.accuracy:.3f}",
        pointing=f"{pointing.get('pointing', 0):.1%}",
        report=report,
    )
    output.result(values, text=text)


def _look(
    run: RunFolder, table: PredictionTable, labels: list[str], inputs: Inputs, context: PlainContext
) -> tuple[list[Picture], dict[str, float]]:
    """A picture an image, and how well the heatmaps point where the sample says where its items are."""
    from imgmine_gui.core.explain.explain_file import explain_files
    from imgmine_gui.core.storage.loading import load_network

    network = load_network(run.path)
    method = ARCHITECTURES[network.description.architecture].explainer
    boxes = read_boxes(inputs.folder)
    pictures, hits, energies = [], [], []
    context.report(PhaseStarted(N_("Making heatmaps"), len(table.paths)))
    for row, heatmap in enumerate(explain_files(network, table.paths, method, None, {}, context)):
        check_cancelled(context)
        values = heatmap.on_original()
        box = boxes.get(inputs.relative(heatmap.path))
        if box is not None:
            hits.append(points_at(values, box.widened(MARGIN)))
            energies.append(energy_in(values, box))
        said = table.classes[table.predicted[row]]
        pictures.append(Picture(heatmap.path, labels[row], said, float(table.confidence[row]), values))
        context.report(Progress(row + 1, len(table.paths)))
    if not hits:
        return pictures, {}
    return pictures, {"pointing": sum(hits) / len(hits), "energy": sum(energies) / len(energies)}


def find_folder(sample: str) -> Path:
    """Where the images of a sample are on which there is something to demonstrate.

    Raises:
        UserError: there is no such sample.
    """
    folder = RESOURCES / "samples" / sample
    if sample not in RECIPES or not folder.is_dir():
        raise UserError(N_("There is no sample “{name}”."), N_("Choose one of: {names}."), name=sample,
                        names=list(RECIPES))  # fmt: skip
    return folder


def has_screen() -> bool:
    """Whether a window can be opened here."""
    from imgmine_gui.gui.screen import require_screen

    try:
        require_screen()
    except UserError:
        return False
    return True
