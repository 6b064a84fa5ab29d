"""The command line: reads arguments, and turns errors into exit codes.

0: done. 1: an error, one line on stderr that says what to do. 2: wrong usage. 130: interrupted, with what was learned
saved.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from imgmine_gui import __version__
from imgmine_gui.commands.console import Output
from imgmine_gui.commands.durations import parse_duration
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.text import set_language

FAILED, USAGE, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="imgmine",
    help="Image data mining: load folders of images, train a network, see where it looked. "
    "Without a command, a window opens.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout: events, and last the result.")]
Data = Annotated[Path, typer.Argument(help="A folder of images, one image, or a .imgmine project.")]
Model = Annotated[Path, typer.Argument(help="The folder of a run, or a .imgmodel file.")]


class Interrupted(Exception):  # noqa: N818 - an outcome, not an error
    """The person pressed Ctrl+C, and what was learned is saved."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Results are told in Chinese where the system speaks it."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    set_language("zh_CN" if named.startswith("zh") else "en")
    try:
        app(args=None if arguments is None else list(arguments))
    except SystemExit as done:  # typer's own end: 0, or 2 after a word on wrong usage
        return int(done.code or 0)
    except UserError as error:
        _say(str(error))
        return FAILED
    except (Interrupted, Cancelled):
        return INTERRUPTED
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            sys.stderr.close()
        return FAILED
    except Exception as error:
        logging.getLogger("imgmine").exception("unexpected")
        _say(f"{type(error).__name__}: {error}. This is a fault of ImgMine; please report it.")
        return FAILED
    return 0


def _say(text: str) -> None:
    """One line on stderr, whatever a file name holds."""
    sys.stderr.write(" ".join(text.split()).encode("utf-8", "surrogateescape").decode("utf-8", "replace") + "\n")


@contextlib.contextmanager
def _output(as_json: bool) -> Any:
    """The output of a command, with its progress bar taken away at the end, whatever the end is."""
    output = Output(as_json)
    try:
        yield output
    except KeyboardInterrupt:
        raise Interrupted from None
    finally:
        output.close()


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.", is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(f"imgmine {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(USAGE)


@app.command()
def scan(data: Data, json: Json = False) -> None:
    """Say what is in a folder, and which images cannot be read and why."""
    from imgmine_gui.commands.scan import scan as run

    with _output(json) as output:
        run(data, output)


@app.command()
def train(
    data: Data,
    out: Annotated[Path, typer.Option(help="A new folder for the run, or with --resume the folder of one.")],
    task: Annotated[str, typer.Option(help="What is to be learned.")] = "classification",
    architecture: Annotated[str, typer.Option(help="The network; see “imgmine architectures”.")] = "attention",
    epochs: Annotated[int | None, typer.Option(help="How often every training image is shown.")] = None,
    image_size: Annotated[int | None, typer.Option(help="Width and height of what the network sees, in px.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Images looked at together.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="How far the weights move a step.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same network.")] = None,
    time_budget: Annotated[str | None, typer.Option(help="End after this time, like 90s or 5m.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Any other option.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --out.")] = False,
    json: Json = False,
) -> None:
    """Train a network on a folder with one sub-folder a class."""
    from imgmine_gui.commands.train import train as run

    given = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed,
             "width": image_size, "height": image_size,
             "time_budget": None if time_budget is None else parse_duration(time_budget)}  # fmt: skip
    settings: list[tuple[str, Any]] = [(name, value) for name, value in given.items() if value is not None]
    settings += [_pair(text) for text in set_ or []]
    with _output(json) as output:
        interrupted = run(data, task, architecture, out, settings, resume, output)
    if interrupted:
        raise Interrupted


@app.command()
def predict(
    model: Model,
    data: Data,
    out: Annotated[Path, typer.Option(help="The CSV file to write.")],
    heatmaps: Annotated[Path | None, typer.Option(help="A folder for a heatmap an image.")] = None,
    method: Annotated[str | None, typer.Option(help="How heatmaps are made; see “imgmine explainers”.")] = None,
    json: Json = False,
) -> None:
    """Say what a model thinks of images."""
    from imgmine_gui.commands.predict import predict as run

    with _output(json) as output:
        run(model, data, out, heatmaps, method, output)


@app.command()
def evaluate(
    model: Model,
    data: Data,
    split: Annotated[str | None, typer.Option(help="train, validation, test or all; test where there is one.")] = None,
    json: Json = False,
) -> None:
    """Say how right a model is on labelled images."""
    from imgmine_gui.commands.evaluate import evaluate as run

    with _output(json) as output:
        run(model, data, split, output)


@app.command()
def explain(
    model: Model,
    image: Annotated[Path, typer.Argument(help="An image.")],
    out: Annotated[Path, typer.Option(help="The picture to write, or the heatmap as an array: .png or .npy.")],
    method: Annotated[str | None, typer.Option(help="How the heatmap is made; see “imgmine explainers”.")] = None,
    target: Annotated[str | None, typer.Option(help="The class to explain; else the predicted one.")] = None,
    json: Json = False,
) -> None:
    """Show where a model looked in an image."""
    from imgmine_gui.commands.explain import explain as run

    with _output(json) as output:
        run(model, image, method, target, out, output)


@app.command()
def architectures(json: Json = False) -> None:
    """List the networks to choose from, with every option."""
    from imgmine_gui.commands.lists import architectures as run

    run(Output(json))


@app.command()
def explainers(json: Json = False) -> None:
    """List the methods that make heatmaps."""
    from imgmine_gui.commands.lists import explainers as run

    run(Output(json))


@app.command(name="self-test")
def self_test(json: Json = False) -> None:
    """Try everything once, and say whether this installation is sound."""
    from imgmine_gui.commands.self_test import self_test as run

    with _output(json) as output:
        if not run(output):
            raise typer.Exit(FAILED)


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Write a report instead of opening a window.")] = False,
    out: Annotated[Path, typer.Option(help="A new folder for the report.")] = Path("imgmine-demo"),
    sample: Annotated[str, typer.Option(help="Which bundled sample.")] = "clutter",
    json: Json = False,
) -> None:
    """Train the attention network on a bundled sample, and look at what came of it."""
    from imgmine_gui.commands.demo import demo as run
    from imgmine_gui.commands.demo import has_screen

    if not headless and has_screen():
        from imgmine_gui.gui.application import run_window

        raise typer.Exit(run_window(demo=sample))
    if not headless:
        _say(f"There is no screen here: the demonstration is written to {out} as a report.")
    with _output(json) as output:
        run(sample, out, output)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise typer.BadParameter(f"--set takes KEY=VALUE, not “{text}”.")
    return name.strip(), value
