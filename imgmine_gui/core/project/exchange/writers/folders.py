"""Folders as classes: a copy of, or a link to, every image in the folder of its class."""

import os
from collections.abc import Iterable

from imgmine_gui.core.project.exchange.description import ProblemKind, Told
from imgmine_gui.core.project.exchange.formats import WRITERS, Keeps, Writer
from imgmine_gui.core.project.exchange.options import FolderOptions
from imgmine_gui.core.project.exchange.output import Output
from imgmine_gui.core.project.exchange.project_images import ProjectImages
from imgmine_gui.core.project.walk import JUNK
from imgmine_gui.core.text import N_

_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
_LONGEST = 200  # bytes


@WRITERS.register("folders")
class FoldersWriter(Writer):
    """Writes ``split/class/image``, which a scan reads again."""

    name = "folders"
    title = N_("Folders as classes")
    summary = N_("A folder a split, in it a folder a class, in it the images.")
    suffix = ""
    keeps = frozenset({Keeps.LABEL, Keeps.SPLIT, Keeps.PIXELS})
    options_type = FolderOptions

    def write(self, images: ProjectImages, output: Output, told: Told) -> None:
        """Write all images; one without a label lies beside the folders of the classes."""
        folders = class_folders(images.classes)
        for name, folder in folders.items():
            if name != folder:
                message = N_("The class “{name}” is written into a folder called “{folder}”.")
                told.problem(ProblemKind.LEFT_OUT, message, name=name, folder=folder)
        for image in images:
            split = f"{image.split}/" if image.split else ""
            folder = f"{folders[image.label]}/" if image.label is not None else ""
            output.place(image, split + folder, os.path.basename(image.below))


def class_folders(classes: Iterable[str]) -> dict[str, str]:
    """A folder for each class that every system takes, and that a scan does not pass over; no two have the same."""
    folders: dict[str, str] = {}
    taken: set[str] = set()
    for name in classes:
        base = folder = _folder(name)
        number = 1
        while folder.casefold() in taken:
            number += 1
            folder = f"{base} ({number})"
        taken.add(folder.casefold())
        folders[name] = folder
    return folders


def _folder(name: str) -> str:
    plain = "".join("_" if character in _FORBIDDEN or not character.isprintable() else character for character in name)
    while len(plain.encode("utf-8", "backslashreplace")) > _LONGEST:
        plain = plain[:-1]
    if plain.endswith((".", " ")):
        plain = plain[:-1] + "_"
    hidden = plain.startswith(".") or os.fsencode(plain.lower()) in JUNK
    if hidden or not plain or plain.split(".")[0].lower() in _RESERVED or plain.lower().endswith(".imgmine"):
        plain = f"_{plain}"
    return plain
