"""The labels of images, set by hand.

In a project with several labels an image, ``class_id`` is the first and ``more_labels`` holds the further ones.
"""

import json
import sqlite3
from collections.abc import Collection

from imgmine_gui.core.project.edits.changes import (
    CHOSEN,
    Rows,
    Sql,
    Value,
    choose,
    read_setting,
    set_column,
    set_columns,
    set_setting,
)
from imgmine_gui.core.project.edits.class_book import GIVEN_CLASS, read_book, stage_classes, write_book
from imgmine_gui.core.project.edits.classes import require_class


def several_labels(db: sqlite3.Connection) -> bool:
    """Whether an image may have several labels in this project."""
    return read_setting(db, "several_labels") is not None


def set_several_labels(db: sqlite3.Connection, edit_id: int, several: bool) -> None:
    """Let images have several labels, or one only; further labels that there are stay for when they may again."""
    set_setting(db, edit_id, "several_labels", json.dumps(True) if several else None)


def set_label(db: sqlite3.Connection, edit_id: int, images: Rows, class_id: int | None) -> None:
    """Give images this label and no other, or none at all.

    Raises:
        UserError: the class was deleted meanwhile.
    """
    if class_id is not None:
        require_class(db, class_id)
    choose(db, images)
    _set_first(db, edit_id, CHOSEN, class_id)
    _drop_further(db, edit_id)
    keep_emptied_classes(db, edit_id)


def add_label(db: sqlite3.Connection, edit_id: int, images: Rows, class_id: int) -> None:
    """Give images a label beside those that they have; in a project with one label an image, in its place.

    Raises:
        UserError: the class was deleted meanwhile.
    """
    if not several_labels(db):
        set_label(db, edit_id, images, class_id)
        return
    require_class(db, class_id)
    choose(db, images)
    _set_first(db, edit_id, Sql("SELECT id FROM images WHERE id IN chosen AND class_id IS NULL"), class_id)
    others = "FROM images WHERE id IN chosen AND class_id <> ?"
    db.execute(
        f"INSERT OR IGNORE INTO more_labels (image_id, class_id, removed) SELECT id, ?, 1 {others}",
        [class_id, class_id],
    )
    rows = Sql(f"SELECT id FROM more_labels WHERE class_id = ? AND image_id IN (SELECT id {others})", (class_id,) * 2)  # noqa: S608
    set_column(db, edit_id, "more_labels.removed", rows, 0)


def remove_label(db: sqlite3.Connection, edit_id: int, images: Rows, class_id: int) -> None:
    """Take a label from the images that have it; where it was the first, the next of them takes its place."""
    choose(db, images)
    rows = Sql("SELECT id FROM more_labels WHERE class_id = ? AND image_id IN chosen", (class_id,))
    set_column(db, edit_id, "more_labels.removed", rows, 1)
    advance_labels(db, edit_id, class_id)
    keep_emptied_classes(db, edit_id)


def reset_label(db: sqlite3.Connection, edit_id: int, images: Rows) -> None:
    """Give images the label that their folders say, and no other."""
    stage_classes(db)
    choose(db, images)
    set_columns(db, edit_id, "images", CHOSEN, {"class_set": 0, "class_id": Sql(GIVEN_CLASS), "set_key": ""})
    _drop_further(db, edit_id)
    keep_emptied_classes(db, edit_id)


def advance_labels(db: sqlite3.Connection, edit_id: int, class_id: int) -> None:
    """Put the next label, or none, in the place of ``class_id`` where it is the first of one of the ``chosen``."""
    following = "(SELECT class_id FROM more_labels WHERE image_id = images.id AND removed = 0 ORDER BY id LIMIT 1)"
    _set_first(
        db, edit_id, Sql("SELECT id FROM images WHERE id IN chosen AND class_id = ?", (class_id,)), Sql(following)
    )
    drop_repeated(db, edit_id)


def drop_repeated(db: sqlite3.Connection, edit_id: int) -> None:
    """Take away the further labels of the ``chosen`` that are their first one too."""
    rows = Sql(
        """
        SELECT more_labels.id FROM more_labels JOIN images ON images.id = image_id
        WHERE image_id IN chosen AND more_labels.class_id = images.class_id
        """
    )
    set_column(db, edit_id, "more_labels.removed", rows, 1)


def select_labels(db: sqlite3.Connection, images: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The classes of images by their ids, the first label first; those without a label are left out."""
    found: dict[int, tuple[int, ...]] = {}
    rows = db.execute(
        """
        WITH wanted AS (SELECT value AS id FROM json_each(?))
        SELECT images.id, class_id, 0 AS place FROM images JOIN wanted USING (id) WHERE class_id IS NOT NULL
        UNION SELECT image_id, class_id, more_labels.id FROM more_labels JOIN wanted ON wanted.id = image_id
        WHERE removed = 0 ORDER BY 1, 3
        """,
        [json.dumps(list(images))],
    )
    for image_id, class_id, _ in rows:
        before = found.get(image_id, ())
        found[image_id] = before if class_id in before else (*before, class_id)
    return found


def _set_first(db: sqlite3.Connection, edit_id: int, images: Sql, class_id: Value) -> None:
    set_columns(db, edit_id, "images", images, {"class_set": 1, "class_id": class_id, "set_key": Sql("key")})


def _drop_further(db: sqlite3.Connection, edit_id: int) -> None:
    rows = Sql("SELECT id FROM more_labels WHERE removed = 0 AND image_id IN chosen")
    set_column(db, edit_id, "more_labels.removed", rows, 1)


def keep_emptied_classes(db: sqlite3.Connection, edit_id: int) -> None:
    """A class whose last image was given another label is still there for the next."""
    emptied = db.execute(
        """
        SELECT DISTINCT before FROM changes
        WHERE edit_id = ? AND target = 'images.class_id' AND before IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM images WHERE class_id = before)
        """,
        [edit_id],
    ).fetchall()
    book = read_book(db)
    keeping = book.keeping(class_id for (class_id,) in emptied)
    if keeping != book:
        write_book(db, edit_id, keeping)
