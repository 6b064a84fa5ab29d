"""Classes that are renamed, merged or deleted by hand, with all that has them."""

import sqlite3

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.edits.changes import Sql, choose, set_column, set_columns
from imgmine_gui.core.project.edits.class_book import ClassBook, read_book, write_book
from imgmine_gui.core.project.edits.classes import class_name, find_class, is_listed, require_class
from imgmine_gui.core.project.edits.derived import follow_classes
from imgmine_gui.core.project.edits.labels import advance_labels, drop_repeated
from imgmine_gui.core.text import N_


def rename_class(db: sqlite3.Connection, edit_id: int, class_id: int, name: str) -> list[int]:
    """Give a class another name. Its folders keep theirs, and still stand for it.

    A class of the new name that no list shows, because its folders are gone, becomes one with it.

    Returns:
        The ids of images whose class followed from such folders.

    Raises:
        UserError: the name cannot be used, there is another class of this name, or this one was deleted meanwhile.
    """
    before, name = require_class(db, class_id), class_name(name)
    if before == name:
        return []
    other = find_class(db, name)
    if other is not None and is_listed(db, other):
        raise UserError(
            N_("There is a class “{name}” already."),
            N_("Choose another name; or, if the two are meant to be one, merge “{before}” into “{name}”."),
            name=name,
            before=before,
        )
    followed = [] if other is None else merge_class(db, edit_id, other, class_id)
    write_book(db, edit_id, read_book(db).called(class_id, before, name))
    set_column(db, edit_id, "classes.name", [class_id], name)
    return followed


def merge_class(db: sqlite3.Connection, edit_id: int, class_id: int, into: int) -> list[int]:
    """Give all that has one class another, and delete the one.

    Returns:
        The ids of the images whose class follows from their folders and is another now.

    Raises:
        UserError: one of the two was deleted meanwhile.
        ValueError: both are the same.
    """
    name = require_class(db, class_id)
    require_class(db, into)
    if class_id == into:
        raise ValueError(f"a class cannot be merged into itself. Received: {class_id}")
    choose(db, _labelled(class_id))
    by_hand = Sql("SELECT id FROM images WHERE class_id = ? AND class_set = 1", (class_id,))
    set_columns(db, edit_id, "images", by_hand, {"class_set": 1, "class_id": into, "set_key": Sql("set_key")})
    further = "FROM more_labels WHERE class_id = ? AND removed = 0"
    db.execute(
        f"INSERT OR IGNORE INTO more_labels (image_id, class_id, removed) SELECT image_id, ?, 1 {further}",
        [into, class_id],
    )
    handed_on = f"SELECT id FROM more_labels WHERE class_id = ? AND image_id IN (SELECT image_id {further})"  # noqa: S608
    set_column(db, edit_id, "more_labels.removed", Sql(handed_on, (into, class_id)), 0)
    _drop_further(db, edit_id, class_id)
    set_column(db, edit_id, "shapes.class_id", Sql("SELECT id FROM shapes WHERE class_id = ?", (class_id,)), into)
    followed = _delete(db, edit_id, class_id, read_book(db).without(class_id, name, into))
    drop_repeated(db, edit_id)
    return followed


def delete_class(db: sqlite3.Connection, edit_id: int, class_id: int) -> list[int]:
    """Take a class away. Images that had no other label are unlabelled then; shapes have no class.

    Returns:
        The ids of the images whose class followed from their folders.

    Raises:
        UserError: it was deleted already.
    """
    name = require_class(db, class_id)
    further = "SELECT image_id FROM more_labels WHERE removed = 0"
    choose(
        db,
        Sql(
            f"SELECT id FROM images WHERE class_id = ? AND (class_set = 1 OR id IN ({further}))",  # noqa: S608
            (class_id,),
        ),
    )
    _drop_further(db, edit_id, class_id)
    advance_labels(db, edit_id, class_id)
    set_column(db, edit_id, "shapes.class_id", Sql("SELECT id FROM shapes WHERE class_id = ?", (class_id,)), None)
    return _delete(db, edit_id, class_id, read_book(db).without(class_id, name, None))


def _labelled(class_id: int) -> Sql:
    """The images that have a class, as their first or as a further label."""
    return Sql(
        """
        SELECT id FROM images WHERE class_id = ?
        UNION SELECT image_id FROM more_labels WHERE class_id = ? AND removed = 0
        """,
        (class_id, class_id),
    )


def _drop_further(db: sqlite3.Connection, edit_id: int, class_id: int) -> None:
    rows = Sql("SELECT id FROM more_labels WHERE class_id = ? AND removed = 0", (class_id,))
    set_column(db, edit_id, "more_labels.removed", rows, 1)


def _delete(db: sqlite3.Connection, edit_id: int, class_id: int, book: ClassBook) -> list[int]:
    """Take a class out of use that nothing has by hand any more."""
    set_column(db, edit_id, "classes.shortcut", [class_id], "")
    set_column(db, edit_id, "classes.removed", [class_id], 1)
    write_book(db, edit_id, book)
    return follow_classes(db, [class_id])
