"""Version 3: transcriptions, the texts of images of lines, by files and by hand.

The columns stand at the end of a row, so that the table need not be written anew. What is searched of an image is its
path, and behind that its text, in the one column that the index of groups of three characters covers.
"""

import sqlite3

_STATEMENTS = (
    "ALTER TABLE images ADD COLUMN text TEXT NOT NULL DEFAULT ''",  # in use; what text_given is unless text_set
    "ALTER TABLE images ADD COLUMN text_set INTEGER NOT NULL DEFAULT 0 CHECK (text_set IN (0, 1))",  # by hand or import
    "ALTER TABLE images ADD COLUMN text_given TEXT NOT NULL DEFAULT ''",  # by tables and text files
    "ALTER TABLE images ADD COLUMN text_problem TEXT NOT NULL DEFAULT ''",  # JSON: why what they say cannot be used
    "ALTER TABLE images ADD COLUMN split_told TEXT CHECK (split_told IN ('train', 'validation', 'test'))",  # by tables
    "CREATE INDEX images_with_text ON images (id) WHERE text <> ''",
    "CREATE INDEX images_with_text_problem ON images (id) WHERE text_problem <> ''",
    "CREATE INDEX images_told_of ON images (source_id)"
    " WHERE text_given <> '' OR text_problem <> '' OR split_told IS NOT NULL",
    "ALTER TABLE sources ADD COLUMN text_problems TEXT NOT NULL DEFAULT '[]'",  # JSON: of the files of transcriptions
)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a catalogue of version 2 to version 3; nothing that it holds is lost."""
    for statement in _STATEMENTS:
        connection.execute(statement)
