"""What follows from what a person and the scans wrote; it is in no history, but worked out anew after each edit.

- ``images.class_id`` of an image that was not labelled by hand is what its folder's class stands for.
- ``images.text`` of an image whose text was not set by hand is what files say; ``images.search`` ends in it.
- ``images.state`` says of every image whether its source was taken out.
- ``images.split`` is left to the catalogue, which assigns it by the rules of ``splits``.
"""

import os
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.edits.changes import changed_targets
from imgmine_gui.core.project.edits.class_book import GIVEN_CLASS, classes_in_use, read_book, stage_classes
from imgmine_gui.core.project.sources import require_apart
from imgmine_gui.core.project.text_search import make_search_functions

SOURCE_REMOVED = 2
"""The bit of ``images.state`` for an image whose source was taken out."""


@dataclass(frozen=True)
class Settled:
    """What followed when an edit was taken back or made again.

    Attributes:
        image_ids: of the images with another class now that the edit itself did not change.
        kept_out: paths of sources that did not come back, because another holds their images now.
    """

    image_ids: list[int]
    kept_out: list[str]


def settle(db: sqlite3.Connection, edit_id: int, before: Mapping[int | None, int | None]) -> Settled:
    """Bring what follows in line after an edit was taken back or made again.

    Args:
        db: in a transaction.
        edit_id: of the edit.
        before: ``classes_in_use`` before that.
    """
    targets = changed_targets(db, edit_id)
    kept_out: list[str] = []
    if "sources.removed" in targets:
        kept_out = _keep_apart(db, edit_id)
        follow_sources(db, edit_id)
    changed: list[int] = []
    if "classes.removed" in targets or "classes.name" in targets:
        _put_in_use(db)
        after = classes_in_use(db)
        outdated = {before.get(given) for given in after if before.get(given) != after[given]}
        changed = follow_classes(db, outdated)
    if "images.class_set" in targets:
        _follow_edited(db, edit_id)
    if "images.text" in targets or "images.text_set" in targets:
        follow_texts(db, edit_id)
    return Settled(changed, kept_out)


def follow_classes(db: sqlite3.Connection, outdated: Iterable[int | None]) -> list[int]:
    """Give the images that were not labelled by hand the class that their folder's stands for; who has another now.

    Args:
        db: in a transaction.
        outdated: the classes that such images may have although their folder's stands for another.
    """
    stage_classes(db)
    changed: list[int] = []
    for class_id in outdated:
        rows = db.execute(
            f"""
            UPDATE images SET class_id = {GIVEN_CLASS}
            WHERE class_id IS ? AND class_set = 0 AND class_id IS NOT {GIVEN_CLASS} RETURNING id
            """,  # noqa: S608 - a constant
            [class_id],
        )
        changed.extend(number for (number,) in rows.fetchall())
    return changed


def _follow_edited(db: sqlite3.Connection, edit_id: int) -> None:
    """The same for the images that an edit labelled by hand, or no longer: their folder may be another by now."""
    stage_classes(db)
    db.execute(
        f"""
        UPDATE images SET class_id = {GIVEN_CLASS}
        WHERE class_set = 0 AND class_id IS NOT {GIVEN_CLASS} AND id IN (
            SELECT row_id FROM changes WHERE edit_id = ? AND target = 'images.class_set'
        )
        """,  # noqa: S608 - a constant
        [edit_id],
    )


def follow_texts(db: sqlite3.Connection, edit_id: int) -> None:
    """Bring the texts of the images of an edit, and what is searched of them, in line with what is set by hand."""
    db.execute(
        """
        UPDATE images SET text = text_given WHERE text_set = 0 AND text <> text_given AND id IN (
            SELECT row_id FROM changes WHERE edit_id = ? AND target = 'images.text_set'
        )
        """,
        [edit_id],
    )
    make_search_functions(db)
    db.execute(
        """
        UPDATE images SET search = search_text(path, page) || search_of_text(text) WHERE id IN (
            SELECT row_id FROM changes WHERE edit_id = ? AND target IN ('images.text', 'images.text_set')
        )
        """,
        [edit_id],
    )


def follow_sources(db: sqlite3.Connection, edit_id: int) -> None:
    """Mark the images of the sources that an edit took out or brought back."""
    db.execute(
        """
        UPDATE images SET state = (state & ~?1) | ?1 * (SELECT removed FROM sources WHERE id = source_id)
        WHERE source_id IN (SELECT row_id FROM changes WHERE edit_id = ?2 AND target = 'sources.removed')
        """,
        [SOURCE_REMOVED, edit_id],
    )


def _keep_apart(db: sqlite3.Connection, edit_id: int) -> list[str]:
    """Leave out sources that would come back with images of one that was added meanwhile; their paths."""
    back = db.execute(
        """
        SELECT id, path FROM sources WHERE removed = 0 AND id IN (
            SELECT row_id FROM changes WHERE edit_id = ? AND target = 'sources.removed'
        )
        """,
        [edit_id],
    ).fetchall()
    kept_out = []
    for source_id, path in back:
        db.execute("UPDATE sources SET removed = 1 WHERE id = ?", [source_id])
        try:
            require_apart(db, os.fsdecode(path))
        except UserError:
            kept_out.append(os.fsdecode(path))
        else:
            db.execute("UPDATE sources SET removed = 0 WHERE id = ?", [source_id])
    return kept_out


def _put_in_use(db: sqlite3.Connection) -> None:
    """Take classes of folders into use that were out of it only for another class of their name, or for an undo."""
    book = read_book(db)
    rows = db.execute("SELECT id, name, removed FROM classes ORDER BY id").fetchall()
    in_use = {name for _, name, removed in rows if not removed}
    waiting = {
        number: name
        for number, name, removed in rows
        if removed and number not in book.gone and name not in book.folders and name not in in_use
    }
    if not waiting:
        return
    given = db.execute(
        f"SELECT DISTINCT class_given FROM images WHERE class_given IN ({', '.join('?' * len(waiting))}) ORDER BY 1",  # noqa: S608
        list(waiting),
    )
    first = {waiting[number]: number for (number,) in reversed(given.fetchall())}
    db.executemany("UPDATE classes SET removed = 0 WHERE id = ?", [(number,) for number in first.values()])
