"""The command line: reads arguments, and turns errors into exit codes.

0: done. 1: an error, one line on stderr that says what to do. 2: wrong usage. 130: interrupted, with what was learned
saved.
"""

import contextlib
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.main import get_command

from imgmine_gui import __version__
from imgmine_gui.commands.declaring import (
    FILE,
    FOLDER,
    NAME,
    Data,
    Folds,
    InputSize,
    Interrupted,
    Json,
    Model,
    Network,
    PartsSeed,
    Project,
    ReadingSettings,
    Settings,
)
from imgmine_gui.commands.declaring import number as _number
from imgmine_gui.commands.declaring import option as _option
from imgmine_gui.commands.declaring import output as _output
from imgmine_gui.commands.declaring import pair as _pair
from imgmine_gui.commands.declaring import settings as _settings
from imgmine_gui.commands.declaring import whole_option as _whole_option
from imgmine_gui.commands.durations import parse_duration
from imgmine_gui.commands.language import use_language
from imgmine_gui.commands.usage import Command, Group, UsageError, complaint
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.text import N_, join_sentences, tr

FAILED, USAGE, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="imgmine",
    cls=Group,
    help=N_(
        "Image data mining: load folders of images, train a network, see where it looked. Without a command, a window "
        "opens; a folder, project, image or model in place of the command is opened in it."
    ),
    context_settings={"help_option_names": ["--help", "-h"]},
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)
RunT = TypeVar("RunT", bound=Callable[..., None])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Everything is told in the language of the person."""
    use_language()
    given = None if arguments is None else list(arguments)
    try:
        return int(get_command(app).main(args=given, prog_name="imgmine", standalone_mode=False) or 0)
    except (Exception, SystemExit) as error:
        return _tell(error)


def _tell(error: BaseException) -> int:
    """Say what ended a command; returns its exit code."""
    code = FAILED
    if isinstance(error, SystemExit):  # of typer, where nobody reads what is written
        code = int(error.code or 0)
    elif isinstance(error, UsageError):
        _say(complaint(error))
        code = USAGE
    elif isinstance(error, Interrupted | Cancelled | typer.Abort):
        code = INTERRUPTED
    elif isinstance(error, BrokenPipeError):
        with contextlib.suppress(OSError):
            sys.stderr.close()
    elif isinstance(error, UserError):
        _say(str(error))
    else:
        _say(_logged(error))
    return code


def _logged(error: BaseException) -> str:
    """Write a fault of the program to the log; returns what to say of it."""
    from imgmine_gui.app.logging import set_up_logging
    from imgmine_gui.app.places import log_file

    set_up_logging()
    logging.getLogger("imgmine_gui").error("fault", exc_info=error)
    said = tr("ImgMine made a mistake: {error}", error=f"{type(error).__name__}: {error}".rstrip(".") + ".")
    return join_sentences(said, tr("Please report it; the details are in {path}.", path=log_file()))


def _say(text: str) -> None:
    """One line on stderr, whatever a file name holds."""
    sys.stderr.write(" ".join(text.split()).encode("utf-8", "surrogateescape").decode("utf-8", "replace") + "\n")


def _command(name: str, words: str) -> Callable[[RunT], RunT]:
    """Register a command; ``words``, marked with ``N_``, say what it does."""
    return app.command(name, cls=Command, help=words)


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help=N_("Say which version this is."), is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(f"imgmine {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(USAGE)


@_command("scan", N_("Say what is in a folder, and which images cannot be read and why."))
def _scan(
    data: Data,
    transcriptions: Annotated[
        bool, _option(N_("Say which texts the images have, and list their characters."), "--transcriptions")
    ] = False,
    set_: ReadingSettings = None,
    json: Json = False,
) -> None:
    from imgmine_gui.commands.scan import scan as run

    options = dict(_pair(text) for text in set_ or [])
    with _output(json) as output:
        if transcriptions:
            from imgmine_gui.commands.scan_texts import scan_texts

            scan_texts(data, options, output)
        else:
            run(data, output)


@_command("train", N_("Train a network on a folder with one sub-folder a class."))
def _train(
    data: Data,
    out: Annotated[Path, _option(N_("A new folder for the run, or with --resume the folder of one."), metavar=FOLDER)],
    task: Annotated[str, _option(N_("What is to be learned."), metavar=NAME)] = "classification",
    architecture: Network = None,
    epochs: Annotated[int | None, _whole_option(N_("How often every training image is shown."))] = None,
    image_size: Annotated[
        int | None, _whole_option(N_("Width and height of what the network sees, in px; of lines the height."))
    ] = None,
    batch_size: Annotated[int | None, _whole_option(N_("Images looked at together."))] = None,
    learning_rate: Annotated[
        float | None, _option(N_("How far the weights move a step."), metavar="X", parser=_number)
    ] = None,
    seed: Annotated[int | None, _whole_option(N_("The same seed gives the same network."))] = None,
    time_budget: Annotated[str | None, _option(N_("End after this time, like 90s or 5m."), metavar=N_("TIME"))] = None,
    set_: Settings = None,
    resume: Annotated[bool, _option(N_("Go on with the run in --out."), "--resume")] = False,
    json: Json = False,
) -> None:
    from imgmine_gui.commands.train import train as run

    given = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed,
             "time_budget": None if time_budget is None else parse_duration(time_budget)}  # fmt: skip
    settings: list[tuple[str, Any]] = [(name, value) for name, value in given.items() if value is not None]
    settings += [_pair(text) for text in set_ or []]
    with _output(json) as output:
        interrupted = run(data, task, architecture, out, image_size, settings, resume, output)
    if interrupted:
        raise Interrupted


@_command("predict", N_("Say what a model thinks of images."))
def _predict(
    model: Model,
    data: Data,
    out: Annotated[Path, _option(N_("The CSV file to write."), metavar=FILE)],
    heatmaps: Annotated[Path | None, _option(N_("A folder for a heatmap an image."), metavar=FOLDER)] = None,
    method: Annotated[str | None, _option(N_("How heatmaps are made; see “imgmine explainers”."), metavar=NAME)] = None,
    json: Json = False,
) -> None:
    from imgmine_gui.commands.predict import predict as run

    with _output(json) as output:
        run(model, data, out, heatmaps, method, output)


@_command("evaluate", N_("Say how right a model is on labelled images."))
def _evaluate(
    model: Model,
    data: Data,
    split: Annotated[
        str | None, _option(N_("train, validation, test or all; test where there is one."), metavar=NAME)
    ] = None,
    ignore: Annotated[
        list[str] | None,
        _option(N_("Of texts: differences of case, quotes or white_space do not count."), metavar=NAME),
    ] = None,
    json: Json = False,
) -> None:
    from imgmine_gui.commands.evaluate import evaluate as run

    with _output(json) as output:
        run(model, data, split, output, ignore or [])


@_command("cross-validate", N_("Say how good a training on these images would be, with the pretrained backbone."))
def _cross_validate(
    data: Data,
    folds: Folds = 5,
    image_size: InputSize = 224,
    seed: PartsSeed = 0,
    set_: Settings = None,
    json: Json = False,
) -> None:
    from imgmine_gui.commands.judging import tell_cross_validation as run

    options = dict(_pair(text) for text in set_ or [])
    with _output(json) as output:
        run(data, folds, seed, image_size, options, output)


@_command("learning-curve", N_("Say how accuracy grows with the number of images, and what more would bring."))
def _learning_curve(
    data: Data,
    folds: Folds = 5,
    image_size: InputSize = 224,
    seed: PartsSeed = 0,
    set_: Settings = None,
    json: Json = False,
) -> None:
    from imgmine_gui.commands.judging import tell_learning_curve as run

    options = dict(_pair(text) for text in set_ or [])
    with _output(json) as output:
        run(data, folds, seed, image_size, options, output)


@_command("explain", N_("Show where a model looked in an image."))
def _explain(
    model: Model,
    image: Annotated[Path, typer.Argument(help=N_("An image."), metavar=N_("IMAGE"))],
    out: Annotated[Path, _option(N_("The picture to write, or the heatmap as an array: .png or .npy."), metavar=FILE)],
    method: Annotated[
        str | None, _option(N_("How the heatmap is made; see “imgmine explainers”."), metavar=NAME)
    ] = None,
    target: Annotated[
        str | None, _option(N_("The class to explain; else the predicted one."), metavar=N_("CLASS"))
    ] = None,
    set_: Annotated[list[str] | None, _settings(N_("An option of the method; may be given several times."))] = None,
    json: Json = False,
) -> None:
    from imgmine_gui.commands.explain import explain as run

    options = dict(_pair(text) for text in set_ or [])
    with _output(json) as output:
        run(model, image, method, target, options, out, output)


@_command("import", N_("Bring labels and shapes from a file of another program into a project."))
def _import(
    project: Project,
    file: Annotated[Path, typer.Argument(help=N_("A file or folder with labels."), metavar=N_("FILE"))],
    format_: Annotated[
        str | None, _option(N_("Its format, if it is not recognised; see “imgmine formats”."), "--format", metavar=NAME)
    ] = None,
    dry_run: Annotated[bool, _option(N_("Only say what would be changed."), "--dry-run")] = False,
    set_: Settings = None,
    json: Json = False,
) -> None:
    from imgmine_gui.commands.exchange import import_labels as run

    options = dict(_pair(text) for text in set_ or [])
    with _output(json) as output:
        run(project, file, format_, options, dry_run, output)


@_command("export", N_("Write the labels and shapes of a project in the format of another program."))
def _export(
    project: Project,
    format_: Annotated[str, _option(N_("The format to write; see “imgmine formats”."), "--format", metavar=NAME)],
    out: Annotated[Path, _option(N_("The file to write, or a new folder, by the format."), metavar=FILE)],
    set_: Annotated[list[str] | None, _settings(N_("An option of the format; may be given several times."))] = None,
    json: Json = False,
) -> None:
    from imgmine_gui.commands.exchange import export_labels as run

    options = dict(_pair(text) for text in set_ or [])
    with _output(json) as output:
        run(project, format_, out, options, output)


@_command("sources", N_("List the folders that a project refers to, and whether they are there."))
def _sources(project: Project, json: Json = False) -> None:
    from imgmine_gui.commands.sources import sources as run

    with _output(json) as output:
        run(project, output)


@_command("rescan", N_("Look again at what is in the folders of a project."))
def _rescan(
    project: Project,
    source: Annotated[str | None, _option(N_("Only this source: its path or name."), metavar=NAME)] = None,
    empty: Annotated[
        bool, _option(N_("Mark the images of a folder that is empty now as missing; their labels are kept."), "--empty")
    ] = False,
    transcriptions: Annotated[
        bool,
        _option(N_("Read texts out of label columns, text files and names too, from now on."), "--transcriptions"),
    ] = False,
    set_: ReadingSettings = None,
    json: Json = False,
) -> None:
    from imgmine_gui.commands.sources import rescan as run

    options = dict(_pair(text) for text in set_ or [])
    with _output(json) as output:
        run(project, source, empty, options if transcriptions else None, output)


@_command("relink", N_("Say where a folder of a project is that was moved; all labels are kept."))
def _relink(
    project: Project,
    folder: Annotated[Path, typer.Argument(help=N_("Where it is now."), metavar=FOLDER)],
    source: Annotated[
        str | None, _option(N_("Which source was moved: its path or name; the one that is not there."), metavar=NAME)
    ] = None,
    anyway: Annotated[bool, _option(N_("Take the folder although none of the images is there."), "--anyway")] = False,
    dry_run: Annotated[bool, _option(N_("Only say what was found; change nothing."), "--dry-run")] = False,
    json: Json = False,
) -> None:
    from imgmine_gui.commands.sources import relink as run

    with _output(json) as output:
        run(project, folder, source, anyway, dry_run, output)


@_command("formats", N_("List the formats that labels are read from and written to."))
def _formats(json: Json = False) -> None:
    from imgmine_gui.commands.exchange import formats as run

    with _output(json) as output:
        run(output)


@_command("architectures", N_("List the networks to choose from, with every option."))
def _architectures(json: Json = False) -> None:
    from imgmine_gui.commands.lists import architectures as run

    with _output(json) as output:
        run(output)


@_command("explainers", N_("List the methods that make heatmaps."))
def _explainers(json: Json = False) -> None:
    from imgmine_gui.commands.lists import explainers as run

    with _output(json) as output:
        run(output)


@_command("self-test", N_("Try everything once, and say whether this installation is sound."))
def _self_test(json: Json = False) -> None:
    from imgmine_gui.commands.self_test import self_test as run

    with _output(json) as output:
        if not run(output):
            raise typer.Exit(FAILED)


@_command("demo", N_("Train a network on a bundled sample, and look at what came of it."))
def _demo(
    headless: Annotated[bool, _option(N_("Write a report instead of opening a window."), "--headless")] = False,
    out: Annotated[Path, _option(N_("A new folder for the report."), metavar=FOLDER)] = Path("imgmine-demo"),
    sample: Annotated[str, _option(N_("Which bundled sample."), metavar=NAME)] = "clutter",
    json: Json = False,
) -> None:
    from imgmine_gui.commands.demo import demo as run
    from imgmine_gui.commands.demo import find_folder, has_screen, is_for_window

    find_folder(sample)
    if not headless and not is_for_window(sample):
        _say(tr("The window does not show this sample: the demonstration is written to {out} as a report.", out=out))
    elif not headless and has_screen():
        from imgmine_gui.gui.application import run_window

        raise typer.Exit(run_window(demo=sample))
    elif not headless:
        _say(tr("There is no screen here: the demonstration is written to {out} as a report.", out=out))
    with _output(json) as output:
        run(sample, out, output)
