"""The splits of the images of a catalogue: worked out from its rows, and written where they changed.

Splits follow from labels, folders, groups and settings, and are in no history. In a small catalogue they are worked out
with each edit; in a large one, where that takes a second, they are marked as stale, and worked out soon after.
"""

import sqlite3

import numpy as np

from imgmine_gui.core.project.arrays import Numbers, select_arrays
from imgmine_gui.core.project.bulk import MANY, without_indices
from imgmine_gui.core.project.split_arrays import CODES, Codes, Mask, SplitColumns, assign_codes, shared_contents
from imgmine_gui.core.project.splits import SplitSettings, draw, draw_group

AT_ONCE = 20_000
"""With so many images, dividing them takes about 30 ms."""

_STALE, _SEED = "splits_stale", "draw_seed"
_TRANSCRIBED = 2**62
"""Stands for the class of the images that have a text and no class: they are divided as one more class."""
_DIVIDED = "state = 0 AND problem = '' AND excluded = 0"
_SPLIT_INDICES = ("images_by_split", "images_by_class_and_split")


def read_split_settings(db: sqlite3.Connection) -> SplitSettings:
    """How images are divided that no folder and no person divides."""
    row = db.execute("SELECT value FROM settings WHERE name = 'split'").fetchone()
    return SplitSettings.model_validate_json(row[0]) if row else SplitSettings()


def are_splits_stale(db: sqlite3.Connection) -> bool:
    """Whether something has changed from which splits follow, and ``divide`` was not called since."""
    return db.execute("SELECT 1 FROM settings WHERE name = ?", [_STALE]).fetchone() is not None


def divide_soon(db: sqlite3.Connection) -> None:
    """Assign the splits anew if that is done at once; else mark them as stale."""
    (images,) = db.execute("SELECT coalesce(max(id), 0) FROM images").fetchone()
    if images <= AT_ONCE:
        divide(db)
    else:
        db.execute("INSERT OR REPLACE INTO settings VALUES (?, 'true')", [_STALE])


def divide(db: sqlite3.Connection) -> None:
    """Assign the splits of all images by the rules of ``splits``; only rows whose split changes are written."""
    settings = read_split_settings(db)
    _draw(db, settings.seed)
    ids, current, columns = _read(db, settings.seed)
    assigned = assign_codes(columns, settings)
    _write(db, ids, assigned, assigned != current)
    db.execute("DELETE FROM shared_contents")
    _write_shared(db, "split", ids[shared_contents(columns.contents, assigned)])
    labels = np.where(columns.labels == _TRANSCRIBED, 0, columns.labels)
    _write_shared(db, "label", ids[shared_contents(columns.contents, labels)])
    db.execute(f"UPDATE images SET split = NULL WHERE split IS NOT NULL AND NOT ({_DIVIDED})")  # noqa: S608 - constant
    db.execute("DELETE FROM settings WHERE name = ?", [_STALE])


def _draw(db: sqlite3.Connection, seed: int) -> None:
    """Work out the order in which contents are drawn, where it is not known for this seed."""
    row = db.execute("SELECT value FROM settings WHERE name = ?", [_SEED]).fetchone()
    if row is None or int(row[0]) != seed:
        db.execute("UPDATE images SET draw = NULL WHERE draw IS NOT NULL")
        db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [_SEED, str(seed)])
    db.create_function("draw", 1, lambda key: draw(seed, key), deterministic=True)
    db.execute("UPDATE images SET draw = draw(key) WHERE draw IS NULL AND key <> ''")


def _read(db: sqlite3.Connection, seed: int) -> tuple[Numbers, Codes, SplitColumns]:
    """The ids of the images that are divided, in their order, their splits now, and what those follow from."""
    names = (
        "id",
        "coalesce(class_id, 0)",
        _code("split"),
        _code("coalesce(split_told, split_given)"),
        _code("split_set"),
        "coalesce(draw, -1)",
    )
    ids, labels, current, given, chosen, contents = select_arrays(
        db, names, f"FROM images NOT INDEXED WHERE {_DIVIDED} ORDER BY id"
    )
    written = db.execute(f"SELECT id FROM images WHERE text <> '' AND {_DIVIDED}").fetchall()  # noqa: S608 - constant
    places = np.searchsorted(ids, np.array(written, np.int64).ravel())
    labels[places] = np.where(labels[places] == 0, _TRANSCRIBED, labels[places])
    groups, group_draws = _read_groups(db, ids, seed)
    columns = SplitColumns(labels, given.astype(np.int8), chosen.astype(np.int8), contents, groups, group_draws)
    return ids, current.astype(np.int8), columns


def _read_groups(db: sqlite3.Connection, ids: Numbers, seed: int) -> tuple[Numbers, Numbers]:
    """The number of the group of each image, or -1; and the order in which the groups are drawn."""
    grouped: list[int] = []
    numbers: list[int] = []
    names: list[str] = []
    rows = db.execute(
        f"SELECT id, group_name FROM images WHERE group_name <> '' AND {_DIVIDED} ORDER BY group_name"  # noqa: S608 - constant
    )
    for image_id, name in rows:
        if not names or names[-1] != name:
            names.append(name)
        grouped.append(image_id)
        numbers.append(len(names) - 1)
    groups = np.full(len(ids), -1)
    groups[np.searchsorted(ids, np.array(grouped, np.int64))] = numbers
    return groups, np.array([draw_group(seed, name) for name in names], np.int64)


def _write(db: sqlite3.Connection, ids: Numbers, assigned: Codes, changed: Mask) -> None:
    db.execute("CREATE TEMP TABLE IF NOT EXISTS assigned (id INTEGER PRIMARY KEY, split TEXT)")
    db.execute("DELETE FROM assigned")
    words = {code: split.value if split else None for split, code in CODES.items()}
    pairs = zip(ids[changed].tolist(), map(words.__getitem__, assigned[changed].tolist()), strict=True)
    db.executemany("INSERT INTO assigned VALUES (?, ?)", pairs)
    names = _SPLIT_INDICES if int(changed.sum()) >= MANY else ()
    with without_indices(db, names):
        db.execute("UPDATE images SET split = assigned.split FROM assigned WHERE assigned.id = images.id")
    db.execute("DELETE FROM assigned")


def _write_shared(db: sqlite3.Connection, kind: str, ids: Numbers) -> None:
    db.executemany("INSERT INTO shared_contents VALUES (?, ?)", ((kind, number) for number in ids.tolist()))


def _code(column: str) -> str:
    """SQL for the number of a split."""
    cases = " ".join(f"WHEN '{split.value}' THEN {code}" for split, code in CODES.items() if split)
    return f"CASE {column} {cases} ELSE 0 END"
