"""The images of a project as they are written to other formats."""

import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from imgmine_gui.core.images.pages import with_page
from imgmine_gui.core.project.exchange.description import Told
from imgmine_gui.core.project.exchange.formats import Keeps
from imgmine_gui.core.project.exchange.options import WhichImages
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.queries import location
from imgmine_gui.core.project.shapes import Shape, ShapeKind, select_shapes

_CHUNK = 500

_WHICH = {
    WhichImages.ALL: "true",
    WhichImages.LABELLED: (
        "(class_id IS NOT NULL OR text <> '' OR images.id IN (SELECT image_id FROM shapes WHERE removed = 0))"
    ),
    WhichImages.TRAIN: "split = 'train'",
    WhichImages.VALIDATION: "split = 'validation'",
    WhichImages.TEST: "split = 'test'",
}
_IN_USE = "state = 0 AND problem = '' AND excluded = 0"
_IMAGES = """
    SELECT images.id, source_id, sources.path, is_file, images.path, page, width, height, classes.name, split,
           group_name, note, text,
           EXISTS (
               SELECT 1 FROM images AS other
               WHERE other.source_id = images.source_id AND other.path = images.path AND other.page > 0
           )
    FROM images JOIN sources ON sources.id = source_id LEFT JOIN classes ON classes.id = class_id
    WHERE {} ORDER BY source_id, images.path, page
"""
_MORE = """
    SELECT image_id, name FROM more_labels JOIN classes ON classes.id = class_id
    WHERE more_labels.removed = 0 AND classes.removed = 0 AND image_id IN (SELECT value FROM json_each(?))
    ORDER BY more_labels.id
"""
_SHAPES_OF_A_KIND = "SELECT count(*) FROM shapes WHERE removed = 0 AND kind = 'KIND' AND image_id IN ({ids})"


