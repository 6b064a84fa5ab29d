"""Find all files below a folder: quickly, each once, whatever lies there.

Files and folders whose names begin with a dot and what operating systems leave behind are no images, and are counted
only. Links to files are followed; links to folders too, but every folder is read once, real folders before links. What
is neither a file nor a folder is refused with a reason and never opened.
"""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from imgmine_gui.core.errors import UserError, reason_of
from imgmine_gui.core.images.problems import ImageError, ImageProblem
from imgmine_gui.core.project.records import FileRecord, refused, refused_for, shown
from imgmine_gui.core.text import N_

JUNK = frozenset(
    name.encode()
    for name in (
        *("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "system volume information"),
        *("lost+found", "@eadir"),
    )
)
"""Names, in lower case, of what operating systems and network drives leave behind."""

PROJECT_SUFFIX = b".imgmine"
_LARGEST = 2**63 - 1
_REPORT_SECONDS = 0.1

_LOOP = N_("“{file}” is a link that leads in a circle, or to a folder that was already read.")
_DANGLING = N_("“{file}” is a link to something that does not exist.")
_SPECIAL = N_("“{file}” is a pipe, a socket or a device, not a file that holds data.")
_FOLDER_DENIED = N_("You have no permission to look into the folder “{file}”.")
_FOLDER_FAILED = N_("The folder “{file}” could not be read: {reason}.")


_CHUNK = 10_000


class FoundFile(NamedTuple):
    """A regular file, or a link to one: path relative to the source, size in bytes, time of change, inode."""

    path: bytes
    size: int
    mtime_ns: int
    inode: int


@dataclass
class Walked:
    """What lies below a folder.

    Attributes:
        files: regular files that may be images.
        refused: what could not be read.
        not_images: how many files were passed over.
    """

    files: list[FoundFile] = field(default_factory=list)
    refused: list[FileRecord] = field(default_factory=list)
    not_images: int = 0


def found_file(path: bytes, status: os.stat_result) -> FoundFile:
    """A regular file; numbers that a drive makes up are cut to what a database holds."""
    size, mtime_ns = status.st_size, status.st_mtime_ns
    if not (-_LARGEST <= mtime_ns <= _LARGEST and size <= _LARGEST):
        size, mtime_ns = min(size, _LARGEST), max(-_LARGEST, min(mtime_ns, _LARGEST))
    return FoundFile(path, size, mtime_ns, status.st_ino & _LARGEST)


def walk(root: bytes, pause: Callable[[int], None]) -> Walked:
    """All files below the folder ``root``, in the order of their paths.

    Args:
        root: an absolute path.
        pause: called with the number of files found, at least ten times a second; may raise to end the walk.

    Raises:
        OSError: ``root`` itself cannot be read.
    """
    walker = Walker(root, pause)
    files = sorted(file for _, found in walker for file in found)
    return Walked(files, walker.refused, walker.not_images)


class Walker:
    """Goes through all folders below one; gives the files of a folder at a time, at most ``_CHUNK`` of them.

    Iterating raises ``OSError`` if ``root`` itself cannot be read.

    Args:
        root: an absolute path.
        pause: called with the number of files found, at least ten times a second; may raise to end the walk.

    Attributes:
        refused: what could not be read, so far.
        not_images: how many files were passed over so far.
    """

    def __init__(self, root: bytes, pause: Callable[[int], None]) -> None:
        self.refused: list[FileRecord] = []
        self.not_images = 0
        self._root = root
        self._pause = pause
        self._next_pause = 0.0
        self._count = 0
        self._files: list[FoundFile] = []
        self._folders: list[bytes] = [b""]
        self._links: list[bytes] = []
        self._read: set[tuple[int, int]] = set()

    def __iter__(self) -> Iterator[tuple[bytes, list[FoundFile]]]:
        """Folders, relative to the root ("" is the root itself), each with regular files in it."""
        while self._folders or self._links:
            if not self._folders:
                self._links.sort(reverse=True)
                self._folders.append(self._links.pop())
            folder = self._folders.pop()
            for _ in self._read_folder(folder):
                yield folder, self._taken()
            if self._files:
                yield folder, self._taken()

    def _taken(self) -> list[FoundFile]:
        files, self._files = self._files, []
        self._count += len(files)
        return files

    def _read_folder(self, folder: bytes) -> Iterator[None]:
        """Read a folder; stops whenever ``_CHUNK`` files have been found."""
        location = self._absolute(folder)
        try:
            status = os.stat(location)
            if (status.st_dev, status.st_ino) in self._read:
                self._refuse(folder, ImageProblem.NOT_A_FILE, _LOOP)
                return
            with os.scandir(location) as entries:
                self._read.add((status.st_dev, status.st_ino))
                above = folder + b"/" if folder else b""
                for entry in entries:
                    if time.monotonic() >= self._next_pause:
                        self._breathe()
                    self._take(entry, above + entry.name)
                    if len(self._files) >= _CHUNK:
                        yield
        except OSError as error:
            if not folder:
                raise
            self._refuse_folder(folder, error)

    def _take(self, entry: os.DirEntry[bytes], path: bytes) -> None:
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return  # deleted while we look
        except OSError as error:
            self.refused.append(refused_for(path, _file_error(error, entry.path)))
            return
        kind = stat.S_IFMT(status.st_mode)
        if is_passed_over(entry.name):
            self.not_images += self._count_below(entry.path) if kind == stat.S_IFDIR else 1
        elif kind == stat.S_IFREG:
            self._files.append(found_file(path, status))
        elif kind == stat.S_IFDIR:
            if is_project(entry.path):
                self.not_images += self._count_below(entry.path)
            else:
                self._folders.append(path)
        elif kind == stat.S_IFLNK:
            self._take_link(entry, path)
        else:
            self._refuse(path, ImageProblem.NOT_A_FILE, _SPECIAL)

    def _take_link(self, entry: os.DirEntry[bytes], path: bytes) -> None:
        try:
            status = os.stat(entry.path)
        except OSError as error:
            if error.errno == errno.ELOOP:
                self._refuse(path, ImageProblem.NOT_A_FILE, _LOOP)
            elif error.errno in {errno.ENOENT, errno.ENOTDIR}:
                self._refuse(path, ImageProblem.MISSING, _DANGLING)
            else:
                self.refused.append(refused_for(path, _file_error(error, entry.path)))
            return
        if stat.S_ISREG(status.st_mode):
            self._files.append(found_file(path, status))
        elif stat.S_ISDIR(status.st_mode):
            self._links.append(path)
        else:
            self._refuse(path, ImageProblem.NOT_A_FILE, _SPECIAL)

    def _count_below(self, location: bytes) -> int:
        """How many files lie below a folder that is passed over."""
        total = 0
        for _, _, files in os.walk(location):
            total += len(files)
            self._breathe()
        return total

    def _refuse(self, path: bytes, problem: ImageProblem, message: str, values: dict[str, str] | None = None) -> None:
        self.refused.append(refused(path, problem.value, message, values))

    def _refuse_folder(self, folder: bytes, error: OSError) -> None:
        if error.errno in {errno.EACCES, errno.EPERM}:
            self._refuse(folder, ImageProblem.NO_PERMISSION, _FOLDER_DENIED)
        elif error.errno != errno.ENOENT:  # deleted while we look
            reason = {"reason": reason_of(error)}
            self._refuse(folder, ImageProblem.READ_ERROR, _FOLDER_FAILED, reason)

    def _absolute(self, path: bytes) -> bytes:
        return os.path.join(self._root, path) if path else self._root

    def _breathe(self) -> None:
        now = time.monotonic()
        if now >= self._next_pause:
            self._next_pause = now + _REPORT_SECONDS
            self._pause(self._count + len(self._files))


def is_passed_over(name: bytes) -> bool:
    """Whether a file or folder of this name is hidden, or left behind by an operating system."""
    return name.startswith(b".") or name.lower() in JUNK


def is_project(location: bytes) -> bool:
    """Whether a folder is a project of ours, whose thumbnails are no images of the person's."""
    return location.lower().endswith(PROJECT_SUFFIX) and os.path.isfile(os.path.join(location, b"project.db"))


def root_error(location: bytes, error: OSError) -> UserError:
    """Why the folder of a source itself cannot be read."""
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return UserError(
            N_("There is no folder or image “{path}”."),
            N_("Check whether it was moved, renamed or deleted, and whether its drive is connected."),
            path=shown(location),
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return UserError(
            N_("You have no permission to look into the folder “{path}”."),
            N_("Change its permissions, or copy the images to a folder of yours."),
            path=shown(location),
        )
    return UserError(
        N_("The folder “{path}” could not be read: {reason}."),
        N_("Check the drive or the network connection, then try again."),
        path=shown(location),
        reason=reason_of(error),
    )


def _file_error(error: OSError, location: bytes) -> ImageError:
    path = os.fsdecode(location)
    if error.errno in {errno.EACCES, errno.EPERM}:
        return ImageError(ImageProblem.NO_PERMISSION, path)
    return ImageError(ImageProblem.READ_ERROR, path, reason=reason_of(error))
