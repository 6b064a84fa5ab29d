"""What the path of an image says: its class and its split.

**Class.** The name of the folder that the image lies in; an image that lies directly in the source or directly in a
split folder has none. Names are kept in their case ("a" and "A" are two classes) and brought to Unicode NFC, so that
a folder copied from macOS names the same class.

**Split.** Folders named train or training, validation, val, valid or dev, test or testing, in any case, are split
folders where they stand together on one level: at least two of the three splits, or train alone. Train alone does not
count where it has other folders beside it and none inside it: there it is a class (trains among cars and ships). So
do test and validation where they stand alone. The topmost such level counts; an image outside it has no split.

**Classes above the splits** (``cats/train/1.jpg``, ``dogs/train/2.jpg``): where no image lies deeper than the split
folders and these stand in two folders or more, the class is the folder above the split folder.

**No class.** A folder with a name that says only that images are in it (``images``, ``JPEGImages``) is no class where
no other folder holds images, also below classes or splits: then the folder above it counts (``cats/images/1.jpg``,
``train/images/1.jpg``).
"""

import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Split(StrEnum):
    """What an image is used for."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


SPLIT_NAMES = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "validation": Split.VALIDATION,
    "val": Split.VALIDATION,
    "valid": Split.VALIDATION,
    "dev": Split.VALIDATION,
    "test": Split.TEST,
    "testing": Split.TEST,
}
"""Names of split folders, in lower case."""

MEANINGLESS = frozenset({"images", "jpegimages", "img", "imgs", "photos", "pictures", "data"})
"""Names of folders that say nothing of what is in the images, in lower case."""


class Place(NamedTuple):
    """What a folder says of the images that lie in it."""

    label: str | None
    split: Split | None


@dataclass(frozen=True)
class Layout:
    """How the folders of one source are to be read.

    Attributes:
        split_level: how many folders stand above the split folders; ``None`` where there are no split folders.
        class_above: whether the class is the folder above the split folder.
        passed_over: names of folders that are taken for the folder above them where images lie in them.
    """

    split_level: int | None = None
    class_above: bool = False
    passed_over: frozenset[str] = frozenset()

    def place(self, path: str) -> Place:
        """Class and split of the image at ``path``, relative to the source, with ``/`` between its parts."""
        return self._place(_above(tuple(path.split("/")[:-1]), self.passed_over))

    def _place(self, folders: tuple[str, ...]) -> Place:
        level = self.split_level
        split = SPLIT_NAMES.get(folders[level].casefold()) if level is not None and len(folders) > level else None
        if level is None or split is None:
            named = folders[-1:]
        else:
            named = folders[level + 1 :] or (folders[level - 1 : level] if self.class_above else ())
        return Place(class_name(named[-1]) if named else None, split)


def class_name(folder: str) -> str:
    """The class that a folder's name stands for: NFC, bytes that are no UTF-8 spelled out as ``\\xe9``."""
    return unicodedata.normalize("NFC", os.fsencode(folder).decode("utf-8", "backslashreplace"))


def class_order(names: Iterable[str]) -> list[str]:
    """The order in which classes are shown and numbered: by the alphabet, without regard to case first."""
    return sorted(names, key=lambda name: (name.casefold(), name))


def read_layout(relative_paths: Iterable[str]) -> Layout:
    """Find out how the folders of a source are meant, by the rules at the top of this module.

    Args:
        relative_paths: of the images, relative to the source, with ``/`` between their parts.
    """
    given = {tuple(path.split("/")[:-1]) for path in relative_paths}
    passed_over: frozenset[str] = frozenset()
    while True:
        folders = {_above(folder, passed_over) for folder in given}
        layout = _read_splits(folders, passed_over)
        labels = {layout._place(folder).label for folder in folders}
        (name, *others) = labels - {None} or {""}
        if not name or others or name.casefold() not in MEANINGLESS:
            return layout
        passed_over |= {name}


def _above(folders: tuple[str, ...], passed_over: frozenset[str]) -> tuple[str, ...]:
    """``folders`` without the innermost ones that are passed over."""
    end = len(folders)
    while end and folders[end - 1] in passed_over:
        end -= 1
    return folders[:end]


def _read_splits(folders: set[tuple[str, ...]], passed_over: frozenset[str]) -> Layout:
    deepest = max(map(len, folders), default=0)
    for level in range(deepest):
        if _is_split_level(folders, level):
            return Layout(level, _class_above(folders, level), passed_over)
    return Layout(passed_over=passed_over)


def _is_split_level(folders: set[tuple[str, ...]], level: int) -> bool:
    reached = [folder for folder in folders if len(folder) > level]
    found = {split for folder in reached if (split := SPLIT_NAMES.get(folder[level].casefold()))}
    if len(found) >= 2:
        return True
    if found != {Split.TRAIN}:
        return False
    trains = [folder for folder in reached if folder[level].casefold() in SPLIT_NAMES]
    parents = {folder[:level] for folder in trains}
    has_folders_inside = any(len(folder) > level + 1 for folder in trains)
    has_folders_beside = any(
        folder[:level] in parents and folder[level].casefold() not in SPLIT_NAMES for folder in reached
    )
    return has_folders_inside or not has_folders_beside


def _class_above(folders: set[tuple[str, ...]], level: int) -> bool:
    in_splits = [folder for folder in folders if len(folder) > level and folder[level].casefold() in SPLIT_NAMES]
    return (
        level > 0
        and all(len(folder) == level + 1 for folder in in_splits)
        and len({folder[level - 1] for folder in in_splits}) > 1
    )