@dataclass(frozen=True, slots=True)
class ProjectImage:
    """One image with all that is said of it.

    Attributes:
        location: of the file, absolute; of a later page ``FILE#page=N``.
        name: what it is called in a file: the path below the source, or where that is not enough, the whole path.
        below: a path of its own below a folder, to copy it to; a page of several is a PNG there.
        page: of a file that holds several images, from 1; 0 of a file that holds one.
        width: in pixels, oriented.
        height: in pixels, oriented.
        label: its class.
        more: further classes.
        split: what it is used for.
        group: "" for none.
        note: "" for none.
        text: what is written in it; "" for nothing that is known.
        shapes: in it.
    """

    location: str
    name: str
    below: str
    page: int
    width: int
    height: int
    label: str | None
    more: tuple[str, ...]
    split: Split | None
    group: str
    note: str
    text: str
    shapes: tuple[Shape, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """All classes of the image, the most important first."""
        return (self.label, *self.more) if self.label is not None else self.more


class ProjectImages:
    """The images that are to be written, in the order of sources and paths; can be gone through several times.

    Those that cannot be read or are excluded are left out.

    Args:
        db: of the catalogue, in a transaction that lasts as long as this is used.
        which: of the images.
        told: learns how many are done.

    Attributes:
        count: how many there are.
        classes: of images and shapes, in their order.
        keypoints: the names of the keypoints of a class, in the order in which they first occur.
    """

    def __init__(self, db: sqlite3.Connection, which: WhichImages, told: Told) -> None:
        self._db = db
        self._told = told
        self._where = f"{_IN_USE} AND {_WHICH[which]}"
        self.count = int(db.execute(f"SELECT count(*) FROM images WHERE {self._where}").fetchone()[0])  # noqa: S608 - constants
        self.classes: tuple[str, ...] = self._classes()
        self.keypoints: dict[str | None, tuple[str, ...]] = self._keypoints()
        self.names = _Names(db)

    def __iter__(self) -> Iterator[ProjectImage]:
        rows = self._db.execute(_IMAGES.format(self._where))
        done = 0
        while chunk := list(islice(rows, _CHUNK)):
            asked = [json.dumps([row[0] for row in chunk])]
            more: dict[int, list[str]] = defaultdict(list)
            for image_id, name in self._db.execute(_MORE, asked):
                more[image_id].append(name)
            shapes = select_shapes(self._db, [row[0] for row in chunk])
            for row in chunk:
                yield self._image(row, more[row[0]], shapes.get(row[0], ()))
                done += 1
                self._told.step(done, self.count, every=16)

    def splits(self, marked: bool = False) -> set[Split | None]:
        """The splits of the images, None among them; with ``marked``, of those that have a shape."""
        shapes = "AND images.id IN (SELECT image_id FROM shapes WHERE removed = 0)" if marked else ""
        rows = self._db.execute(f"SELECT DISTINCT split FROM images WHERE {self._where} {shapes}")  # noqa: S608 - constants
        return {Split(split) if split else None for (split,) in rows}

    def left_out(self, keeps: frozenset[Keeps]) -> dict[Keeps, int]:
        """How much of each sort a format that keeps so much does not hold."""
        queries = {
            Keeps.LABEL: "SELECT count(class_id) FROM images WHERE {}",
            Keeps.MORE_LABELS: "SELECT count(*) FROM more_labels WHERE removed = 0 AND image_id IN ({ids})",
            Keeps.SPLIT: "SELECT count(split) FROM images WHERE {}",
            Keeps.GROUP: "SELECT count(*) FROM images WHERE group_name <> '' AND {}",
            Keeps.NOTE: "SELECT count(*) FROM images WHERE note <> '' AND {}",
            Keeps.TEXT: "SELECT count(*) FROM images WHERE text <> '' AND {}",
            **{Keeps(kind): _SHAPES_OF_A_KIND.replace("KIND", kind) for kind in ShapeKind},
        }
        ids = f"SELECT id FROM images WHERE {self._where}"  # noqa: S608 - constants
        counts = {
            sort: int(self._db.execute(query.format(self._where, ids=ids)).fetchone()[0])
            for sort, query in queries.items()
            if sort not in keeps
        }
        return {sort: count for sort, count in counts.items() if count}

    @property
    def has_unnamed_shapes(self) -> bool:
        """Whether there is a shape without a class."""
        query = """
            SELECT EXISTS (
                SELECT 1 FROM shapes LEFT JOIN classes ON classes.id = class_id AND classes.removed = 0
                WHERE shapes.removed = 0 AND classes.id IS NULL
            )
        """
        return bool(self._db.execute(query).fetchone()[0])

    def _image(self, row: tuple[Any, ...], more: Sequence[str], shapes: Sequence[Shape]) -> ProjectImage:
        _, source_id, source, is_file, path, page, width, height, label, split, group, note, text, several = row
        name, below = self.names.of(source_id, source, bool(is_file), path, page)
        if several:
            below = f"{os.path.splitext(below)[0]}_page{page + 1:04d}.png"
        return ProjectImage(
            os.fsdecode(location(source, is_file, path, page)),
            name,
            below,
            page + 1 if several else 0,
            width,
            height,
            label,
            tuple(more),
            Split(split) if split else None,
            group,
            note,
            text,
            tuple(shapes),
        )

    def _classes(self) -> tuple[str, ...]:
        rows = self._db.execute(
            f"""
            SELECT name FROM classes WHERE removed = 0 AND id IN (
                SELECT class_id FROM images WHERE {self._where}
                UNION SELECT class_id FROM more_labels WHERE removed = 0
                UNION SELECT class_id FROM shapes WHERE removed = 0
            ) ORDER BY position, id
            """  # noqa: S608 - constants
        )
        return tuple(name for (name,) in rows)

    def _keypoints(self) -> dict[str | None, tuple[str, ...]]:
        rows = self._db.execute(
            """
            SELECT classes.name, CASE WHEN json_type(attributes, '$.keypoint') = 'text'
                   THEN json_extract(attributes, '$.keypoint') ELSE 'point' END
            FROM shapes LEFT JOIN classes ON classes.id = class_id AND classes.removed = 0
            WHERE shapes.removed = 0 AND kind = 'point' GROUP BY 1, 2 ORDER BY min(shapes.id)
            """
        )
        found: dict[str | None, list[str]] = defaultdict(list)
        for label, keypoint in rows:
            found[label].append(keypoint)
        return {label: tuple(names) for label, names in found.items()}


class _Names:
    """What images are called: so that an import finds the same image again."""

    def __init__(self, db: sqlite3.Connection) -> None:
        rows = db.execute("SELECT id, path, is_file FROM sources WHERE removed = 0 ORDER BY id").fetchall()
        self._folders: dict[int, str] = {}
        for number, path, _ in rows:
            base = name = os.path.basename(os.fsdecode(path)) or "source"
            taken = {folder.casefold() for folder in self._folders.values()}
            while name.casefold() in taken:
                name = f"{base} ({len(taken) + 1})"
            self._folders[number] = name
        self._alone = len(rows) == 1
        self._whole = any(is_file for *_, is_file in rows) or self._ambiguous(db, rows)

    def of(self, source_id: int, source: bytes, is_file: bool, path: bytes, page: int) -> tuple[str, str]:
        """The ``name`` and the place ``below`` of an image."""
        relative = os.fsdecode(path)
        below = relative if self._alone or is_file else f"{self._folders[source_id]}/{relative}"
        name = os.fsdecode(location(source, is_file, path)) if self._whole and not self._alone else below
        return spelled(with_page(name, page + 1)), below

    def _ambiguous(self, db: sqlite3.Connection, rows: Sequence[tuple[int, bytes, int]]) -> bool:
        """Whether the name of one source and a path below it may also be a path below another."""
        if len({os.path.basename(path).lower() for _, path, _ in rows}) < len(rows):
            return True
        query = "SELECT 1 FROM images WHERE path >= ? AND path < ? LIMIT 1"
        return any(
            db.execute(query, [os.path.basename(path) + b"/", os.path.basename(path) + b"0"]).fetchone()
            for _, path, _ in rows
        )


def spelled(name: str) -> str:
    """A path as text: bytes that are none as ``\\xe9``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
