"""Memory that was freed, and that the C library would keep for itself."""

import ctypes
import sys


def give_back() -> None:
    """Return freed memory to the system, in some milliseconds; for after work on very many rows.

    The C library of Linux keeps what threads freed: more than 100 MB after an edit of a million images. Others return
    it by themselves.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not every C library has it
        if trim is not None:
            trim(0)
