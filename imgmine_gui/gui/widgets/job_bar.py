"""A running job where the person looks: its phase, how much is done, the time left, and Cancel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from imgmine_gui.app.job import Job, JobState
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui import format as form
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import GAP, SPACING, FontSize, font
from imgmine_gui.gui.widgets.progress_line import ProgressLine
from imgmine_gui.gui.widgets.training.elided import ElidedLabel

TRAINING = "train"
"""The kind of job that has something to keep when it is stopped."""


class JobBar(QWidget):
    """Shows one job from its start to its end, and hides when there is none.

    The button of a training stops it and keeps what was learned: a stray click must not discard an hour's work.
    """

    over = Signal()
    """The job that was shown has ended, in whichever way; the bar is hidden already."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job: Job | None = None
        self.phase = ElidedLabel()
        self.line = ProgressLine()
        bind(self.line, "setAccessibleName", N_("Progress"))
        self.time_left = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.time_left.setFont(font(FontSize.SMALL, tabular=True))
        self.button = QPushButton()
        bind(self.button, "setText", N_("Cancel"))
        self.button.clicked.connect(self._end)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, SPACING, GAP, SPACING)
        row.setSpacing(GAP)
        row.addWidget(self.phase, stretch=2)
        row.addWidget(self.line, stretch=3)
        row.addWidget(self.time_left)
        row.addWidget(self.button)
        bind(self, "setAccessibleName", N_("Running job"))
        on_language_change(self, self.retranslate)
        self.hide()

    def show_job(self, job: Job) -> None:
        """Follow ``job`` from now on, instead of the one shown before."""
        self.forget_job()
        self.job = job
        bind(self.button, "setText", N_("Stop") if job.kind == TRAINING else N_("Cancel"))
        bind(self.button, "setToolTip", N_("Stop and keep what was learned") if job.kind == TRAINING else "")
        job.progressed.connect(self.retranslate)
        job.finished.connect(self._on_finished)
        self.show()
        self.retranslate()

    def forget_job(self) -> None:
        """Stop following; the job itself goes on."""
        if self.job is not None:
            self.job.progressed.disconnect(self.retranslate)
            self.job.finished.disconnect(self._on_finished)
            self.job = None
        self.hide()

    def retranslate(self) -> None:
        """Show the job's present state, in the present language."""
        if self.job is None:
            return
        text = state_text(self.job)
        self.phase.setText(text)
        self.phase.set_hover(text)
        self.line.set_fraction(self.job.progress)
        left = self.job.seconds_left
        self.time_left.setText("" if left is None else form.time_left(left))
        widest = form.time_left(59 * 60 + 59)
        self.time_left.setMinimumWidth(self.time_left.fontMetrics().horizontalAdvance(widest))
        self.button.setEnabled(self.job.state not in (JobState.STOPPING, JobState.CANCELLING))

    def _end(self) -> None:
        if self.job is None:
            return
        if self.job.kind == TRAINING:
            self.job.stop()
        else:
            self.job.cancel()

    def _on_finished(self) -> None:
        self.forget_job()
        self.over.emit()


def state_text(job: Job) -> str:
    """What ``job`` is doing, in words: its phase, or that it waits, pauses or ends."""
    words = {
        JobState.WAITING: N_("Waiting"),
        JobState.PAUSED: N_("Paused"),
        JobState.STOPPING: N_("Stopping"),
        JobState.CANCELLING: N_("Cancelling"),
    }
    if job.state in words:
        return f"{job.title} · {tr(words[job.state])}"
    return f"{job.title} · {job.phase}" if job.phase not in ("", job.title) else job.title
