"""Find the transcriptions of the images of a folder."""

import dataclasses
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import PhaseStarted
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.exchange.description import ProblemKind, Told
from imgmine_gui.core.project.exchange.files import files_below
from imgmine_gui.core.project.records import FileRecord, shown
from imgmine_gui.core.project.transcriptions.beside import GROUND_TRUTH, TextFiles
from imgmine_gui.core.project.transcriptions.file_names import NamePattern
from imgmine_gui.core.project.transcriptions.found import (
    NOTHING_FOUND,
    Reason,
    Transcription,
    Transcriptions,
    Untranscribed,
)
from imgmine_gui.core.project.transcriptions.images import FolderImages
from imgmine_gui.core.project.transcriptions.options import TranscriptionOptions
from imgmine_gui.core.project.transcriptions.tables import SUFFIXES, TextRow, is_surely_of_texts, read_texts
from imgmine_gui.core.project.transcriptions.wording import Unusable, line_text
from imgmine_gui.core.project.walk import PROJECT_SUFFIX
from imgmine_gui.core.text import N_

_FIRST = ("labels", "transcriptions", "texts", "metadata")
"""Names of tables that are read before others, without their suffix."""

_NO_MATCH: Reason = (
    N_("No table names this image, no text file lies beside it, and its name does not fit the pattern."),
    {},
)


def find_transcriptions(
    data: Path,
    records: Sequence[FileRecord],
    options: TranscriptionOptions,
    context: JobContext,
    sure: bool = False,
) -> Transcriptions:
    """The texts of images: from tables, then from text files beside them, then from their names.

    Args:
        data: the folder of the images, absolute; or a single image, for which its folder is looked at, without the
            folders below, and without a word on texts of other images.
        records: of the images, readable or not.
        options: of the person.
        context: is told of the phase, and asked whether to go on.
        sure: take only what can mean nothing but a transcription: columns called so, and files ``NAME.gt.txt``.

    Raises:
        UserError: the pattern of the options cannot be understood, or takes too long.
        Cancelled: the person cancelled.
    """
    context.report(PhaseStarted(N_("Reading transcriptions")))
    told = Told(context)
    whole = data.is_dir()
    root = data if whole else data.parent
    files = list(_files(root, deep=whole))
    search = _Search(root, records, whole, told)
    for path in tables_first(files):
        search.add_table(path, sure)
    search.add_text_files((path for path in files if path.name.endswith(GROUND_TRUTH)), sure)
    if options.pattern and not sure:
        search.add_names(NamePattern(options.pattern))
    without = tuple(search.without(_NO_MATCH if options.pattern else NOTHING_FOUND))
    return Transcriptions(
        search.texts, without, tuple(told.problems), tuple(told.remarks), search.reasons, options.normalisation
    )


def has_sure_texts(data: Path, files: Iterable[bytes]) -> bool:
    """Whether any of some files, below ``data``, can mean nothing but a transcription.

    Args:
        data: a folder; or a single image, whose folder is looked at itself.
        files: paths below the folder.
    """
    paths = [data / os.fsdecode(file) for file in files] if data.is_dir() else list(_files(data.parent, deep=False))
    tables = (path for path in paths if path.suffix.lower() in SUFFIXES)
    return any(path.name.endswith(GROUND_TRUTH) for path in paths) or any(map(is_surely_of_texts, tables))


def _files(root: Path, deep: bool) -> Iterator[Path]:
    """The tables and text files of a folder, those inside of projects left out."""
    wanted = (*SUFFIXES, ".txt")
    if not deep:
        return (path for path in sorted(root.iterdir()) if path.suffix.lower() in wanted)
    return (path for path in files_below(root, wanted) if not any(map(_is_project, path.relative_to(root).parts)))


def _is_project(folder: str) -> bool:
    return os.fsencode(folder).lower().endswith(PROJECT_SUFFIX)


