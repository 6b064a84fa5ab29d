"""Find the transcriptions of the images of a folder."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from imgmine_gui.core.events import PhaseStarted
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.exchange.description import ProblemKind, Told
from imgmine_gui.core.project.exchange.files import files_below
from imgmine_gui.core.project.records import FileRecord, shown
from imgmine_gui.core.project.transcriptions.found import Transcription, Transcriptions, Untranscribed
from imgmine_gui.core.project.transcriptions.images import FolderImages
from imgmine_gui.core.project.transcriptions.tables import SUFFIXES, TextRow, read_texts
from imgmine_gui.core.project.transcriptions.wording import Unusable, line_text
from imgmine_gui.core.text import N_

_FIRST = ("labels", "transcriptions", "texts", "metadata")
"""Names of tables that are read before others, without their suffix."""

_Reason = tuple[str, dict[str, Any]]
_NONE: _Reason = (N_("No table names this image."), {})


def find_transcriptions(root: Path, records: Sequence[FileRecord], context: JobContext) -> Transcriptions:
    """The texts of the images of a folder, from the tables in it.

    Args:
        root: the folder, absolute.
        records: of its images, readable or not.
        context: is told of the phase, and asked whether to go on.

    Raises:
        Cancelled: the person cancelled.
    """
    context.report(PhaseStarted(N_("Reading transcriptions")))
    told = Told(context)
    search = _Search(root, records, told)
    for table in tables_of(root):
        search.add_table(table)
    return Transcriptions(search.texts, tuple(search.without()), tuple(told.problems), tuple(told.remarks))


def tables_of(root: Path) -> Iterator[Path]:
    """The tables below a folder: those of the usual names first, then in the order of their paths."""
    tables = list(files_below(root, SUFFIXES))
    usual = {name: place for place, name in enumerate(_FIRST)}
    yield from sorted(tables, key=lambda path: (usual.get(path.stem.casefold(), len(_FIRST)), path))


class _Search:
    """The texts and reasons that were found so far."""

    def __init__(self, root: Path, records: Sequence[FileRecord], told: Told) -> None:
        self.texts: dict[bytes, Transcription] = {}
        self._root = root
        self._told = told
        self._records = records
        self._images = FolderImages(str(root), [os.fsdecode(record.place) for record in records])
        self._reasons: dict[bytes, _Reason] = {}

    def add_table(self, path: Path) -> None:
        """Take over what a table says; the first text of an image counts."""
        relative = path.relative_to(self._root)
        name = printable(relative.as_posix())
        folder = relative.parent.as_posix()
        for row in read_texts(path, name, self._told):
            found = self._images.find(row.path, "" if folder == "." else folder)
            if len(found) == 1:
                self._add(self._records[found[0]].place, row, name)
            elif found:
                message = N_("“{path}” may mean several images.")
                self._told.problem(ProblemKind.AMBIGUOUS, message, file=name, line=row.line, path=printable(row.path))
            else:
                message = N_("There is no image “{path}”.")
                self._told.problem(ProblemKind.NOT_FOUND, message, file=name, line=row.line, path=printable(row.path))

    def _add(self, place: bytes, row: TextRow, name: str) -> None:
        text = line_text(row.text)
        known = self.texts.get(place)
        if isinstance(text, Unusable):
            self._reasons.setdefault(place, (text.message, text.values))
        elif known is None:
            self.texts[place] = Transcription(text, row.split, name, row.line)
        elif known.text != text:
            self._told.problem(
                ProblemKind.CONFLICT,
                N_("“{path}” has another text already, in “{other}”, line {number}; that one is kept."),
                file=name,
                line=row.line,
                path=shown(place),
                other=known.file,
                number=known.line,
            )

    def without(self) -> Iterator[Untranscribed]:
        """The readable images that have no text, each with its reason."""
        for record in self._records:
            if not record.problem and record.place not in self.texts:
                message, values = self._reasons.get(record.place, _NONE)
                yield Untranscribed(shown(record.place), message, values)
