"""The scans that run, each with its phase, progress, the file at hand, the time left and Cancel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job
from imgmine_gui.core.events import Event, Progress
from imgmine_gui.core.project.records import FilesScanned
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.format import count
from imgmine_gui.gui.theme import GAP, SPACING, FontSize
from imgmine_gui.gui.widgets.data.muted import MutedLabel
from imgmine_gui.gui.widgets.job_bar import JobBar
from imgmine_gui.gui.widgets.job_bars import JobBars


class ScanBars(JobBars):
    """One bar a scan; hidden while none runs."""

    found = Signal(object, object)
    """The ``Job``, and a tuple of ``FileRecord``: images that were just found."""

    def _bar_for(self, job: Job) -> "ScanBar":
        job.events.connect(lambda events: self._see(job, events))
        return ScanBar(job)

    def _see(self, job: Job, events: tuple[Event, ...]) -> None:
        records = tuple(one for event in events if isinstance(event, FilesScanned) for one in event.records)
        if records:
            self.found.emit(job, records)


class ScanBar(QWidget):
    """One scan: the bar of every job, and below it the file at hand."""

    def __init__(self, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail = ""
        self._done: tuple[int, int | None] = 0, None
        self.bar = JobBar()
        self.file = MutedLabel(FontSize.SMALL)
        self.file.setWordWrap(False)
        self.file.setMinimumWidth(1)
        bind(self.file, "setAccessibleName", N_("File at hand"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACING)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.file)
        self.file.setContentsMargins(GAP, 0, GAP, 0)
        row = self.bar.layout()
        assert isinstance(row, QHBoxLayout)
        row.setStretchFactor(self.bar.phase, 4)
        self.bar.show_job(job)
        job.events.connect(self._see)
        bind(self, "setAccessibleName", N_("Scan"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name of the file is cut in its middle to what fits."""
        super().resizeEvent(event)
        self._write()

    def _see(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, Progress):
                self._detail, self._done = event.detail, (event.done, event.total)
        self._write()

    def _write(self) -> None:
        done, total = self._done
        words = ""
        if total is not None:
            words = tr(N_("{done} of {total}"), done=count(done), total=count(total))
        elif done:
            words = tr(N_("{done} files"), done=count(done))
        line = f"{words} · {self._detail}" if self._detail else words
        room = self.file.width() - 2 * GAP
        self.file.setText(self.file.fontMetrics().elidedText(line, Qt.TextElideMode.ElideMiddle, room))
