"""Marked places in images: boxes, polygons, lines and points, as the catalogue keeps them."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Point = tuple[float, float]
Points = tuple[Point, ...]


class ShapeKind(StrEnum):
    """What a shape is; kept in the catalogue by its value."""

    BOX = "box"
    POLYGON = "polygon"
    LINE = "line"
    POINT = "point"


@dataclass(frozen=True, slots=True)
class Shape:
    """A marked place in an image.

    Attributes:
        kind: what it is.
        points: x to the right and y down, from the upper left corner of the image; the corners of a box are the upper
            left and the lower right one.
        label: its class.
        attributes: what a file says beside, in JSON types. Shapes of one image with an equal value of ``object`` are
            parts of one thing.
    """

    kind: ShapeKind
    points: Points
    label: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


def select_shapes(db: sqlite3.Connection, image_ids: Collection[int]) -> dict[int, tuple[Shape, ...]]:
    """The shapes of images by their ids, in the order in which they were made; images without any are left out."""
    found: dict[int, list[Shape]] = defaultdict(list)
    rows = db.execute(
        """
        SELECT image_id, kind, points, classes.name, attributes
        FROM shapes LEFT JOIN classes ON classes.id = class_id AND classes.removed = 0
        WHERE shapes.removed = 0 AND image_id IN (SELECT value FROM json_each(?))
        ORDER BY shapes.id
        """,
        [json.dumps(list(image_ids))],
    )
    for image_id, kind, points, label, attributes in rows:
        corners = tuple((float(x), float(y)) for x, y in json.loads(points))
        found[image_id].append(Shape(ShapeKind(kind), corners, label, json.loads(attributes)))
    return {image_id: tuple(shapes) for image_id, shapes in found.items()}
