"""Plain text: a line an image, in reading order."""

import itertools
import os

from imgmine_gui.core.project.exchange.description import Told
from imgmine_gui.core.project.exchange.formats import WRITERS, Keeps, Writer
from imgmine_gui.core.project.exchange.options import ExportOptions
from imgmine_gui.core.project.exchange.output import Output
from imgmine_gui.core.project.exchange.project_images import ProjectImage, ProjectImages
from imgmine_gui.core.project.names import natural_key
from imgmine_gui.core.text import N_


@WRITERS.register("plain_text")
class PlainTextWriter(Writer):
    """Writes the texts of the images, folder by folder, in each by the names of the files with numbers by value."""

    name = "plain_text"
    title = N_("Plain text")
    summary = N_(
        "A line an image that has a text, in the order of folders and names, with an empty line between folders."
    )
    suffix = ".txt"
    keeps = frozenset({Keeps.TEXT})
    options_type = ExportOptions

    def write(self, images: ProjectImages, output: Output, told: Told) -> None:
        """Write all texts."""
        lines = sorted((*_place(image), image.text) for image in images if image.text)
        with output.open() as file:
            for number, (_, of_folder) in enumerate(itertools.groupby(lines, key=lambda line: line[0])):
                file.write(b"\n" if number else b"")
                file.writelines(f"{text}\n".encode() for *_, text in of_folder)


def _place(image: ProjectImage) -> tuple[list[str], str, str, int]:
    """By what images are ordered: the folders above one, its name with numbers by value, its name, and its page."""
    parts = [natural_key(os.fsencode(part)) for part in image.name.split("/")]
    return parts[:-1], parts[-1], image.name, image.page
