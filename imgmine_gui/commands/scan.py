"""``imgmine scan DATA``: what is in a folder, and what cannot be read and why."""

from pathlib import Path

from rich.table import Table

from imgmine_gui.commands.console import Output
from imgmine_gui.commands.interrupt import interruptible
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.project.scan import scan_folder
from imgmine_gui.core.text import join_phrases, ntr, tr


def scan(data: Path, output: Output) -> None:
    """Scan ``data``; a line a problem, then the counts.

    Raises:
        UserError: the folder is missing or cannot be read.
        Cancelled: interrupted.
    """
    context = PlainContext(output.event)
    with interruptible(context):
        result = scan_folder(str(data), None, context)
    output.close()
    for record in result.unreadable:
        name = shown(record.place)
        output.line(
            {"event": "Problem", "path": name, "problem": record.problem, "reason": record.reason}, record.reason
        )
    readable = [record for record in result.records if not record.problem]
    names = sorted({record.label for record in readable if record.label is not None})
    counts = {
        name: {split: sum(r.label == name and r.split == split for r in readable) for split in (*Split, None)}
        for name in names
    }
    table = Table(tr("Class"), tr("Train"), tr("Validation"), tr("Test"), tr("No split"))
    for name, row in counts.items():
        table.add_row(name, *(str(row[split]) for split in (*Split, None)))
    pages = sum(record.page > 0 for record in result.records)
    values = {
        "images": result.readable_files,
        "unreadable": result.unreadable_files,
        "not_images": result.not_images,
        "pages": pages,
        "classes": {name: {key or "none": count for key, count in row.items()} for name, row in counts.items()},
    }
    text = tr(
        "{images} images, {unreadable} that cannot be read, {others} other files",
        images=result.readable_files,
        unreadable=result.unreadable_files,
        others=result.not_images,
    )
    if pages:
        text = join_phrases([text, ntr("{count} further page", "{count} further pages", pages)])
    output.result(values, table if names else None, text)
