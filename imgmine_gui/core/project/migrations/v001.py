"""Version 1: sources, images, classes and settings.

Ids are never used twice (``AUTOINCREMENT``), so that nothing kept outside the catalogue ever points to another image.
Indices end in the row's id by themselves: pages ordered by id come straight from them.
"""

import sqlite3

_STATEMENTS = (
    """
    CREATE TABLE settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL  -- JSON
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE sources (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL,  -- absolute, as os.fsencode gives it
        is_file INTEGER NOT NULL CHECK (is_file IN (0, 1)),
        images INTEGER NOT NULL DEFAULT 0,  -- counts of the last scan
        unreadable INTEGER NOT NULL DEFAULT 0,
        not_images INTEGER NOT NULL DEFAULT 0,
        removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
    ) STRICT
    """,
    """
    CREATE TABLE classes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        colour INTEGER NOT NULL,
        position INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE images (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        path BLOB NOT NULL,  -- relative to the source, with / between its parts
        search TEXT NOT NULL,  -- the path as it is searched: NFC, without case
        state INTEGER NOT NULL DEFAULT 0,  -- 0: in use; 1: file is missing; 2: source was removed; 3: both
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        key TEXT NOT NULL,  -- of the content; '' if unreadable
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        class_id INTEGER REFERENCES classes (id),
        split_given TEXT CHECK (split_given IN ('train', 'validation', 'test')),  -- by folders
        split TEXT CHECK (split IN ('train', 'validation', 'test')),  -- in use; NULL unless state = 0 and problem = ''
        problem TEXT NOT NULL,  -- value of ImageProblem, or ''
        explanation TEXT NOT NULL,  -- JSON: text and values, or ''
        UNIQUE (source_id, path)
    ) STRICT
    """,
    "CREATE INDEX images_by_source ON images (source_id)",
    "CREATE INDEX images_by_class ON images (class_id)",
    "CREATE INDEX images_by_class_and_split ON images (class_id, split)",
    "CREATE INDEX images_by_split ON images (split)",
    "CREATE INDEX images_by_key ON images (key)",
    "CREATE INDEX images_with_problem ON images (id) WHERE problem <> ''",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Make an empty database a catalogue."""
    for statement in _STATEMENTS:
        connection.execute(statement)
