"""labelme: a JSON file an image; see the reader of the same name.

Labels of the image are flags that are set. What labelme has no place for stands under the key ``imgmine``.
"""

import json
import os
from typing import Any

from imgmine_gui.core.project.exchange.description import Shape, ShapeKind, Told
from imgmine_gui.core.project.exchange.formats import WRITERS, Keeps, Writer
from imgmine_gui.core.project.exchange.options import BesideOptions, Placing
from imgmine_gui.core.project.exchange.output import Output
from imgmine_gui.core.project.exchange.project_images import ProjectImage, ProjectImages, spelled
from imgmine_gui.core.project.exchange.readers.labelme import OWN
from imgmine_gui.core.text import N_

_KINDS = {
    ShapeKind.POLYGON: "polygon",
    ShapeKind.BOX: "rectangle",
    ShapeKind.LINE: "linestrip",
    ShapeKind.POINT: "point",
}
_VERSION = "5.5.0"
"""Of labelme, whose files these are like."""


@WRITERS.register("labelme")
class LabelmeWriter(Writer):
    """Writes a folder with a JSON file an image, beside the images where they go along."""

    name = "labelme"
    title = N_("labelme (JSON)")
    summary = N_("A JSON file an image, with boxes, polygons, lines and points.")
    suffix = ""
    keeps = frozenset(Keeps)
    options_type = BesideOptions

    def write(self, images: ProjectImages, output: Output, told: Told) -> None:
        """Write all images."""
        for image in images:
            below, place = image.below, spelled(image.location)
            if output.placing is not Placing.NONE:
                placed = output.place(image)
                if placed is None:
                    continue
                below, place = placed, spelled(os.path.basename(placed))
            with output.open(output.free(os.path.splitext(below)[0] + ".json")) as file:
                file.write(json.dumps(_content(image, place), ensure_ascii=False, indent=1).encode())


def _content(image: ProjectImage, place: str) -> dict[str, Any]:
    own = {"labels": image.labels, "split": image.split, "group": image.group, "note": image.note,
           "text": image.text}  # fmt: skip
    beside = {key: value for key, value in own.items() if value}
    return {
        "version": _VERSION,
        "flags": dict.fromkeys(image.labels, True),
        "shapes": [_shape(shape) for shape in image.shapes],
        "imagePath": place,
        "imageData": None,
        "imageHeight": image.height,
        "imageWidth": image.width,
        **({OWN: beside} if beside else {}),
    }


def _shape(shape: Shape) -> dict[str, Any]:
    return {
        "label": shape.label or "",
        "points": shape.points,
        "group_id": None,
        "description": "",
        "shape_type": _KINDS[shape.kind],
        "flags": {},
        **({"attributes": dict(shape.attributes)} if shape.attributes else {}),
    }
