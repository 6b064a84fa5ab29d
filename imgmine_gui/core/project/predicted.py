"""What a model says of the images, at hand for queries: a temporary table of each connection that asks.

It also says of each image whether the prediction agrees with the label, which is worked out anew when that is asked for
after something was written.

Nothing is written into the catalogue, so that a project that is open for reading only can be searched by it, too.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

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
    db.execute("BEGIN")
    try:
        _make_table(db, predictions)
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
    if isinstance(db, KeepingConnection):
        db.staged = predictions


def _make_table(db: sqlite3.Connection, predictions: Predictions) -> None:
    db.execute("DROP TABLE IF EXISTS temp.predicted")
    columns = "id INTEGER PRIMARY KEY, name TEXT NOT NULL, confidence REAL NOT NULL, agrees INTEGER"
    db.execute(f"CREATE TEMP TABLE predicted ({columns})")  # agrees: 0 or 1; NULL without a label
    db.execute("CREATE TEMP TABLE predicted_contents (key TEXT NOT NULL, name TEXT NOT NULL, confidence REAL NOT NULL)")
    names = map(predictions.classes.__getitem__, predictions.predicted)
    rows = zip(predictions.keys, names, predictions.confidence, strict=True)
    db.executemany("INSERT INTO predicted_contents VALUES (?, ?, ?)", rows)
    db.execute(
        """
        INSERT OR REPLACE INTO predicted SELECT images.id, name, confidence, NULL
        FROM (SELECT * FROM predicted_contents ORDER BY key) CROSS JOIN images INDEXED BY images_by_key USING (key)
        """
    )
    db.execute("DROP TABLE predicted_contents")
    db.execute("CREATE INDEX temp.predicted_by_confidence ON predicted (confidence)")
    db.execute("CREATE INDEX temp.predicted_by_agreement ON predicted (agrees)")
    db.execute("CREATE INDEX temp.predicted_by_name ON predicted (name)")


def stage_agreement(db: sqlite3.Connection) -> None:
    """Let ``temp.predicted.agrees`` say whether the class is the label, or one of several, as they are now.

    Args:
        db: in no transaction, to which ``stage_predictions`` was handed.
    """
    if isinstance(db, KeepingConnection) and db.staged_at == db.state():
        return
    db.execute(
        """
        UPDATE temp.predicted SET agrees = CASE WHEN EXISTS (
            SELECT 1 FROM classes JOIN images ON images.id = predicted.id
            WHERE classes.name = predicted.name AND classes.removed = 0 AND (
                classes.id = images.class_id OR EXISTS (
                    SELECT 1 FROM more_labels WHERE image_id = images.id AND more_labels.class_id = classes.id
                    AND more_labels.removed = 0
                )
            )
        ) THEN 1 WHEN (SELECT class_id FROM images WHERE images.id = predicted.id) IS NOT NULL THEN 0 END
        """
    )
    if isinstance(db, KeepingConnection):
        db.staged_at = db.state()


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
