"""Which images are looked at, and what is known of them beside what the model says."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.layout import Split, read_layout
from imgmine_gui.gui.item_models.predictions_rows import UNKNOWN, Filter, Order, PredictionRows


@dataclass(frozen=True)
class ImagesChoice:
    """A split of the project, its images without a class, or files and folders.

    Attributes:
        split: None for one of the others.
        paths: files and folders; empty for the images of the project that have no class.
    """

    split: Split | None = None
    paths: tuple[str, ...] = ()

    @property
    def is_unlabelled(self) -> bool:
        """Whether the images of the project without a class are meant."""
        return self.split is None and not self.paths


def rows_of_items(table: PredictionTable, items: Sequence[DataItem]) -> PredictionRows:
    """Predictions of images that the project knows."""
    known = {item.path: item for item in items}
    labels = [known[path].label if path in known else None for path in table.paths]
    keys = tuple(known[path].key if path in known else "" for path in table.paths)
    return PredictionRows(table, names_below(table.paths), _indices(table, labels), keys)


def rows_of_paths(table: PredictionTable, roots: Sequence[str]) -> PredictionRows:
    """Predictions of files and folders; folders that are named like classes of the model say the true class."""
    names = list(names_below(table.paths))
    labels: list[str | None] = [None] * len(names)
    for root in (os.path.abspath(root) for root in roots if os.path.isdir(root)):
        inside = [row for row, path in enumerate(table.paths) if path.startswith(root.rstrip(os.sep) + os.sep)]
        relative = [Path(table.paths[row]).relative_to(root).as_posix() for row in inside]
        layout = read_layout(relative)
        for row, name in zip(inside, relative, strict=True):
            labels[row] = layout.place(name).label
            if len(roots) == 1:
                names[row] = name
    return PredictionRows(table, tuple(names), _indices(table, labels), ("",) * len(names))


def describing(
    table: PredictionTable, choice: ImagesChoice, items: Callable[[], Sequence[DataItem]]
) -> Callable[[JobContext], PredictionRows]:
    """The work of a job that adds what is known to ``table``.

    Args:
        items: reads the images of the project that were chosen.
    """

    def work(context: JobContext) -> PredictionRows:
        rows = rows_of_paths(table, choice.paths) if choice.paths else rows_of_items(table, items())
        rows.chosen(
            Filter(text="a"), Order.WRONG
        )  # what takes long the first time is worked out here, not in the window
        return rows

    return work


def names_below(paths: Sequence[str]) -> tuple[str, ...]:
    """What images are called: their paths below the folder that they have in common."""
    folders = {os.path.dirname(path) for path in paths}
    try:
        common = os.path.commonpath(folders) if folders else ""
    except ValueError:  # on several drives
        return tuple(Path(path).as_posix() for path in paths)
    return tuple(Path(os.path.relpath(path, common)).as_posix() if common else path for path in paths)


def _indices(table: PredictionTable, labels: Sequence[str | None]) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    numbers = {name: number for number, name in enumerate(table.classes)}
    return np.array([numbers.get(label, UNKNOWN) if label else UNKNOWN for label in labels], np.intp)
