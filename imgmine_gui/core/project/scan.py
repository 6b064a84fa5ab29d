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
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.images.decode import (
    MAGIC_BYTES,
    SUFFIXES,
    ImageError,
    ImageInfo,
    ImageProblem,
    inspect_pages,
    looks_like_image,
)
from imgmine_gui.core.images.hashing import content_key, page_key
from imgmine_gui.core.images.pages import split_page
from imgmine_gui.core.images.reading import open_regular
from imgmine_gui.core.jobs import JobContext, check_cancelled, is_ending
from imgmine_gui.core.project.layout import Place, Split, read_layout
from imgmine_gui.core.project.records import FileRecord, FilesScanned, ScanResult, refused_for, shown
from imgmine_gui.core.project.spool import ScanSummary, Spool, folder_of, place_in
from imgmine_gui.core.project.walk import FoundFile, Walker, found_file, root_error
from imgmine_gui.core.text import N_

__all__ = ["FileRecord", "FilesScanned", "ScanResult", "Split", "scan_folder", "scan_source"]

_THREADS = 2
_AHEAD = 16
_BATCH = 200
_BATCH_SECONDS = 0.2
_WAIT_SECONDS = 0.1
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


def has_image_suffix(path: bytes) -> bool:
    """Whether the name of a file says that it is an image."""
    return os.fsdecode(os.path.splitext(path)[1]).lower() in SUFFIXES


def read_pages(location: str, file: FoundFile) -> tuple[FileRecord, ...]:
    """Read the headers of all pages of the file at ``location``, and hash its content.

    Returns:
        A record a page, at least one; with a problem where that page, or the whole file, cannot be read.
    """
    try:
        infos = inspect_pages(location)
        key = content_key(location)
    except ImageError as error:
        return (refused_for(file.path, error, file.size, file.mtime_ns),)
    return tuple(_page_record(file, key, page, info) for page, info in enumerate(infos))


def _page_record(file: FoundFile, key: str, page: int, info: ImageInfo | ImageError) -> FileRecord:
    if isinstance(info, ImageError):
        return refused_for(file.path, info, file.size, file.mtime_ns, page)
    own, size = page_key(key, page + 1), (info.width, info.height)
    return FileRecord(file.path, file.size, file.mtime_ns, file.inode, own, *size, None, None, "", "", page=page)


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
        self._base = base
        self._spool = spool
        self._context = context
        self._chosen = chosen
        self._layout = read_layout(spool.image_folders())
        self._places: dict[bytes, Place] = {}
        self._batch: list[FileRecord] = []
        self._reported = 0
        self._next_report = 0.0

    def run(self) -> int:
        """Read everything; how many of the files are no images."""
        total, not_images = self._spool.count_to_read(), 0
        self._context.report(PhaseStarted(N_("Reading images"), total))
        for done, (file, pages) in enumerate(self._read_all(self._spool.files_to_read()), 1):
            not_images += not pages
            self._batch.extend(pages)
            self._report(done, total, file.path)
        self._hand_over()
        self._spool.set_layout(self._layout)
        return not_images

    def _read_all(self, files: Iterable[FoundFile]) -> Iterator[tuple[FoundFile, Pages]]:
        """The files in their order, each with the records of its pages; with none if it is no image."""
        pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="scan")
        begun: deque[tuple[FoundFile, Future[Pages]]] = deque()
        try:
            for file in files:
                begun.append((file, pool.submit(self._read, file)))
                if len(begun) >= _AHEAD:
                    yield self._ended(*begun.popleft())
            while begun:
                yield self._ended(*begun.popleft())
        finally:
            # Not waited for: a thread may be in the middle of a huge file on a slow drive.
            pool.shutdown(wait=False, cancel_futures=True)

    def _ended(self, file: FoundFile, work: Future[Pages]) -> tuple[FoundFile, Pages]:
        while not wait([work], _WAIT_SECONDS).done:
            check_cancelled(self._context)
        return file, work.result()

    def _read(self, file: FoundFile) -> Pages:
        """Read one file; nothing if it is no image. Runs in a thread of the pool."""
        location = os.fsdecode(os.path.join(self._base, file.path))
        if not (self._chosen or has_image_suffix(file.path) or begins_like_image(location)):
            return ()
        return read_pages(location, file)

    def _report(self, done: int, total: int, path: bytes) -> None:
        check_cancelled(self._context)
        now = time.monotonic()
        if now < self._next_report and done < total and len(self._batch) < _BATCH:
            return
        self._next_report = now + _BATCH_SECONDS
        self._hand_over()
        self._context.report(Progress(done, total, shown(path)))

    def _hand_over(self) -> None:
        batch, self._batch = self._batch, []
        self._spool.add_records(batch)
        shown_now = batch[: MOST_REPORTED - self._reported]
        self._reported += len(shown_now)
        if shown_now:
            self._context.report(FilesScanned(tuple(map(self._placed, shown_now))))

    def _placed(self, record: FileRecord) -> FileRecord:
        """``record`` with the class and the split of its folder."""
        folder = folder_of(record.path)
        place = self._places.get(folder)
        if place is None:
            place = self._places[folder] = place_in(self._layout, folder)
        return replace(record, label=place.label, split=place.split)
