"""The tables of readers and writers, and which reader a file is for."""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.exchange.description import ImportedImage, Told
from imgmine_gui.core.project.exchange.files import Place
from imgmine_gui.core.project.exchange.options import ExportOptions, ImportOptions
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.registry import Registry
from imgmine_gui.core.text import N_

if TYPE_CHECKING:
    from imgmine_gui.core.project.exchange.output import Output
    from imgmine_gui.core.project.exchange.project_images import ProjectImages


class Sure(StrEnum):
    """How sure a reader is that a file is in its format."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"


class Reader(ABC):
    """Reads one format.

    Attributes:
        name: under which it is registered.
        title: for a person; English, marked with ``N_``.
        summary: one sentence on what is read.
        suffixes: of the files, with their dots.
        reads_folders: whether a folder can be given instead of a file.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    reads_folders: ClassVar[bool]

    @classmethod
    @abstractmethod
    def recognises(cls, place: Place) -> Sure:
        """Whether a file or folder is in this format, by a quick look."""

    @abstractmethod
    def read(self, place: Place, options: ImportOptions, told: Told) -> Iterator[ImportedImage]:
        """What the file says, piece by piece, with as little in memory as the format allows.

        Raises:
            UserError: the file cannot be read, or not as this format; names file and line.
            Cancelled: the person cancelled.
        """


class Keeps(StrEnum):
    """What a format can hold of an image."""

    LABEL = "label"
    MORE_LABELS = "more_labels"
    SPLIT = "split"
    GROUP = "group"
    NOTE = "note"
    TEXT = "text"
    BOX = "box"
    POLYGON = "polygon"
    LINE = "line"
    POINT = "point"
    ATTRIBUTES = "attributes"
    PIXELS = "pixels"
    """The images themselves go along."""


class Writer(ABC):
    """Writes one format.

    Attributes:
        name: under which it is registered.
        title: for a person; English, marked with ``N_``.
        summary: one sentence on what is written.
        suffix: of the file, with its dot; "" where a folder is written.
        keeps: what it holds of an image; the rest is left out.
        options_type: what can be chosen.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    suffix: ClassVar[str]
    keeps: ClassVar[frozenset[Keeps]]
    options_type: ClassVar[type[ExportOptions]]

    @abstractmethod
    def write(self, images: "ProjectImages", output: "Output", told: Told) -> None:
        """Write all images.

        Raises:
            UserError: the drive is full, or cannot be written to.
            Cancelled: the person cancelled.
        """


READERS: Registry[type[Reader]] = Registry("format", "imgmine_gui.core.project.exchange.readers")
WRITERS: Registry[type[Writer]] = Registry("format", "imgmine_gui.core.project.exchange.writers")


def format_of(place: Place) -> str:
    """The name of the reader for a file or folder.

    Raises:
        UserError: there is none, or more than one may be meant.
    """
    found: dict[Sure, list[str]] = {Sure.YES: [], Sure.MAYBE: [], Sure.NO: []}
    for name in READERS:
        found[READERS[name].recognises(place)].append(name)
    names = found[Sure.YES] or found[Sure.MAYBE]
    if len(names) == 1:
        return names[0]
    path = shown(os.fsencode(place.path))
    if names:
        raise UserError(
            N_("“{path}” may be in one of several formats: {names}."),
            N_("Say which one it is."),
            path=path,
            names=[READERS[name].title for name in names],
        )
    if place.is_folder:
        raise UserError(
            N_("In the folder “{path}” there is no file with labels that ImgMine reads."),
            N_("If its sub-folders are the classes, add it as a source instead. Otherwise choose the file itself."),
            path=path,
        )
    raise UserError(
        N_("“{path}” is in no format that ImgMine reads labels from."),
        N_("Choose one of these formats if it is: {names}."),
        path=path,
        names=[READERS[name].title for name in READERS],
    )
