"""Label Studio: the export as JSON, whole or "min". Choices of the whole image are its labels.

Places are in percent of the image as it is seen. Of several annotations of one image the ground truth is taken, and
otherwise the first that was not cancelled. An ellipse becomes a polygon, as does a box that is turned; what is painted
with a brush is left out.

https://labelstud.io/guide/export.html.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from imgmine_gui.core.images.formats import has_image_suffix
from imgmine_gui.core.project.exchange.description import ImportedImage, Points, ProblemKind, Shape, ShapeKind, Told
from imgmine_gui.core.project.exchange.files import Place
from imgmine_gui.core.project.exchange.formats import READERS, Reader, Sure
from imgmine_gui.core.project.exchange.json_items import Item, json_items
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.values import number_of, points_of, text_of, texts_of
from imgmine_gui.core.text import N_

_UPLOADED = re.compile(r"^[0-9a-f]{8}-(?=.)")
_CORNERS = 32
_LABELS = ("rectanglelabels", "polygonlabels", "keypointlabels", "ellipselabels", "brushlabels", "labels")


@READERS.register("label_studio")
class LabelStudioReader(Reader):
    """Reads one JSON file for all images."""

    name = "label_studio"
    title = N_("Label Studio (JSON)")
    summary = N_("The export of Label Studio as JSON: choices, boxes, polygons, ellipses and points.")
    suffixes = (".json",)
    reads_folders = False

    @classmethod
    def recognises(cls, place: Place) -> Sure:
        """By a list that begins with a task."""
        head = place.head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if place.suffix != ".json" or not head.startswith(b"["):
            return Sure.NO
        if b'"data"' in head and (b'"annotations"' in head or b'"completions"' in head):
            return Sure.YES
        return Sure.MAYBE if b'"annotator"' in head or b'"annotation_id"' in head else Sure.NO

    def read(self, place: Place, options: ImportOptions, told: Told) -> Iterator[ImportedImage]:
        """A piece a task."""
        for item in json_items(place.path, frozenset({""}), told):
            piece = _Task(item, place.path.name, told).piece() if isinstance(item.value, dict) else None
            if piece is None:
                message = N_("This is no task with an image.")
                told.problem(ProblemKind.UNREADABLE, message, file=place.path.name, line=item.line)
            else:
                yield piece


class _Task:
    """One task: an image and what was said of it."""

    def __init__(self, item: Item, file: str, told: Told) -> None:
        self._task: dict[str, Any] = item.value
        self._line = item.line
        self._file = file
        self._told = told

    def piece(self) -> ImportedImage | None:
        data = self._task.get("data")
        whole = isinstance(data, dict)
        name = _image_of(data if isinstance(data, dict) else self._task)
        if name is None:
            return None
        results = self._results() if whole else _results_of_min(self._task)
        regions: dict[str, dict[str, Any]] = {}
        choices: list[str] = []
        for number, result in enumerate(results or ()):
            value = result.get("value")
            if not isinstance(value, dict):
                continue
            if "choices" in value and "x" not in value and "points" not in value:
                choices += texts_of(value["choices"]) or ()
                continue
            # A region and its labels may come apart, with one id.
            region = regions.setdefault(text_of(result.get("id")) or f"#{number}", {})
            region.update({key: entry for key, entry in result.items() if key.startswith("original_")})
            region.update(value)
        size = _size(regions.values())
        shapes = tuple(shape for region in regions.values() if (shape := self._shape(region, size)))
        return ImportedImage(
            names_of(name),
            "",
            self._line,
            labels=tuple(dict.fromkeys(choices)) if choices else None,
            shapes=None if results is None else shapes,
            size=size or (100.0, 100.0),
            relative=size is None,
        )

    def _results(self) -> list[dict[str, Any]] | None:
        """What the annotation that counts says; None if there is none."""
        annotations = self._task.get("annotations", self._task.get("completions"))
        found = [
            one
            for one in (annotations if isinstance(annotations, list) else [])
            if isinstance(one, dict) and not one.get("was_cancelled") and isinstance(one.get("result"), list)
        ]
        if not found:
            return None
        if len(found) > 1:
            message = N_("Some images have several annotations. The ground truth is taken, or else the first.")
            self._told.remark(message)
        taken = next((one for one in found if one.get("ground_truth")), found[0])
        return [result for result in taken["result"] if isinstance(result, dict)]

    def _shape(self, region: Mapping[str, Any], size: tuple[float, float] | None) -> Shape | None:
        label = next((names[0] for key in _LABELS if (names := texts_of(region.get(key)))), None)
        attributes = {}
        if text := text_of(region.get("text")) or " ".join(texts_of(region.get("text")) or ()):
            attributes["text"] = text
        scale = (size[0] / 100, size[1] / 100) if size else (1.0, 1.0)
        found = _geometry(region, scale)
        if found is None:
            message = N_("A region is neither a box, a polygon, an ellipse nor a point, so it is left out.")
            self._told.problem(ProblemKind.LEFT_OUT, message, file=self._file, line=self._line)
            return None
        return Shape(*found, label, attributes)


def _geometry(region: Mapping[str, Any], scale: tuple[float, float]) -> tuple[ShapeKind, Points] | None:
    """What a region is, in the unit that ``scale`` brings percent to; None if it is nothing that can be drawn."""
    if points := points_of(region.get("points")):
        return ShapeKind.POLYGON, tuple((x * scale[0], y * scale[1]) for x, y in points)
    return _round_or_box(region, scale)


def _round_or_box(region: Mapping[str, Any], scale: tuple[float, float]) -> tuple[ShapeKind, Points] | None:
    x, y = number_of(region.get("x")), number_of(region.get("y"))
    if x is None or y is None:
        return None
    x, y = x * scale[0], y * scale[1]
    across, down = number_of(region.get("radiusX")), number_of(region.get("radiusY"))
    turn = math.radians(number_of(region.get("rotation")) or 0.0)
    if across is not None and down is not None:
        return ShapeKind.POLYGON, _ellipse(x, y, across * scale[0], down * scale[1], turn)
    width, height = number_of(region.get("width")), number_of(region.get("height"))
    if height is None or width is None or "keypointlabels" in region:
        return ShapeKind.POINT, ((x, y),)
    width, height = width * scale[0], height * scale[1]
    if not turn:
        return ShapeKind.BOX, ((x, y), (x + width, y + height))
    return ShapeKind.POLYGON, _turned_box(x, y, width, height, turn)


def _ellipse(x: float, y: float, across: float, down: float, turn: float) -> Points:
    angles = (2 * math.pi * corner / _CORNERS for corner in range(_CORNERS))
    return tuple(_turned(across * math.cos(angle), down * math.sin(angle), x, y, turn) for angle in angles)


def _turned_box(x: float, y: float, width: float, height: float, turn: float) -> Points:
    corners = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
    return tuple(_turned(u, v, x, y, turn) for u, v in corners)


def _turned(u: float, v: float, x: float, y: float, turn: float) -> tuple[float, float]:
    """A point at (u, v) from (x, y), turned around it clockwise as it is seen."""
    return x + u * math.cos(turn) - v * math.sin(turn), y + u * math.sin(turn) + v * math.cos(turn)


def _size(regions: Any) -> tuple[float, float] | None:
    for region in regions:
        width, height = number_of(region.get("original_width")), number_of(region.get("original_height"))
        if width and height:
            return width, height
    return None


def _results_of_min(task: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the export "JSON min" says: under each name a choice, choices, or a list of regions."""
    results: list[dict[str, Any]] = []
    for value in task.values():
        if isinstance(value, dict) and isinstance(value.get("choices"), list):
            results.append({"value": value})
        elif isinstance(value, list):
            results += [{"value": one, **one} for one in value if isinstance(one, dict)]
    choice = text_of(task.get("choice")) or text_of(task.get("label"))
    return [*results, {"value": {"choices": [choice]}}] if choice else results


def _image_of(data: Mapping[str, Any]) -> str | None:
    """The address of the image: under ``image``, or the first that looks like one."""
    for key in ("image", "img", *data):
        value = data.get(key)
        if isinstance(value, str) and (key in {"image", "img"} or has_image_suffix(value.encode("utf-8", "replace"))):
            return value
    return None


def names_of(address: str) -> tuple[str, ...]:
    """What an image is called that Label Studio knows under an address.

    Example:
        >>> names_of("/data/local-files/?d=leaves/a%20b.jpg")
        ('/data/local-files/?d=leaves/a%20b.jpg', 'leaves/a b.jpg')
        >>> names_of("/data/upload/3/0a1b2c3d-oak.jpg")
        ('/data/upload/3/0a1b2c3d-oak.jpg', 'oak.jpg')
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return (address,)
    asked = parse_qs(parts.query).get("d")
    path = asked[0] if asked else unquote(parts.path)
    name = path.rpartition("/")[2]
    alternatives = [path] if path != address else []
    if _UPLOADED.match(name):
        alternatives.append(_UPLOADED.sub("", name))
    return (address, *alternatives)
