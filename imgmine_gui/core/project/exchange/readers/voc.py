"""Pascal VOC: an XML file an image, with a box a thing, and lists of images for each split.

Coordinates are taken as they are written, from 0. Only the original files, whose ``database`` begins with "The VOC",
count pixels from 1: there the upper left corner is moved by one (VOC development kit 2012, section 4).
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from imgmine_gui.core.errors import UserError
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
from imgmine_gui.core.project.exchange.files import Place, damaged, files_below, read_each, read_whole
from imgmine_gui.core.project.exchange.formats import READERS, Reader, Sure
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.values import number_of
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_

XML_LIMIT = 16 * 2**20
"""The largest XML file, in bytes."""

_STANDARD = frozenset({"name", "bndbox", "polygon"})
_COUNTED_FROM_1 = "The VOC"
_PRESENCE = re.compile(r"\s+-?[01]$")  # whether a class is there, in lists that are of one
_LISTS = {"train": Split.TRAIN, "val": Split.VALIDATION, "test": Split.TEST}


@READERS.register("voc")
class VocReader(Reader):
    """Reads one XML file, or a folder of them."""

    name = "voc"
    title = N_("Pascal VOC (XML)")
    summary = N_("An XML file an image, with boxes; splits from ImageSets/Main.")
    suffixes = (".xml",)
    reads_folders = True

    @classmethod
    def recognises(cls, place: Place) -> Sure:
        """By the outermost element, or by XML files in a folder."""
        if place.is_folder:
            found = [name for name in place.inside if name.lower().endswith(".xml")]
            return Sure.YES if found and _is_annotation(place.path / found[0]) else Sure.NO
        return Sure.YES if place.suffix == ".xml" and b"<annotation" in place.head else Sure.NO

    def read(self, place: Place, options: ImportOptions, told: Told) -> Iterator[ImportedImage]:
        """A piece a file; one that cannot be read is a problem if there are others."""
        splits = _read_splits(place.path) if place.is_folder else {}
        return read_each(place, ".xml", lambda path, name: _read(path, name, splits, told), told)


def _is_annotation(path: Path) -> bool:
    try:
        return b"<annotation" in Place(path).head
    except UserError:
        return False


def _read_splits(folder: Path) -> dict[str, Split]:
    """What ``ImageSets/Main/train.txt`` and the like say: a name without suffix a line."""
    splits: dict[str, Split] = {}
    for path in files_below(folder, {".txt"}):
        split = _LISTS.get(path.stem)
        if split is not None and "ImageSets" in path.parts:
            for line in read_whole(path).decode("utf-8", "replace").splitlines():
                splits[_PRESENCE.sub("", line.strip())] = split
    return splits


def _read(path: Path, file: str, splits: dict[str, Split], told: Told) -> ImportedImage:
    root = _parse(path)
    names = [_text(root, "path"), _text(root, "filename")]
    size = tuple(number_of(_text(root, f"size/{side}")) for side in ("width", "height"))
    stem = path.stem
    first = 1.0 if _text(root, "source/database").startswith(_COUNTED_FROM_1) else 0.0
    shapes: list[Shape] = []
    for number, thing in enumerate(root.iter("object"), 1):
        shape = _shape(thing, first)
        if shape is None:
            message = N_("The object {number} has no box that can be read.")
            told.problem(ProblemKind.UNREADABLE, message, file=file or path.name, number=number)
        else:
            shapes.append(shape)
    labels = tuple(_element_text(one) for one in root.findall("label"))
    return ImportedImage(
        tuple(name for name in names if name) or (stem,),
        file,
        stem=stem,
        labels=labels if labels or root.find("labels") is not None else None,
        split=split_of(_text(root, "split")) or splits.get(stem) or splits.get(os.path.splitext(names[1])[0]),
        group=_text(root, "group") or None,
        note=_text(root, "note") or None,
        text=_text(root, "text") or None,
        shapes=tuple(shapes),
        size=_size(size),
    )


def _parse(path: Path) -> Element:
    content = read_whole(path, XML_LIMIT)
    remedy = N_("Export it again with the program that made it.")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except ParseError as error:
        raise damaged(path, error.position[0], N_("this is no XML"), remedy) from error
    except (DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise damaged(path, 0, N_("there is something in the XML that labels have no need of"), remedy) from error
    if root.tag != "annotation":
        raise damaged(path, 1, N_("this is no annotation of Pascal VOC, but “{tag}”"), remedy, tag=root.tag[:80])
    return root


def _shape(thing: Element, first: float) -> Shape | None:
    label = _text(thing, "name") or None
    attributes = {
        one.tag: _element_text(one) for one in thing if one.tag not in _STANDARD and not len(one) and one.text
    }
    polygon = _polygon(thing.find("polygon"))
    if polygon:
        return Shape(ShapeKind.POLYGON, polygon, label, attributes)
    corners = [number_of(_text(thing, f"bndbox/{name}")) for name in ("xmin", "ymin", "xmax", "ymax")]
    if None in corners:
        return None
    left, top, right, bottom = (value or 0.0 for value in corners)
    return Shape(ShapeKind.BOX, ((left - first, top - first), (right, bottom)), label, attributes)


def _polygon(polygon: Element | None) -> Points:
    """Corners as ``<x1>..</x1><y1>..</y1><x2>...`` or as ``<pt><x>..</x><y>..</y></pt>``."""
    if polygon is None:
        return ()
    values = {one.tag: number_of(_element_text(one)) for one in polygon}
    corners = [(values.get(f"x{number}"), values.get(f"y{number}")) for number in range(1, len(values) // 2 + 1)]
    corners += [(number_of(_text(one, "x")), number_of(_text(one, "y"))) for one in polygon.findall("pt")]
    return tuple((x, y) for x, y in corners if x is not None and y is not None)


def _size(size: tuple[float | None, ...]) -> Point | None:
    width, height = size
    return (width, height) if width and height else None


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else _element_text(found)


def _element_text(element: Element) -> str:
    return element.text or ""
