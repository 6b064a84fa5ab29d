"""Hugging Face: folders of images with a ``metadata.csv`` or ``metadata.jsonl`` that has a ``file_name`` column.

Paths are relative to the file; the folder that it lies in may name the split. ``objects`` holds boxes as
``{"bbox": [[x, y, width, height]], "categories": [...]}``; ImgMine also writes ``kinds``, ``points`` and ``attributes``
there.

https://huggingface.co/docs/datasets/image_dataset.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from imgmine_gui.core.project.exchange.description import (
    ImportedImage,
    ProblemKind,
    Shape,
    ShapeKind,
    Told,
    split_of,
)
from imgmine_gui.core.project.exchange.files import WHOLE_LIMIT, Place, damaged, files_below, open_file
from imgmine_gui.core.project.exchange.formats import READERS, Reader, Sure
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.readers.table import read_table
from imgmine_gui.core.project.exchange.values import numbers_of, points_of, text_of, texts_of
from imgmine_gui.core.project.layout import SPLIT_NAMES, Split
from imgmine_gui.core.text import N_

_FILES = frozenset({"metadata.csv", "metadata.jsonl"})


@READERS.register("huggingface")
class HuggingFaceReader(Reader):
    """Reads one file of metadata, or a folder with one for each split."""

    name = "huggingface"
    title = N_("Hugging Face (metadata)")
    summary = N_("A metadata.csv or metadata.jsonl beside the images, as the “imagefolder” of Hugging Face has it.")
    suffixes = (".jsonl", ".csv")
    reads_folders = True

    @classmethod
    def recognises(cls, place: Place) -> Sure:
        """By the name of the file and the column ``file_name``."""
        if place.is_folder:
            return Sure.YES if any(name.rpartition("/")[2].lower() in _FILES for name in place.inside) else Sure.NO
        has_column = b"file_name" in place.head
        if place.path.name.lower() in _FILES and has_column:
            return Sure.YES
        return Sure.MAYBE if place.suffix == ".jsonl" and has_column else Sure.NO

    def read(self, place: Place, options: ImportOptions, told: Told) -> Iterator[ImportedImage]:
        """A piece a row."""
        if not place.is_folder:
            yield from _read(place.path, "", split_of(place.folder.name), options, told)
            return
        for path in files_below(place.path, {".csv", ".jsonl"}):
            if path.name.lower() in _FILES:
                file = path.relative_to(place.path).as_posix()
                splits = [SPLIT_NAMES[part.lower()] for part in file.split("/")[:-1] if part.lower() in SPLIT_NAMES]
                yield from _read(path, file, splits[0] if splits else None, options, told)


def _read(path: Path, file: str, split: Split | None, options: ImportOptions, told: Told) -> Iterator[ImportedImage]:
    folder = f"{file.rpartition('/')[0]}/" if "/" in file else ""
    lines = path.suffix.lower() == ".jsonl"
    pieces = _read_lines(path, file, told) if lines else read_table(path, options, told, file)
    for piece in pieces:
        names = (folder + piece.names[0], *piece.names) if folder else piece.names
        yield replace(piece, names=names, split=piece.split or split)


def _read_lines(path: Path, file: str, told: Told) -> Iterator[ImportedImage]:
    with open_file(path) as lines:
        number = 0
        while line := lines.readline(WHOLE_LIMIT):
            number += 1
            if not line.strip():
                continue
            try:
                entry = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                remedy = N_("Every line must be a JSON object. Correct it with a text editor, then try again.")
                raise damaged(path, number, N_("this is no JSON"), remedy) from error
            name = text_of(entry.get("file_name")) if isinstance(entry, dict) else None
            if name:
                yield _piece(entry, name, file, number, told)
            else:
                message = N_("The line has no “file_name”.")
                told.problem(ProblemKind.UNREADABLE, message, file=file or path.name, line=number)


def _piece(entry: dict[str, Any], name: str, file: str, line: int, told: Told) -> ImportedImage:
    label = next(
        (text for key in ("label", "class", "category") if (text := text_of(entry.get(key))) is not None), None
    )
    more = next((names for key in ("more_labels", "labels") if (names := texts_of(entry.get(key))) is not None), None)
    stated = label is not None or more is not None
    labels = tuple(dict.fromkeys(one for one in (label or "", *(more or ())) if one))
    note, text = text_of(entry.get("note")), text_of(entry.get("text"))
    if text is not None and note is None:
        told.remark(N_("The column “{column}” is kept as the note of each image."), column="text")
    objects = entry.get("objects")
    return ImportedImage(
        (name,),
        file,
        line,
        labels=labels if stated else None,
        split=split_of(text_of(entry.get("split")) or ""),
        group=text_of(entry.get("group")),
        note=text if note is None else note,
        shapes=_shapes(objects, file, line, told) if isinstance(objects, dict) else None,
    )


def _shapes(objects: dict[str, Any], file: str, line: int, told: Told) -> tuple[Shape, ...]:
    boxes = _list(objects, "bbox")
    labels, kinds, points, attributes = (_list(objects, key) for key in ("categories", "kinds", "points", "attributes"))
    labels = labels or _list(objects, "category")
    shapes: list[Shape] = []
    for number in range(max(len(boxes), len(points))):
        label, kind = text_of(_at(labels, number)) or None, text_of(_at(kinds, number)) or "box"
        beside = _attributes(_at(attributes, number))
        box, corners = numbers_of(_at(boxes, number)), points_of(_at(points, number))
        if corners and kind in set(ShapeKind):
            shapes.append(Shape(ShapeKind(kind), corners, label, beside))
        elif box and len(box) == 4:
            x, y, width, height = box
            shapes.append(Shape(ShapeKind.BOX, ((x, y), (x + width, y + height)), label, beside))
        else:
            message = N_("The object {number} has no box that can be read.")
            told.problem(ProblemKind.UNREADABLE, message, file=file, line=line, number=number + 1)
    return tuple(shapes)


def _first(entry: dict[str, Any], *keys: str) -> Any:
    return next((entry[key] for key in keys if entry.get(key) is not None), None)


def _list(objects: dict[str, Any], key: str) -> list[Any]:
    value = objects.get(key)
    return value if isinstance(value, list) else []


def _at(values: list[Any], place: int) -> Any:
    return values[place] if place < len(values) else None


def _attributes(value: Any) -> dict[str, Any]:
    """Attributes, which are written as text so that every row has columns of the same types."""
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {"text": value}
    return value if isinstance(value, dict) else {}
