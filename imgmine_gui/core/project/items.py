"""What the command line calls DATA: a folder of images, a single image, or a project, as items with their splits."""

import os
from contextlib import closing
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import PhaseStarted
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.presence import Lookout
from imgmine_gui.core.project.project import DATABASE, SUFFIX, check_for_reading, require_project
from imgmine_gui.core.project.records import ScanResult, shown
from imgmine_gui.core.project.scan import scan_folder
from imgmine_gui.core.project.source_places import require_there
from imgmine_gui.core.project.splits import SplitSettings, assign_splits
from imgmine_gui.core.text import N_

__all__ = ["DataItem", "DataItems", "load_items"]


def load_items(data: Path, settings: SplitSettings, context: JobContext) -> tuple[DataItems, ScanResult]:
    """All readable images of ``data``, and what the scan of it found.

    Args:
        data: a folder of images, a single image, or a project.
        settings: how images are divided that no folder divides. A project has settings of its own, which are taken
            instead.
        context: of the job.

    Raises:
        UserError: there is nothing at ``data``, no image in it, or it is a project that cannot be read, or of which a
            source is not there.
        Cancelled: the person cancelled.
    """
    data = data.absolute()
    items, result = _of_project(data, context) if is_project_path(data) else _of_folder(data, settings, context)
    if not items.items:
        raise _no_image(data, result)
    return items, result


def is_project_path(data: Path) -> bool:
    """Whether DATA is meant as a project: its name says so, or it holds a catalogue."""
    return data.suffix == SUFFIX or (data / DATABASE).is_file()


def _of_folder(data: Path, settings: SplitSettings, context: JobContext) -> tuple[DataItems, ScanResult]:
    result = scan_folder(str(data), None, context)
    readable = [record for record in result.records if not record.problem]
    splits = assign_splits(
        [record.label for record in readable],
        [record.split for record in readable],
        [record.key for record in readable],
        settings,
    )
    base = os.fsencode(data if data.is_dir() else data.parent)
    items = (
        DataItem(os.fsdecode(os.path.join(base, record.place)), record.label, split, record.key)
        for record, split in zip(readable, splits, strict=True)
    )
    return DataItems.of_items(items), result


def _of_project(folder: Path, context: JobContext) -> tuple[DataItems, ScanResult]:
    context.report(PhaseStarted(N_("Reading the catalogue")))
    require_project(folder)
    check_for_reading(folder / DATABASE)
    with closing(Catalogue(folder / DATABASE, read_only=True)) as catalogue:
        require_there(Lookout(), catalogue.places.all())
        return DataItems.of_items(catalogue.items()), catalogue.last_scan()


def _no_image(data: Path, result: ScanResult) -> UserError:
    path = shown(os.fsencode(data))
    if result.unreadable:
        return UserError(
            N_("Not one of the images in “{path}” can be read. Of the first: {reason}"),
            N_("Choose a folder of sound images, such as JPEG or PNG files."),
            path=path,
            reason=result.unreadable[0].reason,
        )
    return UserError(
        N_("There is no image in “{path}”."),
        N_("Choose a folder that holds images, such as JPEG or PNG files."),
        path=path,
    )
