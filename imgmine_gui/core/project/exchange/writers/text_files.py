"""A text file beside each image, ``NAME.gt.txt``, as OCRopus, kraken, Calamari and Tesseract's training take them."""

import os

from imgmine_gui.core.project.exchange.description import Told
from imgmine_gui.core.project.exchange.formats import WRITERS, Keeps, Writer
from imgmine_gui.core.project.exchange.options import BesideOptions, Placing
from imgmine_gui.core.project.exchange.output import Output
from imgmine_gui.core.project.exchange.project_images import ProjectImages
from imgmine_gui.core.project.transcriptions.beside import GROUND_TRUTH
from imgmine_gui.core.text import N_


@WRITERS.register("text_files")
class TextFilesWriter(Writer):
    """Writes ``PLACE/NAME.gt.txt`` for every image with a text, beside the image if that goes along."""

    name = "text_files"
    title = N_("Text files (.gt.txt)")
    summary = N_("The images, and beside each that has a text a file with it, NAME.gt.txt.")
    suffix = ""
    keeps = frozenset({Keeps.TEXT, Keeps.PIXELS})
    options_type = BesideOptions

    def write(self, images: ProjectImages, output: Output, told: Told) -> None:
        """Write all images, and the texts of those that have one; two images of one stem get different ones."""
        for image in images:
            stem, suffix = os.path.splitext(image.below)
            stem = output.free(stem)
            if output.placing is not Placing.NONE and output.place(image, name=stem + suffix) is None:
                continue
            if not image.text:
                continue
            with output.open(stem + GROUND_TRUTH) as file:
                file.write(f"{image.text}\n".encode())
