"""What the commands of the command line are declared with: their output, options and arguments."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgmine_gui.core.text import N_, tr

if TYPE_CHECKING:
    from imgmine_gui.commands.console import Output


class Interrupted(Exception):  # noqa: N818 - an outcome, not an error
    """The person pressed Ctrl+C, and what was learned is saved."""


@contextlib.contextmanager
def output(as_json: bool) -> "Iterator[Output]":
    """The output of a command, with its progress bar taken away at the end, whatever the end is."""
    from imgmine_gui.commands.console import Output  # half of the time that a help takes otherwise

    output = Output(as_json)
    try:
        yield output
    except KeyboardInterrupt:
        raise Interrupted from None
    finally:
        output.close()


def whole(text: str) -> int:
    """A whole number, or the words that it is none."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(tr("“{text}” is no whole number.", text=text)) from None


def number(text: str) -> float:
    """A number, or the words that it is none."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(tr("“{text}” is no number.", text=text)) from None


def pair(text: str) -> tuple[str, str]:
    """``KEY=VALUE`` as its two parts."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise typer.BadParameter(tr("--set takes KEY=VALUE, not “{text}”.", text=text))
    return name.strip(), value


def option(words: str, *names: str, metavar: str | None = None, parser: Callable[[str], Any] | None = None) -> Any:
    """An option; ``words`` and ``metavar`` are marked with ``N_``."""
    return typer.Option(*names, help=words, metavar=metavar, parser=parser)


def whole_option(words: str) -> Any:
    """An option that is a whole number."""
    return option(words, metavar="N", parser=whole)


def settings(words: str) -> Any:
    """An option ``--set KEY=VALUE``, which may be given several times."""
    return option(words, "--set", metavar=N_("KEY=VALUE"))


JSON = option(N_("One JSON object a line on stdout: events, and last the result."), "--json")
DATA = typer.Argument(help=N_("A folder of images, one image, or a .imgmine project."), metavar=N_("DATA"))
MODEL = typer.Argument(help=N_("The folder of a run, or a .imgmodel file."), metavar=N_("MODEL"))
PROJECT = typer.Argument(help=N_("A .imgmine project."), metavar=N_("PROJECT"))
NAME, FOLDER, FILE = N_("NAME"), N_("FOLDER"), N_("FILE")

Json = Annotated[bool, JSON]
Data = Annotated[Path, DATA]
Model = Annotated[Path, MODEL]
Project = Annotated[Path, PROJECT]
Settings = Annotated[list[str] | None, settings(N_("Any other option; may be given several times."))]
ReadingSettings = Annotated[
    list[str] | None, settings(N_("An option of --transcriptions; may be given several times."))
]
Network = Annotated[
    str | None,
    option(
        N_("The network; see “imgmine architectures”. Without it, network and settings suit the images."), metavar=NAME
    ),
]
Folds = Annotated[int, whole_option(N_("Into how many parts the images are divided."))]
InputSize = Annotated[int, whole_option(N_("Width and height of what the network sees, in px."))]
PartsSeed = Annotated[int, whole_option(N_("The same seed gives the same parts."))]
