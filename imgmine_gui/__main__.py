"""The entry point: ``imgmine`` and ``imgmine PATH`` open the window, anything else is the command line."""

import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path

QT_PACKAGES = (
    "libglib2.0-0 libegl1 libgl1 libdbus-1-3 libfontconfig1 libxkbcommon0 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0"
)
"""Of Debian and Ubuntu; Qt's own message names only the first that is missing."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ImgMine.

    Args:
        argv: the arguments after the program's name; those of the process by default.

    Returns:
        The exit code: 0; 1 for an error that was told on stderr; 2 for wrong usage.
    """
    multiprocessing.freeze_support()  # a frozen engine starts here, and must not open a second window
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments:
        return _open_window(None)
    if len(arguments) == 1 and not arguments[0].startswith("-") and Path(arguments[0]).exists():
        return _open_window(Path(arguments[0]))
    from imgmine_gui.cli import main as command_line

    return command_line(arguments)


def _open_window(path: Path | None) -> int:
    if not _has_screen():
        print(
            "imgmine: there is no screen to open a window on; use `imgmine demo --headless`, "
            "or the command line: `imgmine --help`.",
            file=sys.stderr,
        )
        return 1
    try:
        from imgmine_gui.gui.application import run_window
    except ImportError as error:
        if not sys.platform.startswith("linux") or ".so" not in str(error):
            raise
        print(
            f"imgmine: a system library that Qt needs is missing ({error}); "
            f"on Debian and Ubuntu: `sudo apt install {QT_PACKAGES}`.",
            file=sys.stderr,
        )
        return 1
    return run_window(path)


def _has_screen() -> bool:
    """Whether Qt will find a screen; on Linux it aborts the process where it does not."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


if __name__ == "__main__":
    sys.exit(main())
