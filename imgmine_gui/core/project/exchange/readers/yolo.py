"""YOLO: a text file an image, with a line a thing: the number of its class, and where it is in parts of the image.

``class x y width height`` is a box by its middle, ``class x1 y1 x2 y2 x3 y3 ...`` a polygon. A number behind a box is
its confidence; where ``kpt_shape`` in the YAML file says so, keypoints follow. The names of the classes come from the
YAML file, from ``classes.txt`` or from ``obj.names``. ``labels`` in a path stands for ``images`` in that of the image.

https://docs.ultralytics.com/datasets/detect/ and ../segment/.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.exchange.description import ImportedImage, ProblemKind, Shape, ShapeKind, Told
from imgmine_gui.core.project.exchange.files import Place, damaged, named_below, read_whole
from imgmine_gui.core.project.exchange.formats import READERS, Reader, Sure
from imgmine_gui.core.project.exchange.options import ImportOptions
from imgmine_gui.core.project.exchange.values import number_of, numbers_of, pairs, text_of
from imgmine_gui.core.project.layout import SPLIT_NAMES, Split
from imgmine_gui.core.text import N_

SETTINGS_LIMIT = 2**20
"""The largest YAML file and list of classes, in bytes."""

_LISTS = frozenset({"train", "val", "valid", "validation", "test"})
_NO_LABELS = _LISTS | {"classes", "predefined_classes", "labels", "obj", "notes"}


@READERS.register("yolo")
class YoloReader(Reader):
    """Reads a folder, its YAML file, or one text file."""

    name = "yolo"
    title = N_("YOLO (text files)")
    summary = N_("A text file an image, with boxes or polygons; class names from data.yaml or classes.txt.")
    suffixes = (".yaml", ".yml", ".txt")
    reads_folders = True

    @classmethod
    def recognises(cls, place: Place) -> Sure:
        """By the YAML file or the list of classes, and by lines of numbers."""
        if place.suffix in {".yaml", ".yml"}:
            return Sure.YES if b"names" in place.head else Sure.NO
        if place.suffix == ".txt":
            return Sure.YES if _is_label(place.head) else Sure.NO
        listed = any(os.path.basename(name).lower() in {"data.yaml", "classes.txt"} for name in place.inside)
        names = [name for name in place.inside if name.lower().endswith(".txt")][:20]
        try:
            heads = [Place(place.path / name).head for name in names if _holds_labels(place.path / name, name)]
        except UserError:
            return Sure.NO
        # A file without a line is one of an image without a thing, but alone it may be anything.
        return Sure.YES if any(_is_label(head) and (listed or head.strip()) for head in heads) else Sure.NO

    def read(self, place: Place, options: ImportOptions, told: Told) -> Iterator[ImportedImage]:
        """A piece a text file; one that cannot be read is a problem if there are others."""
        if place.suffix == ".txt":
            yield _read(place.path, "", _settings(place.folder, None, told), told)
            return
        settings = _settings(place.folder, None if place.is_folder else place.path, told)
        for path, name in named_below(place.folder, ".txt", told):
            try:
                if _holds_labels(path, name):
                    yield _read(path, name, settings, told)
            except UserError as error:
                told.refused(error)


@dataclass(frozen=True)
class _Settings:
    """What holds for all files: names of classes, splits by names of images, and numbers a keypoint."""

    names: Mapping[int, str] = field(default_factory=dict)
    splits: Mapping[str, Split] = field(default_factory=dict)
    keypoint: int = 0


def _holds_labels(path: Path, name: str) -> bool:
    """Whether a text file of a folder is one of an image: lists and notes lie there too, but images may be called so.

    Args:
        path: of the file.
        name: the path below the folder.

    Raises:
        UserError: a file with the name of a list cannot be read.
    """
    stem = path.stem.lower()
    if stem.startswith(("readme", "license", "requirements")):
        return False
    if stem in _NO_LABELS:
        return "labels" in name.lower().split("/")[:-1] and _is_label(Place(path).head)
    return True


def _is_label(head: bytes) -> bool:
    """Whether the first line is one of numbers, as many as a thing needs; an empty file may be one too."""
    first = head.split(b"\n", 1)[0].split()
    if not first:
        return not head.strip()
    numbers = [number_of(one.decode("ascii", "replace")) for one in first]
    return len(first) >= 5 and None not in numbers and first[0].isdigit()


def _settings(folder: Path, chosen: Path | None, told: Told) -> _Settings:
    """Read what lies in the folder, or above the folder of the labels."""
    for place in (folder, folder.parent, folder.parent.parent):
        found = [chosen] if chosen else sorted([*place.glob("*.yaml"), *place.glob("*.yml")])
        for path in found:
            content = _yaml(path)
            if "names" in content:
                shape = numbers_of(content.get("kpt_shape"))
                return _Settings(_names(content["names"]), _splits(folder), int(shape[1]) if shape else 0)
        for path in (place / "classes.txt", place / "labels.txt", *sorted(place.glob("*.names"))):
            if path.is_file():
                lines = read_whole(path, SETTINGS_LIMIT).decode("utf-8-sig", "replace").splitlines()
                return _Settings(dict(enumerate(line.strip() for line in lines)), _splits(folder))
        if place == place.parent:
            break
    told.remark(N_("There is neither a data.yaml nor a classes.txt, so classes are called by their numbers."))
    return _Settings({}, _splits(folder))


def _yaml(path: Path) -> dict[Any, Any]:
    try:
        content = yaml.safe_load(read_whole(path, SETTINGS_LIMIT))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        remedy = N_("Correct the file with a text editor, then try again.")
        raise damaged(path, line, N_("this is no YAML"), remedy) from error
    return content if isinstance(content, dict) else {}


def _names(names: Any) -> dict[int, str]:
    entries = enumerate(names) if isinstance(names, list) else names.items() if isinstance(names, dict) else ()
    return {
        int(number): text
        for key, name in entries
        if (number := number_of(key)) is not None and (text := text_of(name)) is not None
    }


def _splits(folder: Path) -> dict[str, Split]:
    """What lists of images such as ``train.txt`` say, by the names of the images without suffix."""
    splits: dict[str, Split] = {}
    for path in sorted(folder.glob("*.txt")):
        if path.stem.lower() in _LISTS and not _is_label(Place(path).head):
            for line in read_whole(path).decode("utf-8", "replace").splitlines():
                stem = os.path.splitext(line.strip().replace("\\", "/").rsplit("/", 1)[-1])[0]
                splits[stem] = SPLIT_NAMES[path.stem.lower()]
    return splits


def _read(path: Path, file: str, settings: _Settings, told: Told) -> ImportedImage:
    shapes: list[Shape] = []
    for line, text in enumerate(read_whole(path).decode("utf-8-sig", "replace").splitlines(), 1):
        if not text.strip():
            continue
        found = _shapes(text, settings)
        if not found:
            message = N_("This is neither a box nor a polygon: “{text}”.")
            told.problem(ProblemKind.UNREADABLE, message, file=file or path.name, line=line, text=text[:80])
        shapes += found
    return ImportedImage(
        (),
        file,
        stem=_image_stem(path),
        split=_split_of(file) or settings.splits.get(path.stem),
        shapes=tuple(shapes),
        size=(1.0, 1.0),
        relative=True,
    )


def _split_of(file: str) -> Split | None:
    """What ``labels/train/1.txt`` or ``train/labels/1.txt`` says; without ``labels``, the first folder."""
    folders = [part.lower() for part in file.split("/")[:-1]]
    place = folders.index("labels") if "labels" in folders else -1
    near = [*folders[place + 1 : place + 2], *(folders[place - 1 : place] if place > 0 else ())]
    return next((SPLIT_NAMES[part] for part in near if part in SPLIT_NAMES), None)


def _image_stem(path: Path) -> str:
    """The path of the image without its suffix."""
    parts = list(path.with_suffix("").parts)
    for place in range(len(parts) - 2, -1, -1):
        if parts[place].lower() == "labels":
            parts[place] = "images"
            break
    return str(Path(*parts))


def _shapes(text: str, settings: _Settings) -> list[Shape]:
    """What a line marks; nothing if it cannot be understood."""
    words = text.split()
    numbers = numbers_of(words[1:])
    if numbers is None or not words[0].isdigit() or len(words[0]) > 9:
        return []
    label = settings.names.get(int(words[0])) or words[0]
    if settings.keypoint and len(numbers) > 4 and (len(numbers) - 4) % settings.keypoint == 0:
        return [_box(numbers, label), *_keypoints(numbers[4:], settings.keypoint, label)]
    if len(numbers) in {4, 5}:
        attributes = {"confidence": numbers[4]} if len(numbers) == 5 else {}
        return [Shape(ShapeKind.BOX, _box(numbers, label).points, label, attributes)]
    corners = pairs(numbers)
    return [Shape(ShapeKind.POLYGON, corners, label)] if len(corners) >= 3 else []


def _box(numbers: tuple[float, ...], label: str) -> Shape:
    x, y, width, height = numbers[:4]
    corners = ((x - width / 2, y - height / 2), (x + width / 2, y + height / 2))
    return Shape(ShapeKind.BOX, corners, label)


def _keypoints(numbers: tuple[float, ...], each: int, label: str) -> Iterator[Shape]:
    for number, place in enumerate(range(0, len(numbers), each), 1):
        x, y, *visible = numbers[place : place + each]
        if (visible and visible[0] > 0) or (not visible and (x or y)):
            yield Shape(ShapeKind.POINT, ((x, y),), label, {"keypoint": str(number)})
