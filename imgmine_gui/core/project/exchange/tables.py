"""Files of rows and columns: how their columns are divided, and cells that spreadsheets take for formulas."""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.exchange.files import damaged
from imgmine_gui.core.text import N_

DELIMITERS = {",": N_("commas"), ";": N_("semicolons"), "\t": N_("tabs"), "|": N_("bars")}
"""Characters between columns, with their names; the first wins where several fit."""

SAMPLE_ROWS = 20

ROW_LIMIT = 2**20
"""The longest row of a table that is read, in characters."""

_PASSED_OVER = 2**16
_SAMPLE_CHARACTERS = 64 * 2**10
_STATED = re.compile(r"sep=(.)", re.IGNORECASE)

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MADE_HARMLESS = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")

OWN_SEVERAL = "more_labels"
"""The title of the column in which ImgMine itself writes further labels, with bars between them."""

Row = tuple[int, list[str]]
"""The number of the line that a row begins on, from 1, and its cells."""


def harmless(cell: str) -> str:
    """``cell`` with a quote before it where a spreadsheet would take it for a formula, or for such a quoted cell.

    Example:
        >>> harmless("=1+1"), harmless("'=1+1"), harmless("a=1")
        ("'=1+1", "''=1+1", 'a=1')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_meant(cell: str) -> str:
    """Undoes ``harmless``."""
    return cell[1:] if _MADE_HARMLESS.match(cell) else cell


def joined(labels: Sequence[str]) -> str:
    """Several labels in one cell, with bars between them; a bar in a label has a backslash before it.

    Example:
        >>> joined(["oak", "a|b"])
        'oak|a\\\\|b'
    """
    return "|".join(label.replace("\\", "\\\\").replace("|", "\\|") for label in labels)


def divided(cell: str, separator: str, escaped: bool = False) -> list[str]:
    """The labels in a cell, without spaces around them.

    Args:
        separator: between them; "" if the cell is one label, which is then left as it is.
        escaped: whether ``joined`` wrote it, so that a backslash takes the meaning of the bar behind it.
    """
    if escaped:
        return [_ESCAPED.sub(r"\1", part) for part in _UNESCAPED_PARTS.findall(cell)] if cell else []
    return [part.strip() for part in cell.split(separator)] if separator else [cell]


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED_PARTS = re.compile(r"(?:[^|\\]|\\.)+", re.DOTALL)


def delimiter_of(lines: Sequence[str], known: frozenset[str]) -> str:
    """What stands between the columns of a table.

    Args:
        lines: its first lines, with their ends.
        known: titles of columns, in lower case. The delimiter under which the first row has most of them is taken,
            then the one under which most rows have as many cells as the first.
    """

    def score(delimiter: str) -> tuple[int, int, int]:
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if row][:SAMPLE_ROWS]
        except csv.Error:
            return (0, 0, 0)
        if not rows:
            return (0, 0, 0)
        titles = sum(cell.strip().casefold() in known for cell in rows[0])
        width = len(rows[0])
        return (titles, sum(len(row) == width for row in rows) if width > 1 else 0, width)

    return max(DELIMITERS, key=score)


def delimiter_at_start(text: TextIO, path: Path, known: frozenset[str]) -> tuple[str, int]:
    """What stands between columns, and how many lines stand before the table, behind which the text is then.

    Args:
        text: opened with ``newline=""``, at its beginning.
        path: of the file, for errors.
        known: titles of columns, in lower case.

    Raises:
        UserError: the text is not in its encoding.
    """
    try:
        lines = text.read(_SAMPLE_CHARACTERS).splitlines(keepends=True)
        text.seek(0)
        stated = _STATED.fullmatch(lines[0].rstrip("\r\n")) if lines else None
        if stated and stated[1] in DELIMITERS:  # as Excel writes it
            text.readline()
            return stated[1], 1
    except UnicodeError as error:
        raise not_in_encoding(path, 0, text) from error
    return delimiter_of(lines, known), 0


def table_rows(
    file: TextIO,
    path: Path,
    delimiter: str,
    skipped: int = 0,
    refuse: Callable[[UserError], None] | None = None,
    quoted: bool = True,
) -> Iterator[Row]:
    """The rows of a table that are not empty; a row takes no more memory than ``ROW_LIMIT``, however long it is.

    Args:
        file: opened with ``newline=""``.
        path: of the file, for errors.
        delimiter: between two columns.
        skipped: how many lines of the file were read already.
        refuse: is told why a row is left out, and reading goes on behind its first line; without it, such a row is
            an error.
        quoted: whether a cell that begins with a quote ends with one; otherwise quotes are characters like others.

    Raises:
        UserError: a cell is too long (as where a quote is never closed), or the text is not in its encoding.
    """
    lines = _Lines(file, skipped)
    reader = _reader(lines, delimiter, quoted)
    while True:
        line = lines.begin_row()
        try:
            row = next(reader)
        except StopIteration:
            return
        except UnicodeError as error:
            raise not_in_encoding(path, line, file) from error
        except (csv.Error, _TooLongError) as error:
            failure = _unreadable_row(path, line, error)
            if refuse is None:
                raise failure from error
            refuse(failure)
            lines.end_row()
            reader = _reader(lines, delimiter, quoted)
            continue
        if any(row):
            yield line, row


def _reader(lines: Iterator[str], delimiter: str, quoted: bool) -> Iterator[list[str]]:
    if quoted:
        return csv.reader(lines, delimiter=delimiter)
    return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)


class _TooLongError(Exception):
    """A row has more than ``ROW_LIMIT`` characters."""


class _Lines(Iterator[str]):
    """The lines of a file, which remember those of the row that is being read, and how much it has."""

    def __init__(self, file: TextIO, skipped: int) -> None:
        self._file = file
        self._number = skipped
        self._row: list[str] = []
        self._characters = 0
        self._again: deque[str] = deque()
        self._is_again = False

    def begin_row(self) -> int:
        """The number of the line on which the next row begins."""
        self._row, self._characters = [], 0
        self._is_again = bool(self._again)
        return self._number + 1

    def end_row(self) -> None:
        """All lines of this row but its first are read once more, unless they were already: that could go on long."""
        if self._is_again:
            self._number += len(self._again)
            self._again.clear()
        else:
            self._again.extend(self._row[1:])
            self._number -= len(self._again)

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._file.readline(ROW_LIMIT + 1)
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) > ROW_LIMIT:
            while line and not line.endswith(("\n", "\r")):
                line = self._file.readline(_PASSED_OVER)
            raise _TooLongError
        self._row.append(line)
        self._characters += len(line)
        if self._characters > ROW_LIMIT:
            raise _TooLongError
        return line


def _unreadable_row(path: Path, line: int, error: Exception) -> UserError:
    if isinstance(error, _TooLongError):
        return damaged(
            path,
            line,
            N_("the row has more than {limit} characters"),
            N_("Look whether a quote that is opened on this line is closed again, then try again."),
            limit=ROW_LIMIT,
        )
    if "field limit" in str(error):
        return damaged(
            path,
            line,
            N_("a cell has more than {limit} characters"),
            N_("Look whether a quote that is opened on this line is closed again, then try again."),
            limit=csv.field_size_limit(),
        )
    return damaged(path, line, N_("the row cannot be read"), N_("Save the table again as CSV, then try again."))


def not_in_encoding(path: Path, line: int, file: TextIO) -> UserError:
    """The error of a text that is in another encoding than it is read in."""
    return damaged(
        path,
        line,
        N_("the text is not in the encoding {encoding}"),
        N_("Save the file as UTF-8, or say in which encoding it is."),
        encoding=file.encoding or "",
    )
