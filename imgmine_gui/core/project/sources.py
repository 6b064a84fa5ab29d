"""The folders and images that a project refers to."""

import json
import os
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.edits.class_book import read_book
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.project.walk import is_project, root_error
from imgmine_gui.core.text import N_

_SOURCES = """
    SELECT id, path, offline, images, unreadable, not_images,
           EXISTS (SELECT 1 FROM images WHERE source_id = sources.id AND class_id IS NOT NULL AND state = 0), is_file
    FROM sources WHERE removed = 0
"""


@dataclass(frozen=True)
class Source:
    """A folder, or a single image, of the person's.

    Attributes:
        id: never given to another source.
        path: absolute; bytes that are no UTF-8 as ``os.fsdecode`` gives them.
        online: whether it was there when it was last looked at; see ``SourcePlaces.look``.
        images: that the last scan could read.
        unreadable: images that it could not read.
        not_images: how many other files it saw.
        labelled: whether any of the images has a label.
        is_file: whether it is a single image.
    """

    id: int
    path: str
    online: bool
    images: int
    unreadable: int
    not_images: int
    labelled: bool
    is_file: bool


def select_sources(db: sqlite3.Connection) -> list[Source]:
    """All sources, in the order in which they were added."""
    return [_source(row) for row in db.execute(f"{_SOURCES} ORDER BY id")]


def select_source(db: sqlite3.Connection, source_id: int) -> Source:
    """One source.

    Raises:
        UserError: it was removed.
    """
    row = db.execute(f"{_SOURCES} AND id = ?", [source_id]).fetchone()
    if row is None:
        raise UserError(N_("This source is no longer part of the project."), N_("Add its folder again."))
    return _source(row)


def insert_source(db: sqlite3.Connection, path: str) -> Source:
    """Make the folder or image at ``path`` a source, without scanning it.

    One that was removed and is still remembered is taken into use again, with its images and their labels.

    Raises:
        UserError: there is nothing, it is a project, or some of its images belong to another source already.
    """
    absolute = os.path.abspath(path)
    encoded = os.fsencode(absolute)
    try:
        os.stat(absolute)
    except OSError as error:
        raise root_error(encoded, error) from error
    if is_project(encoded):
        raise UserError(
            N_("“{path}” is a project, not a folder of images."),
            N_("Open it, or choose the folder in which the images lie."),
            path=shown(encoded),
        )
    require_apart(db, absolute)
    is_file = int(not os.path.isdir(absolute))
    removed = db.execute(
        "SELECT max(id) FROM sources WHERE removed = 1 AND path = ? AND is_file = ?", [encoded, is_file]
    ).fetchone()[0]
    if removed is not None:
        db.execute("UPDATE sources SET removed = 0, offline = 0 WHERE id = ?", [removed])
        db.execute("UPDATE images SET state = state & ~2 WHERE source_id = ?", [removed])
        return select_source(db, removed)
    row = db.execute("INSERT INTO sources (path, is_file) VALUES (?, ?) RETURNING id", [encoded, is_file]).fetchone()
    return select_source(db, row[0])


def hide_source(db: sqlite3.Connection, source_id: int) -> None:
    """Take a source and its images out of use; they are deleted by ``purge_sources``.

    Raises:
        UserError: it was removed already.
    """
    select_source(db, source_id)
    db.execute("UPDATE sources SET removed = 1 WHERE id = ?", [source_id])
    db.execute("UPDATE images SET state = state | 2 WHERE source_id = ?", [source_id])


def purge_sources(db: sqlite3.Connection) -> None:
    """Delete removed sources that no undo brings back, their images, and the classes that no image has any more."""
    purged = """removed = 1 AND NOT EXISTS (
        SELECT 1 FROM edits CROSS JOIN changes ON edit_id = edits.id AND target = 'sources.removed'
        WHERE row_id = sources.id
    )"""
    if db.execute(f"SELECT 1 FROM sources WHERE {purged}").fetchone():  # noqa: S608 - a constant
        db.execute(f"DELETE FROM sources WHERE {purged}")  # noqa: S608 - a constant
        db.execute(
            """
            DELETE FROM classes WHERE id NOT IN (
                SELECT class_id FROM images WHERE class_id IS NOT NULL
                UNION SELECT class_given FROM images WHERE class_given IS NOT NULL
                UNION SELECT class_id FROM more_labels UNION SELECT class_id FROM shapes WHERE class_id IS NOT NULL
                UNION SELECT row_id FROM changes WHERE target LIKE 'classes.%'
                UNION SELECT before FROM changes WHERE target LIKE '%.class_id' AND before IS NOT NULL
                UNION SELECT after FROM changes WHERE target LIKE '%.class_id' AND after IS NOT NULL
                UNION SELECT value FROM json_each(?)
            )
            """,
            [json.dumps(sorted(read_book(db).class_ids))],
        )


def require_apart(db: sqlite3.Connection, path: str, beside: Collection[int] = ()) -> None:
    """Do nothing if no source in use holds what lies at ``path``, or some of it.

    Args:
        db: the catalogue.
        path: absolute.
        beside: ids of sources that are not asked, because they are about to be elsewhere.

    Raises:
        UserError: one does.
    """
    rows = db.execute("SELECT id, path, offline FROM sources WHERE removed = 0").fetchall()
    for encoded, offline in [(encoded, offline) for number, encoded, offline in rows if number not in beside]:
        other = _Spot(os.fsdecode(encoded), bool(offline))
        here = _Spot(path, False)
        names = {"path": shown(os.fsencode(path)), "other": shown(encoded)}
        if here.is_same(other):
            raise UserError(
                N_("“{path}” is a source of this project already."),
                N_("Scan it again if something in it has changed."),
                path=names["path"],
            )
        if here.is_inside(other):
            raise UserError(
                N_("“{path}” lies inside “{other}”, which is a source of this project already."),
                N_("Scan “{other}” again if its images are not shown yet."),
                **names,
            )
        if other.is_inside(here):
            raise UserError(
                N_("“{path}” contains “{other}”, which is a source of this project already."),
                N_("Remove “{other}” from the sources first."),
                **names,
            )


class _Spot:
    """A place on a drive, to be compared with others.

    Args:
        path: absolute.
        offline: whether it must be compared by its name alone: a drive that is not there may never answer.
    """

    def __init__(self, path: str, offline: bool) -> None:
        self._path = path
        self._offline = offline
        self._real = os.path.abspath(path) if offline else os.path.realpath(path)

    def is_same(self, other: "_Spot") -> bool:
        """Whether both are one folder or file."""
        if os.path.normcase(self._real) == os.path.normcase(other._real):
            return True
        if self._offline or other._offline:
            return False
        try:
            return os.path.samefile(self._path, other._path)  # also on drives that do not tell upper from lower case
        except OSError:
            return False

    def is_inside(self, other: "_Spot") -> bool:
        """Whether this lies somewhere below the other."""
        folder = os.path.dirname(self._real)
        while not _Spot(folder, self._offline).is_same(other):
            above = os.path.dirname(folder)
            if above == folder:
                return False
            folder = above
        return True


def _source(row: tuple[int, bytes, int, int, int, int, int, int]) -> Source:
    number, path, offline, images, unreadable, not_images, labelled, is_file = row
    return Source(
        number,
        os.fsdecode(path),
        not offline,
        images,
        unreadable,
        not_images,
        bool(labelled),
        bool(is_file),
    )
