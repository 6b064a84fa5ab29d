"""The entry point: ``imgmine`` and ``imgmine PATH...`` open the window, anything else is the command line."""

import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path

COMMANDS = (
    *("architectures", "demo", "evaluate", "explain", "explainers", "export", "formats", "import", "predict", "scan"),
    *("self-test", "train"),
)
"""They win over a file of the same name; the command line, which knows them too, is slow to import."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run ImgMine.

    Args:
        argv: the arguments after the program's name; those of the process by default.

    Returns:
        The exit code: 0; 1 for an error that was told on stderr; 2 for wrong usage.
    """
    multiprocessing.freeze_support()  # a frozen engine starts here, and must not open a second window
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or (arguments[0] not in COMMANDS and all(Path(word).exists() for word in arguments)):
        return _open_window([Path(word) for word in arguments])
    from imgmine_gui.cli import main as command_line

    return command_line(arguments)


def _open_window(paths: Sequence[Path]) -> int:
    from imgmine_gui.core.errors import UserError
    from imgmine_gui.gui.screen import library_missing, require_screen

    try:
        require_screen()
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
