"""Keep what Pillow and the other libraries print about odd files away from the console.

Whether a file can be used is told by exceptions, which become an ``ImageError``. What is printed besides, about
metadata that is not used, can help nobody and would break the promise of one line an error.
"""

import ctypes
import logging
import re
import threading
import warnings

from PIL import Image, _imaging

_UNWANTED: tuple[tuple[type[Warning], str], ...] = (
    (UserWarning, r"PIL\.TiffImagePlugin"),
    (UserWarning, r"PIL\.PngImagePlugin"),
    (Image.DecompressionBombWarning, r"PIL\.Image"),
    (UserWarning, r"pydicom\."),
)
_FILTERS = [("ignore", None, category, re.compile(module), 0) for category, module in _UNWANTED]
_lock = threading.Lock()


def keep_quiet() -> None:
    """Silence what is said about metadata, and about sizes that are checked here anyway.

    ``warnings.catch_warnings`` would be the usual way; it exchanges the state of the whole process and is not safe
    with threads. A filter that is there for good is, and it costs one comparison an image.
    """
    with _lock:
        if warnings.filters[: len(_FILTERS)] != _FILTERS:
            for category, module in reversed(_UNWANTED):
                warnings.filterwarnings("ignore", category=category, module=module)


def _silence_libtiff() -> None:
    """Take away the handler with which libtiff writes its errors to stderr; Pillow's exceptions do not need it."""
    try:
        set_handler = ctypes.CDLL(_imaging.__file__).TIFFSetErrorHandler
    except (OSError, AttributeError):
        return  # linked in without its symbols, as on Windows, where the window has no console either
    set_handler.restype = ctypes.c_void_p
    set_handler.argtypes = [ctypes.c_void_p]
    set_handler(None)


_silence_libtiff()
# Without any handler, Python itself prints what Pillow logs about a file.
logging.getLogger("PIL").addHandler(logging.NullHandler())
