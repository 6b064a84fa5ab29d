"""Counts over the images of a catalogue, for the page of data and for the checks."""

import os
import sqlite3
from dataclasses import dataclass

import numpy as np

from imgmine_gui.core.project.arrays import select_arrays
from imgmine_gui.core.project.checks import EXAMPLES, ClassCounts, DataFacts, Shared
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.records import shown


@dataclass(frozen=True)
class Totals:
    """Counts over all sources.

    Attributes:
        images: that can be read.
        unreadable: images that cannot be read.
        not_images: other files that the scans saw.
        unlabelled: readable images without a label.
        train: readable images for training.
        validation: readable images for validation.
        test: readable images for the test.
        classes: with at least one readable image.
    """

    images: int
    unreadable: int
    not_images: int
    unlabelled: int
    train: int
    validation: int
    test: int
    classes: int


def select_totals(db: sqlite3.Connection) -> Totals:
    """Count everything once."""
    images, unreadable, unlabelled, train, validation, test, classes = db.execute(
        """
        SELECT count(*) FILTER (WHERE problem = ''), count(*) FILTER (WHERE problem <> ''),
               count(*) FILTER (WHERE problem = '' AND class_id IS NULL),
               count(*) FILTER (WHERE problem = '' AND split = 'train'),
               count(*) FILTER (WHERE problem = '' AND split = 'validation'),
               count(*) FILTER (WHERE problem = '' AND split = 'test'),
               count(DISTINCT class_id) FILTER (WHERE problem = '')
        FROM images WHERE state = 0
        """
    ).fetchone()
    not_images = db.execute("SELECT coalesce(sum(not_images), 0) FROM sources WHERE removed = 0").fetchone()[0]
    return Totals(images, unreadable, not_images, unlabelled, train, validation, test, classes)


def select_typical_size(db: sqlite3.Connection) -> tuple[int, int] | None:
    """Median width and median height of the readable images, in pixels; None without any."""
    sides = select_arrays(db, ["width", "height"], "FROM images NOT INDEXED WHERE state = 0 AND problem = ''")
    middle = len(sides[0]) // 2
    if not len(sides[0]):
        return None
    width, height = (int(np.partition(side, middle)[middle]) for side in sides)
    return width, height


def select_given_splits(db: sqlite3.Connection) -> frozenset[Split]:
    """The splits that folders and tables give to readable images."""
    rows = db.execute(
        """
        SELECT DISTINCT coalesce(split_told, split_given) AS given FROM images
        WHERE state = 0 AND problem = '' AND given IS NOT NULL
        """
    )
    return frozenset(Split(given) for (given,) in rows)


def select_classes(db: sqlite3.Connection) -> list[ClassCounts]:
    """The classes that have a readable image, or that a person wants to be there without one, in their order."""
    rows = db.execute(
        """
        WITH counts AS (
            SELECT class_id, sum(split = 'train') AS train, sum(split = 'validation') AS validation,
                   sum(split = 'test') AS test
            FROM images WHERE split IS NOT NULL GROUP BY class_id
        ), kept AS (
            SELECT kept.value AS id FROM settings, json_each(settings.value, '$.kept') AS kept
            WHERE settings.name = 'class_book'
        ), listed AS MATERIALIZED (
            SELECT classes.id, name, colour, coalesce(train, 0), coalesce(validation, 0), coalesce(test, 0),
                   (SELECT count(*) FROM images
                    WHERE class_id = classes.id AND split IS NULL AND state = 0 AND problem = '') AS unsplit,
                   (SELECT count(*) FROM more_labels JOIN images ON images.id = image_id
                    WHERE more_labels.class_id = classes.id AND removed = 0 AND state = 0 AND problem = '') AS further,
                   shortcut, position, train IS NOT NULL OR classes.id IN (SELECT id FROM kept) AS sure
            FROM classes LEFT JOIN counts ON counts.class_id = classes.id WHERE removed = 0
        )
        SELECT * FROM listed WHERE sure OR unsplit > 0 OR further > 0 ORDER BY position, id
        """
    )
    return [
        ClassCounts(*row, unsplit=unsplit, further=further, shortcut=shortcut)
        for *row, unsplit, further, shortcut, _, _ in rows
    ]


def select_facts(db: sqlite3.Connection) -> DataFacts:
    """What the checks read."""
    totals = select_totals(db)
    splits, labels = (_shared(db, kind) for kind in ("split", "label"))
    groups, offline = _shared_by_groups(db), _select_offline(db)
    return DataFacts(select_classes(db), totals.unlabelled, totals.unreadable, splits, labels, groups, offline)


def _select_offline(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """The sources that are not there, of whose images some are divided, and how many."""
    rows = db.execute(
        """
        SELECT sources.path, count(*) FROM sources JOIN images ON source_id = sources.id
        WHERE offline = 1 AND removed = 0 AND state = 0 AND split IS NOT NULL AND class_id IS NOT NULL
        GROUP BY sources.id ORDER BY sources.id
        """
    )
    return [(shown(path), count) for path, count in rows]


def _shared_by_groups(db: sqlite3.Connection) -> Shared:
    """The contents that occur in two groups; there is an index of the images that are in one."""
    paths = db.execute(
        """
        SELECT min(path) FROM images INDEXED BY images_by_group WHERE group_name <> '' AND state = 0 AND key <> ''
        GROUP BY key HAVING min(group_name) <> max(group_name) ORDER BY 1
        """
    ).fetchall()
    return _told(paths)


def _shared(db: sqlite3.Connection, kind: str) -> Shared:
    """The contents that occur in two splits ("split") or with two labels ("label")."""
    paths = db.execute(
        """
        SELECT min(path) FROM images NOT INDEXED
        WHERE state = 0 AND id IN (SELECT image_id FROM shared_contents WHERE kind = ?)
        GROUP BY key ORDER BY 1
        """,
        [kind],
    ).fetchall()
    return _told(paths)


def _told(paths: list[tuple[bytes]]) -> Shared:
    return Shared(len(paths), tuple(shown(os.path.basename(path)) for (path,) in paths[:EXAMPLES]))
