"""The history of a catalogue: what a person changed, in order, so that it can be taken back and made again.

It is part of the database and survives closing. Only the newest edit that stands can be undone and only the oldest
that is undone can be made again, so that the values before and after an edit are those that it found and left. What
scans wrote meanwhile stays, and what follows from both is worked out anew (see ``derived``).
"""

import json
import sqlite3
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np

from imgmine_gui.core.project.arrays import select_arrays
from imgmine_gui.core.project.edits.changes import Side, changed_targets, write_side
from imgmine_gui.core.project.edits.class_book import classes_in_use
from imgmine_gui.core.project.edits.derived import settle
from imgmine_gui.core.text import tr

MOST_EDITS = 1_000
"""So many edits are remembered."""
MOST_CHANGES = 5_000_000
"""The edits that are remembered may together have so many changes; the newest is kept whatever it has."""

SWEPT_AT_ONCE = 20_000
"""So many changes that were dropped are deleted with each edit: in about 20 ms."""

_SIZE = "changes"  # among the values of a title, so that the length of the history is known without counting rows


@dataclass(frozen=True)
class Edit:
    """Something that a person changed.

    Attributes:
        id: later edits have greater ones.
        title_template: what was done, in English, to be translated, as it stands after "Undo": "rename the class".
        values: for the fields of the title.
        time: when it was done, in local time.
        undone: whether it is taken back at present.
    """

    id: int
    title_template: str
    values: dict[str, Any]
    time: datetime
    undone: bool

    @property
    def title(self) -> str:
        """What was done, in the current language."""
        return tr(self.title_template, **self.values)


@dataclass(frozen=True)
class Done:
    """What an edit, its undoing or its redoing changed.

    Attributes:
        edit: ``None`` where all was already as it should be, so that there is nothing to undo.
        image_ids: of the images whose labels, marks, groups, shapes or splits by hand changed, in their order.
        classes: whether classes changed: names, colours, order, keys, or which there are.
        sources: whether sources were taken out or brought back.
        splits: whether images may have to be divided anew.
        kept_out: paths of sources that did not come back, because another holds their images now.
    """

    edit: Edit | None
    image_ids: Sequence[int] = ()
    classes: bool = False
    sources: bool = False
    splits: bool = False
    kept_out: tuple[str, ...] = ()


@dataclass
class Recording:
    """An edit that is being made.

    Attributes:
        id: to be handed to the functions of ``changes``.
        followed: ids of images that it changed by what follows from it (see ``derived``).
        done: what it changed, once it is made.
    """

    id: int
    followed: list[int] = field(default_factory=list)
    done: Done = field(default_factory=lambda: Done(None))


@contextmanager
def record(db: sqlite3.Connection, title: str, several: str = "", /, **values: Any) -> Iterator[Recording]:
    """Make one edit of all that the block changes; one that changes nothing leaves the history as it is.

    What was undone before can then no longer be made again.

    Args:
        db: in a transaction, which is one with the edit.
        title: what is done, in English, marked with ``N_``, as it stands after "Undo".
        several: the same for a number of images other than one; its field ``{count}`` is filled with it.
        values: for the fields of both, to be kept as JSON.
    """
    row = db.execute(
        "INSERT INTO edits (made_at, title) VALUES (?, ?) RETURNING id", [int(time.time()), title]
    ).fetchone()
    recording = Recording(int(row[0]))
    yield recording
    size = int(db.execute("SELECT count(*) FROM changes WHERE edit_id = ?", [recording.id]).fetchone()[0])
    if not size:
        db.execute("DELETE FROM edits WHERE id = ?", [recording.id])
        return
    image_ids = _image_ids(db, recording.id, recording.followed)
    words = {**values, "count": len(image_ids), _SIZE: size}
    chosen = several if several and len(image_ids) != 1 else title
    db.execute("UPDATE edits SET title = ?, arguments = ? WHERE id = ?", [chosen, json.dumps(words), recording.id])
    _drop(db, "undone = 1")
    _trim(db)
    _sweep(db)
    recording.done = _done(db, recording.id, image_ids, bool(recording.followed))


def undo(db: sqlite3.Connection) -> Done:
    """Take back the newest edit that stands; where there is none, nothing."""
    return _turn(db, next_undo(db), "before")


def redo(db: sqlite3.Connection) -> Done:
    """Make the oldest edit that is undone again; where there is none, nothing."""
    return _turn(db, next_redo(db), "after")


def next_undo(db: sqlite3.Connection) -> Edit | None:
    """The edit that ``undo`` would take back."""
    return _edit(db, "undone = 0 AND title <> '' ORDER BY id DESC LIMIT 1")


