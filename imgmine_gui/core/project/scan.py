"""Find the images of a source, read their headers, and hash their content; each page of a TIFF is an image.

A file whose suffix is one of an image counts as one, readable or not; any other file counts as one if its first bytes
say so. What has not changed since the last scan, by size, time and inode, is not read again; what had a problem is,
because the reason may be gone without a trace in the file's time (permissions, a lost connection).
"""

import os
import stat
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace

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
from imgmine_gui.core.images.pages import split_page, with_page
from imgmine_gui.core.images.reading import open_regular
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.layout import Layout, Place, Split, read_layout
from imgmine_gui.core.project.records import FileRecord, FilesScanned, ScanResult, refused_for, shown
from imgmine_gui.core.project.walk import FoundFile, Walked, found_file, root_error, walk
from imgmine_gui.core.text import N_

__all__ = ["FileRecord", "FilesScanned", "ScanResult", "Split", "scan_folder"]

_THREADS = 2
_AHEAD = 16
_BATCH = 200
_BATCH_SECONDS = 0.2
_WAIT_SECONDS = 0.1

Pages = tuple[FileRecord, ...]
"""The records of one file."""


def scan_folder(folder: str, known: Mapping[bytes, FileRecord] | None, context: JobContext) -> ScanResult:
    """Find and read all images of a source.

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
    root = os.fsencode(file)
    context.report(PhaseStarted(N_("Looking for images")))

    def pause(found: int) -> None:
        check_cancelled(context)
        context.report(Progress(found))

    try:
        status = os.stat(root)
        if stat.S_ISREG(status.st_mode):
            name = os.path.basename(root)
            found = Walked([found_file(name, status)])
            result = _Scan(os.path.dirname(root), known or {}, context, chosen=True).run(found)
            return result if page == 1 else _only(result, folder, page)
        if not stat.S_ISDIR(status.st_mode):
            raise UserError(
                N_("“{path}” is neither a folder nor an image."),
                N_("Choose a folder of images, or one image."),
                path=shown(root),
            )
        walked = walk(root, pause)
    except OSError as error:
        raise root_error(root, error) from error
    return _Scan(root, known or {}, context).run(walked)


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


class _Scan:
    """Reads what was found, some files at a time, and reports in batches.

    Args:
        base: the folder that paths are relative to.
        known: the records of the last scan.
        context: of the job.
        chosen: whether the person has chosen the very file, which is an image then whatever it looks like.
    """

    def __init__(
        self, base: bytes, known: Mapping[bytes, FileRecord], context: JobContext, chosen: bool = False
    ) -> None:
        self._base = base
        self._known = known
        self._context = context
        self._chosen = chosen
        self._layout = Layout()
        self._places: dict[bytes, Place] = {}
        self._records: list[FileRecord] = []
        self._reported = 0
        self._next_report = 0.0

    def run(self, walked: Walked) -> ScanResult:
        self._layout = read_layout(os.fsdecode(file.path) for file in walked.files if has_image_suffix(file.path))
        total = len(walked.files)
        self._context.report(PhaseStarted(N_("Reading images"), total))
        self._records.extend(map(self._placed, walked.refused))
        not_images = walked.not_images
        for done, (file, pages) in enumerate(self._read_all(walked.files), 1):
            not_images += not pages
            self._records.extend(map(self._placed, pages))
            self._report(done, total, file.path)
        self._report_records()
        records = tuple(sorted(self._records, key=lambda record: (record.path, record.page)))
        unreadable = [record for record in records if record.problem]
        return ScanResult(records, unreadable, not_images, len(records) - len(unreadable))

    def _read_all(self, files: Iterable[FoundFile]) -> Iterator[tuple[FoundFile, Pages]]:
        """The files in their order, each with the records of its pages; with none if it is no image."""
        pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="scan")
        begun: deque[tuple[FoundFile, Pages | Future[Pages]]] = deque()
        try:
            for file in files:
                begun.append((file, self._unchanged(file) or pool.submit(self._read, file)))
                if len(begun) >= _AHEAD:
                    yield self._ended(*begun.popleft())
            while begun:
                yield self._ended(*begun.popleft())
        finally:
            # Not waited for: a thread may be in the middle of a huge file on a slow drive.
            pool.shutdown(wait=False, cancel_futures=True)

    def _ended(self, file: FoundFile, work: Pages | Future[Pages]) -> tuple[FoundFile, Pages]:
        if isinstance(work, tuple):
            return file, work
        while not wait([work], _WAIT_SECONDS).done:
            check_cancelled(self._context)
        return file, work.result()

    def _unchanged(self, file: FoundFile) -> Pages:
        """The pages of a file that is as it was; none if it is not, or had a problem."""
        pages: list[FileRecord] = []
        stamp = (file.size, file.mtime_ns, file.inode)
        while (record := self._known.get(with_page(file.path, len(pages) + 1))) is not None:
            if record.problem:
                return ()
            if (record.size, record.mtime_ns, record.inode) != stamp:
                break  # the file has changed; or it had more pages once, and does not any more
            pages.append(record)
        return tuple(pages)

    def _read(self, file: FoundFile) -> Pages:
        """Read one file; nothing if it is no image. Runs in a thread of the pool."""
        location = os.fsdecode(os.path.join(self._base, file.path))
        if not (self._chosen or has_image_suffix(file.path) or begins_like_image(location)):
            return ()
        return read_pages(location, file)

    def _placed(self, record: FileRecord) -> FileRecord:
        """``record`` with the class and the split of its folder."""
        folder = os.path.dirname(record.path)
        place = self._places.get(folder)
        if place is None:
            place = self._places[folder] = self._layout.place(os.fsdecode(record.path))
        if (record.label, record.split) == place:
            return record
        return replace(record, label=place.label, split=place.split)

    def _report(self, done: int, total: int, path: bytes) -> None:
        check_cancelled(self._context)
        now = time.monotonic()
        if now < self._next_report and done < total and len(self._records) - self._reported < _BATCH:
            return
        self._next_report = now + _BATCH_SECONDS
        self._report_records()
        self._context.report(Progress(done, total, shown(path)))

    def _report_records(self) -> None:
        batch = tuple(self._records[self._reported :])
        self._reported = len(self._records)
        if batch:
            self._context.report(FilesScanned(batch))
