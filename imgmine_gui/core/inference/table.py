"""Predictions of many images as one table, in memory and as a file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.events import Event
from imgmine_gui.core.inference.archive import read_archive, reasons_from_json, reasons_to_json, write_archive


@dataclass(frozen=True)
class PredictionTable:
    """Class probabilities of images.

    Attributes:
        classes: their names.
        paths: of the image files, one a row.
        probabilities: float32 (paths, classes), rows summing to 1; rows of NaN for images that could not be read.
        reasons: for those, by path, why; ``tr`` says it in the present language.
    """

    classes: tuple[str, ...]
    paths: tuple[str, ...]
    probabilities: npt.NDArray[np.float32]
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def readable(self) -> npt.NDArray[np.bool_]:
        """(paths,) whether the image could be read."""
        return np.asarray(np.isfinite(self.probabilities).all(axis=1))

    @property
    def predicted(self) -> npt.NDArray[np.intp]:
        """(paths,) index of the most probable class; -1 where the image could not be read."""
        best = np.nan_to_num(self.probabilities, nan=-1.0).argmax(axis=1)
        return np.where(self.readable, best, -1)

    @property
    def confidence(self) -> npt.NDArray[np.float32]:
        """(paths,) the probability of the predicted class; NaN where the image could not be read."""
        highest: npt.NDArray[np.float32] = self.probabilities.max(axis=1)
        return highest

    @staticmethod
    def concatenated(tables: Sequence["PredictionTable"], classes: tuple[str, ...]) -> "PredictionTable":
        """The rows of ``tables``, in their order."""
        reasons = {path: reason for table in tables for path, reason in table.reasons.items()}
        empty = np.empty((0, len(classes)), np.float32)
        return PredictionTable(
            classes,
            tuple(path for table in tables for path in table.paths),
            np.concatenate([empty, *(table.probabilities for table in tables)]),
            reasons,
        )

    def save(self, path: Path) -> None:
        """Write the table as a NumPy archive without pickles.

        Raises:
            UserError: the disk is full or the folder cannot be written.
        """
        told = {"classes": self.classes, "paths": self.paths, "reasons": reasons_to_json(self.reasons)}
        write_archive(path, told, {"probabilities": self.probabilities})

    @classmethod
    def load(cls, path: Path) -> "PredictionTable":
        """Read what ``save`` wrote.

        Raises:
            UserError: the file is missing or damaged.
        """
        with read_archive(path) as (told, arrays):
            reasons = reasons_from_json(told["reasons"])
            return cls(tuple(told["classes"]), tuple(told["paths"]), arrays["probabilities"], reasons)

    def to_csv(self, names: Sequence[str] | None = None) -> str:
        """``path,predicted,confidence,p_<class>...`` with a header; cells of unreadable images stay empty.

        Args:
            names: what stands in the first column in place of the paths.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["path", "predicted", "confidence", *(f"p_{name}" for name in self.classes)])
        shown = self.paths if names is None else names
        predicted, confidence = self.predicted, self.confidence
        for row, name in enumerate(shown):
            if predicted[row] < 0:
                writer.writerow([path_in_text(name), *[""] * (len(self.classes) + 2)])
                continue
            numbers = [f"{value:.6f}" for value in (confidence[row], *self.probabilities[row])]
            writer.writerow([path_in_text(name), self.classes[predicted[row]], *numbers])
        return text.getvalue()


@dataclass(frozen=True)
class Predicted(Event):
    """Some more images were predicted."""

    carries_rows: ClassVar[bool] = True

    table: PredictionTable


def path_in_text(path: str) -> str:
    """A path whose bytes are no text, with those bytes as ``\\xNN``."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