def next_redo(db: sqlite3.Connection) -> Edit | None:
    """The edit that ``redo`` would make again."""
    return _edit(db, "undone = 1 AND title <> '' ORDER BY id LIMIT 1")


def select_edits(db: sqlite3.Connection) -> list[Edit]:
    """The whole history, newest first."""
    return [_read(row) for row in db.execute(f"{_EDITS} WHERE title <> '' ORDER BY id DESC")]


_EDITS = "SELECT id, title, arguments, made_at, undone FROM edits"


def _edit(db: sqlite3.Connection, where: str, *values: int) -> Edit | None:
    row = db.execute(f"{_EDITS} WHERE {where}", values).fetchone()
    return None if row is None else _read(row)


def _read(row: tuple[int, str, str, int, int]) -> Edit:
    number, title, arguments, made_at, undone = row
    return Edit(number, title, json.loads(arguments), datetime.fromtimestamp(made_at), bool(undone))


def _turn(db: sqlite3.Connection, edit: Edit | None, side: Side) -> Done:
    if edit is None:
        return Done(None)
    before = classes_in_use(db)
    write_side(db, edit.id, side)
    settled = settle(db, edit.id, before)
    db.execute("UPDATE edits SET undone = ? WHERE id = ?", [int(side == "before"), edit.id])
    done = _done(db, edit.id, _image_ids(db, edit.id, settled.image_ids), bool(settled.image_ids))
    return replace(done, kept_out=tuple(settled.kept_out))


def _done(db: sqlite3.Connection, edit_id: int, image_ids: Sequence[int], followed: bool) -> Done:
    targets = changed_targets(db, edit_id)
    return Done(
        _edit(db, "id = ?", edit_id),
        image_ids,
        classes=any(target.startswith("classes.") for target in targets),
        sources="sources.removed" in targets,
        splits=followed or any(target in _MOVING_SPLITS for target in targets),
    )


_MOVING_SPLITS = {
    "classes.removed",
    "images.class_id",
    "images.excluded",
    "images.group_name",
    "images.split_set",
    "images.text",
    "settings.split",
    "sources.removed",
}


def _image_ids(db: sqlite3.Connection, edit_id: int, followed: Sequence[int]) -> "array[int]":
    """The images that an edit changed itself and those that followed, in the order of their ids: 64 bits each."""
    (found,) = select_arrays(
        db,
        ["id"],
        """
        FROM (
            SELECT row_id AS id FROM changes WHERE edit_id = ?1 AND target GLOB 'images.*'
            UNION SELECT image_id FROM more_labels JOIN changes ON row_id = more_labels.id
            WHERE edit_id = ?1 AND target GLOB 'more_labels.*'
            UNION SELECT image_id FROM shapes JOIN changes ON row_id = shapes.id
            WHERE edit_id = ?1 AND target GLOB 'shapes.*'
        ) ORDER BY id
        """,
        [edit_id],
    )
    return array("q", (np.union1d(found, np.asarray(followed, np.int64)) if followed else found).tobytes())


def _trim(db: sqlite3.Connection) -> None:
    """Forget the oldest edits where the history has become too long."""
    sizes = db.execute(
        f"SELECT id, json_extract(arguments, '$.{_SIZE}') FROM edits ORDER BY id DESC LIMIT ?",  # noqa: S608 - constant
        [MOST_EDITS],
    ).fetchall()
    oldest, changes = sizes[0]
    for number, size in sizes[1:]:
        changes += size or 0
        if changes > MOST_CHANGES:
            break
        oldest = number
    _drop(db, "id < ?", oldest)


def _drop(db: sqlite3.Connection, where: str, *values: int) -> None:
    """Take edits out of the history: those without a title are in it no longer."""
    db.execute(f"UPDATE edits SET title = '' WHERE {where}", values)  # noqa: S608 - written in this module


def _sweep(db: sqlite3.Connection) -> None:
    """Delete some of what was dropped: all at once would keep a person waiting where an edit was large."""
    left = SWEPT_AT_ONCE
    for (edit_id,) in db.execute("SELECT id FROM edits WHERE title = '' ORDER BY id").fetchall():
        for target in changed_targets(db, edit_id):
            rows = "SELECT row_id FROM changes WHERE edit_id = ?1 AND target = ?2 LIMIT ?3"
            left -= db.execute(
                f"DELETE FROM changes WHERE edit_id = ?1 AND target = ?2 AND row_id IN ({rows})",  # noqa: S608 - constant
                [edit_id, target, left],
            ).rowcount
            if left <= 0:
                return
        db.execute("DELETE FROM edits WHERE id = ?", [edit_id])
