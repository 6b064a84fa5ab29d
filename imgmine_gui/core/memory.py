"""Memory that was freed, and that the C library would keep for itself."""

import ctypes
import sys
from collections.abc import Callable

_LARGEST_KEPT = 128 * 1024  # bytes; the C library begins with that, and raises it with the first large array
_MOST_ARENAS = 2
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # of ``mallopt``, as ``malloc.h`` numbers them


def keep_little() -> None:
    """Have large blocks go back to the system as they are freed, and threads share their small ones; call it early.

    The C library of Linux lets each thread keep what it freed: the threads that read a catalogue of a million images
    have several hundred MB together. Others keep less by themselves.
    """
    mallopt = _function("mallopt")
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGEST_KEPT)
        mallopt(_ARENA_MAX, _MOST_ARENAS)


def give_back() -> None:
    """Return freed memory to the system, in some milliseconds; for after work on very many rows.

    The C library of Linux keeps what threads freed: more than 100 MB after an edit of a million images. Others return
    it by themselves.
    """
    trim = _function("malloc_trim")
    if trim is not None:
        trim(0)


def _function(name: str) -> Callable[..., int] | None:
    """A function of the C library of Linux; ``None`` where there is none of this name."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
