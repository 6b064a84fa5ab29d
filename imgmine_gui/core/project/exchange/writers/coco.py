"""COCO: one JSON file with lists of images, annotations and categories; see the reader of the same name.

What COCO has no place for stands under the key ``imgmine`` of an image, where other programs pass it over.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from imgmine_gui import __version__
from imgmine_gui.core.project.exchange.description import Shape, ShapeKind, Told
from imgmine_gui.core.project.exchange.formats import WRITERS, Keeps, Writer
from imgmine_gui.core.project.exchange.geometry import area, bounds
from imgmine_gui.core.project.exchange.options import ExportOptions
from imgmine_gui.core.project.exchange.output import Output, as_text
from imgmine_gui.core.project.exchange.project_images import ProjectImage, ProjectImages
from imgmine_gui.core.project.exchange.readers.coco import OWN
from imgmine_gui.core.text import N_


@WRITERS.register("coco")
class CocoWriter(Writer):
    """Writes one JSON file for all images."""

    name = "coco"
    title = N_("COCO (JSON)")
    summary = N_("One JSON file with boxes, polygons and keypoints, as many training programs read it.")
    suffix = ".json"
    keeps = frozenset(Keeps) - {Keeps.LINE, Keeps.PIXELS}
    options_type = ExportOptions

    def write(self, images: ProjectImages, output: Output, told: Told) -> None:
        """Write the images, then go through them again for the annotations."""
        categories = {name: number for number, name in enumerate(images.classes, 1)}
        info = {"description": "ImgMine", "version": __version__}
        with output.open() as file, as_text(file) as text:
            text.write(f'{{"info": {json.dumps(info)}')
            told.phase(N_("Writing images"), images.count)
            _write_list(text, "images", (_image(number, image) for number, image in enumerate(images, 1)))
            told.phase(N_("Writing shapes"), images.count)
            _write_list(text, "annotations", _annotations(images, categories))
            _write_list(text, "categories", _categories(images, categories))
            text.write("\n}\n")


def _write_list(text: IO[str], key: str, entries: Iterable[Mapping[str, Any]]) -> None:
    """An entry a line, so that a problem can be found by its line."""
    text.write(f',\n"{key}": [')
    separator = "\n"
    for entry in entries:
        text.write(separator + json.dumps(entry, ensure_ascii=False))
        separator = ",\n"
    text.write("\n]")


def _image(number: int, image: ProjectImage) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": number, "file_name": image.name, "width": image.width, "height": image.height}
    own = {"labels": image.labels, "split": image.split, "group": image.group, "note": image.note,
           "text": image.text}  # fmt: skip
    if beside := {key: value for key, value in own.items() if value}:
        entry[OWN] = beside
    return entry


def _annotations(images: ProjectImages, categories: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    number = 0
    for image_number, image in enumerate(images, 1):
        for parts in things(image.shapes):
            entry = _annotation(parts, images.keypoints)
            if entry is not None:
                number += 1
                category = categories.get(parts[0].label or "", len(categories) + 1)
                yield {"id": number, "image_id": image_number, "category_id": category, **entry}


def things(shapes: Iterable[Shape]) -> Iterator[list[Shape]]:
    """The shapes that make one annotation each: polygons of one ``object`` belong together, and keypoints to these."""
    found: dict[Any, list[Shape]] = {}
    points: dict[Any, list[Shape]] = {}
    for place, shape in enumerate(shapes):
        number = shape.attributes.get("object")
        key = (shape.label, json.dumps(number)) if number is not None else place
        if _is_keypoint(shape):
            points.setdefault(key, []).append(shape)
        else:
            alike = (key, shape.kind, json.dumps(dict(shape.attributes), sort_keys=True))
            found.setdefault(alike if shape.kind is ShapeKind.POLYGON else (place,), []).append(shape)
    owners = Counter((parts[0].label, json.dumps(parts[0].attributes.get("object"))) for parts in found.values())
    for parts in found.values():
        key = (parts[0].label, json.dumps(parts[0].attributes.get("object")))
        mine = points.get(key, []) if owners[key] == 1 and parts[0].kind is not ShapeKind.POINT else []
        names = {_keypoint_name(point) for point in mine}
        belongs = mine and len(names) == len(mine)
        yield [*parts, *points.pop(key)] if belongs else parts
    for left in points.values():
        yield from ([point] for point in left)


def _is_keypoint(shape: Shape) -> bool:
    """Whether a point says nothing that COCO's keypoints cannot."""
    beside = {key: value for key, value in shape.attributes.items() if key != "object"}
    name, visible = beside.pop("keypoint", ""), beside.pop("visible", 1)
    return shape.kind is ShapeKind.POINT and isinstance(name, str) and name != "point" and visible == 1 and not beside


def _keypoint_name(point: Shape) -> str:
    name = point.attributes.get("keypoint", "point")
    return name if isinstance(name, str) else "point"


def _annotation(parts: list[Shape], keypoints: Mapping[str | None, tuple[str, ...]]) -> dict[str, Any] | None:
    """One thing; None if it is a line, for which there is no place."""
    first = parts[0]
    if first.kind is ShapeKind.LINE:
        return None
    outline = [part for part in parts if part.kind is not ShapeKind.POINT]
    left, top, right, bottom = bounds(tuple(point for part in outline or parts for point in part.points))
    box = [round(value, 3) for value in (left, top, right - left, bottom - top)]
    attributes = dict(first.attributes)
    entry: dict[str, Any] = {"bbox": box, "iscrowd": int(attributes.get("iscrowd") == 1)}
    if first.kind is ShapeKind.POLYGON:
        entry["segmentation"] = [[value for point in part.points for value in point] for part in outline]
        entry["area"] = round(sum(area(part.points) for part in outline), 3)
    else:
        runs = attributes.get("segmentation")
        entry["segmentation"] = attributes.pop("segmentation") if isinstance(runs, dict) else []
        entry["area"] = round(box[2] * box[3], 3)
    points = [part for part in parts if part.kind is ShapeKind.POINT]
    if points:
        entry |= _keypoints(points, keypoints.get(first.label, ("point",)))
    if attributes:
        entry["attributes"] = attributes
    return entry


def _keypoints(points: Sequence[Shape], names: Sequence[str]) -> dict[str, Any]:
    """``[x, y, v, ...]`` with three zeros for a keypoint that is not marked."""
    marked = {_keypoint_name(point): point for point in points}
    values: list[float] = []
    for name in names:
        point = marked.get(name)
        visible = 1 if point is not None and point.attributes.get("visible") == 1 else 2
        values += [*point.points[0], visible] if point is not None else [0, 0, 0]
    return {"keypoints": values, "num_keypoints": len(points)}


def _categories(images: ProjectImages, categories: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    numbered: list[tuple[str | None, int]] = [*categories.items(), (None, len(categories) + 1)]
    for name, number in numbered:
        keypoints = images.keypoints.get(name)
        beside = {"keypoints": keypoints, "skeleton": []} if keypoints else {}
        if name is not None or images.has_unnamed_shapes:
            yield {"id": number, "name": name or "", "supercategory": "", **beside}
