"""Find the images of a source, read their headers, and hash their content; each page of a TIFF is an image.

A file whose suffix is one of an image counts as one, readable or not; any other file counts as one if its first bytes
say so. What has not changed since the last scan, by size, time and inode, is not read again; what had a problem is,
because the reason may be gone without a trace in the file's time (permissions, a lost connection).

All that is found goes through a ``Spool``: into memory for a folder by itself, into a file for a source of a project,
which the catalogue then takes over.
"""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.images.convert import Size
from imgmine_gui.core.images.formats import MAGIC_BYTES, has_image_suffix, looks_like_image
from imgmine_gui.core.images.hashing import content_key, page_key
from imgmine_gui.core.images.pages import split_page
from imgmine_gui.core.images.problems import ImageError, ImageProblem
from imgmine_gui.core.images.reading import open_regular
from imgmine_gui.core.images.whole_file import read_whole
from imgmine_gui.core.jobs import JobContext, check_cancelled, is_ending
from imgmine_gui.core.project.layout import Place, Split, read_layout
from imgmine_gui.core.project.read_ahead import ReadAhead
from imgmine_gui.core.project.records import FileRecord, FilesScanned, ScanResult, refused_for, shown
from imgmine_gui.core.project.spool import ScanSummary, Spool, folder_of, place_in
from imgmine_gui.core.project.transcriptions.scanning import note_texts
from imgmine_gui.core.project.walk import FoundFile, Walker, found_file, root_error
from imgmine_gui.core.text import N_

__all__ = ["FileRecord", "FilesScanned", "ScanResult", "Split", "scan_folder", "scan_source"]

_THREADS = 2
_AHEAD = 16
_FEWEST, _MOST = 16, 128
"""Files of a piece."""
_PIECE_SECONDS = 0.005
_PIECE_BYTES = 4 * 2**20
_MOST_UNWRITTEN = 2_000
_BATCH = 200
_BATCH_SECONDS = 0.2
MOST_REPORTED = 20_000
"""So many records are reported while the scan runs; of more, only how many there are."""

Pages = tuple[FileRecord, ...]
"""The records of one file."""


def scan_folder(folder: str, known: Mapping[bytes, FileRecord] | None, context: JobContext) -> ScanResult:
    """Find and read all images of a folder.

    Args:
        folder: an absolute path: a folder, or a single image (its record's path is then the name of the file), or one
            page of a file, ``FILE#page=N``.
        known: the records of the last scan, by place.
        context: is told of every batch of files, and asked whether to go on.

    Raises:
        UserError: the folder itself is missing or cannot be read.
        Cancelled: the person cancelled.
    """
    file, page = split_page(folder)
    with Spool(cancelled=lambda: is_ending(context)) as spool:
        spool.add_known((known or {}).values())
        _scan(os.fsencode(file), spool, context)
        result = spool.result()
    return result if page == 1 else _only(result, folder, page)


def scan_source(folder: str, catalogue: str, source_id: int, spool_file: str, context: JobContext) -> ScanSummary:
    """Find and read the images of a source of a project, as far as the catalogue does not know them.

    Args:
        folder: an absolute path: a folder or a single image.
        catalogue: the database of the project, which is only read.
        source_id: of the source.
        spool_file: where what is found is written to; there is no such file yet.
        context: as above.

    Raises:
        UserError: the folder itself is missing or cannot be read; or the drive of the spool is full.
        Cancelled: the person cancelled.
    """
    database = Path(catalogue)
    with Spool(Path(spool_file), lambda: is_ending(context)) as spool:
        spool.copy_known(database, source_id)
        _scan(os.fsencode(folder), spool, context)
        note_texts(os.fsencode(folder), database, spool, context)
        spool.find_gone(database, source_id)
        summary = spool.summary()
        spool.end()
    return summary


