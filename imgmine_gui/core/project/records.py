"""One file of a source as the last scan found it, and why it could not be read if so."""

import json
import os
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import Event
from imgmine_gui.core.images.pages import with_page
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.transcriptions.found import Transcriptions
from imgmine_gui.core.text import Marked, tr


class FileRecord(NamedTuple):
    """An image of a source, or something that should be one and could not be read.

    Attributes:
        path: relative to the source, with ``/`` between its parts, as ``os.fsencode`` gives it.
        size: in bytes.
        mtime_ns: time of the last change, in nanoseconds since 1970.
        inode: the file's number on its drive; 0 where there is none.
        key: of the content; "" if it could not be read.
        width: in pixels, oriented; 0 if unknown.
        height: in pixels, oriented; 0 if unknown.
        label: the class that the folders say.
        split: the split that the folders say.
        problem: value of an ``ImageProblem``; "" if there is none.
        reason: the problem in words, in the language at the time of the scan; "" if there is none.
        explanation: from which ``explain`` makes the words in any language; "" if there is none.
        page: of a file that holds several images, from 0; each page has a record.
    """

    path: bytes
    size: int
    mtime_ns: int
    inode: int
    key: str
    width: int
    height: int
    label: str | None
    split: Split | None
    problem: str
    reason: str
    explanation: str = ""
    page: int = 0

    @property
    def place(self) -> bytes:
        """The path; for a later page ``PATH#page=N``, N from 1, by which the page is opened."""
        return with_page(self.path, self.page + 1)


@dataclass(frozen=True)
class FilesScanned(Event):
    """Some more files of a source were read; ``records`` holds readable images and those with a problem."""

    carries_rows: ClassVar[bool] = True

    records: tuple[FileRecord, ...]


@dataclass(frozen=True)
class ScanResult:
    """What a scan found. Images, each page of a file one, are ``images`` + ``len(unreadable)``.

    Attributes:
        records: all images, readable or not, in the order of their paths and pages.
        unreadable: those of ``records`` that have a problem.
        not_images: how many other files there are.
        images: how many images could be read.
        transcriptions: their texts, and why others have none; None where they were not looked for.
    """

    records: tuple[FileRecord, ...]
    unreadable: list[FileRecord]
    not_images: int
    images: int
    transcriptions: Transcriptions | None = None

    @property
    def readable_files(self) -> int:
        """How many files could be read. Files seen are these, ``unreadable_files`` and ``not_images``."""
        return sum(not record.page and not record.problem for record in self.records)

    @property
    def unreadable_files(self) -> int:
        """How many files, not counting single pages, could not be read."""
        return sum(not record.page and bool(record.problem) for record in self.records)


def refused(
    path: bytes,
    problem: str,
    message: str,
    values: dict[str, Any] | None = None,
    size: int = 0,
    mtime_ns: int = 0,
    page: int = 0,
) -> FileRecord:
    """The record of something that could not be read.

    Args:
        path: relative to the source.
        problem: value of an ``ImageProblem``.
        message: English template; its field ``{file}`` is filled with the path.
        values: for the other fields.
        size: in bytes, if known.
        mtime_ns: in nanoseconds, if known.
        page: of a file that holds several images, from 0.
    """
    explanation = json.dumps([message, values or {}])
    reason = explain(explanation, with_page(path, page + 1))
    return FileRecord(path, size, mtime_ns, 0, "", 0, 0, None, None, problem, reason, explanation, page)


def refused_for(path: bytes, error: UserError, size: int = 0, mtime_ns: int = 0, page: int = 0) -> FileRecord:
    """The record of an image for which ``error``, an ``ImageError``, was raised."""
    values = {name: value for name, value in error.values.items() if name not in {"problem", "path", "file"}}
    return refused(path, str(error.values["problem"]), error.message_template, values, size, mtime_ns, page)


_Row = tuple[bytes, int, int, int, str, int, int, str | None, str | None, str, str, int]


def stored_record(row: _Row) -> FileRecord:
    """The record of a row of a database, with the columns in the order of the record, without the reason."""
    path, size, mtime_ns, inode, key, width, height, label, split, problem, explanation, page = row
    reason = explain(explanation, with_page(path, page + 1))
    given = Split(split) if split else None
    return FileRecord(path, size, mtime_ns, inode, key, width, height, label, given, problem, reason, explanation, page)


def explain(explanation: str, path: bytes) -> str:
    """The words of an ``explanation`` of the image at ``path`` in the current language; "" for none."""
    if not explanation:
        return ""
    message, values = json.loads(explanation)
    if "reason" in values:
        values["reason"] = Marked(values["reason"])  # see ``errors.reason_of``
    return tr(message, **{**values, "file": shown(path)})


def shown(path: bytes) -> str:
    """A path on one line that can be printed."""
    return printable(os.fsdecode(path))
