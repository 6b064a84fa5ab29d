"""What follows from what a person and the scans wrote; it is in no history, but worked out anew after each edit.

- ``images.class_id`` of an image that was not labelled by hand is what its folder's class stands for.
- ``images.state`` says of every image whether its source was taken out.
- ``images.split`` is left to the catalogue, which assigns it by the rules of ``splits``.
"""

import sqlite3
from collections.abc import Iterable, Mapping

from imgmine_gui.core.project.edits.changes import Side, changed_targets
from imgmine_gui.core.project.edits.class_book import GIVEN_CLASS, classes_in_use, stage_classes

SOURCE_REMOVED = 2
"""The bit of ``images.state`` for an image whose source was taken out."""


def settle(db: sqlite3.Connection, edit_id: int, side: Side, before: Mapping[int | None, int | None]) -> list[int]:
    """Bring what follows in line after the columns of an edit were written from its ``side``.

    Args:
        db: in a transaction.
        edit_id: of the edit.
        side: that was written.
        before: ``classes_in_use`` before it was written.

    Returns:
        The ids of images with another class now that the edit itself did not change.
    """
    targets = changed_targets(db, edit_id)
    if "sources.removed" in targets:
        follow_sources(db, edit_id)
    if "classes.removed" in targets:
        if side == "before":
            _keep_classes_of_folders(db, edit_id)
        after = classes_in_use(db)
        return follow_classes(db, {before.get(given) for given in after if before.get(given) != after[given]})
    if "images.class_set" in targets:
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
    return []


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


def follow_sources(db: sqlite3.Connection, edit_id: int) -> None:
    """Mark the images of the sources that an edit took out or brought back."""
    db.execute(
        """
        UPDATE images SET state = (state & ~?1) | ?1 * (SELECT removed FROM sources WHERE id = source_id)
        WHERE source_id IN (SELECT row_id FROM changes WHERE edit_id = ?2 AND target = 'sources.removed')
        """,
        [SOURCE_REMOVED, edit_id],
    )


def _keep_classes_of_folders(db: sqlite3.Connection, edit_id: int) -> None:
    """A class that a person made stays when that is undone, if a folder of its name has come meanwhile."""
    db.execute(
        """
        UPDATE classes SET removed = 0
        WHERE id IN (
            SELECT row_id FROM changes WHERE edit_id = ? AND target = 'classes.removed' AND before = 1 AND after = 0
        ) AND id IN (SELECT DISTINCT class_given FROM images WHERE class_given IS NOT NULL)
        """,
        [edit_id],
    )
