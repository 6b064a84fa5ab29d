"""What was found of the transcriptions of images, and what is wrong with the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imgmine_gui.core.project.exchange.description import Problem
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.transcriptions.options import Normalisation
from imgmine_gui.core.text import N_, tr

Reason = tuple[str, dict[str, Any]]
"""Why an image has no text: an English template, to be translated with ``tr``, and the values for its fields."""

NOTHING_FOUND: Reason = (N_("No table names this image, and no text file lies beside it."), {})


@dataclass(frozen=True, slots=True)
class Transcription:
    """The text of an image, and where it stands.

    Attributes:
        text: one line as it is written, in logical order; ``wording.normalised`` makes of it what is learned.
        split: what a column of the table says that the image is for.
        file: in which it stands, below the source, as it can be shown.
        line: of the file, from 1; 0 for the whole file.
    """

    text: str
    split: Split | None = None
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Untranscribed:
    """A readable image without a usable transcription.

    Attributes:
        place: of the image below its source, as it can be shown.
        message: why: an English template, to be translated with ``tr``.
        values: for its fields.
    """

    place: str
    message: str
    values: Mapping[str, Any]

    @property
    def reason(self) -> str:
        """Why, in words, in the current language."""
        return tr(self.message, **self.values)


@dataclass(frozen=True)
class Transcriptions:
    """The transcriptions of the images of a source.

    Attributes:
        texts: by the place of the image (``FileRecord.place``).
        without: the readable images that have none, with the reason, in the order of their places.
        problems: what is wrong with the files that hold transcriptions: rows whose image is not there, rows that
            cannot be read; the first of each kind.
        reasons: why what files say of the text of an image cannot be used, by its place.
        normalisation: the Unicode form in which the texts are learned.
        remarks: on the tables, such as their encoding: English templates with their values.
    """

    texts: Mapping[bytes, Transcription]
    without: tuple[Untranscribed, ...] = ()
    problems: tuple[Problem, ...] = ()
    remarks: tuple[tuple[str, dict[str, Any]], ...] = ()
    reasons: Mapping[bytes, Reason] = field(default_factory=dict)
    normalisation: Normalisation = Normalisation.NFC
