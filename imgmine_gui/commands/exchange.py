"""``imgmine import``, ``imgmine export`` and ``imgmine formats``: labels and shapes in and out of a project."""

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from imgmine_gui.commands.console import Output
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.commands.lists import options_of, table_of
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.options import parse_options
from imgmine_gui.core.project.exchange.applying import apply_plan
from imgmine_gui.core.project.exchange.description import Problem
from imgmine_gui.core.project.exchange.export import export_images
from imgmine_gui.core.project.exchange.formats import READERS, WRITERS
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.plan import ImportPlan
from imgmine_gui.core.project.exchange.planning import plan_import
from imgmine_gui.core.project.exchange.words import export_lines, plan_lines, problem_lines, report_line
from imgmine_gui.core.project.project import DATABASE, Project, check_for_reading, require_project
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.text import N_, join_list, tr

TOLD = 20
"""So many problems are told to a person; with ``--json``, all that are kept."""


def import_labels(
    folder: Path, file: Path, format_name: str | None, options: Mapping[str, Any], dry_run: bool, output: Output
) -> None:
    """Bring what ``file`` says of the images of a project into it; or, with ``dry_run``, say what that would change.

    Raises:
        UserError: project or file are not right, no image of the file is in the project, or it is open elsewhere.
        Cancelled: interrupted; nothing was changed.
    """
    chosen = parse_options(ImportOptions, options)
    context = PlainContext(output.event)
    with tempfile.TemporaryDirectory(prefix="imgmine-") as staging, interruptible(context):
        if dry_run:
            require_project(folder)
            check_for_reading(folder / DATABASE)
            plan = plan_import(folder / DATABASE, str(file), format_name, chosen, Path(staging) / "import.db", context)
            _tell_plan(plan, output)
            output.result(_plan_values(plan))
            return
        with closing(Project.open(folder)) as project:
            plan = plan_import(
                project.catalogue.path, str(file), format_name, chosen, Path(staging) / "import.db", context
            )
            _tell_plan(plan, output)
            _require_images(plan)
            report = apply_plan(project.catalogue, plan, context)
    values = {
        **_plan_values(plan),
        "changed": report.images,
        "labels": report.labels,
        "splits": report.splits,
        "texts_written": report.texts,
        "shapes_added": report.shapes,
        "shapes_taken": report.shapes_taken,
    }
    output.result(values, text=report_line(report))


def export_labels(folder: Path, format_name: str, out: Path, options: Mapping[str, Any], output: Output) -> None:
    """Write what a project holds as a file or folder in another format.

    Raises:
        UserError: the project is not right, there is nothing to write, or ``out`` cannot be taken.
        Cancelled: interrupted; nothing is left of what was written.
    """
    chosen = parse_options(WRITERS[format_name].options_type, options)
    require_project(folder)
    check_for_reading(folder / DATABASE)
    context = PlainContext(output.event)
    with interruptible(context):
        report = export_images(folder / DATABASE, format_name, out, chosen, context)
    output.close()
    _tell_problems(report.problems, output)
    values = {
        "images": report.images,
        "copied": report.copied,
        "linked": report.linked,
        "left_out": {sort.value: count for sort, count in report.left_out.items()},
        "problems": {kind.value: count for kind, count in report.counts.items()},
        "out": str(report.path),
    }
    output.result(values, text="\n".join(export_lines(report)))


def formats(output: Output) -> None:
    """List the formats that are read and written, and their options."""
    table = table_of(tr("Name"), tr("Option"), tr("Default"), tr("What it does"))
    told: dict[str, Any] = {}
    for name in sorted({*READERS, *WRITERS}):
        ways = [word for word, known in ((N_("import"), READERS), (N_("export"), WRITERS)) if name in known]
        either = WRITERS[name] if name in WRITERS else READERS[name]
        title = tr("{title} ({ways})", title=tr(either.title), ways=join_list(map(tr, ways)))
        table.add_row(f"[bold]{name}[/bold]", "", "", f"{title}\n{tr(either.summary)}")
        told[name] = {"title": either.title, "summary": either.summary, "reads": name in READERS,
                      "writes": name in WRITERS}  # fmt: skip
        if name in WRITERS:
            told[name]["options"] = options_of(WRITERS[name].options_type, table)
    table.add_section()
    table.add_row("[bold]import[/bold]", "", "", tr("Of every import:"))
    told["import"] = {"options": options_of(ImportOptions, table)}
    output.result(told, table)


def _tell_plan(plan: ImportPlan, output: Output) -> None:
    output.close()
    if not output.as_json:
        for line in [*plan_lines(plan), *problem_lines(plan.counts)]:
            output.line({}, line)
    _tell_problems(plan.problems, output)


def _tell_problems(problems: Sequence[Problem], output: Output) -> None:
    for problem in problems if output.as_json else problems[:TOLD]:
        values = {"event": "Problem", "kind": problem.kind, "file": problem.file, "line": problem.line}
        output.line({**values, "reason": problem.text}, f"  {problem.text}")
    if len(problems) > TOLD and not output.as_json:
        output.line({}, tr("  and {count} more; --json tells them all.", count=len(problems) - TOLD))


def _require_images(plan: ImportPlan) -> None:
    if not plan.images:
        raise UserError(
            N_("“{file}” speaks of no image of the project, so nothing was changed."),
            N_("Add the folder with its images to the project first, or correct the paths in it."),
            file=shown(os.fsencode(plan.file.name)),
        )


def _plan_values(plan: ImportPlan) -> dict[str, Any]:
    names: Iterable[str] = (
        *("format", "pieces", "images", "by_name", "classes", "new_classes", "labels_new", "labels_changed"),
        *("labels_same", "labels_kept", "several", "groups", "notes", "texts", "shapes", "shapes_there"),
    )
    problems = {kind.value: count for kind, count in plan.counts.items()}
    return {**{name: getattr(plan, name) for name in names}, "splits_changed": plan.splits, "problems": problems}
