"""Bring the catalogue in line with what a scan found, inside one transaction and as sets of rows.

Rows follow the content. An image whose content is found elsewhere (moved, renamed, swapped with another, moved here
from another source) takes its row along, with its id, its label and all that is known of it; only what is left is
compared by its place. So, in this order:

1. What has the content that its place had is the image that was there, also if it was missing meanwhile.
2. The rest of what was found is looked for among the images whose content has left its place, among those that have
   been missing, and among those of other sources that are missing or that the scan saw to be gone: first by content and
   inode, then by content and name, then by content alone. Images of which a person has said something come first.
3. What now stands at the place of an image whose content was not found anywhere is that image, overwritten: it keeps
   its label, and shows as changed since it was labelled.
4. Anything else is new. A copy is new too: the first keeps the row.

An image whose file is gone keeps its row, marked as missing. If another image has taken its place, it is "displaced":
it is found again by its content only.
"""

import sqlite3
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from imgmine_gui.core.project.bulk import MANY, search_filled_at_once, without_indices
from imgmine_gui.core.project.dividing import divide
from imgmine_gui.core.project.edits.class_book import classes_in_use, ensure_folder_classes
from imgmine_gui.core.project.names import natural_key
from imgmine_gui.core.project.text_search import make_search_functions
from imgmine_gui.core.project.transcriptions.applying import write_texts


@dataclass(frozen=True)
class Applied:
    """What a scan found.

    Attributes:
        added: images that are new.
        changed: images whose content is another.
        moved: images that went to another place.
        missing: images that were there before.
        withheld: images that were there before, while now there is not one: nothing was changed then, because more
            likely than all of them being deleted is that a drive is not connected.
    """

    added: int
    changed: int
    moved: int
    missing: int
    withheld: int = 0


Values = dict[str, int]

_TAKEN_OVER = ("size", "mtime_ns", "inode", "key", "width", "height", "problem", "explanation")
_SAME = "images.source_id = :source AND images.path = found.path AND images.page = found.page AND images.displaced = 0"
_AT_ITS_PLACE = """(
    images.source_id = :source AND images.path = fresh.path AND images.page = fresh.page
)"""
_FOUND = """
    FROM spool.fresh JOIN spool.found ON found.path = fresh.path AND found.page = fresh.page
    JOIN spool.folders ON folders.id = found.folder
"""
_SEARCH = "coalesce(found.search, search_text(found.path, found.page))"
# An image is recognised by its content also while its file cannot be read.
_LOOSE = """
    SELECT id, source_id, images.path, images.page, CASE images.key WHEN '' THEN set_key ELSE images.key END,
        images.inode, images.name_key, state & 1,
        class_set OR split_set NOT NULL OR excluded OR rating OR flag OR note <> '' OR group_name <> ''
"""
_PASSES = (
    ("inode,", "inode <> 0"),
    ("name_key,", "by_hand"),
    ("", "by_hand"),
    ("name_key,", "1"),
    ("", "1"),
)
"""What is compared beside the content, and of which images."""


def write_scan(db: sqlite3.Connection, source_id: int, may_be_empty: bool = False) -> Applied:
    """Write what a scan of a source found, and divide the images anew.

    Args:
        db: in a transaction, with the ``Spool`` of the scan attached as ``spool``, to which tables are added.
        source_id: of the source.
        may_be_empty: whether all images of a source may be missing now; see ``Applied.withheld``.
    """
    values = {"source": source_id}
    (there,) = db.execute("SELECT count(*) FROM images WHERE source_id = :source AND state = 0", values).fetchone()
    (found,) = db.execute("SELECT count(*) FROM spool.found").fetchone()
    if there and not found and not may_be_empty:
        db.execute("UPDATE sources SET offline = 1 WHERE id = :source", values)
        return Applied(0, 0, 0, 0, withheld=there)
    _note_scan(db, values)
    _set_classes(db)
    _find_fresh(db, values)
    (fresh,) = db.execute("SELECT count(*) FROM spool.fresh").fetchone()
    make_search_functions(db)
    if not fresh and found == there:
        if write_texts(db, source_id):
            divide(db)
        return Applied(0, 0, 0, 0)
    _find_loose(db, values)
    _pair(db, values)
    (new,) = db.execute("SELECT count(*) FROM spool.fresh WHERE image_id IS NULL").fetchone()
    changed, moved, missing = _count(db, values)
    _make_way(db)
    with _lean(db, fresh):
        _update(db, values)
        with search_filled_at_once(db) if new > MANY else nullcontext():
            _insert(db, values)
        write_texts(db, source_id)
        divide(db)
    return Applied(new, changed, moved, missing)


