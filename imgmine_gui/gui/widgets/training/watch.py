"""Leads what a training tells to the plot, the strip above it, the log and the list of runs."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.app.training import RunBegun
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import Event
from imgmine_gui.core.storage.run_folder import STEP_COLUMNS, RunFolder, RunInfo, RunState
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import on_language_change
from imgmine_gui.gui.theme import theme
from imgmine_gui.gui.widgets.plot_colours import PlotColours
from imgmine_gui.gui.widgets.plot_curves import RunCurves
from imgmine_gui.gui.widgets.plot_training import TrainingPlot
from imgmine_gui.gui.widgets.training.event_log import EventLog
from imgmine_gui.gui.widgets.training.job_strip import TrainingStrip
from imgmine_gui.gui.widgets.training.run_figures import Figure, best_words, figure_of

OUTCOMES = {
    RunState.FINISHED: N_("Finished after {done} of {epochs} epochs"),
    RunState.STOPPED: N_("Stopped after {done} of {epochs} epochs, and kept"),
    RunState.INTERRUPTED: N_("Interrupted after {done} of {epochs} epochs"),
    RunState.FAILED: N_("Failed after {done} of {epochs} epochs"),
}


class TrainingWatch(QObject):
    """Knows which run is in the foreground and which lie behind it."""

    changed = Signal()
    """A training began or ended, or another run is in the foreground."""

    def __init__(
        self, session: Session, plot: TrainingPlot, strip: TrainingStrip, log: EventLog, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._plot, self._strip, self._log = session, plot, strip, log
        self.job: Job | None = None
        self.path = ""
        """Of the run in the foreground; empty while it has no folder yet, or where there is none."""
        self._behind: list[RunInfo] = []
        self._figure = Figure()
        session.job_started.connect(self._on_job)
        theme().changed.connect(self.changed)
        on_language_change(self, self._describe)
        if session.training_job is not None:
            self._on_job(session.training_job)

    @property
    def behind(self) -> list[RunInfo]:
        """The runs whose curves lie pale behind the one in the foreground."""
        return list(self._behind)

    def expect(self, task: str) -> None:
        """What the next training learns: its metric stands beside the loss where there are no curves yet."""
        self._figure = figure_of(task)
        if not self.path:
            self.show("")

    def colours(self) -> dict[str, QColor]:
        """The colours of the curves that are shown, by the path of their run."""
        shades = PlotColours.of(theme().colours)
        found = {run.path: shades.earlier[n % len(shades.earlier)] for n, run in enumerate(self._behind)}
        return {**found, self.path: shades.validation} if self.path else found

    def show(self, path: str) -> None:
        """Bring the run of this path to the foreground, unless a training runs; an empty path shows nothing."""
        if self.job is not None:
            return
        self.path = path
        self._plot.start(read_curves(path) if path else self._no_curves())
        self._behind = [run for run in self._behind if run.path != path]
        self._lay_behind()
        self._describe()
        self.changed.emit()

    def lay_behind(self, runs: Sequence[RunInfo]) -> None:
        """Show these runs pale behind the one in the foreground."""
        behind = [run for run in runs if run.path != self.path]
        if [run.path for run in behind] != [run.path for run in self._behind]:
            self._behind = behind
            self._lay_behind()
            self.changed.emit()

    def take_names(self, runs: Sequence[RunInfo]) -> None:
        """Write the names that ``runs`` have now."""
        names = {run.path: run.name for run in runs}
        shown = [(self.path, self._plot.run)]
        shown += [(info.path, curves) for info, curves in zip(self._behind, self._plot.earlier, strict=True)]
        others = [(curves, names[path]) for path, curves in shown if names.get(path, curves.name) != curves.name]
        for curves, name in others:
            curves.name = name
        if others:
            self._plot.retranslate()
            self._describe()

    def _lay_behind(self) -> None:
        self._plot.overlay([read_curves(run.path) for run in self._behind])

    def _no_curves(self) -> RunCurves:
        curves = RunCurves()
        curves.metric, curves.falls = self._figure.metric, self._figure.falls
        return curves

    def _on_job(self, job: Job) -> None:
        if job.kind != "train" or job is self.job:
            return
        self.job, self.path = job, ""
        self._plot.start(self._no_curves(), awaited=True)
        self._log.start()
        self._log.add(lambda: job.title)
        self._strip.show_run("")
        self._strip.follow(job)
        job.events.connect(self._on_events)
        job.succeeded.connect(self._on_succeeded)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        job.finished.connect(self._on_finished)
        self.changed.emit()

    def _on_events(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, RunBegun):
                self._begin(event.path)
        self._plot.add(events)
        self._log.add_events(events)

    def _begin(self, path: str) -> None:
        """The run's folder is there; a run that goes on has curves already."""
        self.path = path
        curves = read_curves(path)
        self._plot.start(curves, awaited=True)
        self._strip.show_run(curves.name)
        self.lay_behind(self._behind)
        self.changed.emit()

    def _on_succeeded(self, info: RunInfo) -> None:
        self._log.add(lambda: outcome(info))

    def _on_failed(self, error: object) -> None:
        words = error.__str__ if isinstance(error, UserError) else lambda: tr("The training failed.")
        self._log.add(words, warning=True)

    def _on_cancelled(self) -> None:
        self._log.add(lambda: tr("Cancelled; nothing of it was kept."))

    def _on_finished(self) -> None:
        self.job = None
        self._strip.follow(None)
        runs = [run.path for run in self._session.runs()]
        self.show(self.path if self.path in runs else "")

    def _describe(self) -> None:
        """Say in the strip which run is shown, and how far it came."""
        info = _info(self.path)
        if info is not None and self.job is None:
            self._strip.show_run(info.name, outcome(info))
        elif self.job is None:
            self._strip.show_run("")
        elif info is not None:
            self._strip.show_run(info.name)


def outcome(info: RunInfo) -> str:
    """What became of a run, in the present language."""
    if info.state not in OUTCOMES:
        return ""
    words = tr(OUTCOMES[info.state], done=info.epochs_done, epochs=info.epochs)
    figure = best_words(info)
    return f"{words} · {figure}" if figure else words


def _info(path: str) -> RunInfo | None:
    try:
        return RunFolder.open(Path(path)).info() if path else None
    except UserError:
        return None


def read_curves(path: str) -> RunCurves:
    """The curves of the run in ``path``; none where it cannot be read."""
    try:
        folder = RunFolder.open(Path(path))
        info = folder.info()
        figure = figure_of(info.task)
        columns = (*STEP_COLUMNS[:-1], figure.metric)  # the last is what the task judges by
        curves = RunCurves.from_history(info.name, info.epochs, folder.history(), folder.steps(), columns)
        curves.metric, curves.falls = figure.metric, figure.falls
        return curves
    except (UserError, OSError, ValueError, KeyError):
        return RunCurves(Path(path).name)
