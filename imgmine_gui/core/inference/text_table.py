"""Texts that were read from images, in memory and as a file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import starmap
from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.events import Event
from imgmine_gui.core.inference.archive import Arrays, read_archive, reasons_from_json, reasons_to_json, write_archive
from imgmine_gui.core.inference.ctc_decoding import Recognised, Span
from imgmine_gui.core.inference.table import path_in_text


@dataclass(frozen=True)
class TextTable:
    """What a model read in images.

    Attributes:
        paths: of the image files, one a row.
        lines: what was read, one a row; None for images that could not be read.
        strides: float32 (paths,), the width of a column as a part of the image's width: the columns of a span times
            this are where it lies, 0..1 from the left edge.
        reasons: for images that could not be read, by path, why; ``tr`` says it in the present language.
    """

    paths: tuple[str, ...]
    lines: tuple[Recognised | None, ...]
    strides: npt.NDArray[np.float32]
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def readable(self) -> npt.NDArray[np.bool_]:
        """(paths,) whether the image could be read."""
        return np.array([line is not None for line in self.lines], bool)

    @property
    def texts(self) -> tuple[str, ...]:
        """One a row; empty where the image could not be read."""
        return tuple(line.text if line else "" for line in self.lines)

    @staticmethod
    def concatenated(tables: Sequence["TextTable"]) -> "TextTable":
        """The rows of ``tables``, in their order."""
        return TextTable(
            tuple(path for table in tables for path in table.paths),
            tuple(line for table in tables for line in table.lines),
            np.concatenate([np.empty(0, np.float32), *(table.strides for table in tables)]),
            {path: reason for table in tables for path, reason in table.reasons.items()},
        )

    def save(self, path: Path) -> None:
        """Write the table as a NumPy archive without pickles.

        Raises:
            UserError: the disk is full or the folder cannot be written.
        """
        spans = [span for line in self.lines if line for span in line.spans]
        told = {
            "paths": self.paths,
            "characters": [[span.character for span in line.spans] if line else None for line in self.lines],
            "reasons": reasons_to_json(self.reasons),
        }
        confidences = [line.confidence if line else np.nan for line in self.lines]
        arrays: Arrays = {
            "strides": self.strides,
            "confidences": np.array(confidences, np.float64),
            "columns": np.array([(span.start, span.stop) for span in spans], np.int32).reshape(-1, 2),
            "span_confidences": np.array([span.confidence for span in spans], np.float64),
        }
        write_archive(path, told, arrays)

    @classmethod
    def load(cls, path: Path) -> "TextTable":
        """Read what ``save`` wrote.

        Raises:
            UserError: the file is missing or damaged.
        """
        with read_archive(path) as (told, arrays):
            columns, sure = arrays["columns"].tolist(), arrays["span_confidences"].tolist()
            spans = iter([(*places, confidence) for places, confidence in zip(columns, sure, strict=True)])
            lines: list[Recognised | None] = []
            for characters, confidence in zip(told["characters"], arrays["confidences"].tolist(), strict=True):
                if characters is None:
                    lines.append(None)
                    continue
                found = tuple(starmap(Span, ((one, *next(spans, ())) for one in characters)))
                lines.append(Recognised("".join(characters), confidence, found))
            if not len(told["paths"]) == len(lines) == len(arrays["strides"]):
                raise ValueError(f"{len(lines)} lines of {len(told['paths'])} images")
            return cls(tuple(told["paths"]), tuple(lines), arrays["strides"], reasons_from_json(told["reasons"]))

    def to_csv(self, names: Sequence[str] | None = None) -> str:
        """``path,text,confidence`` with a header; cells of unreadable images stay empty.

        Args:
            names: what stands in the first column in place of the paths.
        """
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["path", "text", "confidence"])
        for name, line in zip(self.paths if names is None else names, self.lines, strict=True):
            told = [line.text, f"{line.confidence:.6f}"] if line else ["", ""]
            writer.writerow([path_in_text(name), *told])
        return text.getvalue()


@dataclass(frozen=True)
class TextsRead(Event):
    """Some more images were read."""

    carries_rows: ClassVar[bool] = True

    table: TextTable
