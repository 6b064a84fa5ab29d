"""The files that are read: bounded in size, regular files only, and what is wrong with them in words."""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.exchange.description import ImportedImage, Told
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.project.walk import is_passed_over
from imgmine_gui.core.text import N_, tr

FILE_LIMIT = 4 * 2**30
"""The largest file that is read piece by piece, in bytes."""

WHOLE_LIMIT = 64 * 2**20
"""The largest file, or part of one, that is held in memory, in bytes."""

HEAD_BYTES = 64 * 2**10

_TOLD_SUFFIXES = frozenset({".csv", ".tsv", ".json", ".jsonl", ".xml", ".txt", ".yaml", ".yml", ".names"})
_ENTRIES = 20_000
_DEPTH = 5
_OF_A_KIND = 50


class Place:
    """A file or a folder that is to be read, looked at without reading it whole.

    Args:
        path: of the file or folder.

    Raises:
        UserError: there is nothing, it cannot be looked at, or it is neither a file nor a folder.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(os.path.abspath(path))
        try:
            mode = os.stat(self.path).st_mode
        except (OSError, ValueError) as error:
            raise read_error(self.path, error) from error
        self.is_folder = stat.S_ISDIR(mode)
        if not self.is_folder and not stat.S_ISREG(mode):
            raise _not_a_file(self.path)

    @property
    def folder(self) -> Path:
        """What the paths in it are relative to."""
        return self.path if self.is_folder else self.path.parent

    @property
    def suffix(self) -> str:
        """Of a file, in lower case, with its dot."""
        return "" if self.is_folder else self.path.suffix.lower()

    @cached_property
    def head(self) -> bytes:
        """The first bytes of a file; none of a folder."""
        if self.is_folder:
            return b""
        with open_file(self.path) as file:
            return file.read(HEAD_BYTES)

    @cached_property
    def inside(self) -> tuple[str, ...]:
        """Some of the files of text that lie in a folder or not far below, with ``/`` between the parts of paths."""
        return tuple(_look_inside(self.path)) if self.is_folder else ()


def _look_inside(root: Path) -> Iterator[str]:
    """Level by level, so that what stands for the whole comes first; at most some of a suffix from each folder."""
    level = [""]
    for _ in range(_DEPTH):
        below: list[str] = []
        for folder in level:
            counts: dict[str, int] = {}
            for entry in _entries(root / folder)[:_ENTRIES]:
                path = f"{folder}{entry.name}"
                suffix = os.path.splitext(entry.name)[1].lower()
                if entry.is_dir(follow_symlinks=False):
                    below.append(path + "/")
                elif suffix in _TOLD_SUFFIXES and counts.get(suffix, 0) < _OF_A_KIND:
                    counts[suffix] = counts.get(suffix, 0) + 1
                    yield path
        level = below[:1000]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            entries = [entry for entry in found if not is_passed_over(os.fsencode(entry.name))]
    except OSError:
        return []
    return sorted(entries, key=lambda entry: entry.name)


def files_below(folder: Path, suffixes: Iterable[str]) -> Iterator[Path]:
    """All files below a folder whose suffix is one of ``suffixes``, in the order of their paths.

    Hidden files are passed over, and links to folders are not followed.
    """
    wanted = frozenset(suffixes)
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from files_below(folder / entry.name, wanted)
        elif os.path.splitext(entry.name)[1].lower() in wanted:
            yield folder / entry.name


def named_below(folder: Path, suffix: str, told: Told) -> Iterator[tuple[Path, str]]:
    """The files of ``files_below``, each with its path below the folder, which is a step of the work."""
    paths = list(files_below(folder, {suffix}))
    for done, path in enumerate(paths, 1):
        told.step(done, len(paths), every=16)
        yield path, path.relative_to(folder).as_posix()


def read_each(
    place: "Place", suffix: str, read: Callable[[Path, str], ImportedImage], told: Told
) -> Iterator[ImportedImage]:
    """A piece a file; one that cannot be read is a problem if there are others.

    Args:
        read: of a file, given its path and its path below the folder, which is "" for a file that was chosen itself.

    Raises:
        UserError: the file that was chosen itself cannot be read.
    """
    if not place.is_folder:
        yield read(place.path, "")
        return
    for path, name in named_below(place.path, suffix, told):
        try:
            yield read(path, name)
        except UserError as error:
            told.refused(error)


@contextmanager
def open_file(path: Path, limit: int = FILE_LIMIT) -> Iterator[BinaryIO]:
    """The file, open for reading; faults of the drive inside the block become words too.

    Raises:
        UserError: it is missing, no regular file, larger than ``limit`` bytes, or cannot be read.
    """
    try:
        # A pipe would keep us waiting, so look first, and do not wait where it was made one in between.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise _not_a_file(path)
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(path, "rb", opener=lambda name, _: os.open(name, flags | getattr(os, "O_CLOEXEC", 0))) as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                raise UserError(
                    N_("“{path}” is too large to be read: {size} MB, at most {limit} are possible."),
                    N_("Divide it into several files."),
                    path=shown(os.fsencode(path)),
                    size=size // 10**6,
                    limit=limit // 10**6,
                )
            yield file
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) and "null" not in str(error):
            raise
        raise read_error(path, error) from error


def read_whole(path: Path, limit: int = WHOLE_LIMIT) -> bytes:
    """The content of a small file.

    Raises:
        UserError: it is missing, no regular file, larger than ``limit`` bytes, or cannot be read.
    """
    with open_file(path, limit) as file:
        return file.read(limit + 1)


def damaged(path: Path, line: int, reason: str, remedy: str, /, **values: object) -> UserError:
    """The error of a file that cannot be understood.

    Args:
        path: of the file.
        line: from 1; 0 if it has none.
        reason: what is wrong, ``N_`` with its ``{fields}``; begins in lower case, ends without a full stop.
        remedy: what to do, marked with ``N_``.
        values: for the fields of both.
    """
    message = N_("“{path}”, line {line}: {reason}.") if line else N_("“{path}”: {reason}.")
    return UserError(message, remedy, path=shown(os.fsencode(path)), line=line, reason=Phrase(reason, values), **values)


class Phrase:
    """A text inside another one, translated when the whole is; survives pickling."""

    def __init__(self, template: str, values: Mapping[str, object]) -> None:
        self.template = template
        self.values = dict(values)

    def __format__(self, spec: str) -> str:
        return str(self)

    def __str__(self) -> str:
        return tr(self.template, **self.values)


def read_error(path: Path, error: OSError | ValueError) -> UserError:
    """Why a file or folder cannot be read."""
    name = shown(os.fsencode(path))
    number = error.errno if isinstance(error, OSError) else errno.ENOENT
    if number in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}:
        return UserError(
            N_("There is no file or folder “{path}”."),
            N_("Check whether it was moved, renamed or deleted, and whether its drive is connected."),
            path=name,
        )
    if number in {errno.EACCES, errno.EPERM}:
        return UserError(
            N_("You have no permission to read “{path}”."),
            N_("Change its permissions, or copy it to a folder of yours."),
            path=name,
        )
    return UserError(
        N_("“{path}” could not be read: {reason}."),
        N_("Check the drive or the network connection, then try again."),
        path=name,
        reason=error.strerror if isinstance(error, OSError) and error.strerror else str(error),
    )


def _not_a_file(path: Path) -> UserError:
    return UserError(
        N_("“{path}” is a pipe, a socket or a device, not a file."),
        N_("Choose a file or a folder."),
        path=shown(os.fsencode(path)),
    )
