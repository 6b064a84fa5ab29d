"""``imgmine evaluate MODEL DATA`` of a model that reads text: how many characters, words and lines are right."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from imgmine_gui.commands.console import Output
from imgmine_gui.commands.inputs import choose, read_inputs
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.commands.tensorflow_quiet import load_tensorflow
from imgmine_gui.core.evaluation.transcription import Interval, TranscriptionReport, transcription_report
from imgmine_gui.core.evaluation.transcription_scoring import Scoring
from imgmine_gui.core.inference.text_table import TextTable
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.tasks.text_recognition import TextRecognition
from imgmine_gui.core.text import join_sentences, ntr, tr

TOLD = 15
"""Confusions that are told to a person; with ``--json`` all."""


def evaluate_texts(model: Path, data: Path, split: str | None, scoring: Scoring, output: Output) -> None:
    """Read the images and compare with their transcriptions.

    Args:
        scoring: what counts as a difference.

    Raises:
        UserError: model or data are not right.
        Cancelled: interrupted.
    """
    context = PlainContext(output.event)
    with interruptible(context):
        items, name = choose(read_inputs(data, context, transcribed=True).items, split, TextRecognition())
        load_tensorflow()
        from imgmine_gui.core.inference.recogniser import recognise

        table = recognise(str(model), [item.path for item in items], context)
    report = score(table, items, scoring)
    images = len(report.lines)
    values = {"split": name, **figures(report), "unreadable": len(items) - images}
    text = ntr(
        "{images} image ({split}): character error rate {cer}, word error rate {wer}, {exact} without an error",
        "{images} images ({split}): character error rate {cer}, word error rate {wer}, {exact} without an error",
        images,
        images=images, split=name, cer=_with_interval(report.cer), wer=_with_interval(report.wer),
        exact=f"{report.exact.value:.1%}",
    )  # fmt: skip
    output.result(values, _table(report), join_sentences(f"{text}.", *report.scoring.sentences()))


def score(table: TextTable, items: Sequence[DataItem], scoring: Scoring) -> TranscriptionReport:
    """Score the rows of ``table``, which are those of ``items``; images that could not be read are left out."""
    pairs = [(item.text or "", line.text) for item, line in zip(items, table.lines, strict=True) if line]
    return transcription_report([true for true, _ in pairs], [read for _, read in pairs], scoring)


def figures(report: TranscriptionReport) -> dict[str, Any]:
    """Every figure, by its name."""
    return {
        "cer": report.cer.value,
        "wer": report.wer.value,
        "exact": report.exact.value,
        "intervals": {"cer": report.cer, "wer": report.wer, "exact": report.exact},
        "confusions": report.confusions,
        "scoring": report.scoring,
        "images": len(report.lines),
    }


def _with_interval(figure: Interval) -> str:
    value, low, high = (f"{number:.4f}" for number in (figure.value, figure.low, figure.high))
    return tr("{value} ({low} to {high})", value=value, low=low, high=high)


def _table(report: TranscriptionReport) -> Table:
    table = Table(tr("True"), tr("Read"), tr("Times"))
    for confusion in report.confusions[:TOLD]:
        table.add_row(escape(confusion.true or "—"), escape(confusion.recognised or "—"), str(confusion.count))
    return table
