"""Files that are either whole or not there: written to a temporary name, synced, and renamed."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from imgmine_gui.core.errors import UserError, reason_of
from imgmine_gui.core.text import N_

UNFINISHED = ".part"
"""Ends the temporary names."""


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A binary file to write; it takes the place of ``path`` when the block ends well, and vanishes when it does not.

    Raises:
        UserError: the disk is full or the folder cannot be written; what was at ``path`` before is unharmed.
    """
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=UNFINISHED, dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        _remove(temporary)
        raise write_error(path, error) from error
    except BaseException:
        _remove(temporary)
        raise


def write_bytes(path: Path, content: bytes) -> None:
    """Replace the content of ``path`` as a whole; see ``replacing``."""
    with replacing(path) as file:
        file.write(content)


def remove_unfinished(folder: Path, *names: str) -> None:
    """Remove what killed writers left of the files ``names`` (patterns) in ``folder``; nobody may be writing them."""
    for name in names:
        for path in folder.glob(f".{name}.*{UNFINISHED}"):
            path.unlink(missing_ok=True)


def write_error(path: Path, error: OSError) -> UserError:
    """The words for a file that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(
            N_("The disk is full: {path} could not be written; what was there before is unharmed."),
            N_("Free some space and try again."),
            path=path,
        )
    return UserError(
        N_("{path} could not be written: {reason}."),
        N_("Choose a folder that you may write to."),
        path=path,
        reason=reason_of(error),
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _remove(path: str) -> None:
    if path:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself last; Windows cannot and need not."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
