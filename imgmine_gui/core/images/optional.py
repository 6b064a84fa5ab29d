"""Formats that an extra of the installation reads; its package is imported when the first such file is met."""

import importlib
from dataclasses import dataclass

from PIL import ImageFile


@dataclass(frozen=True)
class OptionalReader:
    """Where the reader of a format is.

    Attributes:
        module: of ours, which imports the package.
        reader: name of the class in it.
        extra: of pyproject.toml, which installs the package.
    """

    module: str
    reader: str
    extra: str


OPTIONAL_READERS = {
    "HEIF": OptionalReader("imgmine_gui.core.images.heif", "HeifImageFile", "heic"),
    "DICOM": OptionalReader("imgmine_gui.core.images.dicom", "DicomImageFile", "dicom"),
}
"""The formats that are read where their extra is installed: photos of telephones, and medical images."""


class MissingExtra(Exception):  # noqa: N818 - says what is the case
    """The package that reads a format is not installed; ``args[0]`` is the extra that brings it."""


class UnsupportedVariety(Exception):  # noqa: N818 - says what is the case
    """A file of a known format, but of a variety that is not read; ``args[0]`` names it."""


def optional_reader(name: str) -> type[ImageFile.ImageFile]:
    """The reader of the format ``name``, a key of ``OPTIONAL_READERS``.

    Raises:
        MissingExtra: its package is not installed.
    """
    place = OPTIONAL_READERS[name]
    try:
        module = importlib.import_module(place.module)
    except ImportError as error:
        raise MissingExtra(place.extra) from error
    reader: type[ImageFile.ImageFile] = getattr(module, place.reader)
    return reader