def tables_first(files: Iterable[Path]) -> list[Path]:
    """The tables among files: those of the usual names first, then in the order of their paths."""
    usual = {name: place for place, name in enumerate(_FIRST)}
    tables = (path for path in files if path.suffix.lower() in SUFFIXES)
    return sorted(tables, key=lambda path: (usual.get(path.stem.casefold(), len(_FIRST)), path))


class _Search:
    """The texts and reasons that were found so far."""

    def __init__(self, root: Path, records: Sequence[FileRecord], whole: bool, told: Told) -> None:
        self.texts: dict[bytes, Transcription] = {}
        self._root = root
        self._whole = whole
        self._told = told
        self._records = records
        self._images = FolderImages(str(root), [os.fsdecode(record.place) for record in records])
        self.reasons: dict[bytes, Reason] = {}

    def add_table(self, path: Path, sure: bool) -> None:
        """Take over what a table says; the first text of an image counts."""
        relative = path.relative_to(self._root)
        name = printable(relative.as_posix())
        folder = relative.parent.as_posix()
        for row in read_texts(path, name, self._told, sure):
            found = self._images.find(row.path, "" if folder == "." else folder)
            if len(found) == 1:
                self._add(self._records[found[0]].place, row, name)
            elif found:
                message = N_("“{path}” may mean several images.")
                self._told.problem(ProblemKind.AMBIGUOUS, message, file=name, line=row.line, path=printable(row.path))
            elif self._whole:
                message = N_("There is no image “{path}”.")
                self._told.problem(ProblemKind.NOT_FOUND, message, file=name, line=row.line, path=printable(row.path))

    def add_text_files(self, ground_truths: Iterable[Path], sure: bool) -> None:
        """Take over the text files beside images that no table names; ``ground_truths`` of no image are problems."""
        files = TextFiles(self._root, self._told, sure)
        used: set[bytes] = set()
        for done, record in enumerate(self._records, 1):
            self._told.step(done, len(self._records))
            file = None if record.page else files.of(record.path)
            if file is None:
                continue
            used.add(file)
            if record.place in self.texts or record.place in self.reasons:
                continue
            try:
                self._keep(record.place, files.read(file), Transcription("", None, shown(file)))
            except UserError as error:
                self.reasons[record.place] = (error.message_template, dict(error.values))
        for path in ground_truths if self._whole else ():
            place = os.fsencode(path.relative_to(self._root).as_posix())
            if place not in used:
                message = N_("There is no image beside this text.")
                self._told.problem(ProblemKind.NOT_FOUND, message, file=os.fsdecode(place))

    def add_names(self, pattern: NamePattern) -> None:
        """Take the text of the images without any out of their names."""
        for record in self._records:
            if record.place not in self.texts and record.place not in self.reasons:
                self._told.breathe()
                if text := pattern.find(os.fsdecode(record.path)):
                    self._keep(record.place, text, Transcription("", None, shown(record.path)))

    def _keep(self, place: bytes, written: str, found: Transcription) -> None:
        """Remember the text of an image, or why it cannot be used."""
        text = line_text(written)
        if isinstance(text, Unusable):
            self.reasons.setdefault(place, (text.message, text.values))
        else:
            self.texts[place] = dataclasses.replace(found, text=text)

    def _add(self, place: bytes, row: TextRow, name: str) -> None:
        known = self.texts.get(place)
        if known is None:
            self._keep(place, row.text, Transcription("", row.split, name, row.line))
        elif known.text != row.text.strip():
            self._told.problem(
                ProblemKind.CONFLICT,
                N_("“{path}” has another text already, in “{other}”, line {number}; that one is kept."),
                file=name,
                line=row.line,
                path=shown(place),
                other=known.file,
                number=known.line,
            )

    def without(self, otherwise: Reason) -> Iterator[Untranscribed]:
        """The readable images that have no text, each with its reason; ``otherwise`` of those that nothing names."""
        for record in self._records:
            if not record.problem and record.place not in self.texts:
                message, values = self.reasons.get(record.place, otherwise)
                yield Untranscribed(shown(record.place), message, values)
