"""Shows the transcriptions of a project where its images are, once it has any, and saves those that a person types."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.app.session_data import ScanJob
from imgmine_gui.core.project.catalogue import Catalogue
from imgmine_gui.core.project.image_query import ImageQuery
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.widgets.data.image_table import ImageTable
from imgmine_gui.gui.widgets.data.large_view import LargeView
from imgmine_gui.gui.widgets.text.text_editor import special_characters

FOUND = N_("Images with a transcription: {found}. Without one: {without}.")
WHY = N_("Shown large, an image without one says why.")


@dataclass(frozen=True)
class TextCounts:
    """Of the readable images: how many have a transcription, and how many do not; and special characters."""

    found: int
    without: int
    special: tuple[str, ...]


class GalleryTexts(QObject):
    """Follows the open project.

    Args:
        large: shows an image, and the field for its transcription.
        table: of all images, with a column for them.
    """

    def __init__(self, session: Session, large: LargeView, table: ImageTable, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._large, self._table = session, large, table
        self._reader = CatalogueReader(self)
        self._reader.failed.connect(session.notifier.report)
        self._counts: TextCounts | None = None
        self._tells = False
        session.project_changed.connect(self._open)
        session.data_changed.connect(self.read)
        session.job_started.connect(self._on_job)
        large.text_typed.connect(self._save)
        self._open()

    def read(self) -> None:
        """Count the transcriptions of the project."""
        project, known = self._session.project, self._counts
        if project is not None:
            catalogue = project.catalogue
            self._reader.ask("texts", lambda: read_counts(catalogue, known), self._take)

    def _open(self) -> None:
        self._reader.forget()
        self._counts, self._tells = None, False
        self._table.show_texts(False)
        project = self._session.project
        locked = project is not None and project.read_only
        self._large.text_locked = N_("The project is open for reading only.") if locked else ""
        self._large.show_texts(False)
        self.read()

    def _take(self, counts: TextCounts) -> None:
        before, self._counts = self._counts, counts
        self._table.show_texts(counts.found > 0)
        self._large.editor.offer(counts.special)
        if counts.found and not (before is not None and before.found):
            self._large.show_texts(True)
        if self._tells and counts.found:
            more = tr(WHY) if counts.without else ""
            words = tr(FOUND, found=count(counts.found), without=count(counts.without))
            self._session.notifier.inform(f"{words} {more}".strip())
        self._tells = False

    def _on_job(self, job: Job) -> None:
        if isinstance(job, ScanJob):
            job.succeeded.connect(self._on_scanned)

    def _on_scanned(self) -> None:
        """After a scan that brought transcriptions the person is told how many there are."""
        before, project = self._counts, self._session.project
        if project is not None:
            catalogue = project.catalogue
            self._reader.ask(
                "scanned", lambda: catalogue.count(ImageQuery(transcribed=True)),
                lambda found: self._tell_soon(before is None or found > before.found),
            )  # fmt: skip

    def _tell_soon(self, more: bool) -> None:
        self._tells = more
        self.read()

    def _save(self, number: int, text: str) -> None:
        self._session.labelling.apply(lambda edits: edits.set_text([number], text))


def read_counts(catalogue: Catalogue, known: TextCounts | None) -> TextCounts:
    """Count transcriptions; their characters are collected anew only where their number changed."""
    found = catalogue.count(ImageQuery(transcribed=True, problems=False))
    without = catalogue.count(ImageQuery(transcribed=False, problems=False))
    if known is not None and known.found == found:
        return TextCounts(found, without, known.special)
    special = special_characters(item.text or "" for item in catalogue.items()) if found else []
    return TextCounts(found, without, tuple(special))
