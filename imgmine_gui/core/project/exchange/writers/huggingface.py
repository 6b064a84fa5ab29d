"""Hugging Face: a folder a split, with the images and a ``metadata.jsonl``; see the reader of the same name.

``datasets.load_dataset("imagefolder", data_dir=...)`` reads it. It finds out the types of the columns from the rows of
each split by itself, and refuses splits that differ: so no column is empty in one of them, and ``objects``, which holds
the boxes as training programs expect them, is there only if every split has some. ``shapes`` holds all shapes as text.
"""

import json
from contextlib import ExitStack
from typing import IO, Any

from imgmine_gui.core.project.exchange.description import Shape, Told
from imgmine_gui.core.project.exchange.formats import WRITERS, Keeps, Writer
from imgmine_gui.core.project.exchange.geometry import bounds
from imgmine_gui.core.project.exchange.options import FolderOptions
from imgmine_gui.core.project.exchange.output import Output
from imgmine_gui.core.project.exchange.project_images import ProjectImage, ProjectImages, spelled
from imgmine_gui.core.project.exchange.tables import OWN_SEVERAL, joined
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_


@WRITERS.register("huggingface")
class HuggingFaceWriter(Writer):
    """Writes a folder that ``datasets`` reads as an "imagefolder"."""

    name = "huggingface"
    title = N_("Hugging Face (metadata)")
    summary = N_("A folder a split with the images and a metadata.jsonl, as the “imagefolder” of Hugging Face has it.")
    suffix = ""
    keeps = frozenset(Keeps)
    options_type = FolderOptions

    def write(self, images: ProjectImages, output: Output, told: Told) -> None:
        """Write all images."""
        boxes = images.splits(marked=True) == images.splits()
        with ExitStack() as stack:
            files: dict[Split | None, IO[bytes]] = {}
            for image in images:
                folder = f"{image.split or 'other'}/"
                placed = output.place(image, folder)
                if placed is None:
                    continue
                if image.split not in files:
                    files[image.split] = stack.enter_context(output.open(f"{folder}metadata.jsonl"))
                entry = _entry(image, spelled(placed.removeprefix(folder)), boxes)
                files[image.split].write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")


def _entry(image: ProjectImage, name: str, boxes: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "file_name": name,
        "label": image.labels[0] if image.labels else "",
        OWN_SEVERAL: joined(image.labels[1:]),
        "group": image.group,
        "note": image.note,
        "text": image.text,
        "shapes": json.dumps([_shape(shape) for shape in image.shapes], ensure_ascii=False),
    }
    if boxes:
        entry["objects"] = {
            "bbox": [_box(shape) for shape in image.shapes],
            "categories": [shape.label or "" for shape in image.shapes],
        }
    return entry


def _shape(shape: Shape) -> dict[str, Any]:
    beside = {"attributes": dict(shape.attributes)} if shape.attributes else {}
    return {"kind": shape.kind, "points": shape.points, "label": shape.label, **beside}


def _box(shape: Shape) -> list[float]:
    left, top, right, bottom = bounds(shape.points)
    return [left, top, round(right - left, 3), round(bottom - top, 3)]
