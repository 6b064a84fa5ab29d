"""The menu Export for read texts: as a table, or a text file for each image."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.explain.export import place_below
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.storage.atomic import write_bytes, write_error
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.item_models.text_rows import TextRows
from imgmine_gui.gui.widgets.predictions.exporting import LAST_FOLDER
from imgmine_gui.gui.widgets.text.text_browser import TextBrowser

SUFFIX = ".gt.txt"
"""Takes the place of the image's own suffix, as programs that learn to read lines expect it."""


class TextExportMenu(QMenu):
    """Asks where to, asks before it replaces anything, and writes.

    Args:
        browser: whose lines are exported.
    """

    def __init__(self, session: Session, browser: TextBrowser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._browser = session, browser
        self._add(N_("All texts as a table (CSV)…"), lambda: self.export_table(only_shown=False))
        self._add(N_("Texts of the shown lines as a table (CSV)…"), self.export_table)
        self.addSeparator()
        self._add(N_("Texts of the shown lines as files (.gt.txt)…"), self.export_files)

    def export_table(self, only_shown: bool = True) -> None:
        """Ask for a file and write the rows that are shown, or all of them."""
        rows = self._browser.rows
        if rows is None:
            return
        start = self._start_folder() / (tr("texts") + ".csv")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Export the texts"), str(start), "CSV (*.csv)")
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(chosen + ".csv")
        if str(path) != chosen and path.exists() and not self._may_replace(1):
            return
        wanted = self._browser.model.shown() if only_shown else range(len(rows))
        write_bytes(path, table_of(rows, wanted).encode())
        self._remember(path.parent)
        self._session.notifier.inform(lambda: tr("The texts are in {path}.", path=path))

    def export_files(self) -> None:
        """Ask for a folder and write what was read in each line that is shown beside the others."""
        rows = self._browser.rows
        wanted = [row for row in self._browser.model.shown() if rows is not None and rows.table.lines[row]]
        if rows is None or not wanted:
            return
        title = tr("Choose a folder for the texts")
        chosen = QFileDialog.getExistingDirectory(self, title, str(self._start_folder()))
        if not chosen:
            return
        texts = {text_place(Path(chosen), rows.names[row]): rows.table.texts[row] for row in wanted}
        there = sum(place.exists() for place in texts)
        if there and not self._may_replace(there):
            return
        self._remember(Path(chosen))
        job = Job("export", N_("Exporting texts"))
        job.succeeded.connect(lambda done: self._session.notifier.inform(lambda: _done_words(done, chosen)))
        job.failed.connect(self._session.notifier.report)
        self._session.runner.start(job, lambda context: write_texts(texts, context))
        self._session.job_started.emit(job)

    def _may_replace(self, count: int) -> bool:
        words = ntr(
            "{count} file there has the same name. Replace it?",
            "{count} files there have the same names. Replace them?",
            count,
        )
        buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
        answer = QMessageBox.question(self, tr("Export"), words, buttons, QMessageBox.StandardButton.No)
        return answer == QMessageBox.StandardButton.Yes

    def _start_folder(self) -> Path:
        known = self._session.settings.text(LAST_FOLDER)
        return Path(known) if known and Path(known).is_dir() else Path.home()

    def _remember(self, folder: Path) -> None:
        self._session.settings.set_text(LAST_FOLDER, str(folder))

    def _add(self, text: str, do: Callable[[], None]) -> None:
        bind(self.addAction("", do), "setText", text)


def table_of(rows: TextRows, shown: Sequence[int]) -> str:
    """The rows ``shown`` as CSV, by their names."""
    table, chosen = rows.table, np.array(shown, np.intp)
    part = replace(
        table,
        paths=tuple(table.paths[row] for row in shown),
        lines=tuple(table.lines[row] for row in shown),
        strides=table.strides[chosen],
    )
    return part.to_csv([rows.names[row] for row in shown])


def text_place(folder: Path, name: str) -> Path:
    """Where the text of the image called ``name`` is written below ``folder``."""
    place = place_below(folder, name)
    return place.with_name(place.name.removesuffix(place.suffix) + SUFFIX)


def write_texts(texts: dict[Path, str], context: JobContext) -> int:
    """Write each text as a file of one line, UTF-8; returns how many.

    Raises:
        UserError: the disk is full or a folder cannot be written.
        Cancelled: the person stopped it.
    """
    context.report(PhaseStarted(N_("Writing the texts"), len(texts)))
    for done, (place, text) in enumerate(texts.items()):
        check_cancelled(context)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_error(place.parent, error) from error
        write_bytes(place, f"{text}\n".encode())
        context.report(Progress(done + 1, len(texts)))
    return len(texts)


def _done_words(done: int, folder: str) -> str:
    return ntr("{count} text is in {folder}.", "{count} texts are in {folder}.", done, folder=folder)
