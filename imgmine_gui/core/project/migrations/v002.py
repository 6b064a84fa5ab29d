"""Version 2: labels by hand, several an image, shapes, groups, pages of one file, measures of health, and the history.

An edit is a set of changes of single columns in rows that stay: what is taken away is marked as removed, so that going
back and forth in the history is to write the values before or after. Tables are made anew where a constraint changes.
"""

import sqlite3

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
        path BLOB NOT NULL,  -- relative to the source, with / between its parts
        page INTEGER NOT NULL DEFAULT 0,  -- of a file of several, from 0
        search TEXT NOT NULL,  -- the path as it is searched: NFC, without case
        state INTEGER NOT NULL DEFAULT 0,  -- 0: in use; 1: file is missing; 2: source was removed; 3: both
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        key TEXT NOT NULL,  -- of the content; '' if unreadable
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        class_given INTEGER REFERENCES classes (id),  -- by folders
        class_set INTEGER NOT NULL DEFAULT 0 CHECK (class_set IN (0, 1)),  -- 1: class_id by a person or an import
        class_id INTEGER REFERENCES classes (id),  -- in use; class_given unless class_set
        set_key TEXT NOT NULL DEFAULT '',  -- the content that class_id was set for
        split_given TEXT CHECK (split_given IN ('train', 'validation', 'test')),  -- by folders
        split_set TEXT CHECK (split_set IN ('train', 'validation', 'test')),  -- by a person or an import
        split TEXT CHECK (split IN ('train', 'validation', 'test')),  -- in use; NULL unless readable and not excluded
        excluded INTEGER NOT NULL DEFAULT 0 CHECK (excluded IN (0, 1)),  -- 1: seen, but not used
        group_name TEXT NOT NULL DEFAULT '',  -- images of one group are in one split
        rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
        flag INTEGER NOT NULL DEFAULT 0 CHECK (flag IN (-1, 0, 1)),  -- rejected, none, picked
        note TEXT NOT NULL DEFAULT '',
        problem TEXT NOT NULL,  -- value of ImageProblem, or ''
        explanation TEXT NOT NULL,  -- JSON: text and values, or ''
        UNIQUE (source_id, path, page)
    ) STRICT
    """,
    _KEEP_IDS.format("images"),
    """
    INSERT INTO new_images (
        id, source_id, path, search, state, size, mtime_ns, inode, key, width, height, class_given, class_id,
        split_given, split, problem, explanation
    ) SELECT
        id, source_id, path, search, state, size, mtime_ns, inode, key, width, height, class_id, class_id,
        split_given, split, problem, explanation
    FROM images ORDER BY id
    """,
    "DROP TABLE images",
    "ALTER TABLE new_images RENAME TO images",
    "CREATE INDEX images_by_source ON images (source_id)",
    "CREATE INDEX images_by_class ON images (class_id)",
    "CREATE INDEX images_by_class_and_split ON images (class_id, split)",
    "CREATE INDEX images_by_split ON images (split)",
    "CREATE INDEX images_by_key ON images (key)",
    "CREATE INDEX images_with_problem ON images (id) WHERE problem <> ''",
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
    "ALTER TABLE sources ADD COLUMN beside BLOB",  # the path from the project's folder, for when both were moved
    "ALTER TABLE sources ADD COLUMN offline INTEGER NOT NULL DEFAULT 0 CHECK (offline IN (0, 1))",
    "ALTER TABLE sources ADD COLUMN watched INTEGER NOT NULL DEFAULT 1 CHECK (watched IN (0, 1))",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a catalogue of version 1 to version 2; nothing that it holds is lost."""
    for statement in (*_CLASSES, *_IMAGES, *_NEW):
        connection.execute(statement)
