"""The training that runs: its phase, how far it is, and Pause, Stop and keep, Cancel."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from imgmine_gui.app.job import Job, JobState
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import DASH, number, percentage, size_in_bytes, time_left
from imgmine_gui.gui.theme import GAP, HALF, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.progress_line import ProgressLine
from imgmine_gui.gui.widgets.training.elided import ElidedLabel
from imgmine_gui.gui.widgets.training.reasons import allow, colour_text

NOTHING_RUNS = N_("No training is running.")
ENDING = N_("The training is ending already.")
WORDS = {
    JobState.WAITING: N_("Waiting"),
    JobState.PAUSED: N_("Paused"),
    JobState.STOPPING: N_("Stopping, and keeping what was learned"),
    JobState.CANCELLING: N_("Cancelling"),
}


class TrainingStrip(QWidget):
    """Two quiet lines and a thin bar above the plot; its height never changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job: Job | None = None
        self.heir: QWidget | None = None
        """Gets the focus of a button that can be pressed no more."""
        self._run_name = ""
        self._outcome = ""
        self.title, self.numbers = ElidedLabel(), ElidedLabel()
        self.title.setFont(font(bold=True))
        self.numbers.setFont(font(FontSize.SMALL, tabular=True))
        self.bar = ProgressLine()
        bind(self.bar, "setAccessibleName", N_("Progress of the training"))
        self.pause, self.stop, self.cancel = QPushButton(), QPushButton(), QPushButton()
        self.pause.clicked.connect(self._on_pause)
        self.stop.clicked.connect(lambda: self.job and self.job.stop())
        self.cancel.clicked.connect(lambda: self.job and self.job.cancel())
        self.stop.setIcon(icon("stop"))
        self._arrange()
        theme().changed.connect(self.retranslate)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self.title, stretch=1)
        for button in (self.pause, self.stop, self.cancel):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, SPACING, GAP, SPACING)
        column.setSpacing(HALF)
        column.addLayout(row)
        column.addWidget(self.numbers)
        column.addSpacing(2)
        column.addWidget(self.bar)

    def follow(self, job: Job | None) -> None:
        """Show ``job`` from now on; None when it is over."""
        self.job = job
        if job is not None:
            self._outcome = ""
            job.progressed.connect(self.retranslate)
        self.retranslate()

    def show_run(self, name: str, outcome: str = "") -> None:
        """The plot shows the run ``name``; ``outcome`` says, in the present language, what became of it."""
        self._run_name, self._outcome = name, outcome
        self.retranslate()

    def retranslate(self) -> None:
        """Write everything in the present language."""
        job, colours = self.job, theme().colours
        self.title.setText(self._title())
        self.numbers.setText(self._numbers() if job is not None else self._outcome)
        colour_text(self.numbers, colours.text_muted)
        self.bar.set_fraction(0.0 if job is None else job.progress)
        paused = job is not None and job.state is JobState.PAUSED
        self.pause.setText(tr("Resume") if paused else tr("Pause"))
        self.pause.setIcon(icon("play" if paused else "pause"))
        self.stop.setText(tr("Stop and keep"))
        self.cancel.setText(tr("Cancel"))
        ending = job is not None and job.state in (JobState.STOPPING, JobState.CANCELLING)
        reason = tr(NOTHING_RUNS) if job is None else tr(ENDING) if ending else ""
        cancelling = job is not None and job.state is JobState.CANCELLING
        waiting = tr("The training has not begun yet.") if job is not None and job.state is JobState.WAITING else ""
        allow(self.pause, reason or waiting, tr("Goes on") if paused else tr("Rests until you go on"), self.heir)
        allow(self.stop, reason, tr("Ends the training soon and keeps what was learned (Ctrl+.)"), self.heir)
        hint = tr("Ends the training now and discards it")
        allow(self.cancel, reason if job is None or cancelling else "", hint, self.heir)

    def _title(self) -> str:
        job = self.job
        if job is None:
            return self._run_name or tr("No run yet")
        words = tr(WORDS[job.state]) if job.state in WORDS else job.phase
        return " · ".join(part for part in (self._run_name or job.title, words) if part)

    def _numbers(self) -> str:
        job = self.job
        assert job is not None
        speed, left, memory = job.images_per_second, job.seconds_left, job.memory
        parts = [
            percentage(job.progress),
            tr("{speed} images/s", speed=DASH if speed is None else number(speed)),
            time_left(left),
            DASH if memory is None else size_in_bytes(memory),
        ]
        return "   ".join(parts)

    def _on_pause(self) -> None:
        if self.job is None:
            return
        if self.job.state is JobState.PAUSED:
            self.job.resume()
        else:
            self.job.pause()
