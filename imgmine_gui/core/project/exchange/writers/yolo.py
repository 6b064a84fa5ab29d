"""YOLO: a text file an image with a line a thing, and a ``data.yaml``; see the reader of the same name."""

import os
from collections.abc import Iterable, Iterator, Mapping

import yaml

from imgmine_gui.core.project.exchange.description import Points, ProblemKind, Shape, ShapeKind, Told
from imgmine_gui.core.project.exchange.formats import WRITERS, Keeps, Writer
from imgmine_gui.core.project.exchange.geometry import bounds
from imgmine_gui.core.project.exchange.options import BesideOptions, Placing
from imgmine_gui.core.project.exchange.output import Output
from imgmine_gui.core.project.exchange.project_images import ProjectImage, ProjectImages
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_

FOLDERS: dict[Split | None, str] = {
    Split.TRAIN: "train",
    Split.VALIDATION: "val",
    Split.TEST: "test",
    None: "other",
}
"""Below ``images`` and ``labels``, by the split."""


@WRITERS.register("yolo")
class YoloWriter(Writer):
    """Writes a folder with ``images``, ``labels`` and ``data.yaml``."""

    name = "yolo"
    title = N_("YOLO (text files)")
    summary = N_("A folder with images, a text file of boxes and polygons for each, and a data.yaml.")
    suffix = ""
    keeps = frozenset({Keeps.SPLIT, Keeps.BOX, Keeps.POLYGON, Keeps.PIXELS})
    options_type = BesideOptions

    def write(self, images: ProjectImages, output: Output, told: Told) -> None:
        """Write all images."""
        numbers = {name: number for number, name in enumerate(images.classes)}
        used: set[Split | None] = set()
        unnamed = 0
        for image in images:
            folder = FOLDERS[image.split]
            below = output.free(f"labels/{folder}/{os.path.splitext(image.below)[0]}.txt")
            if output.placing is not Placing.NONE:
                # A text file belongs to the image of the same name, so twins such as a.jpg and a.png go apart.
                suffix = os.path.splitext(image.below)[1]
                name = below.removeprefix(f"labels/{folder}/").removesuffix(".txt") + suffix
                if output.place(image, f"images/{folder}/", name) is None:
                    continue
            used.add(image.split)
            unnamed += sum(shape.label is None for shape in image.shapes)
            with output.open(below) as file:
                file.write("".join(f"{line}\n" for line in _lines(image, numbers)).encode())
        if unnamed:
            message = N_("{count} shapes have no class, which YOLO needs, so they are left out.")
            told.problem(ProblemKind.LEFT_OUT, message, count=unnamed)
        with output.open("data.yaml") as file:
            file.write(_settings(images.classes, used).encode())


def _lines(image: ProjectImage, numbers: Mapping[str, int]) -> Iterator[str]:
    for shape in image.shapes:
        if shape.label is not None and shape.kind in {ShapeKind.BOX, ShapeKind.POLYGON}:
            points = tuple((x / image.width, y / image.height) for x, y in shape.points)
            values = (
                _box(points, shape) if shape.kind is ShapeKind.BOX else [value for point in points for value in point]
            )
            yield " ".join([str(numbers[shape.label]), *(f"{value:.6f}" for value in values)])


def _box(points: Points, shape: Shape) -> list[float]:
    left, top, right, bottom = bounds(points)
    confidence = shape.attributes.get("confidence")
    beside = [float(confidence)] if isinstance(confidence, int | float) else []
    return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top, *beside]


def _settings(classes: Iterable[str], used: set[Split | None]) -> str:
    """``data.yaml``."""
    training = Split.TRAIN if Split.TRAIN in used else None
    checking = Split.VALIDATION if Split.VALIDATION in used else training
    parts = {"path": ".", "train": f"images/{FOLDERS[training]}", "val": f"images/{FOLDERS[checking]}"}
    if Split.TEST in used:
        parts["test"] = f"images/{FOLDERS[Split.TEST]}"
    content = {**parts, "names": dict(enumerate(classes))}
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000))
