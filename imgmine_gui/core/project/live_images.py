"""The images that live training works on: a bounded choice of them, so that an answer never waits for a million."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.facts import select_totals

_COLUMNS = """
    images.id, key, class_id, split,
    (SELECT offline FROM sources WHERE sources.id = source_id)
"""
_USED = "state = 0 AND problem = '' AND excluded = 0 AND key <> ''"
LABELLED_PART = 0.75
"""Of all that are chosen; the rest is for what is looked at and what has no label."""

_Row = tuple[int, str, int | None, str | None, int]


@dataclass(frozen=True)
class LiveImages:
    """Readable images that are not left out: labelled ones first, then those that were looked at, then the others.

    Attributes:
        ids: of the images.
        keys: of their contents.
        class_ids: of their classes, of several the first; None without a label.
        splits: "train", "validation", "test"; None where they are not divided yet.
        offline: whether the source of each is not there.
        classes: id and name of the classes that occur.
        total: how many images there are to choose from.
    """

    ids: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    class_ids: tuple[int | None, ...] = ()
    splits: tuple[str | None, ...] = ()
    offline: tuple[bool, ...] = ()
    classes: tuple[tuple[int, str], ...] = ()
    total: int = 0


def read_live_images(catalogue: Catalogue, looked_at: Sequence[int], most: int) -> LiveImages:
    """Choose the images.

    Args:
        catalogue: of the project.
        looked_at: ids of images that are chosen in any case.
        most: so many are chosen, beside those that are looked at. Of more labelled images, an even sample is taken.
    """
    with catalogue.reading() as db:
        rows: dict[int, _Row] = {row[0]: row for row in _labelled(db, int(most * LABELLED_PART))}
        seen = f"SELECT {_COLUMNS} FROM images WHERE {_USED} AND id IN (SELECT value FROM json_each(?))"  # noqa: S608
        rows |= {row[0]: row for row in db.execute(seen, [json.dumps(list(looked_at))])}
        others = f"SELECT {_COLUMNS} FROM images NOT INDEXED WHERE {_USED} ORDER BY id LIMIT ?"  # noqa: S608
        more = db.execute(others, [most + 1]).fetchall()
        for row in more[:most]:
            if len(rows) >= most:
                break
            rows.setdefault(row[0], row)
        total = select_totals(db).images if len(more) > most else len(more)
        names = dict(db.execute("SELECT id, name FROM classes WHERE removed = 0 ORDER BY position, id").fetchall())
    if not rows:
        return LiveImages()
    ids, keys, class_ids, splits, offline = zip(*rows.values(), strict=True)
    used = set(class_ids)
    classes = tuple((number, name) for number, name in names.items() if number in used)
    return LiveImages(ids, keys, class_ids, splits, tuple(map(bool, offline)), classes, total)


def _labelled(db: sqlite3.Connection, most: int) -> list[_Row]:
    """All labelled images, or ``most`` of them by their contents' keys, which are as good as drawn at random."""
    counted = "SELECT count(*) FROM (SELECT 1 FROM images INDEXED BY images_by_class WHERE class_id NOT NULL LIMIT ?)"
    (number,) = db.execute(counted, [most + 1]).fetchone()
    index, order = ("images_by_class", "id") if number <= most else ("images_by_key", "key")
    statement = f"""
        SELECT {_COLUMNS} FROM images INDEXED BY {index} WHERE class_id NOT NULL AND key > '' AND {_USED}
        ORDER BY {order} LIMIT ?
    """  # noqa: S608 - constants
    return db.execute(statement, [most]).fetchall()
