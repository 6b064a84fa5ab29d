"""A project in a folder of its own, labelled and marked directly, and read back in a form that can be compared."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.edits import classes, groups, labels, marks, splits_by_hand, texts
from imgmine_gui.core.project.exchange.applying import ImportReport, apply_plan
from imgmine_gui.core.project.exchange.description import Shape, ShapeKind
from imgmine_gui.core.project.exchange.export import ExportReport, export_images
from imgmine_gui.core.project.exchange.formats import WRITERS
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.plan import ImportPlan
from imgmine_gui.core.project.exchange.planning import plan_import
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.scan import scan_folder
from imgmine_gui.core.project.schema import create_catalogue


@dataclass(frozen=True)
class Said:
    """All that a project says of one image."""

    labels: tuple[str, ...] = ()
    split: Split | None = None
    group: str = ""
    note: str = ""
    shapes: tuple[Shape, ...] = ()
    text: str = ""


@contextmanager
def project(database: Path, *sources: Path) -> Iterator[Catalogue]:
    """A new catalogue of these sources."""
    create_catalogue(database)
    catalogue = Catalogue(database)
    try:
        for path in sources:
            source = catalogue.add_source(str(path))
            catalogue.apply_scan(source.id, scan_folder(str(path), None, PlainContext()))
        yield catalogue
    finally:
        catalogue.close()


def ids_by_name(catalogue: Catalogue) -> dict[str, int]:
    """The images by the names of their files."""
    with catalogue.edits.recording("look") as (db, _):
        rows = db.execute("SELECT path, id FROM images WHERE state = 0 ORDER BY id").fetchall()
    return {path.decode("utf-8", "surrogateescape"): number for path, number in rows}


def say(catalogue: Catalogue, said: dict[str, Said]) -> None:
    """Label, sort and mark images, by the paths of their files below the source."""
    ids = ids_by_name(catalogue)
    several = any(len(one.labels) > 1 for one in said.values())
    with catalogue.edits.recording("say") as (db, edit):
        if several:
            labels.set_several_labels(db, edit.id, several=True)
        known: dict[str, int] = {}

        def class_id(name: str) -> int:
            if name not in known:
                known[name] = classes.find_class(db, name) or classes.add_class(db, edit.id, name)
            return known[name]

        for name, one in said.items():
            image = [ids[name]]
            for place, label in enumerate(one.labels):
                add = labels.add_label if place else labels.set_label
                add(db, edit.id, image, class_id(label))
            if one.split:
                splits_by_hand.set_split(db, edit.id, image, one.split)
            groups.set_group(db, edit.id, image, one.group)
            marks.set_note(db, edit.id, image, one.note)
            if one.text:
                texts.set_text(db, edit.id, image, one.text)
            for shape in one.shapes:
                label_id = None if shape.label is None else class_id(shape.label)
                values = (ids[name], label_id, shape.kind, json.dumps(shape.points), json.dumps(dict(shape.attributes)))
                db.execute(
                    "INSERT INTO shapes (image_id, class_id, kind, points, attributes) VALUES (?, ?, ?, ?, ?)", values
                )


def read(catalogue: Catalogue) -> dict[str, Said]:
    """What a project says of its images, by the paths of their files below the source."""
    with catalogue.edits.recording("look") as (db, _):
        rows = db.execute(
            """
            SELECT images.id, path, classes.name, split, group_name, note, text
            FROM images LEFT JOIN classes ON classes.id = class_id WHERE state = 0
            """
        ).fetchall()
        more = db.execute(
            """
            SELECT image_id, name FROM more_labels JOIN classes ON classes.id = class_id
            WHERE more_labels.removed = 0 ORDER BY more_labels.id
            """
        ).fetchall()
        marked = db.execute(
            """
            SELECT image_id, kind, points, name, attributes FROM shapes LEFT JOIN classes ON classes.id = class_id
            WHERE shapes.removed = 0 ORDER BY shapes.id
            """
        ).fetchall()
    found: dict[str, Said] = {}
    for number, path, label, split, group, note, text in rows:
        further = [name for image_id, name in more if image_id == number]
        shapes = tuple(shape_of(*one) for image_id, *one in marked if image_id == number)
        names = () if label is None else (label, *further)
        key = path.decode("utf-8", "surrogateescape")
        found[key] = Said(names, Split(split) if split else None, group, note, shapes, text)
    return found


def shape_of(kind: str, points: str, label: str | None, attributes: str) -> Shape:
    return Shape(ShapeKind(kind), tuple(tuple(point) for point in json.loads(points)), label, json.loads(attributes))


def plan(
    catalogue: Catalogue, path: Path, format_name: str | None = None, staging: Path | None = None, **options: Any
) -> ImportPlan:
    """Plan an import, with the staging file beside the catalogue."""
    place = staging or catalogue.path.with_suffix(".staging")
    return plan_import(catalogue.path, str(path), format_name, ImportOptions(**options), place, PlainContext())


def bring_in(catalogue: Catalogue, path: Path, format_name: str | None = None, **options: Any) -> ImportReport:
    """Plan an import and apply it."""
    return apply_plan(catalogue, plan(catalogue, path, format_name, **options), PlainContext())


def take_out(catalogue: Catalogue, format_name: str, target: Path, **options: Any) -> ExportReport:
    """Export the images."""
    chosen = WRITERS[format_name].options_type(**options)
    return export_images(catalogue.path, format_name, target, chosen, PlainContext())


def problems_of(plan: ImportPlan) -> Sequence[str]:
    """All problems in words."""
    return [problem.text for problem in plan.problems]
