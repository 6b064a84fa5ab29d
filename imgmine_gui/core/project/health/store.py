"""Measures in the catalogue's database, and the questions that findings ask it."""

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Sequence

from imgmine_gui.core.project.health.findings import Group, Member
from imgmine_gui.core.project.health.measures import VERSION, Measures
from imgmine_gui.core.project.health.measuring import Undecodable, Unmeasured
from imgmine_gui.core.project.queries import location

_IN_USE = "state = 0 AND excluded = 0"
_HALF = 2**63


def count_contents(db: sqlite3.Connection) -> tuple[int, int]:
    """How many different contents readable images have, and how many of these are measured."""
    row = db.execute(
        """
        SELECT count(*), count(health.key) FROM (
            SELECT DISTINCT images.key FROM images WHERE state = 0 AND problem = '' AND images.key <> ''
        ) AS contents LEFT JOIN health ON health.key = contents.key AND version = ?
        """,
        [VERSION],
    ).fetchone()
    return int(row[0]), int(row[1])


def select_unmeasured(db: sqlite3.Connection, after: str, limit: int) -> list[Unmeasured]:
    """At most ``limit`` contents without measures, with keys above ``after``, in their order."""
    rows = db.execute(
        """
        SELECT images.key, sources.path, is_file, images.path, page, size, mtime_ns
        FROM images JOIN sources ON sources.id = source_id
        WHERE images.key > ? AND state = 0 AND problem = '' AND offline = 0
            AND NOT EXISTS (SELECT 1 FROM health WHERE health.key = images.key AND version = ?)
        GROUP BY images.key ORDER BY images.key LIMIT ?
        """,
        [after, VERSION, limit],
    )
    return [
        Unmeasured(key, os.fsdecode(location(source, is_file, path, page)), size, mtime_ns)
        for key, source, is_file, path, page, size, mtime_ns in rows
    ]


def insert_measures(db: sqlite3.Connection, measured: Iterable[tuple[str, Measures]]) -> None:
    """Keep the measures of contents, in place of those of an earlier version."""
    rows = (
        (
            key,
            VERSION,
            one.perceptual_hash - 2 * _HALF if one.perceptual_hash >= _HALF else one.perceptual_hash,
            one.sharpness,
            one.brightness,
            one.contrast,
            one.entropy,
            one.saturation,
        )
        for key, one in measured
    )
    db.executemany("INSERT OR REPLACE INTO health VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def select_measures(db: sqlite3.Connection, key: str) -> Measures | None:
    """The measures of a content."""
    row = db.execute(
        """
        SELECT perceptual_hash, sharpness, brightness, contrast, entropy, saturation FROM health
        WHERE key = ? AND version = ?
        """,
        [key, VERSION],
    ).fetchone()
    return None if row is None else Measures(row[0] % (2 * _HALF), *row[1:])


def write_problems(db: sqlite3.Connection, undecodable: Sequence[Undecodable]) -> int:
    """Give all images of these contents their reason; how many images that are.

    The content stays known with the image, by which a scan sees that the reason still holds.
    """
    changed = 0
    for one in undecodable:
        touched = db.execute(
            """
            UPDATE images SET problem = ?, explanation = ?, split = NULL WHERE key = ? AND problem = ''
            RETURNING source_id
            """,
            [one.problem, one.explanation, one.key],
        ).fetchall()
        changed += len(touched)
        db.executemany("UPDATE sources SET images = images - 1, unreadable = unreadable + 1 WHERE id = ?", touched)
    return changed


def select_exact_groups(db: sqlite3.Connection) -> list[Group]:
    """The images of equal content, where there are several."""
    rows = db.execute(
        f"""
        SELECT group_concat(id) FROM images WHERE {_IN_USE} AND problem = '' AND key <> ''
        GROUP BY key HAVING count(*) > 1
        """  # noqa: S608 - a constant
    )
    return sorted(tuple(sorted(map(int, ids.split(",")))) for (ids,) in rows)


def select_unreadable(db: sqlite3.Connection) -> list[int]:
    """The images that cannot be read."""
    rows = db.execute(f"SELECT id FROM images WHERE {_IN_USE} AND problem <> '' ORDER BY id")  # noqa: S608 - a constant
    return [number for (number,) in rows]


def select_members(db: sqlite3.Connection, ids: Collection[int]) -> dict[int, Member]:
    """What the images of these ids are told apart by; those that are gone are left out."""
    rows = db.execute(
        f"""
        SELECT id, width * height, size, split, class_id, group_name FROM images
        WHERE {_IN_USE} AND id IN (SELECT value FROM json_each(?))
        """,  # noqa: S608 - a constant
        [json.dumps(list(ids))],
    )
    return {number: Member(*values) for number, *values in rows}
