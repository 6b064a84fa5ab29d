"""``imgmine demo``: trains on a bundled sample and shows what came of it, in the window or as a report."""

from pathlib import Path
from typing import Any

from imgmine_gui.commands import evaluate_texts
from imgmine_gui.commands.console import Output
from imgmine_gui.commands.evaluate import figures, score
from imgmine_gui.commands.inputs import Inputs, choose, read_inputs
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.commands.report import Picture, Report, write_report
from imgmine_gui.commands.report_texts import ReadLine, write_text_report
from imgmine_gui.commands.tensorflow_quiet import load_tensorflow
from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.evaluation.localisation import energy_in, points_at, read_boxes
from imgmine_gui.core.evaluation.transcription_scoring import Scoring
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.jobs import PlainContext, check_cancelled
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import N_, RESOURCES, tr
from imgmine_gui.core.training.recipes import RECIPES, recipe

MARGIN = 4
"""Pixels round a thing's box in which a heatmap's peak still points at the thing."""


def demo(sample: str, out: Path, output: Output) -> None:
    """Train by the recipe of a sample and write a report to the folder ``out``.

    Raises:
        UserError: the sample is not there, or ``out`` cannot be written or holds something already.
        Cancelled: interrupted.
    """
    folder, config = find_folder(sample), recipe(sample)
    task, title = TASKS[config.task](), tr("Demonstration: {sample}", sample=sample)
    context = PlainContext(output.event)
    with interruptible(context):
        inputs = read_inputs(folder, context, transcribed=task.lines)
        run = RunFolder.create(out / "run", sample, config.model_dump(mode="json"), inputs.items)
        load_tensorflow()
        from imgmine_gui.core.training.trainer import train

        trained = train(str(run.path), None, context)
        items, _ = choose(inputs.items, "test", task)
        if task.lines:
            values, text = _show_texts(out, title, run, items, context)
        else:
            values, text = _show_classes(out, title, run, items, inputs, context)
    output.result({**values, "seconds": trained.seconds}, text=text)


def _show_texts(
    out: Path, title: str, run: RunFolder, items: list[DataItem], context: PlainContext
) -> tuple[dict[str, Any], str]:
    """What is read in the test lines: the report's figures, and a sentence."""
    from imgmine_gui.core.inference.recogniser import recognise

    table = recognise(str(run.path), [item.path for item in items], context)
    scores = evaluate_texts.score(table, items, Scoring())
    lines = [
        ReadLine(item.path, item.text or "", read, float(stride))
        for item, read, stride in zip(items, table.lines, table.strides, strict=True)
        if read
    ]
    report = write_text_report(out, title, run, scores, lines)
    text = tr(
        "Character error rate {cer}; {exact} of the lines are without an error. Report: {report}",
        cer=f"{scores.cer.value:.1%}",
        exact=f"{scores.exact.value:.1%}",
        report=report,
    )
    return {**evaluate_texts.figures(scores), "report": str(report)}, text


def _show_classes(
    out: Path, title: str, run: RunFolder, items: list[DataItem], inputs: Inputs, context: PlainContext
) -> tuple[dict[str, Any], str]:
    """What is said of the test images, with heatmaps: the report's figures, and a sentence."""
    from imgmine_gui.core.inference.predictor import predict

    table = predict(str(run.path), [item.path for item in items], context)
    scores = score(table, items)
    pictures, pointing = _look(run, table, [item.label or "" for item in items], inputs, context)
    report = write_report(out, Report(title, run, scores, pictures, pointing))
    text = tr(
        "Accuracy {accuracy}; in {pointing} of the images the heatmap points at the item. Report: {report}",
        accuracy=f"{scores.accuracy:.3f}",
        pointing=f"{pointing.get('pointing', 0):.1%}",
        report=report,
    )
    return {**figures(scores), **pointing, "report": str(report)}, text


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


def is_for_window(sample: str) -> bool:
    """Whether the pages of the window can show a sample."""
    from imgmine_gui.app.samples import samples

    return any(one.name == sample for one in samples())


def has_screen() -> bool:
    """Whether a window can be opened here."""
    from imgmine_gui.gui.screen import require_screen

    try:
        require_screen()
    except UserError:
        return False
    return True
