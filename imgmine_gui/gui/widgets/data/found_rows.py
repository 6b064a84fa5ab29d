"""What a scan has just found, as rows for the thumbnails, before it is in the catalogue."""

import os
from collections.abc import Iterable
from itertools import count

from imgmine_gui.core.project.catalogue import ImageRow
from imgmine_gui.core.project.queries import location
from imgmine_gui.core.project.records import FileRecord, shown

_ids = count(-1, -1)


def found_rows(source: str, records: Iterable[FileRecord]) -> list[ImageRow]:
    """The images of ``records`` that can be read; their ids are negative, and never used twice.

    Args:
        source: the absolute path of the source.
    """
    base = os.fsencode(source)
    is_file = int(os.path.isfile(source))
    return [
        ImageRow(
            next(_ids),
            0,
            os.fsdecode(location(base, is_file, one.path, one.page)),
            shown(os.path.basename(one.place)),
            one.key,
            one.width,
            one.height,
            one.label,
            one.split,
            "",
            "",
        )
        for one in records
        if not one.problem
    ]
