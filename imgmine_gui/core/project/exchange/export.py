"""Write the images of a project, or what is said of them, in another format."""

import os
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.database import connect, translated_errors
from imgmine_gui.core.project.exchange.description import Problem, ProblemKind, Told
from imgmine_gui.core.project.exchange.formats import WRITERS, Keeps
from imgmine_gui.core.project.exchange.options import ExportOptions
from imgmine_gui.core.project.exchange.output import writing
from imgmine_gui.core.project.exchange.project_images import ProjectImages
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.text import N_

KEEPS_WORDS = {
    Keeps.LABEL: N_("labels of images"),
    Keeps.MORE_LABELS: N_("further labels of images"),
    Keeps.SPLIT: N_("splits"),
    Keeps.GROUP: N_("groups"),
    Keeps.NOTE: N_("notes"),
    Keeps.TEXT: N_("texts"),
    Keeps.BOX: N_("boxes"),
    Keeps.POLYGON: N_("polygons"),
    Keeps.LINE: N_("lines"),
    Keeps.POINT: N_("points"),
}
"""What a format may not have room for, in words."""


@dataclass(frozen=True)
class ExportReport:
    """What was written.

    Attributes:
        path: of the file or folder.
        format: the name of the writer.
        images: how many were written.
        copied: image files that were copied, or written anew.
        linked: image files that were linked.
        left_out: what the format has no room for, with how much there was of it.
        problems: the first of each kind.
        counts: of all problems by kind.
        remarks: English templates with their values.
    """

    path: Path
    format: str
    images: int
    copied: int
    linked: int
    left_out: dict[Keeps, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    counts: dict[ProblemKind, int] = field(default_factory=dict)
    remarks: tuple[tuple[str, dict[str, Any]], ...] = ()


def export_images(
    database: Path, format_name: str, target: Path, options: ExportOptions, context: JobContext
) -> ExportReport:
    """Write what a project holds.

    Args:
        database: of the project; it is only read.
        format_name: of the writer.
        target: a file, which is replaced, or a folder, which must be new or empty; by the format.
        options: of the type that the writer names.
        context: of the job.

    Raises:
        UserError: there is nothing to write, no image can be read, the target cannot be taken, or the drive is full.
        Cancelled: the person cancelled; nothing is left of what was written.
    """
    writer = WRITERS[format_name]()
    told = Told(context)
    with translated_errors(database), closing(connect(database, read_only=True)) as db:
        db.execute("BEGIN")
        images = ProjectImages(db, options.which, told)
        if not images.count:
            raise UserError(
                N_("There are no images to write."), N_("Choose other images, or add a folder of images first.")
            )
        sources = [path for (path,) in db.execute("SELECT path FROM sources WHERE removed = 0")]
        told.phase(N_("Writing images"), images.count)
        with writing(target, not writer.suffix, sources, options, told) as output:
            writer.write(images, output, told)
            missing = told.counts[ProblemKind.UNREADABLE]
            if missing == images.count:
                raise UserError(
                    N_("None of the images could be read, so nothing was written."),
                    N_("Check whether their drive is connected, then try again."),
                )
        return ExportReport(
            Path(os.path.abspath(target)),
            format_name,
            images.count - missing,
            output.copied,
            output.linked,
            images.left_out(writer.keeps),
            tuple(told.problems),
            dict(told.counts),
            tuple(told.remarks),
        )


def suggested_name(format_name: str, project: str) -> str:
    """What the file or folder of an export may be called."""
    suffix = WRITERS[format_name].suffix
    name = shown(os.fsencode(project))
    return f"{name}{suffix}" if suffix == f".{format_name}" else f"{name}-{format_name}{suffix}"
