"""``imgmine train DATA``: from a folder of images to a run with a model."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from statistics import median_low
from typing import Any

from imgmine_gui.app.places import cache_folder
from imgmine_gui.commands.console import Output, figures_in_words, three_digits
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.commands.tensorflow_quiet import load_tensorflow
from imgmine_gui.core.events import ImageSkipped
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project.checks import require_trainable
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.records import ScanResult
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.storage.run_folder import RunFolder
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import N_, Retold, ntr
from imgmine_gui.core.training.config import TrainConfig, configure
from imgmine_gui.core.training.preparation import require_images
from imgmine_gui.core.training.suggest import READER, suggest


def train(
    data: Path, task: str, architecture: str | None, out: Path, image_size: int | None,
    settings: Sequence[tuple[str, Any]], resume: bool, output: Output,
) -> bool:  # fmt: skip
    """Train a new run in ``out``, or go on with the one there.

    Args:
        architecture: its name; None takes what suits the number and the size of the images, as the window does.
        image_size: width and height of what the network sees, in px; of lines, which keep their proportions, the
            height.
        settings: options by name, the later pair wins; of a resumed run only ``epochs`` may be among them.

    Returns:
        Whether the training was interrupted; what was learned is saved then.

    Raises:
        UserError: data, options or folder are not right; words say which.
    """
    context = PlainContext(output.event)
    sides = ("height",) if TASKS[task].lines else ("width", "height")
    settings = [*((side, image_size) for side in sides if image_size is not None), *settings]
    with interruptible(context):
        if resume:
            _prepare_resume(out, settings)
        else:
            _prepare(data, task, architecture, settings, out, context)
        load_tensorflow()
        from imgmine_gui.core.training import trainer

        result = trainer.train(str(out), None, context, str(cache_folder()))
    text = ntr(
        "Trained {epochs} epoch in {seconds} s at {speed} images/s; best epoch {best}: {figures}. Saved in {run}.",
        "Trained {epochs} epochs in {seconds} s at {speed} images/s; best epoch {best}: {figures}. Saved in {run}.",
        result.epochs,
        epochs=result.epochs,
        seconds=f"{result.seconds:.1f}",
        speed=three_digits(result.images_per_second),
        best=result.best_epoch + 1,
        figures=figures_in_words(result.metrics),
        run=result.run,
    )
    output.result({**dataclasses.asdict(result), **result.metrics}, text=text)
    return context.wish is Wish.STOP


def _prepare(
    data: Path, task: str, architecture: str | None, settings: Sequence[tuple[str, Any]], out: Path,
    context: PlainContext,
) -> None:  # fmt: skip
    config = configure(task, architecture, settings) if architecture else None  # what is wrong is said at once
    transcribed = TASKS[task].lines
    items, scanned = load_items(data, SplitSettings(), context, transcribed)
    if not transcribed:
        require_trainable(items.checks(len(scanned.unreadable)))
    require_images(items, TASKS[task]())
    for image in scanned.transcriptions.without if scanned.transcriptions else ():
        reason = Retold(N_("{file}: {problem}"), {"file": image.place, "problem": image.reason})
        context.report(ImageSkipped(image.place, reason))
    config = config or _suited(task, settings, items, scanned)
    RunFolder.create(out, out.name, config.model_dump(mode="json"), items)


def _suited(task: str, settings: Sequence[tuple[str, Any]], items: DataItems, scanned: ScanResult) -> TrainConfig:
    """What the window suggests for such images, with ``settings`` before it."""
    if TASKS[task].lines:
        return configure(task, READER, settings)
    sizes = [(record.width, record.height) for record in scanned.records if not record.problem]
    width, height = (int(median_low(side)) for side in zip(*sizes, strict=True))
    labelled = sum(item.label is not None for item in items.items)
    architecture, suggested = suggest((width, height), labelled)
    return configure(task, architecture, [*suggested.items(), *settings])


def _prepare_resume(out: Path, settings: Sequence[tuple[str, Any]]) -> None:
    """A larger number of epochs trains the run further."""
    run = RunFolder.open(out)
    epochs = dict(settings).get("epochs")
    if epochs is not None:
        config = TrainConfig.model_validate(run.config)
        options = config.training.model_copy(update={"epochs": int(epochs)})
        run.update(config=config.model_copy(update={"training": options}).model_dump(mode="json"))
