"""Find a source again: look into a folder for its images, say how many are there, and take it."""

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.app.notifier import Severity
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.project.catalogue import Source
from imgmine_gui.core.project.relinking import FoundAgain
from imgmine_gui.core.project.relinking_words import counts_in_words, details_in_words, nothing_in_words
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, MARGIN, SPACING
from imgmine_gui.gui.widgets.buttons import PrimaryButton, button_row
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.job_bar import JobBar
from imgmine_gui.gui.widgets.message_bar import MessageBar
from imgmine_gui.gui.widgets.training.elided import ElidedLabel

WIDTH = 620


class FindFolderDialog(QDialog):
    """Shows what of a source was found in a folder before that is taken.

    Args:
        session: with an open project.
        window: that it stands over.
        source: that is looked for.
    """

    def __init__(self, session: Session, window: QWidget, source: Source) -> None:
        super().__init__(window)
        self._session = session
        self._source = source
        self._folder = ""
        self._found: tuple[FoundAgain, ...] = ()
        self._job: Job | None = None
        self.place = ElidedLabel()
        self.choose_other = QPushButton()
        self.counts = QLabel(wordWrap=True)
        self.details = MutedLabel()
        self.along = QLabel(wordWrap=True)
        self.others: list[QCheckBox] = []
        self._others = QVBoxLayout()
        self.said = MessageBar()
        self.anyway = QCheckBox()
        self.bar = JobBar()
        self.leave, self.take = QPushButton(), PrimaryButton()
        self.take.setDefault(True)
        self._arrange()
        self._connect()
        self._refresh()

    def ask(self) -> bool:
        """Have the person choose a folder, and look into it; whether one was chosen."""
        start = os.path.dirname(self._folder) or self._session.settings.text("last_folder") or str(Path.home())
        title = tr(N_("Where is “{name}” now?"), name=printable(os.path.basename(self._source.path)))
        if self._source.is_file:
            chosen, _ = QFileDialog.getOpenFileName(self.parentWidget(), title, start)
        else:
            chosen = QFileDialog.getExistingDirectory(self.parentWidget(), title, start)
        if chosen:
            self._session.settings.set_text("last_folder", os.path.dirname(chosen))
            self.look(chosen)
        return bool(chosen)

    def look(self, folder: str) -> None:
        """Look for the images of the source in ``folder``."""
        self._forget()
        self._folder, self._found = os.path.abspath(folder), ()
        self.said.dismiss()
        self._job = job = self._session.find_again(self._source.id, self._folder)
        job.succeeded.connect(lambda found: self._on_found(job, found))
        job.failed.connect(lambda error: self._on_failed(job, error))
        job.finished.connect(lambda: self._on_finished(job))
        self.bar.show_job(job)
        self._refresh()

    def apply(self) -> None:
        """Take the folder, with those that moved along and are ticked."""
        if self.take.isEnabled():
            ticked = [found for found, box in zip(self._found[1:], self.others, strict=True) if box.isChecked()]
            self._session.relink([one.move for one in (self._found[0], *ticked)])
            self.accept()

    def retranslate(self) -> None:
        """Say what was found in the present language."""
        self._refresh()

    def _arrange(self) -> None:
        self.setMinimumWidth(WIDTH)
        head = QHBoxLayout()
        head.setSpacing(SPACING)
        head.addWidget(self.place, 1)
        head.addWidget(self.choose_other)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP)
        column.setSpacing(GAP)
        column.addLayout(head)
        for widget in (self.counts, self.details, self.along):
            column.addWidget(widget)
        column.addLayout(self._others)
        column.addWidget(self.said)
        column.addWidget(self.anyway)
        column.addStretch(1)
        column.addLayout(button_row(self.bar, self.leave, self.take))

    def _connect(self) -> None:
        name = printable(os.path.basename(self._source.path) or self._source.path)
        bind(self, "setWindowTitle", N_("Find “{name}”"), name=name)
        bind(self, "setAccessibleName", N_("Find “{name}”"), name=name)
        bind(self.choose_other, "setText", N_("Choose another…"))
        bind(self.leave, "setText", N_("Cancel"))
        bind(self.take, "setText", N_("Take this folder"))
        bind(self.anyway, "setText", N_("Take this folder all the same"))
        bind(self.along, "setText", N_("Moved along, and found there too:"))
        self.choose_other.clicked.connect(self.ask)
        self.leave.clicked.connect(self.reject)
        self.take.clicked.connect(self.apply)
        self.anyway.toggled.connect(self._refresh)
        self._session.project_changed.connect(self.reject)
        on_language_change(self, self.retranslate)

    def _on_found(self, job: Job, found: tuple[FoundAgain, ...]) -> None:
        if job is not self._job:
            return
        self._found, self._folder = found, found[0].move.path
        self.anyway.setChecked(False)
        self._list_others(found[1:])
        if found[0].is_nothing:
            self.said.show_message(lambda: nothing_in_words(found[0]), severity=Severity.WARNING)

    def _list_others(self, found: Sequence[FoundAgain]) -> None:
        for box in self.others:
            self._others.removeWidget(box)
            box.deleteLater()
        self.others = []
        for one in found:
            box = QCheckBox()
            box.setChecked(True)
            box.setToolTip(printable(one.move.path))
            self._others.addWidget(box)
            self.others.append(box)

    def _on_failed(self, job: Job, error: Exception) -> None:
        if job is self._job and isinstance(error, UserError):
            self.said.show_message(lambda: error.message, lambda: error.remedy, Severity.ERROR)

    def _on_finished(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._refresh()
            if self.take.isEnabled():  # Enter takes what was found
                self.take.setDefault(True)
                self.take.setFocus()

    def _refresh(self) -> None:
        found = self._found[0] if self._found else None
        self.place.setText(printable(self._folder))
        self.counts.setText(counts_in_words(found) if found else "")
        self.details.setText("\n".join(details_in_words(found)) if found else "")
        for widget, shown in ((self.counts, found), (self.details, self.details.text()), (self.along, self.others)):
            widget.setVisible(bool(shown))
        for box, one in zip(self.others, self._found[1:], strict=True):
            box.setText(counts_in_words(one))
        is_nothing = found is not None and found.is_nothing
        self.anyway.setVisible(is_nothing)
        self.choose_other.setEnabled(self._job is None)
        self.take.setEnabled(found is not None and self._job is None and (not is_nothing or self.anyway.isChecked()))
        reason = N_("Confirm it first: none of the images was found there.") if is_nothing else ""
        bind(self.take, "setToolTip", "" if self.take.isEnabled() else reason)

    def _forget(self) -> None:
        job, self._job = self._job, None
        self._list_others(())
        if job is not None:
            self.bar.forget_job()
            job.cancel()

    def done(self, result: int) -> None:
        """End what runs."""
        self._forget()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """As Cancel."""
        self.reject()
        super().closeEvent(event)
