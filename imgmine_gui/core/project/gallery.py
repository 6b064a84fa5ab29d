"""What is noted of images, what is drawn on them, and what a selection has in common, for the gallery."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.edits.changes import Rows, Sql
from imgmine_gui.core.project.edits.labels import select_labels
from imgmine_gui.core.project.predicted import Prediction, select_predictions
from imgmine_gui.core.project.shapes import Shape, select_shapes


@dataclass(frozen=True, slots=True)
class ImageMarks:
    """What is known of an image beside its ``ImageRow``.

    Attributes:
        labels: the ids of its classes, the first label first.
        prediction: what the model says whose predictions are shown; ``None`` for nothing.
    """

    labels: tuple[int, ...] = ()
    prediction: Prediction | None = None


@dataclass(frozen=True)
class Common:
    """What the images of a selection have in common; ``None`` where they differ.

    Attributes:
        count: how many images.
        labels: how many of them have each class, by its id.
        split: "" where all are divided by folders and settings.
    """

    count: int
    labels: dict[int, int]
    split: str | None
    excluded: bool | None
    rating: int | None
    flag: int | None
    note: str | None
    group: str | None


def marks_of(catalogue: Catalogue, ids: Collection[int]) -> dict[int, ImageMarks]:
    """What is known of images beside their rows, by their ids."""
    with catalogue.reading() as db:
        labels = select_labels(db, ids)
        predictions = select_predictions(db, json.dumps(list(ids)))
    return {number: ImageMarks(labels.get(number, ()), predictions.get(number)) for number in ids}


def shapes_of(catalogue: Catalogue, image_id: int) -> tuple[Shape, ...]:
    """What is drawn on an image, in the order in which it came."""
    with catalogue._database.reading() as db:
        return select_shapes(db, [image_id]).get(image_id, ())


def common_of(catalogue: Catalogue, ids: Sequence[int]) -> Common:
    """What images have in common."""
    rows = rows_of_ids(ids)
    chosen = f"WITH chosen_ids (id) AS ({rows.text}) "
    columns = ("coalesce(split_set, '')", "excluded", "rating", "flag", "note", "group_name")
    sides = ", ".join(f"min({column}), max({column})" for column in columns)
    with catalogue._database.reading() as db:
        number, *values = db.execute(
            f"{chosen} SELECT count(*), {sides} FROM images WHERE id IN (SELECT id FROM chosen_ids)",  # noqa: S608
            rows.values,
        ).fetchone()
        counts: Counter[int] = Counter()
        for statement in (
            "SELECT class_id, count(*) FROM images WHERE id IN (SELECT id FROM chosen_ids) AND class_id IS NOT NULL",
            "SELECT class_id, count(*) FROM more_labels WHERE image_id IN (SELECT id FROM chosen_ids) AND removed = 0",
        ):
            found = db.execute(f"{chosen} {statement} GROUP BY class_id", rows.values)
            counts.update(dict(found.fetchall()))
    split, excluded, rating, flag, note, group = (
        low if low == high else None for low, high in zip(values[::2], values[1::2], strict=True)
    )
    return Common(number, dict(counts), split, None if excluded is None else bool(excluded), rating, flag, note, group)


def next_unlabelled(catalogue: Catalogue, ids: Sequence[int], after: int) -> int:
    """The place of the first image without a label behind ``after`` in ``ids``, going round; -1 if there is none."""
    with catalogue._database.reading() as db:
        for start, stop in ((after + 1, len(ids)), (0, after + 1)):
            for first in range(start, stop, _PIECE):
                piece = list(ids[first : min(first + _PIECE, stop)])
                found = db.execute(
                    "SELECT one.key FROM json_each(?) AS one JOIN images ON images.id = one.value "
                    "WHERE class_id IS NULL AND state = 0 ORDER BY one.key LIMIT 1",
                    [json.dumps(piece)],
                ).fetchone()
                if found is not None:
                    return first + int(found[0])
    return -1


def rows_of_ids(ids: Sequence[int]) -> Sql:
    """A SELECT of exactly these ids: as runs of neighbours, so that a million of them are said in a few words."""
    import numpy as np

    numbers = np.sort(np.asarray(ids, np.int64))  # without Python's lock, which ``unique`` keeps
    ends = np.flatnonzero(np.diff(numbers) != 1)
    first = numbers[np.concatenate(([0], ends + 1))] if len(numbers) else numbers
    last = numbers[np.concatenate((ends, [len(numbers) - 1]))] if len(numbers) else numbers
    runs = np.stack([first, last], axis=1)
    pieces = (json.dumps(runs[at : at + _PIECE].tolist())[1:-1] for at in range(0, len(runs), _PIECE))
    return Sql(
        """
        SELECT images.id FROM json_each(?) AS run CROSS JOIN images
        ON images.id BETWEEN json_extract(run.value, '$[0]') AND json_extract(run.value, '$[1]')
        """,
        (f"[{', '.join(pieces)}]",),  # in pieces: the window may go on between them
    )


def images_meant(ids: Sequence[int]) -> Rows:
    """Ids as an edit takes them best."""
    return list(ids) if len(ids) < _FEW else rows_of_ids(ids)


_PIECE = 5_000
_FEW = 1_000
