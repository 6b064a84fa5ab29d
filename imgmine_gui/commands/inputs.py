"""The images that a command is told to work on."""

import os
from dataclasses import dataclass
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.items import load_items
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.tasks.base import Task
from imgmine_gui.core.text import N_

ALL = "all"


@dataclass(frozen=True)
class Inputs:
    """Images with the folder that their paths are told relative to."""

    items: DataItems
    folder: Path

    def relative(self, path: str) -> str:
        """``path`` as it is told: below the folder, with ``/`` between its parts."""
        try:
            return Path(path).relative_to(self.folder).as_posix()
        except ValueError:
            return path


def read_inputs(data: Path, context: PlainContext, transcribed: bool = False) -> Inputs:
    """All images of a folder, of one file, or of a project; see ``load_items`` for ``transcribed``.

    Raises:
        UserError: there is nothing there, or no image.
    """
    items, _ = load_items(data, SplitSettings(), context, transcribed)
    folder = data if data.is_dir() else data.parent
    return Inputs(items, Path(os.path.abspath(folder)))


def choose(items: DataItems, split: str | None, task: Task) -> tuple[list[DataItem], str]:
    """The images to score, of which it is known what is to be said of them, and what they are called.

    Args:
        split: the name of a split, or "all"; None takes the test images where there are any, and otherwise all.

    Raises:
        UserError: there is no such split, or no labelled image in it.
    """
    labelled = [item for item in items.items if task.target(item)]
    if split is None:
        split = Split.TEST.value if any(item.split is Split.TEST for item in labelled) else ALL
    if split == ALL:
        chosen = labelled
    elif split in set(Split):
        chosen = [item for item in labelled if item.split is Split(split)]
    else:
        raise UserError(N_("There is no split “{split}”."), N_("Choose train, validation, test or all."), split=split)
    if not chosen and task.lines:
        raise UserError(
            N_("There is no image with a transcription in “{split}”."),
            N_("Choose another split, or add a labels.csv or text files as for a training."),
            split=split,
        )
    if not chosen:
        raise UserError(
            N_("There is no labelled image in “{split}”."),
            N_("Choose another split, or put images into class folders."),
            split=split,
        )
    return chosen, split
