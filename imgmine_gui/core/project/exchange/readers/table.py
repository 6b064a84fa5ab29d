"""CSV: a row an image, with its path and what is said of it."""

import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from imgmine_gui.core.images.formats import has_image_suffix
from imgmine_gui.core.project.exchange.description import ImportedImage, ProblemKind, Told, split_of
from imgmine_gui.core.project.exchange.encodings import TITLES, encoding_of, errors_for
from imgmine_gui.core.project.exchange.files import Place, damaged, open_file
from imgmine_gui.core.project.exchange.formats import READERS, Reader, Sure
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.tables import (
    DELIMITERS,
    OWN_SEVERAL,
    Row,
    as_meant,
    delimiter_at_start,
    divided,
    table_rows,
)
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_

COLUMNS = {
    "path": ("path", "file", "filename", "file_name", "filepath", "image", "image_path", "img", "图片", "文件", "路径",
             "文件名", "图像"),
    "label": ("label", "class", "category", "class_name", "classname", "species", "标签", "类别", "分类"),
    "more": ("labels", "classes", "tags", "categories", "more_labels"),
    "text": ("text", "transcription", "文本"),
    "split": ("split", "subset", "partition", "set", "划分"),
    "group": ("group", "group_name", "分组", "组"),
    "note": ("note", "notes", "comment", "remark", "备注"),
}  # fmt: skip
"""Titles of columns, in lower case, by what stands in them; the first that a table has is taken."""

_TITLES = frozenset(chain.from_iterable(COLUMNS.values()))
_REMEDY = N_("Call one of the columns “path”, or say which one it is.")


@READERS.register("csv")
class TableReader(Reader):
    """Reads tables with a row an image."""

    name = "csv"
    title = N_("Table (CSV)")
    summary = N_("A row an image: its path, and columns such as label, text, split, group and note.")
    suffixes = (".csv", ".tsv", ".tab", ".txt")
    reads_folders = False

    @classmethod
    def recognises(cls, place: Place) -> Sure:
        """By its suffix."""
        if place.suffix in {".csv", ".tsv", ".tab"}:
            return Sure.MAYBE if place.path.stem.lower() == "metadata" else Sure.YES
        divided = any(mark in place.head for mark in (b",", b"\t", b";"))
        return Sure.MAYBE if place.suffix == ".txt" and divided else Sure.NO

    def read(self, place: Place, options: ImportOptions, told: Told) -> Iterator[ImportedImage]:
        """A piece a row."""
        return read_table(place.path, options, told)


def read_table(path: Path, options: ImportOptions, told: Told, file: str = "") -> Iterator[ImportedImage]:
    """The rows of a table.

    Args:
        path: of the table.
        options: encoding, separator, and titles of columns.
        told: learns the encoding and the delimiter.
        file: what the table is called in problems, if it is not the file that was chosen.

    Raises:
        UserError: no column holds paths, a column that was named is not there, or the table cannot be read.
    """
    encoding = encoding_of(path, options.encoding, told)
    with open_file(path) as raw, io.TextIOWrapper(raw, encoding, errors=errors_for(encoding), newline="") as text:
        delimiter, skipped = delimiter_at_start(text, path, _TITLES)
        told.remark(
            N_("Read as {encoding}, with {delimiter} between the columns."),
            encoding=TITLES.get(encoding, encoding),
            delimiter=DELIMITERS[delimiter],
        )
        rows = table_rows(text, path, delimiter, skipped)
        first = next(rows, None)
        if first is None:
            return
        columns = _Columns.of(first, path, options, told)
        size = os.fstat(raw.fileno()).st_size
        for line, cells in rows if columns.titled else chain([first], rows):
            told.step(raw.tell(), size)
            piece = columns.piece(line, cells, file, told)
            if piece is not None:
                yield piece


@dataclass(frozen=True)
class _Columns:
    """Where in a row stands what.

    Attributes:
        places: the number of the column of each sort, from 0.
        titled: whether the first row holds titles.
        separator: between labels in one cell; "" for one label a cell.
        several: the title of the column of further labels.
    """

    places: Mapping[str, int]
    titled: bool
    separator: str
    several: str

    @classmethod
    def of(cls, first: Row, path: Path, options: ImportOptions, told: Told) -> "_Columns":
        titles = [cell.strip().casefold() for cell in first[1]]
        places = {
            sort: titles.index(title)
            for sort, known in COLUMNS.items()
            if (title := next((one for one in known if one in titles), None)) is not None
        }
        chosen_columns = {"path": options.path_column, "label": options.label_column, "group": options.group_column,
                          "text": options.text_column}  # fmt: skip
        for sort, chosen in chosen_columns.items():
            if chosen:
                places[sort] = _place(chosen, titles, path, first)
        if options.text_column and places.get("label") == places["text"]:
            del places["label"]  # which the column is called, but not what stands in it
        if "path" not in places:
            if not has_image_suffix(os.fsencode(first[1][0].encode("utf-8", "replace"))):
                columns = ", ".join(f"“{cell}”" for cell in first[1])[:200]
                raise damaged(path, first[0], N_("no column holds the paths of the images: {columns}"), _REMEDY,
                              columns=columns)  # fmt: skip
            told.remark(N_("There is no row of titles: the first column is taken for paths, the second for labels."))
            return cls({"path": 0, "label": 1}, False, options.separator, "")
        return cls(places, True, options.separator, titles[places["more"]] if "more" in places else "")

    def piece(self, line: int, cells: list[str], file: str, told: Told) -> ImportedImage | None:
        """What a row says; None if it names no image."""
        path = self._cell("path", cells)
        if not path:
            told.problem(ProblemKind.UNREADABLE, N_("The row names no image."), file=file, line=line)
            return None
        return ImportedImage(
            (path,),
            file,
            line,
            labels=self._labels(cells),
            split=self._split(cells, line, file, told),
            group=self._cell("group", cells),
            note=self._cell("note", cells),
            text=self._cell("text", cells),
        )

    def _cell(self, sort: str, cells: list[str]) -> str | None:
        place = self.places.get(sort)
        return None if place is None or place >= len(cells) else as_meant(cells[place])

    def _labels(self, cells: list[str]) -> tuple[str, ...] | None:
        label, more = self._cell("label", cells), self._cell("more", cells)
        if label is None and more is None:
            return None
        labels = divided(label or "", self.separator)
        if more:
            labels += divided(more, self.separator or _separator(more), escaped=self.several == OWN_SEVERAL)
        return tuple(dict.fromkeys(name for name in labels if name))

    def _split(self, cells: list[str], line: int, file: str, told: Told) -> Split | None:
        written = self._cell("split", cells)
        if not written or not written.strip():
            return None
        split = split_of(written)
        if split is None:
            message = N_("“{split}” is no split: write train, validation or test.")
            told.problem(ProblemKind.UNREADABLE, message, file=file, line=line, split=written[:40])
        return split


def _separator(cell: str) -> str:
    return next((mark for mark in ("|", ";", ",") if mark in cell), "")


def _place(chosen: str, titles: list[str], path: Path, first: Row) -> int:
    try:
        return titles.index(chosen.strip().casefold())
    except ValueError:
        raise damaged(
            path,
            first[0],
            N_("there is no column “{chosen}”"),
            N_("Choose one of these: {columns}."),
            chosen=chosen,
            columns=", ".join(first[1])[:200],
        ) from None
