"""What an import would change, found out before anything is written."""

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.decode import ImageError, inspect_image
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.database import connect, translated_errors
from imgmine_gui.core.project.edits.classes import class_name
from imgmine_gui.core.project.edits.groups import LONGEST_NAME as LONGEST_GROUP
from imgmine_gui.core.project.edits.groups import group_name
from imgmine_gui.core.project.edits.labels import several_labels
from imgmine_gui.core.project.edits.marks import LONGEST_NOTE
from imgmine_gui.core.project.exchange.current import Current, Decision, decide, with_current
from imgmine_gui.core.project.exchange.description import (
    ImportedImage,
    Points,
    ProblemKind,
    Shape,
    Told,
    clean_text,
)
from imgmine_gui.core.project.exchange.files import Place
from imgmine_gui.core.project.exchange.formats import READERS, format_of
from imgmine_gui.core.project.exchange.geometry import Transform, as_it_is, fitted, transform_between
from imgmine_gui.core.project.exchange.matching import Matcher
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.plan import EXAMPLES, Example, ImportPlan
from imgmine_gui.core.project.exchange.staging import Staging, Wanted
from imgmine_gui.core.project.queries import location
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.project.transcriptions.wording import Unusable, line_text
from imgmine_gui.core.text import N_

ATTRIBUTES_LIMIT = 2**20
"""The most characters of the attributes of a shape, as JSON."""

PIXEL_ATTRIBUTES = frozenset({"segmentation"})
"""Attributes that are only right for the very pixels that the file speaks of."""


def plan_import(
    database: Path, path: str, format_name: str | None, options: ImportOptions, staging: Path, context: JobContext
) -> ImportPlan:
    """Read a file and find out what its import would change; the catalogue is not written to.

    Args:
        database: of the project.
        path: what is imported, a file or a folder.
        format_name: of the reader; None to find out.
        options: how to read it, and what it may change.
        staging: the file to keep what was read in; replaced if it is there.
        context: of the job.

    Raises:
        UserError: the file cannot be read, or is in no format that is known; the staging file is gone.
        Cancelled: the person cancelled; likewise.
    """
    place = Place(path)
    name = format_name or format_of(place)
    told = Told(context)
    staging.unlink(missing_ok=True)
    try:
        with (
            translated_errors(database),
            closing(connect(database, read_only=True)) as db,
            closing(Staging(staging, new=True)) as staged,
        ):
            db.execute("BEGIN")
            return _Planner(db, place, staged, told, options, name).run()
    except BaseException:
        staging.unlink(missing_ok=True)
        raise


