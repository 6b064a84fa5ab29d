"""Text files beside images: ``NAME.gt.txt`` and ``NAME.txt``, each with the text of one line."""

import os
from functools import lru_cache
from pathlib import Path

from imgmine_gui.core.project.exchange.description import Told
from imgmine_gui.core.project.exchange.encodings import encoding_of, errors_for
from imgmine_gui.core.project.exchange.files import damaged, open_file
from imgmine_gui.core.text import N_

GROUND_TRUTH = ".gt.txt"
"""What the names of text files end in that are nothing but transcriptions."""

_SUFFIXES = (GROUND_TRUTH, ".txt")
_OF_STEPS = frozenset({".bin", ".nrm", ".raw", ".dew", ".desp"})
"""What OCRopus and its kin put before the suffix of an image, and not before that of its text."""
_LIMIT = 2**20


class TextFiles:
    """Finds and reads the text files beside images.

    Args:
        root: the folder that the places of images are relative to.
        told: is asked whether to go on.
        sure: take only ``NAME.gt.txt``.
    """

    def __init__(self, root: Path, told: Told, sure: bool = False) -> None:
        self._suffixes = _SUFFIXES[:1] if sure else _SUFFIXES
        self._root = os.fsencode(root)
        self._told = told
        self._names = lru_cache(maxsize=64)(self._names_in)

    def of(self, place: bytes) -> bytes | None:
        """The place of the text file of an image; None if it has none."""
        folder, name = os.path.split(place)
        stem = os.path.splitext(name)[0]
        shorter, step = os.path.splitext(stem)
        stems = (stem, shorter) if step.lower().decode("latin-1") in _OF_STEPS else (stem,)
        there = self._names(folder)
        for candidate in (one + suffix.encode() for one in stems for suffix in self._suffixes):
            if candidate in there:
                return os.path.join(folder, candidate)
        return None

    def read(self, place: bytes) -> str:
        """What stands in a text file, without a byte-order mark.

        Raises:
            UserError: it cannot be read, it is far too long, or it is no text.
        """
        path = Path(os.fsdecode(os.path.join(self._root, place)))
        with open_file(path, _LIMIT) as file:
            content = file.read(_LIMIT)
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            encoding = encoding_of(path, "", self._told)
        try:
            return content.decode(encoding, errors_for(encoding))
        except UnicodeError as error:
            raise damaged(
                path,
                0,
                N_("the text is not in the encoding {encoding}"),
                N_("Save the file as UTF-8, or say in which encoding it is."),
                encoding=encoding,
            ) from error

    def _names_in(self, folder: bytes) -> frozenset[bytes]:
        try:
            with os.scandir(os.path.join(self._root, folder)) as entries:
                return frozenset(entry.name for entry in entries if entry.name.endswith(b".txt"))
        except OSError:
            return frozenset()