def _lean(db: sqlite3.Connection, rows: int) -> AbstractContextManager[None]:
    """Do without indices where most of all images are written."""
    (images,) = db.execute("SELECT count(*) FROM images").fetchone()
    return without_indices(db) if rows > max(MANY, images // 2) else nullcontext()


def _note_scan(db: sqlite3.Connection, values: Values) -> None:
    db.execute(
        """
        UPDATE sources SET offline = 0,
            images = (SELECT count(*) FROM spool.found WHERE problem = ''),
            unreadable = (SELECT count(*) FROM spool.found WHERE problem <> ''),
            not_images = coalesce((SELECT value FROM spool.numbers WHERE name = 'not_images'), 0),
            scan_began_ns = coalesce((SELECT value FROM spool.numbers WHERE name = 'began_ns'), 0),
            scan_ended_ns = coalesce((SELECT value FROM spool.numbers WHERE name = 'ended_ns'), 0)
        WHERE id = :source
        """,
        values,
    )


def _set_classes(db: sqlite3.Connection) -> None:
    """Note beside the folders which class they give, and what that stands for."""
    labels = db.execute(
        "SELECT DISTINCT label FROM spool.folders WHERE label NOT NULL AND id IN (SELECT folder FROM spool.found)"
    ).fetchall()
    given = ensure_folder_classes(db, (label for (label,) in labels))
    in_use = classes_in_use(db)
    db.execute("CREATE TABLE spool.classes (label TEXT PRIMARY KEY, class_given INTEGER, class_id INTEGER)")
    rows = ((label, class_id, in_use[class_id]) for label, class_id in given.items())
    db.executemany("INSERT INTO spool.classes VALUES (?, ?, ?)", rows)
    db.execute(
        """
        UPDATE spool.folders SET class_given = classes.class_given, class_id = classes.class_id
        FROM spool.classes WHERE classes.label = folders.label
        """
    )


def _find_fresh(db: sqlite3.Connection, values: Values) -> None:
    """Gather what was found and is not, in all its columns, what stands in the catalogue."""
    differs = " OR ".join(f"images.{column} <> found.{column}" for column in _TAKEN_OVER)
    db.execute(
        """
        CREATE TABLE spool.fresh (
            n INTEGER PRIMARY KEY, path BLOB, page INTEGER, key TEXT, inode INTEGER, name_key TEXT,
            there INTEGER,  -- the image at this place
            image_id INTEGER  -- which image it is
        )
        """
    )
    db.create_function("natural_key", 1, natural_key, deterministic=True)
    db.execute(
        f"""
        INSERT INTO spool.fresh
        SELECT NULL, found.path, found.page, found.key, found.inode,
            coalesce(found.name_key, images.name_key, natural_key(found.path)), images.id,
            CASE WHEN images.key = found.key THEN images.id END
        FROM spool.found JOIN spool.folders ON folders.id = found.folder LEFT JOIN images ON {_SAME}
        WHERE images.id IS NULL OR images.state <> 0 OR {differs} OR images.class_given IS NOT folders.class_given
            OR images.split_given IS NOT folders.split
        ORDER BY position, found.path, found.page
        """,  # noqa: S608 - constants
        values,
    )


def _find_loose(db: sqlite3.Connection, values: Values) -> None:
    """Gather the images of the source whose content is not at their place any more."""
    db.execute(
        """
        CREATE TABLE spool.loose (
            image_id INTEGER PRIMARY KEY, source_id INTEGER, path BLOB, page INTEGER, key TEXT, inode INTEGER,
            name_key TEXT, missing INTEGER,
            by_hand INTEGER  -- whether a person said anything of it
        )
        """
    )
    db.execute("CREATE INDEX spool.loose_by_key ON loose (key)")
    db.execute(
        f"""
        INSERT INTO spool.loose {_LOOSE} FROM images LEFT JOIN spool.found ON {_SAME}
        WHERE source_id = :source AND (found.path IS NULL OR found.key <> images.key)
        """,
        values,
    )


def _pair(db: sqlite3.Connection, values: Values) -> None:
    """Find out which image each of the fresh ones is."""
    (others,) = db.execute("SELECT count(*) FROM sources WHERE id <> :source AND removed = 0", values).fetchone()
    if others:
        db.execute(
            f"""
            INSERT INTO spool.loose {_LOOSE} FROM images
            WHERE key IN (SELECT key FROM spool.fresh WHERE image_id IS NULL AND key <> '') AND source_id <> :source
            AND (state = 1 OR (state = 0 AND id IN (SELECT image_id FROM spool.gone)))
            """,  # noqa: S608 - constants
            values,
        )
    for also, which in _PASSES:
        _pair_by_content(db, values, also, which)
    db.execute("DELETE FROM spool.loose WHERE source_id <> :source", values)
    db.execute(
        "UPDATE spool.fresh SET image_id = there WHERE image_id IS NULL AND there IN (SELECT image_id FROM spool.loose)"
    )
    _drop_paired(db)


def _pair_by_content(db: sqlite3.Connection, values: Values, also: str, which: str) -> None:
    """Pair what has one content, and ``also`` one value in a column, in the order of paths."""
    db.execute(
        f"""
        UPDATE spool.fresh SET image_id = pairs.image_id FROM (
            SELECT n, image_id FROM (
                SELECT n, key, {also} row_number() OVER (PARTITION BY {also} key ORDER BY path, page) AS place
                FROM spool.fresh WHERE image_id IS NULL AND key IN (SELECT key FROM spool.loose)
            ) JOIN (
                SELECT image_id, key, {also} row_number() OVER (
                    PARTITION BY {also} key ORDER BY source_id <> :source, missing, source_id, path, page
                ) AS place FROM spool.loose WHERE key <> '' AND {which}
            ) USING (key, {also} place)
        ) AS pairs WHERE pairs.n = fresh.n
        """,  # noqa: S608 - constants
        values,
    )
    _drop_paired(db)


def _drop_paired(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM spool.loose WHERE image_id IN (SELECT image_id FROM spool.fresh)")


def _count(db: sqlite3.Connection, values: Values) -> tuple[int, int, int]:
    """How many images are changed, moved and missing."""
    changed, moved = db.execute(
        f"""
        SELECT coalesce(sum(images.key <> fresh.key), 0), coalesce(sum(NOT {_AT_ITS_PLACE}), 0)
        FROM spool.fresh JOIN images ON id = image_id
        """,  # noqa: S608 - constants
        values,
    ).fetchone()
    (missing,) = db.execute("SELECT count(*) FROM spool.loose WHERE missing = 0").fetchone()
    return changed, moved, missing


def _make_way(db: sqlite3.Connection) -> None:
    """Mark what is missing; take those from their places that move, or whose place is another's now."""
    db.execute("UPDATE images SET state = state | 1 WHERE id IN (SELECT image_id FROM spool.loose WHERE missing = 0)")
    db.execute(
        """
        UPDATE images SET displaced = id WHERE displaced = 0 AND (
            id IN (SELECT image_id FROM spool.fresh WHERE image_id IS NOT there)
            OR id IN (SELECT there FROM spool.fresh WHERE there IN (SELECT image_id FROM spool.loose))
        )
        """
    )


def _update(db: sqlite3.Connection, values: Values) -> None:
    taken_over = ", ".join(f"{column} = found.{column}" for column in _TAKEN_OVER)
    db.execute(
        f"""
        UPDATE images SET source_id = :source, path = found.path, page = found.page, displaced = 0, state = 0,
            {taken_over}, class_given = folders.class_given, split_given = folders.split,
            class_id = CASE WHEN class_set THEN images.class_id ELSE folders.class_id END,
            draw = CASE WHEN images.key = found.key THEN draw END,
            name_key = CASE WHEN {_AT_ITS_PLACE} THEN images.name_key ELSE fresh.name_key END,
            search = CASE WHEN {_AT_ITS_PLACE} THEN images.search ELSE {_SEARCH} || search_of_text(images.text) END
        {_FOUND}
        WHERE images.id = fresh.image_id
        """,  # noqa: S608 - constants
        values,
    )


def _insert(db: sqlite3.Connection, values: Values) -> None:
    taken_over = ", ".join(_TAKEN_OVER)
    db.execute(
        f"""
        INSERT INTO images (
            source_id, path, page, {taken_over}, class_given, class_id, split_given, name_key, search
        ) SELECT
            :source, found.path, found.page, {", ".join(f"found.{column}" for column in _TAKEN_OVER)},
            folders.class_given, folders.class_id, folders.split, fresh.name_key, {_SEARCH}
        {_FOUND}
        WHERE image_id IS NULL ORDER BY n
        """,
        values,
    )
