"""COCO: one JSON file with lists of images, annotations and categories.

A box is ``[x, y, width, height]`` and a polygon ``[x1, y1, x2, y2, ...]``, in pixels from the upper left corner. A
thing of several polygons becomes several shapes with one number, ``object``. A segmentation by run lengths becomes
polygons too, along the borders of its pixels; one that is none stays with the box as an attribute and is written again.
Keypoints become points.

Lin et al., Microsoft COCO: Common Objects in Context, ECCV 2014; https://cocodataset.org/#format-data.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from imgmine_gui.core.project.exchange.description import (
    ImportedImage,
    Point,
    Points,
    ProblemKind,
    Shape,
    ShapeKind,
    Told,
    split_of,
)
from imgmine_gui.core.project.exchange.files import Place, damaged, files_below
from imgmine_gui.core.project.exchange.formats import READERS, Reader, Sure
from imgmine_gui.core.project.exchange.json_items import Item, json_items
from imgmine_gui.core.project.exchange.masks import mask_of_runs, polygons_of_mask
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.values import number_of, numbers_of, pairs, text_of, texts_of
from imgmine_gui.core.text import N_

OWN = "imgmine"
"""The key under which ImgMine writes what COCO has no place for: labels, split, group and note of an image."""

_STANDARD = frozenset(
    {"id", "image_id", "category_id", "bbox", "area", "segmentation", "iscrowd", "keypoints", "num_keypoints",
     "attributes"}
)  # fmt: skip


@READERS.register("coco")
class CocoReader(Reader):
    """Reads instances and keypoints of COCO."""

    name = "coco"
    title = N_("COCO (JSON)")
    summary = N_("Boxes, polygons and keypoints in one JSON file for all images.")
    suffixes = (".json",)
    reads_folders = True

    @classmethod
    def recognises(cls, place: Place) -> Sure:
        """By the keys at the beginning, or by the names that such files have in a folder."""
        if place.is_folder:
            return Sure.YES if any(_is_coco_name(name) for name in place.inside) else Sure.NO
        head = place.head
        if place.suffix != ".json" or not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return Sure.NO
        keys = sum(key in head for key in (b'"images"', b'"annotations"', b'"categories"', b'"file_name"'))
        return Sure.YES if keys >= 2 and b'"imagePath"' not in head else Sure.NO

    def read(self, place: Place, options: ImportOptions, told: Told) -> Iterator[ImportedImage]:
        """A piece an image, and a piece an annotation."""
        if not place.is_folder:
            yield from _File(place.path, "", told).pieces()
            return
        for path in files_below(place.path, {".json"}):
            name = path.relative_to(place.path).as_posix()
            if _is_coco_name(name):
                yield from _File(path, name, told).pieces()


def _is_coco_name(name: str) -> bool:
    base = os.path.basename(name).lower()
    return base == "_annotations.coco.json" or (
        base.startswith(("instances", "person_keypoints")) and base.endswith(".json")
    )


class _File:
    """One file: images and categories are read first, because annotations often stand before the latter."""

    def __init__(self, path: Path, file: str, told: Told) -> None:
        self._path = path
        self._file = file
        self._told = told
        self._images: dict[Any, tuple[str, Point | None]] = {}
        self._categories: dict[Any, tuple[str, tuple[str, ...]]] = {}
        self._objects = 0

    def pieces(self) -> Iterator[ImportedImage]:
        yield from self._described()
        marked: set[Any] = set()
        self._told.phase(N_("Reading the shapes"))
        for item in json_items(self._path, frozenset({"annotations"}), self._told):
            piece = self._annotation(item)
            if piece is not None:
                marked.add(_key(item.value["image_id"]))
                yield piece
        if marked:  # a file without any annotation says nothing of shapes
            for number, (name, _) in self._images.items():
                if number not in marked:
                    yield ImportedImage((name,), self._file, shapes=())

    def _described(self) -> Iterator[ImportedImage]:
        """The images; images and categories are known afterwards."""
        found = False
        for item in json_items(self._path, frozenset({"images", "categories"}), self._told):
            found = found or item.key == "images"
            if not isinstance(item.value, dict):
                self._wrong(N_("This is no entry of COCO."), item)
            elif item.key == "categories":
                names = texts_of(item.value.get("keypoints")) or ()
                self._categories[_key(item.value.get("id"))] = (text_of(item.value.get("name")) or "", names)
            elif piece := self._image(item):
                yield piece
        if not found:
            raise damaged(
                self._path,
                0,
                N_("there are no “images” in it, as there are in every COCO file"),
                N_("Choose the file with the annotations, such as instances_train.json."),
            )

    def _image(self, item: Item) -> ImportedImage | None:
        entry = item.value
        name = text_of(entry.get("file_name"))
        if not name:
            self._wrong(N_("An image has no file name."), item)
            return None
        width, height = number_of(entry.get("width")), number_of(entry.get("height"))
        size = (width, height) if width and height else None
        self._images[_key(entry.get("id"))] = (name, size)
        own = entry.get(OWN) if isinstance(entry.get(OWN), dict) else {}
        return ImportedImage(
            (name,),
            self._file,
            item.line,
            labels=texts_of(own.get("labels")),
            split=split_of(text_of(own.get("split")) or ""),
            group=text_of(own.get("group")),
            note=text_of(own.get("note")),
            text=text_of(own.get("text")),
        )

    def _annotation(self, item: Item) -> ImportedImage | None:
        entry = item.value
        image = self._images.get(_key(entry.get("image_id"))) if isinstance(entry, dict) else None
        if image is None:
            self._wrong(N_("An annotation belongs to no image of the file."), item)
            return None
        name, size = image
        category = _key(entry.get("category_id"))
        label, keypoints = self._categories.get(category, ("", ()))
        if not label and category is not None and category not in self._categories:
            label = str(category)
            self._wrong(N_("The category {number} has no name, so the number is taken."), item, number=label)
        shapes = self._shapes(entry, label or None, keypoints)
        if not shapes:
            self._wrong(N_("An annotation has neither a box nor a polygon that can be read."), item)
            return None
        return ImportedImage((name,), self._file, item.line, shapes=shapes, size=size)

    def _shapes(self, entry: dict[str, Any], label: str | None, keypoints: tuple[str, ...]) -> tuple[Shape, ...]:
        attributes = _attributes(entry)
        outline = entry.get("segmentation")
        box = numbers_of(entry.get("bbox"))
        points = tuple(_keypoints(entry, label, keypoints))
        rings = _rings(outline)
        shapes: list[Shape] = [Shape(ShapeKind.POLYGON, ring, label, attributes) for ring in rings]
        if not shapes and box and len(box) == 4 and not (points and box[2] == box[3] == 0):
            if isinstance(outline, dict):
                attributes["segmentation"] = outline
            x, y, width, height = box
            shapes = [Shape(ShapeKind.BOX, ((x, y), (x + width, y + height)), label, attributes)]
        if not shapes and len(points) == 1:
            return (replace(points[0], attributes={**points[0].attributes, **attributes}),)
        shapes += points
        if len(shapes) > 1:
            self._objects += 1
            number = attributes.get("object", self._objects)
            shapes = [replace(one, attributes={**one.attributes, "object": number}) for one in shapes]
        return tuple(shapes)

    def _wrong(self, message: str, item: Item, **values: object) -> None:
        self._told.problem(
            ProblemKind.UNREADABLE, message, file=self._file or self._path.name, line=item.line, **values
        )


def _rings(outline: object) -> list[Points]:
    """The polygons of a segmentation: by their corners, or by run lengths."""
    if isinstance(outline, list):
        return [ring for part in outline if (ring := pairs(numbers_of(part)))]
    mask = mask_of_runs(outline) if isinstance(outline, dict) else None
    return (polygons_of_mask(mask) if mask is not None else None) or []


def _keypoints(entry: dict[str, Any], label: str | None, names: tuple[str, ...]) -> Iterator[Shape]:
    """The keypoints that are marked: ``[x, y, v, ...]`` with v = 0 where one is not."""
    values = numbers_of(entry.get("keypoints")) or ()
    for place in range(len(values) // 3):
        x, y, visible = values[3 * place : 3 * place + 3]
        if visible > 0:
            name = names[place] if place < len(names) else str(place + 1)
            attributes: dict[str, Any] = {} if name == "point" else {"keypoint": name}
            if visible != 2:
                attributes["visible"] = int(visible)
            yield Shape(ShapeKind.POINT, ((x, y),), label, attributes)


def _attributes(entry: Mapping[str, Any]) -> dict[str, Any]:
    beside = {name: value for name, value in entry.items() if name not in _STANDARD}
    attributes = entry.get("attributes")
    if isinstance(attributes, dict):
        beside.update(attributes)
    if entry.get("iscrowd"):
        beside.setdefault("iscrowd", 1)
    return beside


def _key(value: Any) -> Any:
    """What an image is recognised by; lists and objects are no ids."""
    return value if isinstance(value, int | str) else None
