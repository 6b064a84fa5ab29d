"""How commands explain themselves and say what was wrong with their use, in the language of the person.

Typer words neither its help nor its errors in another language, and has them drawn in other ways by each of its
versions; so both are ours. It brings click along under changing names, which is why its errors are known by name here.
"""

import difflib
import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from imgmine_gui.commands.columns import pad, width_of, wrap
from imgmine_gui.core.text import N_, join_list, join_sentences, tr

UsageError: Any = typer.BadParameter.__mro__[1]
"""What click raises where a command is used wrongly."""

MARGIN, LEFT, WIDEST = 2, 26, 100
"""Columns: before an entry, at most of its names, and at most of a line."""

Entry = tuple[str, str]
"""Names, and what they mean; both in the current language."""


class Command(TyperCommand):
    """A command with our help and our errors."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        formatter.write(help_of(self, ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; says in words what is wrong with them."""
        ctx.allow_extra_args = True  # to name them in words of ours
        try:
            rest: list[str] = super().parse_args(ctx, args)
        except UsageError as error:
            error.ctx = error.ctx or ctx  # some are raised without, and it names the command
            raise
        if rest:
            raise typer.BadParameter(tr("“{word}” is one argument too many.", word=rest[0]), ctx=ctx)
        return rest


class Group(TyperGroup):
    """All commands, with our help and our errors."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        formatter.write(help_of(self, ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; one that is not there may be a path that is not there."""
        if args[0] not in self.commands:
            said = tr("There is no command, file or folder “{name}”.", name=args[0])
            raise typer.BadParameter(join_sentences(said, _did_you_mean(args[0], list(self.commands))), ctx=ctx)
        return super().resolve_command(ctx, args)


def help_of(command: Any, ctx: Any) -> str:
    """The help of a command, for the width of the terminal."""
    width = min(WIDEST, max(40, shutil.get_terminal_size().columns)) - 1
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option" and not param.hidden]
    sections = (
        (tr("Arguments:"), [(_metavar(param), _words(param.help)) for param in arguments]),
        (tr("Options:"), [*map(_option, options), ("--help, -h", tr("Show this help."))]),
        (tr("Commands:"), [(name, _words(one.help)) for name, one in getattr(command, "commands", {}).items()]),
    )
    usage = tr("Usage: {usage}", usage=usage_of(command, ctx))
    text = "\n".join([usage, "", *wrap(_words(command.help), width), ""])
    for heading, entries in sections:
        if entries:
            text += f"\n{_bold(heading)}\n" + "".join(f"{line}\n" for line in _listed(entries, width))
    return text


def usage_of(command: Any, ctx: Any) -> str:
    """How a command is called, on one line."""
    words = [ctx.command_path, tr("[OPTIONS]")]
    words += [_metavar(param) for param in command.params if param.param_type_name == "argument"]
    return " ".join([*words, tr("COMMAND")] if hasattr(command, "commands") else words)


def complaint(error: Any) -> str:
    """What was wrong with the use of a command, and where its help is; one line."""
    command = error.ctx.command_path if error.ctx is not None else "imgmine"
    return join_sentences(_what(error), tr("See “{command} --help”.", command=command))


def _what(error: Any) -> str:
    match type(error).__name__:
        case "NoSuchOption":
            said = tr("There is no option “{name}”.", name=error.option_name)
            return join_sentences(said, _did_you_mean(error.option_name, error.possibilities or ()))
        case "MissingParameter":
            option = error.param.param_type_name == "option"
            return tr("{name} is missing.", name=error.param.opts[0] if option else _metavar(error.param))
        case "BadOptionUsage":
            param = next((one for one in error.ctx.command.params if error.option_name in one.opts), None)
            takes = param is not None and not param.is_flag
            return tr(N_("{name} needs a value.") if takes else N_("{name} takes no value."), name=error.option_name)
    if getattr(error, "param", None) is not None:
        return tr("{title}: {description}", title=error.param.opts[0], description=error.message)
    return str(error.message)


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known)
    return tr("Did you mean {names}?", names=join_list(f"“{name}”" for name in close)) if close else ""


def _option(param: Any) -> Entry:
    names = ", ".join(param.opts)
    if not param.is_flag:
        names += f" {_metavar(param)}"
    notes = ""
    if param.required:
        notes = tr("Required.")
    elif not param.is_flag and param.default is not None:
        notes = tr("Default: {value}.", value=param.default)
    return names, join_sentences(_words(param.help), notes)


def _metavar(param: Any) -> str:
    return tr(param.metavar or param.name.upper())


def _listed(entries: list[Entry], width: int) -> Iterator[str]:
    """Two columns; names that are too long for theirs stand on a line of their own."""
    left = MARGIN + min(LEFT, max(width_of(names) for names, _ in entries)) + 2
    for names, meaning in entries:
        lines = wrap(meaning, width - left)
        first = " " * MARGIN + names
        if width_of(first) + 2 > left:
            yield first
        else:
            yield pad(first, left) + lines.pop(0)
        yield from (" " * left + line for line in lines)


def _words(text: str | None) -> str:
    return tr(text) if text else ""


def _bold(text: str) -> str:
    return typer.style(text, bold=True)
