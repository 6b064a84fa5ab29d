"""CSV for spreadsheets: a row an image. UTF-8 with a mark, so that Excel reads it rightly; no cell is a formula."""

import csv

from imgmine_gui.core.project.exchange.description import Told
from imgmine_gui.core.project.exchange.formats import WRITERS, Keeps, Writer
from imgmine_gui.core.project.exchange.options import ExportOptions
from imgmine_gui.core.project.exchange.output import Output, as_text
from imgmine_gui.core.project.exchange.project_images import ProjectImages
from imgmine_gui.core.project.exchange.tables import OWN_SEVERAL, harmless, joined
from imgmine_gui.core.text import N_

TITLES = ("path", "label", OWN_SEVERAL, "split", "group", "note", "text")


@WRITERS.register("csv")
class TableWriter(Writer):
    """Writes a row an image."""

    name = "csv"
    title = N_("Table (CSV)")
    summary = N_("A row an image with its path, labels, split, group, note and text, for Excel and other programs.")
    suffix = ".csv"
    keeps = frozenset({Keeps.LABEL, Keeps.MORE_LABELS, Keeps.SPLIT, Keeps.GROUP, Keeps.NOTE, Keeps.TEXT})
    options_type = ExportOptions

    def write(self, images: ProjectImages, output: Output, told: Told) -> None:
        """Write all images."""
        with output.open() as file, as_text(file, "utf-8-sig") as text:
            writer = csv.writer(text)
            writer.writerow(TITLES)
            for image in images:
                labels = image.labels
                cells = (image.name, labels[0] if labels else "", joined(labels[1:]), image.split or "", image.group,
                         image.note, image.text)  # fmt: skip
                writer.writerow(map(harmless, cells))
