"""Version 2: labels by hand, several an image, shapes, groups, pages of one file, measures of health, and the history.

An edit is a set of changes of single columns in rows that stay: what is taken away is marked as removed, so that going
back and forth in the history is to write the values before or after. Tables are made anew where a constraint changes.

Columns that conditions look at stand first in a row of ``images``: reading a column costs as much as the columns before
it. The indices are those by which a page of a million images is found in some milliseconds, whatever is asked for: of
what may be rare there is one that holds only the rare rows.
"""

import sqlite3

from imgmine_gui.core.project.names import natural_key, search_text

_KEEP_IDS = "INSERT INTO sqlite_sequence SELECT 'new_{0}', seq FROM sqlite_sequence WHERE name = '{0}'"
"""An id of a row that was deleted is not given again by the new table either."""

_CLASSES = (
    """
    CREATE TABLE new_classes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        colour INTEGER NOT NULL,
        position INTEGER NOT NULL,
        shortcut TEXT NOT NULL DEFAULT '',  -- a key: '1' to '9', '0', or ''
        removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
    ) STRICT
    """,
    _KEEP_IDS.format("classes"),
    "INSERT INTO new_classes (id, name, colour, position) SELECT id, name, colour, position FROM classes",
    "DROP TABLE classes",
    "ALTER TABLE new_classes RENAME TO classes",
    "CREATE UNIQUE INDEX classes_by_name ON classes (name) WHERE removed = 0",
)

_IMAGES = (
    """
    CREATE TABLE new_images (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        page INTEGER NOT NULL DEFAULT 0,  -- of a file of several, from 0
        state INTEGER NOT NULL DEFAULT 0,  -- 0: in use; 1: file is missing; 2: source was removed; 3: both
        displaced INTEGER NOT NULL DEFAULT 0,  -- its id if it is missing and another image has taken its place
        class_id INTEGER REFERENCES classes (id),  -- in use; what class_given stands for unless class_set
        class_set INTEGER NOT NULL DEFAULT 0 CHECK (class_set IN (0, 1)),  -- 1: class_id by a person or an import
        class_given INTEGER REFERENCES classes (id),  -- by folders
        split TEXT CHECK (split IN ('train', 'validation', 'test')),  -- in use; NULL unless readable and not excluded
        split_set TEXT CHECK (split_set IN ('train', 'validation', 'test')),  -- by a person or an import
        split_given TEXT CHECK (split_given IN ('train', 'validation', 'test')),  -- by folders
        draw INTEGER,  -- of the content: the order in which it is drawn for the splits; NULL if not worked out yet
        excluded INTEGER NOT NULL DEFAULT 0 CHECK (excluded IN (0, 1)),  -- 1: seen, but not used
        rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
        flag INTEGER NOT NULL DEFAULT 0 CHECK (flag IN (-1, 0, 1)),  -- rejected, none, picked
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        problem TEXT NOT NULL,  -- value of ImageProblem, or ''
        key TEXT NOT NULL,  -- of the content; '' if unreadable
        set_key TEXT NOT NULL DEFAULT '',  -- the content that class_id was set for
        group_name TEXT NOT NULL DEFAULT '',  -- images of one group are in one split
        path BLOB NOT NULL,  -- relative to the source, with / between its parts
        name_key TEXT NOT NULL DEFAULT '',  -- of names.natural_key
        search TEXT NOT NULL,  -- of names.search_text
        note TEXT NOT NULL DEFAULT '',
        explanation TEXT NOT NULL,  -- JSON: text and values, or ''
        UNIQUE (source_id, path, page, displaced)
    ) STRICT
    """,
    _KEEP_IDS.format("images"),
    """
    INSERT INTO new_images (
        id, source_id, path, name_key, search, state, size, mtime_ns, inode, key, width, height, class_given, class_id,
        split_given, split, problem, explanation
    ) SELECT
        id, source_id, path, natural_key(path), search_text(path), state, size, mtime_ns, inode, key, width, height,
        class_id, class_id, split_given, split, problem, explanation
    FROM images ORDER BY id
    """,
    "DROP TABLE images",
    "ALTER TABLE new_images RENAME TO images",
)

_INDICES = (
    "CREATE INDEX images_by_class ON images (class_id)",
    "CREATE INDEX images_by_class_and_split ON images (class_id, split)",
    "CREATE INDEX images_by_split ON images (split)",
    "CREATE INDEX images_by_key ON images (key)",
    "CREATE INDEX images_by_name ON images (name_key)",
    "CREATE INDEX images_by_size ON images (size)",
    "CREATE INDEX images_by_time ON images (mtime_ns)",
    "CREATE INDEX images_by_pixels ON images (width * height)",
    "CREATE INDEX images_by_side ON images (max(width, height))",
    "CREATE INDEX images_with_problem ON images (id) WHERE problem <> ''",
    "CREATE INDEX images_excluded ON images (id) WHERE excluded = 1",
    "CREATE INDEX images_by_rating ON images (rating) WHERE rating > 0",
    "CREATE INDEX images_by_flag ON images (flag) WHERE flag <> 0",
    "CREATE INDEX images_by_group ON images (group_name) WHERE group_name <> ''",
    "CREATE INDEX images_set_by_hand ON images (set_key) WHERE class_set = 1",
    "CREATE INDEX images_changed ON images (id) WHERE class_set = 1 AND set_key <> key",
    "CREATE INDEX images_noted ON images (id) WHERE note <> ''",
)

