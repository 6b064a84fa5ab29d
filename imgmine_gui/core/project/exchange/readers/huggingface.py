"""Hugging Face: folders of images with a ``metadata.csv`` or ``metadata.jsonl`` that has a ``file_name`` column.

Paths are relative to the file; the folder that it lies in may name the split. ``objects`` holds boxes as
``{"bbox": [[x, y, width, height]], "categories": [...]}``. In ``shapes`` ImgMine writes all shapes as text.

https://huggingface.co/docs/datasets/image_dataset.
"""

import json
from collections.abc import Iterator, Sequence
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
from imgmine_gui.core.project.exchange.tables import OWN_SEVERAL, divided
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
    label = text_of(_first(entry, "label", "class", "category"))
    own = entry.get(OWN_SEVERAL)
    more: Sequence[str] | None
    more = divided(own, "|", escaped=True) if isinstance(own, str) else texts_of(_first(entry, OWN_SEVERAL, "labels"))
    stated = label is not None or more is not None
    labels = tuple(dict.fromkeys(one for one in (label or "", *(more or ())) if one))
    return ImportedImage(
        (name,),
        file,
        line,
        labels=labels if stated else None,
        split=split_of(text_of(entry.get("split")) or ""),
        group=text_of(entry.get("group")),
        note=text_of(entry.get("note")),
        text=text_of(entry.get("text")),
        shapes=_shapes(entry, file, line, told),
    )


def _shapes(entry: dict[str, Any], file: str, line: int, told: Told) -> tuple[Shape, ...] | None:
    """The shapes of ``shapes``, or else of ``objects``; None if there is neither."""
    own, objects = entry.get("shapes"), entry.get("objects")
    if isinstance(own, str):
        found = [_own(one) for one in _list_of_text(own)]
    elif isinstance(objects, dict):
        labels = _list(_first(objects, "categories", "category"))
        boxes = enumerate(_list(objects.get("bbox")))
        found = [_box(box, labels[place] if place < len(labels) else None) for place, box in boxes]
    else:
        return None
    for number, shape in enumerate(found, 1):
        if shape is None:
            message = N_("The object {number} has no box that can be read.")
            told.problem(ProblemKind.UNREADABLE, message, file=file, line=line, number=number)
    return tuple(shape for shape in found if shape)


def _own(entry: Any) -> Shape | None:
    """A shape as ImgMine writes it."""
    if not isinstance(entry, dict) or entry.get("kind") not in set(ShapeKind):
        return None
    points, attributes = points_of(entry.get("points")), entry.get("attributes")
    label = text_of(entry.get("label")) or None
    beside = attributes if isinstance(attributes, dict) else {}
    return Shape(ShapeKind(entry["kind"]), points, label, beside) if points else None


def _box(box: Any, label: Any) -> Shape | None:
    numbers = numbers_of(box)
    if numbers is None or len(numbers) != 4:
        return None
    x, y, width, height = numbers
    return Shape(ShapeKind.BOX, ((x, y), (x + width, y + height)), text_of(label) or None)


def _list_of_text(text: str) -> list[Any]:
    try:
        return _list(json.loads(text))
    except (ValueError, RecursionError):
        return [None]


def _first(entry: dict[str, Any], *keys: str) -> Any:
    return next((entry[key] for key in keys if entry.get(key) is not None), None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
