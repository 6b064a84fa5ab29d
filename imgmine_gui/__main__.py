"""The entry point: ``imgmine`` and ``imgmine PATH...`` open the window, anything else is the command line."""

import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from imgmine_gui.engine.mark import WORKER

COMMANDS = (
    *("architectures", "cross-validate", "demo", "evaluate", "explain", "explainers", "export", "formats", "import"),
    *("learning-curve", "predict", "relink", "rescan", "scan", "self-test", "sources", "train"),
)
"""They win over a file of the same name; the command line, which knows them too, is slow to import."""

WORKER_LOST = 3
"""The exit code of a worker that came where only a person's start may come."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ImgMine.

    Args:
        argv: the arguments after the program's name; those of the process by default.

    Returns:
        The exit code: 0; 1 for an error that was told on stderr; 2 for wrong usage; 3 for a worker that got lost.
    """
    multiprocessing.freeze_support()  # a frozen engine starts here, and goes no further
    if WORKER in os.environ:
        # An engine that was not recognised as one: a window of its own would start further ones, without end.
        print("imgmine: a worker process cannot open a window or run a command", file=sys.stderr)
        return WORKER_LOST
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or (arguments[0] not in COMMANDS and all(Path(word).exists() for word in arguments)):
        return _open_window([Path(word) for word in arguments])
    from imgmine_gui.cli import main as command_line

    return command_line(arguments)


def _open_window(paths: Sequence[Path]) -> int:
    from imgmine_gui.app.second_start import hand_over
    from imgmine_gui.core.errors import UserError
    from imgmine_gui.gui.screen import library_missing, require_screen

    try:
        require_screen()
        if hand_over(paths):
            return 0
        from imgmine_gui.gui.application import run_window
    except UserError as error:
        return _refuse(error)
    except ImportError as error:
        library = str(error).partition(":")[0]
        if ".so" not in library:
            raise
        return _refuse(library_missing(library))
    return run_window(paths)


def _refuse(error: Exception) -> int:
    from imgmine_gui.commands.language import use_language

    use_language()
    print(f"imgmine: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
