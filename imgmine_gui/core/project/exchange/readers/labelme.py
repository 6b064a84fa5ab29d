"""labelme: a JSON file an image. Flags of the whole image that are set are its labels.

Coordinates are in pixels of the image as it is seen. A circle becomes a polygon of 32 corners, a mask
polygons along the borders of its pixels; one that cannot be read, the box around it.

https://github.com/wkentaro/labelme.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.exchange.description import (
    ImportedImage,
    Points,
    ProblemKind,
    Shape,
    ShapeKind,
    Told,
    split_of,
)
from imgmine_gui.core.project.exchange.files import Place, damaged, read_each
from imgmine_gui.core.project.exchange.formats import READERS, Reader, Sure
from imgmine_gui.core.project.exchange.json_items import json_value
from imgmine_gui.core.project.exchange.masks import mask_of_png, polygons_of_mask
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.values import number_of, points_of, text_of, texts_of
from imgmine_gui.core.text import N_

OWN = "imgmine"
"""The key under which ImgMine writes what labelme has no place for."""

KINDS = {
    "polygon": ShapeKind.POLYGON,
    "rectangle": ShapeKind.BOX,
    "mask": ShapeKind.BOX,
    "linestrip": ShapeKind.LINE,
    "line": ShapeKind.LINE,
    "point": ShapeKind.POINT,
}
"""What a ``shape_type`` becomes; circles and several points are treated apart."""

STANDARD = frozenset({"label", "points", "shape_type", "mask"})
"""Keys of a shape that are no attributes."""

_CORNERS = 32


@READERS.register("labelme")
class LabelmeReader(Reader):
    """Reads one JSON file, or a folder of them."""

    name = "labelme"
    title = N_("labelme (JSON)")
    summary = N_("A JSON file an image, with polygons, boxes, lines and points.")
    suffixes = (".json",)
    reads_folders = True

    @classmethod
    def recognises(cls, place: Place) -> Sure:
        """By its keys, in one of the JSON files of a folder too."""
        if place.is_folder:
            found = [name for name in place.inside if name.lower().endswith(".json")][:10]
            return Sure.YES if any(_is_labelme(place.path / name) for name in found) else Sure.NO
        return Sure.YES if place.suffix == ".json" and _is_labelme(place.path) else Sure.NO

    def read(self, place: Place, options: ImportOptions, told: Told) -> Iterator[ImportedImage]:
        """A piece a file; one that cannot be read is a problem if there are others."""
        return read_each(place, ".json", lambda path, name: _read(path, name, told), told)


def _is_labelme(path: Path) -> bool:
    try:
        head = Place(path).head
    except UserError:
        return False
    return b'"shapes"' in head and (b'"imagePath"' in head or b'"flags"' in head)


def _read(path: Path, file: str, told: Told) -> ImportedImage:
    content = json_value(path)
    if not isinstance(content, dict) or not isinstance(content.get("shapes"), list):
        remedy = N_("Export it again with the program that made it.")
        raise damaged(path, 0, N_("there are no “shapes” in it, as there are in every file of labelme"), remedy)
    shapes: list[Shape] = []
    for number, entry in enumerate(content["shapes"], 1):
        found = _shapes(entry, number) if isinstance(entry, dict) else []
        if not found:
            message = N_("The shape {number} cannot be read.")
            told.problem(ProblemKind.UNREADABLE, message, file=file or path.name, number=number)
        shapes += found
    name = text_of(content.get("imagePath"))
    width, height = number_of(content.get("imageWidth")), number_of(content.get("imageHeight"))
    flags = content.get("flags")
    own = content.get(OWN)
    own = own if isinstance(own, dict) else {}
    labels = tuple(key for key, value in flags.items() if value is True) if isinstance(flags, dict) and flags else None
    folder = f"{file.rpartition('/')[0]}/" if "/" in file else ""
    return ImportedImage(
        (folder + name, name) if name and folder else (name,) if name else (),
        file,
        stem=str(path.with_suffix("")),
        labels=texts_of(own.get("labels")) or labels,
        split=split_of(text_of(own.get("split")) or ""),
        group=text_of(own.get("group")),
        note=text_of(own.get("note")),
        text=text_of(own.get("text")),
        shapes=tuple(shapes),
        size=(width, height) if width and height else None,
    )


def _shapes(entry: dict[str, Any], number: int) -> list[Shape]:
    kind = text_of(entry.get("shape_type")) or "polygon"
    points = points_of(entry.get("points"))
    label = text_of(entry.get("label")) or None
    attributes = _attributes(entry)
    if kind == "points":
        return [Shape(ShapeKind.POINT, (point,), label, attributes) for point in points]
    if kind == "circle" and len(points) == 2:
        return [Shape(ShapeKind.POLYGON, circle(points), label, attributes)]
    if kind == "mask" and (outlines := _outlines(entry, points)):
        if len(outlines) > 1:
            attributes.setdefault("object", number)
        return [Shape(ShapeKind.POLYGON, outline, label, attributes) for outline in outlines]
    if kind not in KINDS or not points:
        return []
    return [Shape(KINDS[kind], points, label, attributes)]


def _outlines(entry: dict[str, Any], points: Points) -> list[Points]:
    """The polygons around a mask: of the pixels between two corners, both of them included, in a PNG."""
    image = text_of(entry.get("mask"))
    if not image or len(points) != 2:
        return []
    (left, top), (right, bottom) = points
    mask = mask_of_png(image, (round(right - left) + 1, round(bottom - top) + 1))
    found = polygons_of_mask(mask) if mask is not None else None
    return [tuple((x + left, y + top) for x, y in outline) for outline in found or ()]


def circle(points: Points) -> Points:
    """The corners of a polygon for a circle, given by its middle and a point on it."""
    (x, y), rim = points
    radius = math.dist((x, y), rim)
    angles = (2 * math.pi * corner / _CORNERS for corner in range(_CORNERS))
    return tuple((x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles)


def _attributes(entry: dict[str, Any]) -> dict[str, Any]:
    """What stands beside a shape, as far as it says anything."""
    beside = {key: value for key, value in entry.items() if key not in STANDARD and value not in (None, "", {}, [])}
    own = beside.pop("attributes", None)
    if isinstance(own, dict):
        beside.update(own)
    return beside
