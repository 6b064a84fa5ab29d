"""What is to be imported, on its way into the catalogue: in a file of its own, so that memory stays bounded.

The file is made when an import is planned, possibly by another process, and read when it is applied: what was shown in
the preview is what is written, whatever becomes of the imported file in between.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.database import translated_errors
from imgmine_gui.core.project.exchange.description import ImportedImage, ProblemKind, Shape, Told
from imgmine_gui.core.text import N_

_BATCH = 2000

_TABLES = """
    CREATE TABLE said (  -- piece by piece, as the file has it
        n INTEGER PRIMARY KEY, image_id INTEGER NOT NULL, file TEXT, line INTEGER,
        labels TEXT, split TEXT, group_name TEXT, note TEXT, text TEXT, shapes INTEGER
    );
    CREATE TABLE shapes (
        n INTEGER PRIMARY KEY, image_id INTEGER NOT NULL, label TEXT, kind TEXT, points TEXT, attributes TEXT
    );
    CREATE TABLE wanted (  -- image by image
        image_id INTEGER PRIMARY KEY, labels TEXT, split TEXT, group_name TEXT, note TEXT, text TEXT, shapes INTEGER
    );
"""

_CONTRADICTIONS = (
    N_("An image has two splits; the first stands: {first}, not {other}."),
    N_("An image has two groups; the first stands: {first}, not {other}."),
    N_("An image has two notes; the first stands: {first}, not {other}."),
    N_("An image has two texts; the first stands: {first}, not {other}."),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that a file says of one image; None where it says nothing.

    Attributes:
        image_id: of the catalogue.
        labels: the most important first.
        split: value of a ``Split``.
        group: images of one group are in one split.
        note: free text.
        text: what is written in the image.
        shapes: how many there are.
    """

    image_id: int
    labels: tuple[str, ...] | None
    split: str | None
    group: str | None
    note: str | None
    text: str | None
    shapes: int | None


class Staging:
    """The file; ``close`` it in the end.

    Args:
        path: of a new file, or of one that was made before.
        new: whether to make it.

    Raises:
        UserError: the drive is full, or cannot be written to.
    """

    def __init__(self, path: Path, new: bool) -> None:
        self.path = path
        with translated_errors(path):
            self._db = sqlite3.connect(path, isolation_level=None)
            if new:
                self._db.execute("PRAGMA journal_mode = OFF")  # what is lost with the power is made again
                self._db.execute("PRAGMA synchronous = OFF")
                self._db.executescript(_TABLES)
        self._said: list[tuple[object, ...]] = []
        self._shapes: list[tuple[object, ...]] = []

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def add(self, image_id: int, piece: ImportedImage, shapes: Sequence[Shape], file: str) -> None:
        """One piece of what the file says of an image; ``shapes`` are those of ``piece`` as they are to be kept."""
        labels = None if piece.labels is None else json.dumps(piece.labels)
        said = (labels, piece.split, piece.group, piece.note, piece.text, 0 if piece.shapes == () else None)
        if any(value is not None for value in said):
            shown = file if file.isprintable() else printable(file)
            self._said.append((image_id, shown, piece.line, *said))
        self._shapes.extend(
            (
                image_id,
                shape.label,
                shape.kind.value,
                json.dumps(shape.points),
                json.dumps(dict(shape.attributes), sort_keys=True),
            )
            for shape in shapes
        )
        if len(self._said) + len(self._shapes) >= _BATCH:
            self._write()

    def merge(self, told: Told) -> None:
        """Bring the pieces of each image together; where they contradict each other, the first stands."""
        self._write()
        with translated_errors(self.path):
            self._db.execute("BEGIN")
            pieces = self._db.execute(
                "SELECT image_id, file, line, labels, split, group_name, note, text, shapes FROM said ORDER BY 1, n"
            )
            merged = ((image_id, *_merged(list(group), told)) for image_id, group in groupby(pieces, key=itemgetter(0)))
            self._db.executemany("INSERT INTO wanted VALUES (?, ?, ?, ?, ?, ?, ?)", merged)
            self._db.execute(
                """
                INSERT INTO wanted (image_id, shapes)
                SELECT image_id, count(*) FROM shapes WHERE true GROUP BY image_id
                ON CONFLICT (image_id) DO UPDATE SET shapes = excluded.shapes
                """
            )
            self._db.execute("DROP TABLE said")
            self._db.execute("COMMIT")

    def wanted(self) -> Iterator[Wanted]:
        """What is wanted of each image, in the order of the ids."""
        rows = self._db.execute("SELECT image_id, labels, split, group_name, note, text, shapes FROM wanted ORDER BY 1")
        for image_id, labels, *rest in rows:
            yield Wanted(image_id, None if labels is None else tuple(json.loads(labels)), *rest)

    def shape_classes(self) -> dict[str, int]:
        """The classes of the shapes, with how many shapes each has."""
        rows = self._db.execute("SELECT label, count(*) FROM shapes WHERE label IS NOT NULL GROUP BY 1 ORDER BY min(n)")
        return dict(rows.fetchall())

    def shape_kinds(self) -> dict[str, int]:
        """How many shapes there are of each kind."""
        return dict(self._db.execute("SELECT kind, count(*) FROM shapes GROUP BY 1 ORDER BY 1").fetchall())

    def torn_groups(self) -> Iterable[str]:
        """The groups whose images the file puts into several splits."""
        rows = self._db.execute(
            """
            SELECT group_name FROM wanted WHERE group_name <> '' AND split IS NOT NULL
            GROUP BY 1 HAVING min(split) <> max(split) ORDER BY 1
            """
        )
        return [name for (name,) in rows]

    def shapes(self) -> Iterator[tuple[int, str | None, str, str, str]]:
        """Image, class, kind, points and attributes of each shape, in the order of the file."""
        yield from self._db.execute("SELECT image_id, label, kind, points, attributes FROM shapes ORDER BY n")

    def _write(self) -> None:
        with translated_errors(self.path):
            self._db.execute("BEGIN")
            self._db.executemany(
                """
                INSERT INTO said (image_id, file, line, labels, split, group_name, note, text, shapes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                self._said,
            )
            self._db.executemany(
                "INSERT INTO shapes (image_id, label, kind, points, attributes) VALUES (?, ?, ?, ?, ?)", self._shapes
            )
            self._db.execute("COMMIT")
        self._said.clear()
        self._shapes.clear()


def _merged(pieces: list[tuple[Any, ...]], told: Told) -> tuple[Any, ...]:
    """Labels, split, group, note, text and shapes of one image."""
    if len(pieces) == 1:
        return pieces[0][3:]
    labels: dict[str, None] = {}
    for piece in pieces:
        labels.update(dict.fromkeys(json.loads(piece[3] or "[]")))
    values: list[str | None] = [None, None, None, None]
    for _, file, line, _, *said, _ in pieces:
        for place, value in enumerate(said):
            if values[place] in (None, ""):
                values[place] = value if value is not None else values[place]
            elif value not in (None, "", values[place]):
                told.problem(
                    ProblemKind.CONFLICT, _CONTRADICTIONS[place], file=file, line=line, first=values[place], other=value
                )
    stated = any(piece[3] is not None for piece in pieces)
    shapes = 0 if any(piece[-1] == 0 for piece in pieces) else None
    return (json.dumps(list(labels)) if stated else None, *values, shapes)
