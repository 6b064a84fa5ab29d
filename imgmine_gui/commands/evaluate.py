"""``imgmine evaluate MODEL DATA``: how right a model is on labelled images."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from imgmine_gui.commands.console import Output
from imgmine_gui.commands.inputs import choose, read_inputs
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.commands.tensorflow_quiet import load_tensorflow
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.evaluation.classification import ClassificationReport, report
from imgmine_gui.core.evaluation.transcription_scoring import Scoring
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.storage.bundle import read_manifest
from imgmine_gui.core.storage.run_folder import find_model
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import N_, ntr, tr


def evaluate(model: Path, data: Path, split: str | None, output: Output, ignored: Sequence[str] = ()) -> None:
    """Score the model and tell every figure.

    Args:
        ignored: of texts, the differences that do not count: names of the fields of ``Scoring``.

    Raises:
        UserError: model or data are not right, or a label is no class of the model.
        Cancelled: interrupted.
    """
    context = PlainContext(output.event)
    network = read_manifest(find_model(model)).network
    task = TASKS[network.task]()
    if task.lines:
        from imgmine_gui.commands.evaluate_texts import evaluate_texts

        evaluate_texts(model, data, split, _scoring(ignored), output)
        return
    with interruptible(context):
        items, name = choose(read_inputs(data, context).items, split, task)
        task.encode([item.label or "" for item in items], network.classes)
        load_tensorflow()
        from imgmine_gui.core.inference.predictor import predict

        table = predict(str(model), [item.path for item in items], context)
    scores = score(table, items)
    values = {"split": name, **figures(scores), "unreadable": len(items) - scores.images}
    text = ntr(
        "{images} image ({split}): accuracy {accuracy}, balanced accuracy {balanced}, macro F1 {f1}",
        "{images} images ({split}): accuracy {accuracy}, balanced accuracy {balanced}, macro F1 {f1}",
        scores.images,
        images=scores.images,
        split=name,
        accuracy=f"{scores.accuracy:.4f}",
        balanced=f"{scores.balanced_accuracy:.4f}",
        f1=f"{scores.macro_f1:.4f}",
    )
    output.result(values, _table(scores), text)


def _scoring(ignored: Sequence[str]) -> Scoring:
    names = [field.name for field in dataclasses.fields(Scoring)]
    for name in ignored:
        if name not in names:
            raise UserError(
                N_("There is no difference called “{name}”."), N_("Choose one of: {names}."), name=name, names=names
            )
    return Scoring(**dict.fromkeys(ignored, False))


def score(table: PredictionTable, items: list[DataItem]) -> ClassificationReport:
    """Score the rows of ``table``, which are those of ``items``; images that could not be read are left out."""
    index = {name: number for number, name in enumerate(table.classes)}
    true = np.array([index[item.label or ""] for item in items], np.intp)
    return report(true[table.readable], table.predicted[table.readable], table.classes)


def figures(scores: ClassificationReport) -> dict[str, Any]:
    """Every figure of a report, by its name."""
    return {
        "accuracy": scores.accuracy,
        "balanced_accuracy": scores.balanced_accuracy,
        "macro_f1": scores.macro_f1,
        "per_class": {entry.name: entry for entry in scores.per_class},
        "confusion": scores.confusion,
        "classes": scores.classes,
        "images": scores.images,
    }


def _table(scores: ClassificationReport) -> Table:
    table = Table(tr("Class"), tr("Images"), tr("Precision"), tr("Recall"), "F1")
    for entry in scores.per_class:
        numbers = (f"{value:.3f}" for value in (entry.precision, entry.recall, entry.f1))
        table.add_row(entry.name, str(entry.images), *numbers)
    return table