class _Planner:
    """Reads, matches, and compares with what is there."""

    def __init__(
        self, db: sqlite3.Connection, place: Place, staged: Staging, told: Told, options: ImportOptions, name: str
    ) -> None:
        self._db = db
        self._place = place
        self._staged = staged
        self._told = told
        self._options = options
        self._lost: set[str] = set()
        self._plan = ImportPlan(staged.path, place.path, name, options)
        self._classes = {name for (name,) in db.execute("SELECT name FROM classes WHERE removed = 0")}

    def run(self) -> ImportPlan:
        pieces, by_name = self._read()
        self._told.phase(N_("Comparing with the project"))
        self._staged.merge(self._told)
        for group in self._staged.torn_groups():
            message = N_("The images of the group “{group}” are in several splits.")
            self._told.problem(ProblemKind.CONFLICT, message, group=group)
        plan = _Counts(self._told, self._options, self._options.several or several_labels(self._db)).of(
            self._db, self._staged
        )
        plan["new_classes"] = tuple(name for name in plan["classes"] if name not in self._classes)
        return replace(
            self._plan,
            pieces=pieces,
            by_name=by_name,
            problems=tuple(self._told.problems),
            counts=dict(self._told.counts),
            remarks=tuple(self._told.remarks),
            **plan,
        )

    def _read(self) -> tuple[int, int]:
        """Stage all pieces; how many there are, and how many were found by the name of the file alone."""
        self._told.phase(N_("Reading the file"))
        reader = READERS[self._plan.format]()
        pieces = by_name = 0
        with closing(Matcher(self._db, self._place.folder)) as matcher:
            for piece in reader.read(self._place, self._options, self._told):
                pieces += 1
                self._told.breathe()
                match = matcher.find(piece.names, piece.stem)
                if match.image_id is None:
                    self._not_found(piece, match.candidates)
                    continue
                by_name += match.by_name
                file = piece.file or self._place.path.name
                checked = self._checked(piece)
                self._staged.add(match.image_id, checked, self._fit(match.image_id, checked), file)
        return pieces, by_name

    def _not_found(self, piece: ImportedImage, candidates: tuple[str, ...]) -> None:
        name = clean_text(next(iter(piece.names), piece.stem))
        if name in self._lost:  # said once, however many pieces are about it
            return
        self._lost.add(name)
        if candidates:
            message = N_("“{name}” may be several images of the project: {candidates}.")
            self._problem(ProblemKind.AMBIGUOUS, message, piece, name=name, candidates=", ".join(candidates))
        else:
            self._problem(ProblemKind.NOT_FOUND, N_("There is no image “{name}” in the project."), piece, name=name)

    def _checked(self, piece: ImportedImage) -> ImportedImage:
        """The piece with names and texts as they are stored; what cannot be is told and left out."""
        labels = piece.labels
        if labels is not None:
            names = [self._label(label, piece) for label in labels]
            labels = tuple(dict.fromkeys(name for name in names if name))
        group = piece.group and self._text(group_name(clean_text(piece.group)), LONGEST_GROUP, piece)
        note = piece.note and self._text(normalize("NFC", clean_text(piece.note)).strip(), LONGEST_NOTE, piece)
        return replace(piece, labels=labels, group=group, note=note, text=self._line(piece))

    def _line(self, piece: ImportedImage) -> str | None:
        """The text of a line as it is stored; None, with the reason told, where it is none."""
        if piece.text is None or not piece.text.strip():
            return piece.text and ""
        line = line_text(clean_text(piece.text))
        if isinstance(line, Unusable):
            self._problem(ProblemKind.LEFT_OUT, line.message, piece, **line.values)
            return None
        return line

    def _label(self, name: str, piece: ImportedImage) -> str:
        """The class that is meant, which the project has or which can be made; "" if there is none."""
        name = normalize("NFC", clean_text(name))
        if name in self._classes or not name.strip():
            return name.strip() and name
        try:
            return class_name(name)
        except UserError as error:
            self._told.refused(error, piece.file or self._place.path.name, piece.line)
            return ""

    def _text(self, text: str, limit: int, piece: ImportedImage) -> str:
        if len(text) > limit:
            message = N_("“{start}…” has more than {limit} characters, so the rest is left out.")
            self._problem(ProblemKind.LEFT_OUT, message, piece, start=text[:20], limit=limit)
        return text[:limit]

    def _fit(self, image_id: int, piece: ImportedImage) -> list[Shape]:
        """The shapes in pixels of the image; what cannot be in it is told."""
        if not piece.shapes:
            return []
        row = self._db.execute(
            """
            SELECT sources.path, is_file, images.path, page, width, height
            FROM images JOIN sources ON sources.id = source_id WHERE images.id = ?
            """,
            [image_id],
        ).fetchone()
        place, size = location(*row[:4]), (row[4], row[5])
        if not all(size):
            message = N_("“{image}” cannot be read, so nothing can be marked in it.")
            self._problem(ProblemKind.SHAPE, message, piece, image=shown(os.path.basename(place)))
            return []
        transform = transform_between(piece.size, piece.relative, size, lambda: _orientation(place))
        if transform is None:
            assert piece.size is not None
            message = N_(
                "The shapes are of an image of {stated} pixels, but “{image}” has {actual}, so they are left out."
            )
            self._problem(
                ProblemKind.SHAPE,
                message,
                piece,
                stated=_product(piece.size),
                actual=_product(size),
                image=shown(os.path.basename(place)),
            )
            return []
        found = (self._fit_one(shape, transform, size, piece) for shape in piece.shapes)
        return [shape for shape in found if shape]

    def _fit_one(self, shape: Shape, transform: Transform, size: tuple[int, int], piece: ImportedImage) -> Shape | None:
        placed = fitted(shape, transform, size)
        if placed is None:
            message = N_("A shape has no extent, or lies outside of the image: {points}.")
            self._problem(ProblemKind.SHAPE, message, piece, points=_written(shape.points))
            return None
        attributes = dict(placed.attributes)
        if transform is not as_it_is:
            attributes = {name: value for name, value in attributes.items() if name not in PIXEL_ATTRIBUTES}
        if len(json.dumps(attributes)) > ATTRIBUTES_LIMIT:
            self._problem(ProblemKind.LEFT_OUT, N_("What stands beside a shape is too long to be kept."), piece)
            attributes = {}
        label = None if placed.label is None else self._label(placed.label, piece)
        return replace(placed, label=label or None, attributes=attributes)

    def _problem(self, kind: ProblemKind, message: str, piece: ImportedImage, **values: object) -> None:
        file = piece.file or self._place.path.name
        self._told.problem(kind, message, file=file, line=piece.line, **values)