_SEARCH = (
    # detail = none holds in which texts three characters occur, but not where: a match is looked at once more.
    """
    CREATE VIRTUAL TABLE image_search USING fts5 (
        search, content = 'images', content_rowid = 'id', tokenize = 'trigram case_sensitive 1', detail = 'none',
        columnsize = 0
    )
    """,
    "INSERT INTO image_search (image_search) VALUES ('rebuild')",
    """
    CREATE TRIGGER image_search_deleted AFTER DELETE ON images BEGIN
        INSERT INTO image_search (image_search, rowid, search) VALUES ('delete', old.id, old.search);
    END
    """,
    """
    CREATE TRIGGER image_search_updated AFTER UPDATE OF search ON images WHEN new.search <> old.search BEGIN
        INSERT INTO image_search (image_search, rowid, search) VALUES ('delete', old.id, old.search);
        INSERT INTO image_search (rowid, search) VALUES (new.id, new.search);
    END
    """,
    """
    CREATE TRIGGER image_search_inserted AFTER INSERT ON images BEGIN
        INSERT INTO image_search (rowid, search) VALUES (new.id, new.search);
    END
    """,
)

_NEW = (
    """
    CREATE TABLE more_labels (  -- beside class_id, in a project with several labels an image
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image_id INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
        class_id INTEGER NOT NULL REFERENCES classes (id),
        removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
        UNIQUE (image_id, class_id)
    ) STRICT
    """,
    "CREATE INDEX more_labels_by_class ON more_labels (class_id)",
    """
    CREATE TABLE shapes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image_id INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
        class_id INTEGER REFERENCES classes (id),
        kind TEXT NOT NULL CHECK (kind IN ('box', 'polygon', 'line', 'point')),
        points TEXT NOT NULL,  -- JSON: [[x, y], ...] in pixels of the oriented image; two corners for a box
        attributes TEXT NOT NULL DEFAULT '{}',  -- JSON: what an import brought beside, such as an object's number
        removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
    ) STRICT
    """,
    "CREATE INDEX shapes_by_image ON shapes (image_id)",
    "CREATE INDEX shapes_by_class ON shapes (class_id)",
    """
    CREATE TABLE edits (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        made_at INTEGER NOT NULL,  -- seconds since 1970
        title TEXT NOT NULL,  -- English, to be translated
        arguments TEXT NOT NULL DEFAULT '{}',  -- JSON: the values in the title
        undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))
    ) STRICT
    """,
    """
    CREATE TABLE changes (
        edit_id INTEGER NOT NULL REFERENCES edits (id) ON DELETE CASCADE,
        target TEXT NOT NULL,  -- table.column
        row_id INTEGER NOT NULL,
        before ANY,
        after ANY,
        PRIMARY KEY (edit_id, target, row_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE health (  -- of a content, so that it stays known wherever the file goes
        key TEXT PRIMARY KEY,
        version INTEGER NOT NULL,  -- of the measures
        perceptual_hash INTEGER NOT NULL,  -- 64 bits, as a signed number
        sharpness REAL NOT NULL,
        brightness REAL NOT NULL,
        contrast REAL NOT NULL,
        entropy REAL NOT NULL,
        saturation REAL NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE shared_contents (  -- worked out with the splits
        kind TEXT NOT NULL CHECK (kind IN ('split', 'label')),  -- in which the images of a content differ
        image_id INTEGER NOT NULL,
        PRIMARY KEY (kind, image_id)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE sources ADD COLUMN beside BLOB",  # the path from the project's folder, for when both were moved
    "ALTER TABLE sources ADD COLUMN offline INTEGER NOT NULL DEFAULT 0 CHECK (offline IN (0, 1))",
    "ALTER TABLE sources ADD COLUMN watched INTEGER NOT NULL DEFAULT 1 CHECK (watched IN (0, 1))",
    "ALTER TABLE sources ADD COLUMN scan_began_ns INTEGER NOT NULL DEFAULT 0",  # of the last scan, since 1970
    "ALTER TABLE sources ADD COLUMN scan_ended_ns INTEGER NOT NULL DEFAULT 0",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a catalogue of version 1 to version 2; nothing that it holds is lost."""
    connection.create_function("natural_key", 1, natural_key, deterministic=True)
    connection.create_function("search_text", 1, search_text, deterministic=True)
    for statement in (*_CLASSES, *_IMAGES, *_INDICES, *_SEARCH, *_NEW):
        connection.execute(statement)
