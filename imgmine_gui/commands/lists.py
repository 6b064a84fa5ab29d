"""``imgmine architectures`` and ``imgmine explainers``: what there is to choose from, with every option."""

from typing import Any

from rich.table import Table

from imgmine_gui.commands.console import Output
from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.explain.base import EXPLAINERS
from imgmine_gui.core.options import Kind, OptionField, Options, option_fields
from imgmine_gui.core.text import join_list, tr
from imgmine_gui.core.training.config import GROUPS


def architectures(output: Output) -> None:
    """List the architectures, their options, and those of every training."""
    table = table_of(tr("Name"), tr("Option"), tr("Default"), tr("What it does"))
    told: dict[str, Any] = {}
    for name in ARCHITECTURES:
        kind = ARCHITECTURES[name]
        table.add_row(f"[bold]{name}[/bold]", "", "", tr(kind.summary))
        told[name] = {"title": kind.title, "summary": kind.summary, "options": options_of(kind.options_type, table)}
    table.add_section()
    for group, options in GROUPS.items():
        table.add_row(f"[bold]{group}[/bold]", "", "", "")
        told[group] = {"options": options_of(options, table)}
    output.result(told, table)


def explainers(output: Output) -> None:
    """List the methods that make heatmaps, and their options."""
    table = table_of(tr("Name"), tr("Option"), tr("Default"), tr("What it shows"))
    told: dict[str, Any] = {}
    for name in EXPLAINERS:
        kind = EXPLAINERS[name]
        table.add_row(f"[bold]{name}[/bold]", "", "", f"{tr(kind.summary)} ({kind.paper})")
        told[name] = {"title": kind.title, "summary": kind.summary, "paper": kind.paper, "needs": sorted(kind.needs),
                      "options": options_of(kind.Options, table)}  # fmt: skip
    output.result(told, table)


def table_of(*headings: str) -> Table:
    """A table whose cells fold: Chinese has no blanks at which Rich would break it, and is cut off otherwise."""
    table = Table()
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def options_of(options: type[Options], table: Table) -> dict[str, Any]:
    """A row an option; the same as values."""
    fields = option_fields(options)
    for field in fields:
        words = tr("{title}: {description}", title=tr(field.title), description=tr(field.description))
        table.add_row("", field.name, _default(field), words + _bounds(field))
    return {
        field.name: {"default": field.default, "minimum": field.minimum, "maximum": field.maximum,
                     "choices": [value for value, _ in field.choices], "description": field.description}
        for field in fields
    }  # fmt: skip


def _default(field: OptionField) -> str:
    """The default as it is written after ``--set``."""
    if isinstance(field.default, tuple):
        return ",".join(map(str, field.default))
    return str(field.default).lower() if field.default is None or field.kind is Kind.SWITCH else str(field.default)


def _bounds(field: OptionField) -> str:
    if field.choices:
        return f" ({join_list(value for value, _ in field.choices)})"
    if field.minimum is None or field.maximum is None:
        return ""
    return f" ({field.minimum:g}–{field.maximum:g})"
