"""Whether a window can be opened here, and what to do where it cannot. Imports no Qt, which may not load."""

import ctypes
import os
import sys

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_

PACKAGES = (
    "libglib2.0-0 libegl1 libgl1 libdbus-1-3 libfontconfig1 libxkbcommon0 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0"
)
"""What Qt needs on Debian and Ubuntu; its own message names only the first that is missing."""
X_LIBRARIES = (
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-keysyms.so.1",
    "libxcb-shape.so.0",
    "libxkbcommon-x11.so.0",
)
"""What Qt loads for an X screen; it ends the process, without a word to us, where one is missing."""


def require_screen() -> None:
    """Check before Qt does, since Qt ends the process.

    Raises:
        UserError: there is no screen, or a library for it is missing.
    """
    if not sys.platform.startswith("linux"):
        return
    platform, x, wayland = (os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"))
    if not (platform or x or wayland):
        raise UserError(
            N_("There is no screen to open a window on."),
            N_("Use `imgmine demo --headless`, or the command line: `imgmine --help`."),
        )
    if (platform or "xcb") == "xcb" and not wayland:
        for library in X_LIBRARIES:
            try:
                ctypes.CDLL(library)
            except OSError:
                raise library_missing(library) from None


def library_missing(library: str) -> UserError:
    """What to tell a person whose system lacks ``library``."""
    return UserError(
        N_("A system library that Qt needs is missing: {library}."),
        N_("On Debian and Ubuntu, run: sudo apt install {packages}"),
        library=library,
        packages=PACKAGES,
    )
