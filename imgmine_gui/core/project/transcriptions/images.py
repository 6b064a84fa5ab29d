"""Which image of a folder a path in a table means.

A path is tried below the folder of the table, then below the source, as it is written and with ``/`` for ``\\``. What
leads to no image is compared from its end, without regard to case and to how accents are encoded: the one image that
agrees with it in the most parts is meant, if these are at least two, or all that the path has.
"""

import os
import posixpath
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from imgmine_gui.core.project.exchange.matching import comparable


class FolderImages:
    """Finds the images of a folder by paths.

    Args:
        root: the folder, absolute.
        places: of the images below it, with ``/`` between their parts, bytes that are no UTF-8 as ``os.fsdecode``
            gives them; a later page is ``FILE#page=N``.
    """

    def __init__(self, root: str, places: Sequence[str]) -> None:
        self._root = root.replace(os.sep, "/").rstrip("/")
        self._places = places
        self._by_place = {place: index for index, place in enumerate(places)}

    def find(self, written: str, folder: str) -> list[int]:
        """The images that a path may mean: none, one, or several that it does not tell apart.

        Args:
            written: the path.
            folder: of the table below the root, with ``/`` between its parts; "" for the root.
        """
        for form in dict.fromkeys((written, written.replace("\\", "/"))):
            for base in dict.fromkeys((folder, "")):
                place = posixpath.normpath(posixpath.join(base, form))
                index = self._by_place.get(place.removeprefix(self._root + "/"))
                if index is not None:
                    return [index]
        return self._by_end(written)

    def _by_end(self, written: str) -> list[int]:
        parts = tuple(part for part in comparable(written).split("/") if part not in {"", "."})[::-1]
        if not parts:
            return []
        agreeing = {index: _agreeing(parts, self._parts[index]) for index in self._by_name.get(parts[0], ())}
        most = max(agreeing.values(), default=0)
        if most < min(2, len(parts)):
            return []
        return [index for index, count in agreeing.items() if count == most]

    @cached_property
    def _parts(self) -> list[tuple[str, ...]]:
        """The parts of every absolute path, from its end."""
        return [tuple(comparable(f"{self._root}/{place}").split("/"))[::-1] for place in self._places]

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        """The images by the comparable name of their file."""
        names: dict[str, list[int]] = defaultdict(list)
        for index, parts in enumerate(self._parts):
            names[parts[0]].append(index)
        return names


def _agreeing(first: Sequence[str], second: Sequence[str]) -> int:
    """How many parts agree before the first that does not."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count
