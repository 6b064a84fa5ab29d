"""Why an image could not be used, in words for a person."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_


class ImageProblem(StrEnum):
    """The reason why a file gives no pixels; kept in the catalogue by its value."""

    MISSING = "missing"
    NO_PERMISSION = "no_permission"
    NOT_A_FILE = "not_a_file"
    """A folder, a named pipe, a socket or a device."""
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_FORMAT = "unsupported_format"
    """An image, but in a format, or a variety of one, that is not read."""
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    READ_ERROR = "read_error"
    """The disk or the network failed; the file itself may be sound."""


PROBLEM_TITLES = {
    ImageProblem.MISSING: N_("Missing"),
    ImageProblem.NO_PERMISSION: N_("No permission"),
    ImageProblem.NOT_A_FILE: N_("Not a file"),
    ImageProblem.NOT_AN_IMAGE: N_("Not an image"),
    ImageProblem.UNSUPPORTED_FORMAT: N_("Format not supported"),
    ImageProblem.TRUNCATED: N_("Cut short"),
    ImageProblem.DAMAGED: N_("Damaged"),
    ImageProblem.TOO_LARGE: N_("Too large"),
    ImageProblem.EMPTY: N_("Empty file"),
    ImageProblem.READ_ERROR: N_("Could not be read"),
}
"""A heading a problem, for tables and counts; English, to be translated with ``tr``."""

_TEXTS = {
    ImageProblem.MISSING: (
        N_("There is no file “{file}”."),
        N_("Check whether it was moved, renamed or deleted, and whether its drive is connected."),
    ),
    ImageProblem.NO_PERMISSION: (
        N_("You have no permission to read “{file}”."),
        N_("Change the permissions of the file and of its folder."),
    ),
    ImageProblem.NOT_A_FILE: (
        N_("“{file}” is not a file that holds data."),
        N_("Choose an image file: a folder, a pipe or a device cannot be opened as one."),
    ),
    ImageProblem.NOT_AN_IMAGE: (
        N_("“{file}” is not an image, whatever its name says."),
        N_("Remove it from the folder, or save it as PNG or JPEG with the program that made it."),
    ),
    ImageProblem.UNSUPPORTED_FORMAT: (
        N_("“{file}” is in a format that ImgMine does not read."),
        N_("Convert it to PNG, JPEG or TIFF with another program."),
    ),
    ImageProblem.TRUNCATED: (
        N_("“{file}” is cut short: the end of the image is missing."),
        N_("Copy or download the file again from where it came from."),
    ),
    ImageProblem.DAMAGED: (
        N_("“{file}” is damaged and cannot be decoded."),
        N_("Copy or download the file again from where it came from."),
    ),
    ImageProblem.TOO_LARGE: (
        N_("“{file}” is too large to be opened."),
        N_("Save a smaller copy of the image with another program."),
    ),
    ImageProblem.EMPTY: (
        N_("“{file}” is empty: it has no content."),
        N_("Copy or download the file again from where it came from."),
    ),
    ImageProblem.READ_ERROR: (
        N_("“{file}” could not be read from its drive."),
        N_("Check the drive or the network connection, then try again."),
    ),
}

# Used instead of the general texts where the error knows more: by the last of its details.
_DETAILED = {
    "format": (
        N_("“{file}” is in a format that ImgMine does not read: {format}."),
        _TEXTS[ImageProblem.UNSUPPORTED_FORMAT][1],
    ),
    "extra": (
        N_("“{file}” is a {format} file; the extra “{extra}” of ImgMine, which reads them, is not installed."),
        N_('Install it with the command: pip install "imgmine[{extra}]"'),
    ),
    "limit": (
        N_("“{file}” is too large to be opened: {width} × {height} pixels, at most {limit} megapixels are possible."),
        _TEXTS[ImageProblem.TOO_LARGE][1],
    ),
    "most": (
        N_("“{file}” is too wide for a line: {width} px at the network's height of {height} px, the most is {most}."),
        N_("Cut the line in two, or allow a larger width."),
    ),
    "reason": (
        N_("“{file}” could not be read from its drive: {reason}."),
        _TEXTS[ImageProblem.READ_ERROR][1],
    ),
    "suffix": (
        N_("“{file}” is not an image."),
        N_("Choose an image, such as a JPEG or PNG file, or a folder of images."),
    ),
    "pages": (
        N_("There is no page {page} in the file of “{file}”: its last is {pages}."),
        N_("Choose one of its pages; the first is the file itself."),
    ),
}


class ImageError(UserError):
    """An image that cannot be used, with the reason.

    Everything it knows lies in ``values``, so it survives pickling, and an error can be made anew from a problem and
    a path that were kept in the catalogue.

    Args:
        problem: the reason.
        path: the file, as it was asked for.
        details: what a detailed text names: ``format``; ``format`` and ``extra``; ``width``, ``height`` and
            ``limit``; ``reason``; ``suffix``; ``page`` and ``pages``.
    """

    def __init__(self, problem: ImageProblem, path: str, **details: Any) -> None:
        message, remedy = _DETAILED[list(details)[-1]] if details else _TEXTS[problem]
        super().__init__(message, remedy, problem=problem.value, path=path, file=printable(path), **details)

    @property
    def problem(self) -> ImageProblem:
        """The reason."""
        return ImageProblem(self.values["problem"])

    @property
    def path(self) -> str:
        """The file, exactly as it was asked for; it may hold characters that cannot be printed."""
        return str(self.values["path"])


@dataclass(frozen=True, slots=True)
class Failure:
    """An image that could not be decoded.

    Attributes:
        key: of the content, as it was known before.
        path: of the file, or of the page.
        error: why.
    """

    key: str
    path: str
    error: ImageError


def printable(path: str) -> str:
    """``path`` on one line that any terminal can take: line breaks and undecodable bytes become replacement marks."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in path)
