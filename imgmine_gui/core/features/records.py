"""Files of records of one size: appended to, mapped for reading, never changed where something was written before.

What a reader has mapped stays what it is: a file from which records are dropped is written anew under another name.
"""

import contextlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.storage.atomic import write_error

COPIED = 256
"""Records that are copied at a time; of the 7x7 maps 32 MB."""

Records = npt.NDArray[np.void]


def append(path: Path, slot: int, records: Records) -> None:
    """Write ``records`` from ``slot`` on and bring them to the disk; what an interrupted writer left there goes.

    Raises:
        UserError: the disk is full or cannot be written; the records before ``slot`` are unharmed.
    """
    start = slot * records.itemsize
    try:
        with open(path, "r+b" if path.exists() else "w+b") as file:
            try:
                file.seek(start)
                file.write(np.ascontiguousarray(records).view(np.uint8).data)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                with contextlib.suppress(OSError):  # Windows keeps the length of what others have mapped
                    os.ftruncate(file.fileno(), start)
                raise
    except OSError as error:
        raise write_error(path, error) from error


def mapped(path: Path, record: np.dtype[Any], slots: int) -> Records | None:
    """The first ``slots`` records, read when they are looked at; fewer of a file that is shorter, None without one."""
    try:
        there = min(slots, path.stat().st_size // record.itemsize)
        return np.memmap(path, record, "r", shape=(there,)) if there else np.zeros(0, record)
    except FileNotFoundError:
        return None


def copy(source: Records, slots: npt.NDArray[np.int64], path: Path) -> None:
    """Write the records in ``slots`` to a new file at ``path``, in their order.

    Raises:
        UserError: the disk is full or cannot be written; nothing is left at ``path``.
    """
    try:
        for start in range(0, len(slots), COPIED):
            append(path, start, source[slots[start : start + COPIED]])
    except BaseException:
        path.unlink(missing_ok=True)
        raise
