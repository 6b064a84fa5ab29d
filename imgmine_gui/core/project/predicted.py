"""What a model says of the images, at hand for queries: a temporary table of each connection that asks.

It also says of each image whether the prediction agrees with the label, which is worked out anew when that is asked for
after something was written.

Nothing is written into the catalogue, so that a project that is open for reading only can be searched by it, too.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from imgmine_gui.core.project.arrays import Numbers, select_arrays
from imgmine_gui.core.project.keeping import KeepingConnection


@dataclass(frozen=True, eq=False)
class Predictions:
    """What one model says of contents; each of them is compared as itself.

    Attributes:
        classes: the names of the model's classes.
        keys: contents, as ``images.key`` has them.
        predicted: for each of them, the place of the class.
        confidence: for each of them, the probability of that class, 0 to 1.
    """

    classes: tuple[str, ...] = ()
    keys: Sequence[str] = ()
    predicted: Sequence[int] = ()
    confidence: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says of one image.

    Attributes:
        name: of the class.
        confidence: its probability, 0 to 1.
    """

    name: str
    confidence: float


def stage_predictions(db: sqlite3.Connection, predictions: Predictions) -> None:
    """Make ``temp.predicted (id, name, confidence)`` of all images with such a content, unless it is there.

    Args:
        db: in no transaction, or in one that is not the first to ask for these predictions.
        predictions: of the model whose predictions are shown.
    """
    if isinstance(db, KeepingConnection) and db.staged is predictions:
        return
    with _staging(db):
        _make_table(db, predictions)
    if isinstance(db, KeepingConnection):
        db.staged, db.staged_order = predictions, None


def _make_table(db: sqlite3.Connection, predictions: Predictions) -> None:
    db.execute("DROP TABLE IF EXISTS temp.predicted")
    columns = "id INTEGER PRIMARY KEY, name TEXT NOT NULL, confidence REAL NOT NULL, agrees INTEGER"
    db.execute(f"CREATE TEMP TABLE predicted ({columns})")  # agrees: 0 or 1; NULL without a label
    columns = "key TEXT NOT NULL, name TEXT NOT NULL, confidence REAL NOT NULL, class_id INTEGER"
    db.execute(f"CREATE TEMP TABLE predicted_contents ({columns})")
    classes = {name: (name, _class_of(db, name)) for name in predictions.classes}
    rows = (
        (key, name, confidence, class_id)
        for key, place, confidence in zip(predictions.keys, predictions.predicted, predictions.confidence, strict=True)
        for name, class_id in (classes[predictions.classes[place]],)
    )
    db.executemany("INSERT INTO predicted_contents VALUES (?, ?, ?, ?)", rows)
    db.execute(
        f"""
        INSERT OR REPLACE INTO predicted SELECT images.id, name, confidence, {_agrees("contents.class_id")}
        FROM (SELECT * FROM predicted_contents ORDER BY key) AS contents
        CROSS JOIN images INDEXED BY images_by_key USING (key)
        """  # noqa: S608 - constants
    )
    db.execute("DROP TABLE predicted_contents")
    db.execute("CREATE INDEX temp.predicted_by_confidence ON predicted (confidence)")
    db.execute("CREATE INDEX temp.predicted_by_agreement ON predicted (agrees)")
    db.execute("CREATE INDEX temp.predicted_by_name ON predicted (name)")


def _agrees(class_id: str) -> str:
    """SQL for whether a class is the label of a row of ``images``, or one of several: 0 or 1; NULL without a label."""
    return f"""
        CASE WHEN images.class_id = {class_id} OR EXISTS (
            SELECT 1 FROM more_labels WHERE image_id = images.id AND more_labels.class_id = {class_id} AND removed = 0
        ) THEN 1 WHEN images.class_id IS NOT NULL THEN 0 END
        """  # noqa: S608 - constants


def _class_of(db: sqlite3.Connection, name: str) -> int | None:
    row = db.execute("SELECT id FROM classes WHERE name = ? AND removed = 0", [name]).fetchone()
    return None if row is None else int(row[0])


def stage_agreement(db: sqlite3.Connection) -> None:
    """Let ``temp.predicted.agrees`` say whether the class is the label, or one of several, as they are now.

    Args:
        db: in no transaction, to which ``stage_predictions`` was handed.
    """
    if isinstance(db, KeepingConnection) and db.staged_at == db.state():
        return
    with _staging(db):
        for (name,) in db.execute("SELECT DISTINCT name FROM temp.predicted").fetchall():
            # Only what has changed is written: little, after a label.
            db.execute(
                f"""
                UPDATE temp.predicted SET agrees = changed.now FROM (
                    SELECT * FROM (
                        SELECT one.id AS id, one.agrees AS before, {_agrees("?1")} AS now
                        FROM temp.predicted AS one INDEXED BY predicted_by_name
                        CROSS JOIN images ON images.id = one.id WHERE one.name = ?2
                    ) WHERE before IS NOT now
                ) AS changed WHERE changed.id = predicted.id
                """,  # noqa: S608 - constants
                [_class_of(db, name), name],
            )


@contextmanager
def _staging(db: sqlite3.Connection) -> Iterator[None]:
    """A transaction after which ``temp.predicted`` agrees with the rows as they were in it."""
    db.execute("BEGIN")
    try:
        yield
        state = db.state() if isinstance(db, KeepingConnection) else None
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
    if isinstance(db, KeepingConnection):
        db.staged_at = state


def ids_by_confidence(db: sqlite3.Connection) -> Numbers:
    """The ids of the images with a prediction, the least sure first, those as sure as others by ids; int64 (images,).

    The connection remembers them as long as these predictions are shown.

    Args:
        db: to which ``stage_predictions`` was handed.
    """
    ids = db.staged_order if isinstance(db, KeepingConnection) else None
    if ids is None:
        (ids,) = select_arrays(db, ["id"], "FROM temp.predicted ORDER BY confidence, id")
        if isinstance(db, KeepingConnection):
            db.staged_order = ids
    return ids


def select_predictions(db: sqlite3.Connection, ids: str) -> dict[int, Prediction]:
    """What is said of images, by their ids; those of which nothing is said are left out.

    Args:
        db: to which ``stage_predictions`` was handed.
        ids: a JSON list.
    """
    rows = db.execute(
        "SELECT id, name, confidence FROM temp.predicted WHERE id IN (SELECT value FROM json_each(?))", [ids]
    )
    return {number: Prediction(name, confidence) for number, name, confidence in rows}
