"""The folders of images that come with ImgMine."""

from dataclasses import dataclass
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_, RESOURCES, tr

SAMPLES = RESOURCES / "samples"


@dataclass(frozen=True)
class Sample:
    """A bundled folder of images; it is a source like any other, and never written to.

    Attributes:
        name: of its folder, and in ``imgmine demo --sample``.
        title_template, summary_template: for a person; English, marked with ``N_``.
        task: for which its images are labelled, by folders or by a table of transcriptions.
    """

    name: str
    title_template: str
    summary_template: str
    task: str = "classification"

    @property
    def title(self) -> str:
        """Its name for a person, in the current language."""
        return tr(self.title_template)

    @property
    def summary(self) -> str:
        """What it holds and what it is good for, in the current language."""
        return tr(self.summary_template)

    @property
    def folder(self) -> Path:
        """Where its images are."""
        return SAMPLES / self.name


ALL = (
    Sample(
        "clutter",
        N_("Clothes in clutter"),
        N_("4,000 small pictures of ten kinds of clothes, each among scraps of others: see where a network looks."),
    ),
    Sample(
        "lines",
        N_("Lines of an old book"),
        N_("1,000 lines of Newton’s “Opticks” as images, with their text: let a network read."),
        "text_recognition",
    ),
)

IN_WINDOW = frozenset({"classification"})
"""Tasks that the pages of the window can show; a sample of another task is for the command line only."""


def samples() -> list[Sample]:
    """The samples that are on this machine and can be opened in the window."""
    return [sample for sample in ALL if sample.task in IN_WINDOW and sample.folder.is_dir()]


def find_sample(name: str) -> Sample:
    """The sample called ``name``.

    Raises:
        UserError: it is not on this machine.
    """
    for sample in samples():
        if sample.name == name:
            return sample
    raise UserError(N_("The sample “{name}” is not installed."), N_("Install ImgMine again."), name=name)
