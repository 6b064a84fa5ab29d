"""Sources that a person adds and takes out."""

import os
import sqlite3

from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project import sources
from imgmine_gui.core.project.edits.changes import set_column
from imgmine_gui.core.project.edits.derived import follow_sources


def remove_source(db: sqlite3.Connection, edit_id: int, source_id: int) -> None:
    """Take a source and its images out of use; the files stay where they are.

    Raises:
        UserError: it was removed already.
    """
    sources.select_source(db, source_id)
    set_column(db, edit_id, "sources.removed", [source_id], 1)
    follow_sources(db, edit_id)


def source_name(db: sqlite3.Connection, source_id: int) -> str:
    """What a source is called in the title of an edit: its last folder.

    Raises:
        UserError: it was removed already.
    """
    path = sources.select_source(db, source_id).path
    return printable(os.path.basename(path) or path)
