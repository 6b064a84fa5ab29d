"""Where an export goes: a file or a folder that is seen under its name only when it is whole, and never a source."""

import contextlib
import errno
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from PIL import Image

from imgmine_gui.core.errors import UserError, reason_of
from imgmine_gui.core.images.decode import ImageError, decode_rgb
from imgmine_gui.core.images.pages import split_page
from imgmine_gui.core.project.backups import file_error, sync_folder
from imgmine_gui.core.project.exchange.description import ProblemKind, Told
from imgmine_gui.core.project.exchange.options import BesideOptions, ExportOptions, FolderOptions, Placing
from imgmine_gui.core.project.exchange.project_images import ProjectImage
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.text import N_

UNFINISHED = ".part"
"""Ends the names of what is not whole yet."""

_NAME_BYTES = 250


class Output:
    """The file or folder that is being written. Made by ``writing``.

    Args:
        place: where to write: of a folder, one that becomes the target in the end.
        target: what the person calls it.
        options: of the export.
        told: learns what could not be written.

    Attributes:
        options: of the export.
        placing: how images go along.
        copied: how many images were copied, or written anew.
        linked: how many were linked.
    """

    def __init__(self, place: Path, target: Path, options: ExportOptions, told: Told) -> None:
        self.options = options
        self.copied = 0
        self.linked = 0
        self._place = place
        self._target = target
        self._told = told
        self._taken: set[int] = set()
        placing = options.placing.value if isinstance(options, FolderOptions | BesideOptions) else "none"
        self.placing = Placing(placing)

    @property
    def path(self) -> Path:
        """The file to write, or the folder to write in."""
        return self._place

    @contextlib.contextmanager
    def open(self, below: str = "") -> Iterator[IO[bytes]]:
        """A file to write: the target itself, or one below the folder; folders above it are made."""
        path = self._place / below if below else self._place
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise file_error(error, self._target) from error

    def free(self, below: str) -> str:
        """``below``, or if something has this name already, with a number behind it: ``leaf (2).jpg``."""
        stem, suffix = os.path.splitext(below)
        number = 1
        name = _shortened(stem, suffix)
        while (mark := hash(_distinct(name))) in self._taken:
            number += 1
            name = _shortened(stem, f" ({number}){suffix}")
        self._taken.add(mark)
        return name

    def place(self, image: ProjectImage, folder: str = "", name: str = "") -> str | None:
        """Bring an image into the folder, as the options say: copied or linked; a page of several is written as PNG.

        Args:
            image: which.
            folder: below the folder that is written, with ``/`` in the end.
            name: below that; the image's own place by default.

        Returns:
            Where it is, below the folder that is written; None if it cannot be read, which is told.

        Raises:
            UserError: the drive is full, or cannot be written to.
        """
        below = folder + (name or image.below)
        source, _ = split_page(image.location)
        below = self.free(below)
        target = self._place / below
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if image.page:
                self._write_page(image.location, target)
            else:
                self._copy_or_link(source, target)
        except ImageError as error:
            self._told.refused(error)
            return None
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
                raise file_error(error, self._target) from error
            message = N_("“{name}” could not be written: {reason}.")
            self._told.problem(
                ProblemKind.UNREADABLE, message, name=shown(os.fsencode(source)), reason=reason_of(error)
            )
            return None
        return below

    def _copy_or_link(self, source: str, target: Path) -> None:
        if self.placing is Placing.SYMBOLIC_LINK:
            os.symlink(source, target)
            self.linked += 1
            return
        if self.placing is Placing.HARD_LINK:
            with contextlib.suppress(OSError):
                os.link(os.path.realpath(source), target)
                self.linked += 1
                return
            self._told.remark(N_("Images on other drives cannot be linked, so they were copied."))
        shutil.copyfile(source, target)
        self.copied += 1

    def _write_page(self, location: str, target: Path) -> None:
        with open(target, "xb") as file:
            Image.fromarray(decode_rgb(location).pixels).save(file, "PNG")
        self.copied += 1


@contextlib.contextmanager
def as_text(file: IO[bytes], encoding: str = "utf-8") -> Iterator[IO[str]]:
    """``file`` as one of text, with line ends as they are written; it stays open."""
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def _shortened(path: str, end: str) -> str:
    """``path`` and ``end``, with the last name cut where file systems would not take it."""
    folder, slash, name = path.rpartition("/")
    while len(os.fsencode(name + end)) > _NAME_BYTES and name:
        name = name[:-1]
    return folder + slash + name + end


def _distinct(name: str) -> str:
    """Names that are one on drives that do not tell upper from lower case count as one."""
    return name.casefold()


@contextlib.contextmanager
def writing(
    target: Path, is_folder: bool, sources: Sequence[bytes], options: ExportOptions, told: Told
) -> Iterator[Output]:
    """What is written inside the block becomes ``target`` when that ends well, and vanishes otherwise.

    Args:
        target: a file, which is replaced; or a folder, which must be new or empty.
        is_folder: which of the two.
        sources: of the project; nothing is written into them.
        options: of the export.
        told: learns what could not be written.

    Raises:
        UserError: the target is in a source or is a folder with something in it; the drive is full, or cannot be
            written to.
    """
    target = Path(os.path.abspath(target))
    _require_apart(target, sources)
    unfinished: Path | None = None
    try:
        if is_folder:
            _require_empty(target)
        elif target.is_dir():
            raise UserError(
                N_("“{path}” is a folder, but a file is to be written."),
                N_("Add the name of a file to it."),
                path=shown(os.fsencode(target)),
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = _unfinished(target, is_folder)
        yield Output(unfinished, target, options, told)
        if is_folder and target.is_dir():
            target.rmdir()
        os.replace(unfinished, target)
        sync_folder(target.parent)
    except BaseException as error:
        if unfinished is not None:
            _remove(unfinished)
        if isinstance(error, OSError):
            raise file_error(error, target) from error
        raise


def _unfinished(target: Path, is_folder: bool) -> Path:
    beside: dict[str, Any] = {"prefix": f".{target.name[:40]}.", "suffix": UNFINISHED, "dir": target.parent}
    if is_folder:
        folder = Path(tempfile.mkdtemp(**beside))
        folder.chmod(0o777 & ~_umask())
        return folder
    handle, name = tempfile.mkstemp(**beside)
    os.close(handle)
    os.chmod(name, 0o666 & ~_umask())
    return Path(name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _require_empty(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UserError(
            N_("“{path}” exists already, and is not an empty folder."),
            N_("Choose a new or an empty folder."),
            path=shown(os.fsencode(target)),
        )


def _require_apart(target: Path, sources: Sequence[bytes]) -> None:
    """The images of a person are never written to, also not by a class that is called like a folder of theirs."""
    place = os.path.realpath(target)
    for source in sources:
        folder = os.path.realpath(os.fsdecode(source))
        names = {"path": shown(os.fsencode(target)), "source": shown(source)}
        if _contains(folder, place):
            raise UserError(
                N_("“{path}” lies in “{source}”, which is a source of the project. Nothing was written."),
                N_("Choose a place outside of the folders that the project's images come from."),
                **names,
            )
        if _contains(place, folder):
            raise UserError(
                N_("“{path}” contains “{source}”, which is a source of the project. Nothing was written."),
                N_("Choose a place outside of the folders that the project's images come from."),
                **names,
            )


def _contains(outer: str, inner: str) -> bool:
    outer, inner = os.path.normcase(outer), os.path.normcase(inner)
    return inner == outer or inner.startswith(os.path.join(outer, ""))
