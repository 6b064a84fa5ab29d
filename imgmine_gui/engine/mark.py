"""How a process knows that it was started as a worker, whatever became of its arguments."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

WORKER = "IMGMINE_WORKER"
"""The environment variable that a worker has from its first moment: no window opens and no worker starts under it."""


@contextmanager
def marked_as_worker() -> Iterator[None]:
    """What is started within has the mark; one thread at a time.

    Raises:
        RuntimeError: this process is a worker itself.
    """
    if WORKER in os.environ:
        raise RuntimeError("a worker process cannot start another one")
    os.environ[WORKER] = str(os.getpid())
    try:
        yield
    finally:
        del os.environ[WORKER]