def _scan(root: bytes, spool: Spool, context: JobContext) -> None:
    began = time.time_ns()
    context.report(PhaseStarted(N_("Looking for images")))
    try:
        status = os.stat(root)
        if stat.S_ISREG(status.st_mode):
            spool.add_files(b"", [found_file(os.path.basename(root), status)], True)
            refused, not_images, base = list[FileRecord](), 0, os.path.dirname(root)
        elif stat.S_ISDIR(status.st_mode):
            refused, not_images = _walk(root, spool, context)
            base = root
        else:
            raise UserError(
                N_("“{path}” is neither a folder nor an image."),
                N_("Choose a folder of images, or one image."),
                path=shown(root),
            )
    except OSError as error:
        raise root_error(root, error) from error
    spool.find_unchanged(lambda path, key: _has_content(os.path.join(base, path), key))
    spool.add_records(refused)
    not_images += _Reading(base, spool, context, chosen=base != root).run()
    _require_still_there(root, status)
    spool.set_number("not_images", not_images)
    spool.set_number("began_ns", began)
    spool.set_number("ended_ns", time.time_ns())


def _require_still_there(root: bytes, before: os.stat_result) -> None:
    """Do nothing if the folder is the one that was looked into: what a drive held that was taken away is not missing.

    Raises:
        UserError: it is not.
    """
    try:
        now = os.stat(root)
    except OSError as error:
        raise root_error(root, error) from error
    if stat.S_ISDIR(before.st_mode) and (now.st_dev, now.st_ino) != (before.st_dev, before.st_ino):
        raise root_error(root, FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)))


def _has_content(location: bytes, key: str) -> bool:
    try:
        return content_key(os.fsdecode(location)) == key
    except ImageError:
        return False


def _walk(root: bytes, spool: Spool, context: JobContext) -> tuple[list[FileRecord], int]:
    """Note all files below a folder; what cannot be read, and how many files were passed over."""

    def pause(found: int) -> None:
        check_cancelled(context)
        context.report(Progress(found))

    walker = Walker(root, pause)
    for folder, files in walker:
        spool.add_files(folder, files, any(has_image_suffix(file.path) for file in files))
    return walker.refused, walker.not_images


def _only(result: ScanResult, location: str, page: int) -> ScanResult:
    """What was found of one page of a file.

    Raises:
        ImageError: the file has no such page.
    """
    records = result.records[page - 1 : page]
    if not records:
        raise ImageError(ImageProblem.MISSING, location, page=page, pages=len(result.records))
    unreadable = [record for record in records if record.problem]
    return ScanResult(records, unreadable, 0, len(records) - len(unreadable))


def read_pages(location: bytes, file: FoundFile, is_image: bool, cancelled: Callable[[], bool]) -> Pages:
    """Read a file: the headers of all its pages, and a hash of its content.

    Args:
        location: absolute.
        file: as it was found.
        is_image: whether it is one whatever its first bytes are.
        cancelled: whether nobody waits for it any more.

    Returns:
        A record a page, with a problem where that page, or the whole file, cannot be read; none if it is no image.
    """
    try:
        found = read_whole(location, is_image, cancelled)
    except ImageError as error:
        return (refused_for(file.path, error, file.size, file.mtime_ns),)
    if found is None:
        return ()
    key, sizes = found
    if len(sizes) == 1 and not isinstance(sizes[0], ImageError):
        return (FileRecord(*file, key, *sizes[0], None, None, "", ""),)
    return tuple([_page_record(file, key, page, size) for page, size in enumerate(sizes)])


def _page_record(file: FoundFile, key: str, page: int, size: Size | ImageError) -> FileRecord:
    if isinstance(size, ImageError):
        return refused_for(file.path, size, file.size, file.mtime_ns, page)
    return FileRecord(*file, page_key(key, page + 1), *size, None, None, "", "", "", page)


def begins_like_image(location: str) -> bool:
    """Whether the first bytes of a file are those of an image; false where it cannot be read."""
    try:
        with open_regular(location) as file:
            return looks_like_image(file.read(MAGIC_BYTES))
    except (ImageError, OSError):
        return False


