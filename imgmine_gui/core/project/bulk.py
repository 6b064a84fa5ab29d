"""Writing many rows of ``images`` at once: what is kept beside the rows is made anew afterwards, in their order."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

MANY = 100_000
"""Below so many rows, it is quicker to keep everything up to date row by row."""

_INSERTED = "image_search_inserted"


@contextmanager
def without_indices(db: sqlite3.Connection, names: Iterable[str] | None = None) -> Iterator[None]:
    """Do without indices of ``images`` in the block; they are made anew at its end.

    Args:
        db: in a transaction, which brings them back if the block fails.
        names: those that the block would write to; all where none are given.
    """
    found = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'images' AND type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    wanted = None if names is None else set(names)
    dropped = {name: sql for name, sql in found if wanted is None or name in wanted}
    for name in dropped:
        db.execute(f"DROP INDEX {name}")
    yield
    for sql in dropped.values():
        db.execute(sql)


@contextmanager
def search_filled_at_once(db: sqlite3.Connection) -> Iterator[None]:
    """Bring the images that the block inserts into the search together, at its end.

    Args:
        db: in a transaction, as above.
    """
    (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?", [_INSERTED]).fetchone()
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM images").fetchone()
    db.execute(f"DROP TRIGGER {_INSERTED}")
    yield
    db.execute("INSERT INTO image_search (rowid, search) SELECT id, search FROM images WHERE id > ?", [last])
    db.execute(sql)
