"""Groups: images of one group (a patient, a plot, a page) are never in two splits."""

import sqlite3
import unicodedata
from collections.abc import Iterable

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.edits.changes import Rows, set_column, set_each
from imgmine_gui.core.text import N_

LONGEST_NAME = 500
"""In characters."""


def group_name(name: str) -> str:
    """``name`` as it is stored: Unicode NFC, without spaces around it; "" for none."""
    return unicodedata.normalize("NFC", name).strip()


def set_group(db: sqlite3.Connection, edit_id: int, images: Rows, name: str) -> None:
    """Put images into a group; "" takes them out of theirs.

    Raises:
        UserError: the name is too long.
    """
    set_column(db, edit_id, "images.group_name", images, _checked(name))


def set_groups(db: sqlite3.Connection, edit_id: int, groups: Iterable[tuple[int, str]]) -> None:
    """Put each image, by its id, into a group of its own; images that are not named keep theirs.

    Raises:
        UserError: a name is too long.
    """
    set_each(db, edit_id, "images.group_name", ((image_id, _checked(name)) for image_id, name in groups))


def _checked(name: str) -> str:
    name = group_name(name)
    if len(name) > LONGEST_NAME:
        raise UserError(
            N_("The name of a group can have {most} characters; this one has {count}."),
            N_("Shorten it, or choose a pattern that takes less of the path."),
            most=LONGEST_NAME,
            count=len(name),
        )
    return name
