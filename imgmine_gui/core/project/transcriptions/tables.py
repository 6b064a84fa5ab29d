"""Tables with a row an image, its path and its text: ``labels.csv``, ``transcriptions.tsv`` and the like."""

import codecs
import csv
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.formats import has_image_suffix
from imgmine_gui.core.project.exchange.description import ProblemKind, Told, split_of
from imgmine_gui.core.project.exchange.encodings import TITLES, encoding_of, errors_for
from imgmine_gui.core.project.exchange.files import open_file
from imgmine_gui.core.project.exchange.readers.table import COLUMNS
from imgmine_gui.core.project.exchange.tables import (
    DELIMITERS,
    Row,
    as_meant,
    delimiter_at_start,
    delimiter_of,
    table_rows,
)
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_

SUFFIXES = (".csv", ".tsv", ".tab")

_TEXT = (*COLUMNS["text"], "label", "标签")
_KNOWN = frozenset({*COLUMNS["path"], *_TEXT, *COLUMNS["split"]})
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_HEAD_BYTES = 2**14
_UTF_16 = frozenset({codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE})
_OF_PREDICTIONS = "confidence"


@dataclass(frozen=True, slots=True)
class TextRow:
    """What a row says of an image.

    Attributes:
        path: as it is written.
        text: as it is written.
        split: what the image is for.
        line: of the table, from 1.
    """

    path: str
    text: str
    split: Split | None
    line: int


@dataclass(frozen=True)
class _Columns:
    path: int
    text: int
    split: int | None
    width: int


def read_texts(path: Path, name: str, told: Told, sure: bool = False) -> Iterator[TextRow]:
    """The rows of a table of transcriptions; none of another table, as one of labels, measures or predictions.

    A row that cannot be understood is a problem, and the next ones are read; so is a table that is none.

    Args:
        path: of the table, UTF-8 or another encoding, with or without a byte-order mark.
        name: what it is called in problems.
        told: learns the encoding, the delimiter, and what is wrong.
        sure: pass over a table whose texts may be labels.
    """
    try:
        encoding = encoding_of(path, "", told)
        with open_file(path) as raw, io.TextIOWrapper(raw, encoding, errors=errors_for(encoding), newline="") as text:
            delimiter, skipped = delimiter_at_start(text, path, _KNOWN)
            rows = _rows(text, path, delimiter, skipped, told)
            first = next(rows, None)
            columns = _columns(first[1], sure) if first else None
            if first is None or columns is None:
                return
            told.remark(
                N_("“{file}” was read as {encoding}, with {delimiter} between the columns."),
                file=name,
                encoding=TITLES.get(encoding, encoding),
                delimiter=DELIMITERS[delimiter],
            )
            size = os.fstat(raw.fileno()).st_size
            for row in rows if columns.width else chain([first], rows):
                told.step(raw.tell(), size)
                if (found := _text_row(row, columns, name, told)) is not None:
                    yield found
    except UserError as error:
        told.refused(error)


def _rows(text: TextIO, path: Path, delimiter: str, skipped: int, told: Told) -> Iterator[Row]:
    """The rows of a table. Between tabs, as most programs write texts, a quote is a character of the text.

    Only where all cells of a row are in quotes, or where quotes are doubled inside of some, do they not belong to it.
    """
    quoted = delimiter != "\t"
    for line, cells in table_rows(text, path, delimiter, skipped, told.refused, quoted):
        yield line, cells if quoted else _without_quotes(cells)


def _without_quotes(cells: list[str]) -> list[str]:
    are_quoted = all(map(_QUOTED.fullmatch, cells))
    return [
        cell[1:-1].replace('""', '"') if are_quoted or ('""' in cell[1:-1] and _QUOTED.fullmatch(cell)) else cell
        for cell in cells
    ]


def is_surely_of_texts(path: Path) -> bool:
    """Whether the first row of a table says that its texts are transcriptions; false where it cannot be read."""
    try:
        with open_file(path) as file:
            head = file.read(_HEAD_BYTES)
    except UserError:
        return False
    lines = head.decode("utf-16" if head[:2] in _UTF_16 else "utf-8-sig", "replace").splitlines(keepends=True)
    try:
        first = next(csv.reader(lines, delimiter=delimiter_of(lines, _KNOWN)), [])
    except csv.Error:
        return False
    return _columns(first, sure=True) is not None


def _columns(cells: list[str], sure: bool) -> _Columns | None:
    """Where in a row stands what, by its first row; None for a table of something else."""
    titles = [cell.strip().casefold() for cell in cells]
    wanted = {"path": COLUMNS["path"], "text": COLUMNS["text"] if sure else _TEXT, "split": COLUMNS["split"]}
    found = {
        sort: titles.index(title)
        for sort, known in wanted.items()
        if (title := next((one for one in known if one in titles), None)) is not None
    }
    if "path" in found and "text" in found and _OF_PREDICTIONS not in titles:
        return _Columns(found["path"], found["text"], found.get("split"), len(titles))
    is_untitled = len(cells) == 2 and not found
    if is_untitled and not sure and has_image_suffix(cells[0].encode("utf-8", "replace")):
        return _Columns(0, 1, None, 0)
    return None


def _text_row(row: Row, columns: _Columns, name: str, told: Told) -> TextRow | None:
    line, cells = row
    path = as_meant(cells[columns.path]) if columns.path < len(cells) else ""
    if not path.strip() or "\0" in path:
        told.problem(ProblemKind.UNREADABLE, N_("The row names no image."), file=name, line=line)
        return None
    if len(cells) > (columns.width or 2):
        message = N_("The row has more cells than there are columns: put a text with a comma or tab in quotes.")
        told.problem(ProblemKind.UNREADABLE, message, file=name, line=line)
        return None
    written = cells[columns.split] if columns.split is not None and columns.split < len(cells) else ""
    split = split_of(written)
    if split is None and written.strip():
        message = N_("“{split}” is no split: write train, validation or test.")
        told.problem(ProblemKind.UNREADABLE, message, file=name, line=line, split=written[:40])
    text = as_meant(cells[columns.text]) if columns.text < len(cells) else ""
    return TextRow(path.strip(), text, split, line)
