"""Files of rows and columns: how their columns are divided, and cells that spreadsheets take for formulas."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.exchange.files import damaged
from imgmine_gui.core.text import N_

DELIMITERS = {",": N_("commas"), ";": N_("semicolons"), "\t": N_("tabs"), "|": N_("bars")}
"""Characters between columns, with their names; the first wins where several fit."""

SAMPLE_ROWS = 20

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


def table_rows(file: TextIO, path: Path, delimiter: str, skipped: int = 0) -> Iterator[Row]:
    """The rows of a table that are not empty.

    Args:
        file: opened with ``newline=""``.
        path: of the file, for errors.
        delimiter: between two columns.
        skipped: how many lines of the file were read already.

    Raises:
        UserError: a cell is too long (as where a quote is never closed), or the text is not in its encoding.
    """
    reader = csv.reader(file, delimiter=delimiter)
    line = 0
    try:
        while True:
            line = skipped + reader.line_num + 1
            row = next(reader)
            if any(row):
                yield line, row
    except StopIteration:
        return
    except csv.Error as error:
        if "field limit" in str(error):
            raise damaged(
                path,
                line,
                N_("a cell has more than {limit} characters"),
                N_("Look whether a quote that is opened on this line is closed again, then try again."),
                limit=csv.field_size_limit(),
            ) from error
        raise damaged(
            path, line, N_("the row cannot be read"), N_("Save the table again as CSV, then try again.")
        ) from error
    except UnicodeError as error:
        raise not_in_encoding(path, line, file) from error


def not_in_encoding(path: Path, line: int, file: TextIO) -> UserError:
    """The error of a text that is in another encoding than it is read in."""
    return damaged(
        path,
        line,
        N_("the text is not in the encoding {encoding}"),
        N_("Save the file as UTF-8, or say in which encoding it is."),
        encoding=file.encoding or "",
    )