class _Reading:
    """Reads what is new or changed, some files at a time, and reports in batches.

    Args:
        base: the folder that paths are relative to.
        spool: that was told what there is.
        context: of the job.
        chosen: whether the person has chosen the very file, which is an image then whatever it looks like.
    """

    def __init__(self, base: bytes, spool: Spool, context: JobContext, chosen: bool) -> None:
        self._base = os.path.join(base, b"")
        self._spool = spool
        self._context = context
        self._chosen = chosen
        self._layout = read_layout(spool.image_folders())
        self._places: dict[bytes, Place] = {}
        self._unwritten: list[FileRecord] = []
        self._untold: list[FileRecord] = []
        self._told = 0
        self._next_report = 0.0

    def run(self) -> int:
        """Read everything; how many of the files are no images."""
        total, done, not_images, began = self._spool.count_to_read(), 0, 0, time.monotonic()
        self._context.report(PhaseStarted(N_("Reading images"), total))
        with ReadAhead(self._read, _THREADS, _AHEAD) as ahead:
            pieces = _pieces(self._spool.files_to_read(), lambda: _piece_files(done, time.monotonic() - began))
            for files, pages in ahead.results(pieces, lambda: check_cancelled(self._context)):
                records = list(chain.from_iterable(pages))
                done += len(files)
                not_images += sum(not one for one in pages)
                self._unwritten += records
                self._untold += records[: max(0, MOST_REPORTED - self._told)]
                self._told += len(records)
                self._report(done, total, files[-1].path)
        self._spool.add_records(self._unwritten)
        self._spool.set_layout(self._layout)
        return not_images

    def _read(self, files: list[FoundFile], cancelled: Callable[[], bool]) -> tuple[list[FoundFile], list[Pages]]:
        """Read some files. Runs in another thread."""
        read: list[Pages] = []
        for file in files:
            if cancelled():
                raise Cancelled
            is_image = self._chosen or has_image_suffix(file.path)
            read.append(read_pages(self._base + file.path, file, is_image, cancelled))
        return files, read

    def _report(self, done: int, total: int, path: bytes) -> None:
        check_cancelled(self._context)
        if len(self._unwritten) >= _MOST_UNWRITTEN:
            self._spool.add_records(self._unwritten)
            self._unwritten = []
        now = time.monotonic()
        if now < self._next_report and done < total and len(self._untold) < _BATCH:
            return
        self._next_report = now + _BATCH_SECONDS
        for start in range(0, len(self._untold), _BATCH):
            batch = self._untold[start : start + _BATCH]
            self._context.report(FilesScanned(tuple(map(self._placed, batch))))
        self._untold = []
        self._context.report(Progress(done, total, shown(path)))

    def _placed(self, record: FileRecord) -> FileRecord:
        """``record`` with the class and the split of its folder."""
        folder = folder_of(record.path)
        place = self._places.get(folder)
        if place is None:
            place = self._places[folder] = place_in(self._layout, folder)
        return record._replace(label=place.label, split=place.split)


def _piece_files(done: int, seconds: float) -> int:
    """How many files are read in one go where ``done`` files took some seconds: many only where they are quick."""
    return max(_FEWEST, min(round(done * _PIECE_SECONDS / max(seconds, _PIECE_SECONDS)), _MOST))


def _pieces(files: Iterable[FoundFile], count: Callable[[], int]) -> Iterator[list[FoundFile]]:
    """The files in pieces that are read in one go: small ones together, large ones alone.

    Args:
        files: taken as they are needed.
        count: how many files a piece should have, asked before each piece.
    """
    piece: list[FoundFile] = []
    size, most = 0, _FEWEST
    for file in files:
        piece.append(file)
        size += file.size
        if size >= _PIECE_BYTES or len(piece) >= most:
            yield piece
            piece, size, most = [], 0, count()
    if piece:
        yield piece
