"""The menu Export for read texts: as a table, or a text file for each image."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.explain.export import place_below
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.transcriptions.beside import GROUND_TRUTH
from imgmine_gui.core.storage.atomic import write_bytes, write_error
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.item_models.text_rows import TextRows
from imgmine_gui.gui.widgets.saving_menu import SavingMenu
from imgmine_gui.gui.widgets.text.text_browser import TextBrowser


class TextExportMenu(SavingMenu):
    """Asks where to, asks before it replaces anything, and writes.

    Args:
        browser: whose lines are exported.
    """

    def __init__(self, session: Session, browser: TextBrowser, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._browser = browser
        self.add(N_("All texts as a table (CSV)…"), lambda: self.export_table(only_shown=False))
        self.add(N_("Texts of the shown lines as a table (CSV)…"), self.export_table)
        self.addSeparator()
        self.add(N_("Texts of the shown lines as files (.gt.txt)…"), self.export_files)

    def export_table(self, only_shown: bool = True) -> None:
        """Ask for a file and write the rows that are shown, or all of them."""
        rows = self._browser.rows
        if rows is None:
            return
        wanted = self._browser.model.shown() if only_shown else range(len(rows))
        path = self.save_table(tr("Export the texts"), tr("texts"), lambda: table_of(rows, wanted))
        if path is not None:
            self._session.notifier.inform(lambda: tr("The texts are in {path}.", path=path))

    def export_files(self) -> None:
        """Ask for a folder and write what was read in each line that is shown beside the others."""
        rows = self._browser.rows
        wanted = [row for row in self._browser.model.shown() if rows is not None and rows.table.lines[row]]
        if rows is None or not wanted:
            return
        folder = self.ask_folder(tr("Choose a folder for the texts"))
        if folder is None:
            return
        texts = {text_place(folder, rows.names[row]): rows.table.texts[row] for row in wanted}
        if not self.may_replace(sum(place.exists() for place in texts)):
            return
        self.remember(folder)
        job = Job("export", N_("Exporting texts"))
        job.succeeded.connect(lambda done: self._session.notifier.inform(lambda: _done_words(done, str(folder))))
        job.failed.connect(self._session.notifier.report)
        self._session.runner.start(job, lambda context: write_texts(texts, context))
        self._session.job_started.emit(job)


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
    return place.with_name(place.name.removesuffix(place.suffix) + GROUND_TRUTH)


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
