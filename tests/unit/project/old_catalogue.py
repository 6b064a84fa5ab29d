"""A catalogue as the first version of the program wrote it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from imgmine_gui.core.project.database import APPLICATION_ID
from imgmine_gui.core.project.migrations import MIGRATIONS


def make_old(folder: Path, last_id: int = 0) -> None:
    """Turn the catalogue of a project into one of version 1, in which an image had the number ``last_id`` before."""
    database = folder / "project.db"
    old = folder / "old.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        MIGRATIONS[0](db)
        db.execute("PRAGMA user_version = 1")
        db.execute("ATTACH ? AS new", [str(database)])
        db.execute(
            "INSERT INTO sources SELECT id, path, is_file, images, unreadable, not_images, removed FROM new.sources"
        )
        db.execute("INSERT INTO classes SELECT id, name, colour, position FROM new.classes")
        names = ", ".join(name for _, name, *_ in db.execute("PRAGMA main.table_info(images)"))
        db.execute(f"INSERT INTO images SELECT {names} FROM new.images")
        db.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'images'", [last_id])
    os.replace(old, database)