class _Counts:
    """Counts what would change."""

    def __init__(self, told: Told, options: ImportOptions, several: bool) -> None:
        self._told = told
        self._options = options
        self._several = several
        self._counts: Counter[str] = Counter()
        self._classes: Counter[str] = Counter()
        self._split_by_hand: Counter[str] = Counter()
        self._changed: list[Example] = []
        self._unchanged: list[Example] = []

    def of(self, db: sqlite3.Connection, staged: Staging) -> dict[str, Any]:
        """The counts by the names of the attributes of ``ImportPlan``."""
        for wish, current in with_current(db, staged.wanted()):
            self._told.step(self._counts["images"])
            decision = decide(wish, current, self._options, self._several)
            self._count(wish, current, decision)
            shown = self._changed if _changes(decision) or wish.shapes else self._unchanged
            if len(shown) < EXAMPLES:
                shown.append(_example(wish, current, decision))
        if self._counts["several"] and not self._several:
            message = N_("{count} images have several labels. The first of each is taken.")
            self._told.problem(ProblemKind.LEFT_OUT, message, count=self._counts["several"])
        for name, count in staged.shape_classes().items():
            self._classes[name] += count
        return {
            **self._counts,
            "classes": dict(self._classes),
            "split_by_hand": dict(self._split_by_hand),
            "takes_several": self._several,
            "shapes": staged.shape_kinds(),
            "examples": tuple([*self._changed, *self._unchanged][:EXAMPLES]),
        }

    def _count(self, wish: Wanted, current: Current, decision: Decision) -> None:
        counts = self._counts
        counts["images"] += 1
        if wish.labels:
            taken = wish.labels if self._several else wish.labels[:1]
            self._classes.update(taken)
            counts["several"] += len(wish.labels) > 1
            if decision.labels is not None:
                counts["labels_changed" if current.label else "labels_new"] += 1
            else:
                counts["labels_same" if taken[0] == current.label else "labels_kept"] += 1
        elif decision.labels is not None:
            counts["labels_changed"] += 1
        counts["splits"] += decision.split is not None and decision.split != current.split
        if decision.split is not None:
            self._split_by_hand[decision.split] += 1
        counts["groups"] += decision.group is not None
        counts["notes"] += decision.note is not None
        counts["texts"] += decision.text is not None
        counts["shapes_there"] += current.shapes if wish.shapes is not None else 0


def _changes(decision: Decision) -> bool:
    said = (decision.labels, decision.split, decision.group, decision.note, decision.text)
    return any(value is not None for value in said)


def _example(wish: Wanted, current: Current, decision: Decision) -> Example:
    name = shown(os.path.basename(current.place))
    return Example(
        wish.image_id,
        name,
        current.label,
        decision.labels,
        current.split,
        decision.split,
        wish.shapes,
        current.text,
        decision.text,
    )


def _orientation(place: bytes) -> int:
    try:
        return inspect_image(os.fsdecode(place)).orientation
    except ImageError:
        return 1


def _written(points: Points) -> str:
    """The first corners, so that a person finds the shape."""
    return "; ".join(f"{x:g}, {y:g}" for x, y in points[:4])


def _product(size: Sequence[float]) -> str:
    return f"{size[0]:g} × {size[1]:g}"
