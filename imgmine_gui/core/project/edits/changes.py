"""Changes of single columns, as they are made, kept, taken back and made again.

Everything is done by SQL over whole sets of rows, so that a hundred thousand rows take about a second.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

TARGETS: Mapping[str, tuple[str, ...]] = {
    "classes": ("name", "colour", "position", "shortcut", "removed"),
    "images": (
        "class_set", "class_id", "set_key", "split_set", "excluded", "group_name", "rating", "flag", "note", "text_set",
        "text",
    ),
    "more_labels": ("removed",),
    "settings": ("class_book", "several_labels", "split", "transcriptions"),
    "shapes": ("class_id", "kind", "points", "attributes", "removed"),
    "sources": ("removed",),
}  # fmt: skip
"""The columns that an edit may change, by table; of ``settings``, the names of its rows.

What scans write is not among them, nor what follows from other columns (see ``derived``).
"""

UNIT = ("class_set", "class_id", "set_key")
"""The label of an image: columns that are only ever changed, taken back and made again together."""

Side = Literal["before", "after"]
"""Of an edit."""
Plain = str | int | float | None
"""What a column may hold that an edit changes."""


@dataclass(frozen=True)
class Sql:
    """SQL with the values of its question marks.

    Attributes:
        text: as rows, a SELECT of ids; as a value, an expression over the row that is changed.
        values: for the question marks.
    """

    text: str
    values: tuple[Plain, ...] = ()


Rows = Collection[int] | Sql
"""Ids of rows, or a SELECT of them."""
Value = Plain | Sql
"""What a column is set to."""


CHOSEN = Sql("SELECT id FROM chosen")
"""The images that ``choose`` put there."""


def choose(db: sqlite3.Connection, rows: Rows) -> None:
    """Put ids into the temporary table ``chosen (id)`` of the connection, in place of those before.

    For edits of several steps on the same images: each step may change what a SELECT of them would find.
    """
    _fill(db, "chosen", rows)


def set_column(db: sqlite3.Connection, edit_id: int, target: str, rows: Rows, value: Value) -> None:
    """Set one column of rows to a value, and remember what it was where it was another.

    Args:
        db: in a transaction.
        edit_id: of the edit that this belongs to.
        target: "table.column", one of ``TARGETS``.
        rows: which; ids that there are not are passed over.
        value: what the column is set to.

    Raises:
        ValueError: the target is none of ``TARGETS``.
    """
    table, _, column = target.partition(".")
    set_columns(db, edit_id, table, rows, {column: value})


def set_columns(db: sqlite3.Connection, edit_id: int, table: str, rows: Rows, values: Mapping[str, Value]) -> None:
    """Set columns of rows that are one unit: where one of them changes, all are remembered.

    Args:
        db: in a transaction.
        edit_id: of the edit that this belongs to.
        table: whose rows they are.
        rows: which; ids that there are not are passed over.
        values: what each column is set to; an expression sees the row as it was before.

    Raises:
        ValueError: one of the columns is none of ``TARGETS``, or the label of an image is changed in part.
    """
    _require_targets(table, values)
    _fill(db, "staged", rows)
    expressions = {name: value if isinstance(value, Sql) else Sql("?", (value,)) for name, value in values.items()}
    differs = " OR ".join(f"{name} IS NOT {one.text}" for name, one in expressions.items())
    sides = ", ".join(f"{name}, {one.text}" for name, one in expressions.items())
    arguments = [argument for one in expressions.values() for argument in one.values]
    _make_replaced(db)
    places = range(len(expressions))
    into = ", ".join(f"before_{place}, after_{place}" for place in places)
    db.execute(
        f"INSERT INTO replaced (id, {into}) SELECT id, {sides} FROM {table} WHERE id IN staged AND ({differs})",  # noqa: S608
        [*arguments, *arguments],
    )
    for place, name in zip(places, expressions, strict=True):
        db.execute(
            f"""
            INSERT INTO changes (edit_id, target, row_id, before, after)
            SELECT ?, ?, id, before_{place}, after_{place} FROM replaced WHERE 1
            ON CONFLICT (edit_id, target, row_id) DO UPDATE SET after = excluded.after
            """,  # noqa: S608 - of this module
            [edit_id, f"{table}.{name}"],
        )
    assignments = ", ".join(f"{name} = {one.text}" for name, one in expressions.items())
    db.execute(f"UPDATE {table} SET {assignments} WHERE id IN (SELECT id FROM replaced)", arguments)  # noqa: S608


def set_each(db: sqlite3.Connection, edit_id: int, target: str, values: Iterable[tuple[int, Plain]]) -> None:
    """Set one column to a value of its own in each row, which ``values`` names by its id.

    Raises:
        ValueError: the target is none of ``TARGETS``.
    """
    db.execute("CREATE TEMP TABLE IF NOT EXISTS staged_values (id INTEGER PRIMARY KEY, value)")
    db.execute("DELETE FROM staged_values")
    db.executemany("INSERT OR REPLACE INTO staged_values VALUES (?, ?)", values)
    value = Sql(f"(SELECT value FROM staged_values WHERE staged_values.id = {target.partition('.')[0]}.id)")  # noqa: S608
    set_column(db, edit_id, target, Sql("SELECT id FROM staged_values"), value)


def set_setting(db: sqlite3.Connection, edit_id: int, name: str, value: str | None) -> None:
    """Set a row of ``settings`` to JSON, or take it away with ``None``, and remember what it was.

    Raises:
        ValueError: it is none of ``TARGETS``.
    """
    _require_targets("settings", [name])
    before = read_setting(db, name)
    if before == value:
        return
    db.execute(
        """
        INSERT INTO changes (edit_id, target, row_id, before, after) VALUES (?, ?, 0, ?, ?)
        ON CONFLICT (edit_id, target, row_id) DO UPDATE SET after = excluded.after
        """,
        [edit_id, f"settings.{name}", before, value],
    )
    _write_setting(db, name, value)


def read_setting(db: sqlite3.Connection, name: str) -> str | None:
    """A row of ``settings`` as JSON; ``None`` where it is not set."""
    row = db.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchone()
    return None if row is None else str(row[0])


def changed_targets(db: sqlite3.Connection, edit_id: int) -> list[str]:
    """The targets that an edit changes, in the order of ``TARGETS``."""
    targets = [f"{table}.{column}" for table, columns in TARGETS.items() for column in columns]
    found = "SELECT EXISTS (SELECT 1 FROM changes WHERE edit_id = ? AND target = ?)"
    return [target for target in targets if db.execute(found, [edit_id, target]).fetchone()[0]]


def write_side(db: sqlite3.Connection, edit_id: int, side: Side) -> None:
    """Write what the columns of an edit were before it, or after it."""
    by_table: dict[str, list[str]] = {}
    for target in changed_targets(db, edit_id):
        table, _, column = target.partition(".")
        by_table.setdefault(table, []).append(column)
    for table, columns in by_table.items():
        if table == "settings":
            for name in columns:
                value = f"SELECT {side} FROM changes WHERE edit_id = ? AND target = ?"  # noqa: S608 - one of two words
                _write_setting(db, name, db.execute(value, [edit_id, f"settings.{name}"]).fetchone()[0])
        elif table == "classes":
            _write_classes(db, edit_id, side, columns)
        else:
            _write_columns(db, edit_id, side, table, columns)


def _write_columns(db: sqlite3.Connection, edit_id: int, side: Side, table: str, columns: Iterable[str]) -> None:
    """Columns of a unit, which are remembered for the same rows, are written at once: in half the time."""
    left = list(columns)
    if UNIT[0] in left and table == "images":
        left = [column for column in left if column not in UNIT]
        _write_together(db, edit_id, side, table, UNIT)
    for column in left:
        _write_together(db, edit_id, side, table, (column,))


def _write_together(db: sqlite3.Connection, edit_id: int, side: Side, table: str, columns: tuple[str, ...]) -> None:
    value = f"(SELECT {side} FROM changes WHERE edit_id = ? AND target = ? AND row_id = {table}.id)"  # noqa: S608
    assignments = ", ".join(f"{column} = {value}" for column in columns)
    arguments = [argument for column in columns for argument in (edit_id, f"{table}.{column}")]
    db.execute(
        f"""
        UPDATE {table} SET {assignments}
        WHERE id IN (SELECT row_id FROM changes WHERE edit_id = ? AND target = ?)
        """,  # noqa: S608 - of TARGETS
        [*arguments, edit_id, f"{table}.{columns[0]}"],
    )


def _write_classes(db: sqlite3.Connection, edit_id: int, side: Side, columns: list[str]) -> None:
    """No two classes in use have one name: those that change theirs are out of use meanwhile.

    A class of a folder that came since goes out of use where a class of the edit is called so; it stands in for it.
    """
    rows = db.execute(
        f"""
        SELECT id, coalesce(
            (SELECT {side} FROM changes WHERE edit_id = ?1 AND target = 'classes.removed' AND row_id = id), removed
        ) FROM classes WHERE id IN (
            SELECT row_id FROM changes WHERE edit_id = ?1 AND target IN ('classes.name', 'classes.removed')
        )
        """,  # noqa: S608 - one of two words
        [edit_id],
    ).fetchall()
    db.executemany("UPDATE classes SET removed = 1 WHERE id = ?", [(number,) for number, _ in rows])
    _write_columns(db, edit_id, side, "classes", [column for column in columns if column != "removed"])
    in_use = [(number,) for number, removed in rows if not removed]
    of_its_name = "UPDATE classes SET removed = 1 WHERE removed = 0 AND name = (SELECT name FROM classes WHERE id = ?)"
    db.executemany(of_its_name, in_use)
    db.executemany("UPDATE classes SET removed = 0 WHERE id = ?", in_use)


def _fill(db: sqlite3.Connection, table: Literal["chosen", "staged"], rows: Rows) -> None:
    db.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY)")
    db.execute(f"DELETE FROM {table}")  # noqa: S608 - one of two words
    if isinstance(rows, Sql):
        db.execute(f"INSERT OR IGNORE INTO {table} {rows.text}", rows.values)
    else:
        numbers = json.dumps(sorted(rows))
        db.execute(f"INSERT OR IGNORE INTO {table} SELECT value FROM json_each(?)", [numbers])  # noqa: S608 - as above


def _make_replaced(db: sqlite3.Connection) -> None:
    """An empty table of rows that change: reading them once is quicker than once for every column."""
    sides = ", ".join(f"before_{place}, after_{place}" for place in range(len(UNIT)))
    db.execute(f"CREATE TEMP TABLE IF NOT EXISTS replaced (id INTEGER PRIMARY KEY, {sides})")
    db.execute("DELETE FROM replaced")


def _require_targets(table: str, columns: Collection[str]) -> None:
    unknown = [column for column in columns if column not in TARGETS.get(table, ())]
    if unknown:
        raise ValueError(f"no edit may change this. Received: table={table!r}, columns={unknown}, known: {TARGETS}")
    of_label = [column for column in UNIT if column in columns]
    if table == "images" and of_label and len(of_label) < len(UNIT):
        raise ValueError(f"the columns of a label change together. Received: {of_label}, needed: {UNIT}")


def _write_setting(db: sqlite3.Connection, name: str, value: str | None) -> None:
    if value is None:
        db.execute("DELETE FROM settings WHERE name = ?", [name])
    else:
        db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, value])
