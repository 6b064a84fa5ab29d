"""The classes, made and changed by hand."""

import sqlite3
import unicodedata
from collections.abc import Sequence

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.edits.changes import Sql, set_column, set_each
from imgmine_gui.core.project.edits.class_book import free_colours, insert_class, read_book, write_book
from imgmine_gui.core.text import N_

LONGEST_NAME = 200
"""In characters."""
SHORTCUTS = "1234567890"
"""The keys that may stand for a class, in the order in which they lie on the keyboard."""


def class_name(name: str) -> str:
    """``name`` as it is stored: Unicode NFC, without spaces around it.

    Raises:
        UserError: it is empty, too long, or has characters that cannot be shown.
    """
    cleaned = unicodedata.normalize("NFC", name).strip()
    if not cleaned:
        raise UserError(N_("A class needs a name."), N_("Type one."))
    if len(cleaned) > LONGEST_NAME:
        raise UserError(
            N_("The name of a class can have {most} characters; this one has {count}."),
            N_("Shorten it."),
            most=LONGEST_NAME,
            count=len(cleaned),
        )
    if not cleaned.isprintable():
        raise UserError(
            N_("“{name}” cannot be the name of a class: it has line breaks or other characters that cannot be seen."),
            N_("Type it anew."),
            name=printable(cleaned),
        )
    return cleaned


def require_class(db: sqlite3.Connection, class_id: int) -> str:
    """The name of a class that is in use.

    Raises:
        UserError: it was deleted meanwhile.
    """
    row = db.execute("SELECT name FROM classes WHERE id = ? AND removed = 0", [class_id]).fetchone()
    if row is None:
        raise UserError(N_("This class is no longer part of the project."), N_("Choose another, or add it again."))
    return str(row[0])


def find_class(db: sqlite3.Connection, name: str) -> int | None:
    """The id of the class in use of this name."""
    row = db.execute("SELECT id FROM classes WHERE name = ? AND removed = 0", [name]).fetchone()
    return None if row is None else int(row[0])


def is_listed(db: sqlite3.Connection, class_id: int) -> bool:
    """Whether a class in use is shown: it has a readable image, or a person wants it to be there without."""
    has_image = "SELECT EXISTS (SELECT 1 FROM images WHERE class_id = ? AND state = 0 AND problem = '')"
    return class_id in read_book(db).kept or bool(db.execute(has_image, [class_id]).fetchone()[0])


def add_class(db: sqlite3.Connection, edit_id: int, name: str, colour: int | None = None) -> int:
    """Make a class, last in the order; its id.

    Args:
        db: in a transaction.
        edit_id: of the edit that this belongs to.
        name: of the class.
        colour: index into the palette of class colours; the first free one where none is given.

    Raises:
        UserError: the name cannot be used, or there is such a class.
    """
    name = class_name(name)
    class_id = find_class(db, name)
    if class_id is not None and is_listed(db, class_id):
        raise UserError(N_("There is a class “{name}” already."), N_("Choose another name."), name=name)
    if class_id is None:
        in_use = db.execute("SELECT colour, position FROM classes WHERE removed = 0").fetchall()
        free = next(free_colours({one for one, _ in in_use})) if colour is None else colour
        position = max((position for _, position in in_use), default=-1) + 1
        class_id = insert_class(db, name, free, position, removed=True)
        set_column(db, edit_id, "classes.removed", [class_id], 0)
    write_book(db, edit_id, read_book(db).keeping([class_id]))
    return class_id


def set_colour(db: sqlite3.Connection, edit_id: int, class_id: int, colour: int) -> None:
    """Give a class another colour: an index into the palette of class colours, from 0."""
    require_class(db, class_id)
    set_column(db, edit_id, "classes.colour", [class_id], colour)


def set_order(db: sqlite3.Connection, edit_id: int, class_ids: Sequence[int]) -> None:
    """Put classes into this order; those that are not named follow in the order in which they are."""
    rest = db.execute("SELECT id FROM classes WHERE removed = 0 ORDER BY position, id").fetchall()
    order = dict.fromkeys([*class_ids, *(class_id for (class_id,) in rest)])
    set_each(db, edit_id, "classes.position", ((class_id, place) for place, class_id in enumerate(order)))


def set_shortcut(db: sqlite3.Connection, edit_id: int, class_id: int, key: str) -> None:
    """Let a key stand for a class, and no longer for another; "" for none.

    Raises:
        UserError: the class was deleted meanwhile.
        ValueError: it is none of ``SHORTCUTS``.
    """
    require_class(db, class_id)
    if key and key not in tuple(SHORTCUTS):
        raise ValueError(f"not a shortcut. Received: {key!r}, known: {SHORTCUTS}")
    if key:
        rows = Sql("SELECT id FROM classes WHERE shortcut = ? AND id <> ?", (key, class_id))
        set_column(db, edit_id, "classes.shortcut", rows, "")
    set_column(db, edit_id, "classes.shortcut", [class_id], key)
