"""Pascal VOC: an XML file an image, with lists of images for each split; see the reader of the same name.

Boxes are rounded to whole pixels, as most programs expect them. Of a polygon the box is written and the corners beside
it, as Roboflow does. What VOC has no place for stands in elements that other programs pass over.
"""

import math
import os
import re
from collections.abc import Iterable, Iterator
from typing import IO
from xml.sax.saxutils import escape

from imgmine_gui.core.project.exchange.description import Points, Shape, ShapeKind, Told
from imgmine_gui.core.project.exchange.formats import WRITERS, Keeps, Writer
from imgmine_gui.core.project.exchange.geometry import bounds
from imgmine_gui.core.project.exchange.options import BesideOptions, Placing
from imgmine_gui.core.project.exchange.output import Output, as_text
from imgmine_gui.core.project.exchange.project_images import ProjectImage, ProjectImages, spelled
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_

_FOLDER = "JPEGImages/"
_LISTS = {Split.TRAIN: "train", Split.VALIDATION: "val", Split.TEST: "test"}
_NOT_IN_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@WRITERS.register("voc")
class VocWriter(Writer):
    """Writes a folder with ``Annotations``, ``ImageSets`` and ``JPEGImages``."""

    name = "voc"
    title = N_("Pascal VOC (XML)")
    summary = N_("A folder with an XML file an image, boxes and polygons, and a list of images for each split.")
    suffix = ""
    keeps = frozenset(Keeps) - {Keeps.LINE, Keeps.POINT, Keeps.ATTRIBUTES}
    options_type = BesideOptions

    def write(self, images: ProjectImages, output: Output, told: Told) -> None:
        """Write all images."""
        lists: dict[Split, list[str]] = {split: [] for split in Split}
        for image in images:
            placed: str | None = image.name
            if output.placing is not Placing.NONE:
                placed = output.place(image, _FOLDER)
                if placed is None:
                    continue
                placed = spelled(placed.removeprefix(_FOLDER))
            below = output.free(f"Annotations/{os.path.splitext(image.below)[0]}.xml")
            with output.open(below) as file, as_text(file) as text:
                _write(text, placed or image.name, image)
            if image.split:
                lists[image.split].append(spelled(below[len("Annotations/") : -len(".xml")]))
        for split, names in lists.items():
            if names:
                with output.open(f"ImageSets/Main/{_LISTS[split]}.txt") as file:
                    file.write("".join(f"{name}\n" for name in names).encode())


def _write(text: IO[str], name: str, image: ProjectImage) -> None:
    folder, _, base = name.rpartition("/")
    lines = [
        "<annotation>",
        f"  <folder>{xml(folder or 'JPEGImages')}</folder>",
        f"  <filename>{xml(base)}</filename>",
        f"  <path>{xml(name)}</path>",
        "  <source><database>ImgMine</database></source>",
        f"  <size><width>{image.width}</width><height>{image.height}</height><depth>3</depth></size>",
        f"  <segmented>{int(any(shape.kind is ShapeKind.POLYGON for shape in image.shapes))}</segmented>",
        *(f"  <label>{xml(label)}</label>" for label in image.labels),
        *_element("split", image.split),
        *_element("group", image.group),
        *_element("note", image.note),
        *_element("text", image.text),
        *(line for shape in image.shapes for line in _object(shape)),
        "</annotation>",
    ]
    text.write("\n".join(lines) + "\n")


def _element(tag: str, value: str | None) -> Iterable[str]:
    return [f"  <{tag}>{xml(value)}</{tag}>"] if value else []


def _object(shape: Shape) -> Iterator[str]:
    if shape.kind not in {ShapeKind.BOX, ShapeKind.POLYGON}:
        return
    left, top, right, bottom = map(_whole, bounds(shape.points))
    yield "  <object>"
    yield f"    <name>{xml(shape.label or '')}</name>"
    for tag, default in (("pose", "Unspecified"), ("truncated", "0"), ("difficult", "0")):
        yield f"    <{tag}>{xml(str(shape.attributes.get(tag, default)))}</{tag}>"
    yield (
        f"    <bndbox><xmin>{left}</xmin><ymin>{top}</ymin>"
        f"<xmax>{max(right, left + 1)}</xmax><ymax>{max(bottom, top + 1)}</ymax></bndbox>"
    )
    if shape.kind is ShapeKind.POLYGON:
        yield f"    <polygon>{_corners(shape.points)}</polygon>"
    yield "  </object>"


def _corners(points: Points) -> str:
    return "".join(
        f"<x{number}>{x:g}</x{number}><y{number}>{y:g}</y{number}>" for number, (x, y) in enumerate(points, 1)
    )


def _whole(value: float) -> int:
    return math.floor(value + 0.5)


def xml(text: str) -> str:
    """``text`` as it stands in XML; characters that cannot stand there are spelled out as ``\\x01``."""
    allowed = _NOT_IN_XML.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    return escape(allowed, {"\r": "&#13;"})
