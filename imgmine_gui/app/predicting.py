"""What a model says of a split, read back where it is known already, and of any files and folders."""

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from imgmine_gui.app.job import Job
from imgmine_gui.app.job_runner import EngineWork
from imgmine_gui.app.looking import Looking
from imgmine_gui.app.stored_predictions import StoredPredictions, Table
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.images.formats import has_image_suffix
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.inference.text_table import TextTable
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.walk import root_error, walk
from imgmine_gui.core.text import N_
from imgmine_gui.engine.client import Engine

Preparation = tuple[Sequence[str], StoredPredictions | None]
"""The paths that are to be predicted, and where their predictions are kept, if anywhere."""


FUNCTIONS: dict[type[Table], str] = {PredictionTable: "predict", TextTable: "recognise"}
"""What the engine is asked to do, by what comes of it."""


def start_predicting(
    job: Job, looking: Looking, model: str, prepare: Callable[[JobContext], Table | Preparation], kind: type[Table]
) -> None:
    """Prepare in a thread of its own, so that what is known already waits for no engine; predict what is not."""
    mailbox = job.mailbox
    prepared: list[Preparation] = []

    def first(context: JobContext) -> Table | None:
        found = prepare(context)
        if isinstance(found, Table):
            return found
        prepared.append(found)
        return None

    def run() -> None:
        if not mailbox.attempt(first):
            looking.hand_over(mailbox, _predict(FUNCTIONS[kind], model, *prepared[0]))

    threading.Thread(target=run, name=f"job-{job.kind}", daemon=True).start()


def prepare_split(
    run: Path | None, split: Split, items: Callable[[], Sequence[DataItem]], kind: type[Table]
) -> "Prepare":
    """Of the images of a split: what ``run`` predicted before, or their paths.

    Args:
        run: whose folder keeps the predictions; ``None`` for a model bundle, which keeps none.
        kind: what comes of the model.
    """

    def prepare(context: JobContext) -> Table | Preparation:
        context.report(PhaseStarted(N_("Collecting the images")))
        chosen = items()
        stored = StoredPredictions(run, split, chosen, kind) if run else None
        known = stored.read() if stored else None
        return known or ([item.path for item in chosen], stored)

    return prepare


def prepare_files(paths: Sequence[str | Path]) -> "Prepare":
    """Of files and folders: the files, and the images of the folders.

    The job raises ``UserError`` where a folder is gone or nothing in it is an image.
    """

    def prepare(context: JobContext) -> Preparation:
        context.report(PhaseStarted(N_("Looking for images")))
        found = [file for path in paths for file in _images(os.path.abspath(path), context)]
        if not found:
            raise UserError(
                N_("There is no image in “{path}”."),
                N_("Choose a folder that holds images such as JPEG or PNG files."),
                path=[str(path) for path in paths],
            )
        return found, None

    return prepare


Prepare = Callable[[JobContext], Table | Preparation]


def _images(path: str, context: JobContext) -> list[str]:
    if not os.path.isdir(path):
        return [path]

    def pause(found: int) -> None:
        check_cancelled(context)
        context.report(Progress(found))

    root = os.fsencode(path)
    try:
        files = walk(root, pause).files
    except OSError as error:
        raise root_error(root, error) from error
    return [os.fsdecode(os.path.join(root, file.path)) for file in files if has_image_suffix(file.path)]


def _predict(function: str, model: str, paths: Sequence[str], stored: StoredPredictions | None) -> EngineWork:
    def work(context: JobContext, engine: Engine) -> Table:
        arguments = (model, tuple(paths))
        table: Table = engine.run(function, arguments, context.report, lambda: context.wish)
        if stored:
            stored.write(table)
        return table

    return work
