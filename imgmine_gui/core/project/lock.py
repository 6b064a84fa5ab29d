"""Who may write to a project: whoever holds the lock on its lock file.

The kernel holds the lock, not the file: it is released when the process ends in whatever way, so none is ever stale.
"""

import errno
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}


class FileLock:
    """A lock on a file, until ``release`` or the end of the process.

    Attributes:
        is_certain: whether nobody else can hold it now; not so where the drive knows no locks.
    """

    def __init__(self, descriptor: int, is_certain: bool = True) -> None:
        self._descriptor: int | None = descriptor
        self.is_certain = is_certain

    @classmethod
    def take(cls, path: Path) -> "FileLock | None":
        """The lock on the file at ``path``, which is made if need be; ``None`` if somebody else holds it.

        Where the drive knows no locks, as some network drives, the lock is granted.

        Raises:
            OSError: the file cannot be made or opened for writing.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        try:
            _lock(descriptor)
        except OSError as error:
            if error.errno in _HELD:
                os.close(descriptor)
                return None
            return cls(descriptor, is_certain=False)
        return cls(descriptor)

    def release(self) -> None:
        """Let others write; does nothing the second time."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
