"""What the command line calls DATA: a folder of images, a single image, or a project, as items with their splits."""

import dataclasses
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import PhaseStarted
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.presence import Lookout
from imgmine_gui.core.project.project import DATABASE, SUFFIX, check_for_reading, require_project
from imgmine_gui.core.project.records import FileRecord, ScanResult, shown
from imgmine_gui.core.project.scan import scan_folder
from imgmine_gui.core.project.source_places import require_there
from imgmine_gui.core.project.splits import SplitSettings, assign_splits
from imgmine_gui.core.project.transcriptions.finding import find_transcriptions
from imgmine_gui.core.project.transcriptions.options import TranscriptionOptions
from imgmine_gui.core.project.transcriptions.wording import normalised
from imgmine_gui.core.text import N_

__all__ = ["DataItem", "DataItems", "load_items"]

AS_USUAL = TranscriptionOptions()
"""How transcriptions are read if nothing is said."""


def load_items(
    data: Path,
    settings: SplitSettings,
    context: JobContext,
    transcribed: bool = False,
    reading: TranscriptionOptions = AS_USUAL,
) -> tuple[DataItems, ScanResult]:
    """All readable images of ``data``, and what the scan of it found.

    Args:
        data: a folder of images, a single image, or a project.
        settings: how images are divided that no folder divides. A project has settings of its own, which are taken
            instead.
        context: of the job.
        transcribed: whether the texts of the images are wanted. Then an image with a text has the split that its
            table says, else the one of its folder, else one by ``settings``; an image without one has no split, and
            stands in ``transcriptions.without`` of the result with the reason.
        reading: how the texts are read. A project has options of its own, which are taken instead.

    Raises:
        UserError: there is nothing at ``data``, no image in it, or it is a project that cannot be read, or of which a
            source is not there.
        Cancelled: the person cancelled.
    """
    data = data.absolute()
    if is_project_path(data):
        items, result = _of_project(data, context, transcribed)
    else:
        items, result = _of_folder(data, settings, context, reading if transcribed else None)
    if not items.items:
        raise _no_image(data, result)
    return items, result


def is_project_path(data: Path) -> bool:
    """Whether DATA is meant as a project: its name says so, or it holds a catalogue."""
    return data.suffix == SUFFIX or (data / DATABASE).is_file()


def _of_folder(
    data: Path, settings: SplitSettings, context: JobContext, reading: TranscriptionOptions | None
) -> tuple[DataItems, ScanResult]:
    result = scan_folder(str(data), None, context)
    base = data if data.is_dir() else data.parent
    readable = [record for record in result.records if not record.problem]
    keys = [record.key for record in readable]
    if reading is None:
        labels, given = [record.label for record in readable], [record.split for record in readable]
        splits = assign_splits(labels, given, keys, settings)
        return DataItems.of_items(_items(base, readable, splits, [None] * len(readable))), result
    found = find_transcriptions(data, result.records, reading, context)
    texts = [found.texts.get(record.place) for record in readable]
    given = [(text.split or record.split) if text else None for record, text in zip(readable, texts, strict=True)]
    splits = assign_splits(["" if text else None for text in texts], given, keys, settings)
    learned = [normalised(text.text, reading.normalisation) if text else None for text in texts]
    items = _items(base, readable, splits, learned)
    return DataItems.of_items(items), dataclasses.replace(result, transcriptions=found)


def _items(
    base: Path, records: Sequence[FileRecord], splits: Sequence[Split | None], texts: Sequence[str | None]
) -> Iterator[DataItem]:
    for record, split, text in zip(records, splits, texts, strict=True):
        path = os.fsdecode(os.path.join(os.fsencode(base), record.place))
        yield DataItem(path, record.label, split, record.key, text)


def open_catalogue(folder: Path, context: JobContext) -> Catalogue:
    """The catalogue of a project, for reading; the caller closes it.

    Raises:
        UserError: it is no project, or cannot be read.
    """
    context.report(PhaseStarted(N_("Reading the catalogue")))
    require_project(folder)
    check_for_reading(folder / DATABASE)
    return Catalogue(folder / DATABASE, read_only=True)


def _of_project(folder: Path, context: JobContext, transcribed: bool) -> tuple[DataItems, ScanResult]:
    with closing(open_catalogue(folder, context)) as catalogue:
        require_there(Lookout(), catalogue.places.all())
        result = catalogue.last_scan()
        if transcribed:
            result = dataclasses.replace(result, transcriptions=catalogue.transcriptions())
        return DataItems.of_items(catalogue.items()), result


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
