"""What the window works on: the open project, its images, its runs, and the jobs on them.

Every method answers at once; what takes longer returns a ``Job``. What a person can mend is raised as a ``UserError``,
by the method itself or as the outcome of its job. A slot need not catch it: an error that leaves a slot reaches the
notifier, which shows it as a line.
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from imgmine_gui.app.job import Job, JobState
from imgmine_gui.app.job_runner import engine_call
from imgmine_gui.app.samples import Sample, find_sample, samples
from imgmine_gui.app.session_data import SourceScanned
from imgmine_gui.app.session_quick_check import QuickCheckSession
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_
from imgmine_gui.engine.client import Engine

if TYPE_CHECKING:
    from imgmine_gui.app.stored_predictions import Table
    from imgmine_gui.core.explain.export import Drawing
    from imgmine_gui.core.project.layout import Split
    from imgmine_gui.core.project.project import Project

__all__ = ["Opened", "Session", "SourceScanned"]

SAVE_SECONDS = 20.0
"""For a training to save what it has learned when its project closes."""


class Opened(StrEnum):
    """What ``Session.open_path`` did, so that the window can go to the page for it."""

    PROJECT = "project"
    """A project was opened: go to its data."""
    SOURCE = "source"
    """A folder of images became, or found, its project: go to its data."""
    IMAGES = "images"
    """An image to be predicted: go to the predictions and call ``predict`` with it."""
    MODEL = "model"
    """A model bundle, or a run, to predict with: go to the predictions."""


class OpeningJob(Job):
    """A job that opens a project of which all has to be read, and perhaps repaired, before.

    Attributes:
        folder: of the project.
        is_left: whether the person has opened another one meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__("open", N_("Opening {name}"), {"name": folder.stem})
        self.folder = folder
        self.is_left = False


class Session(QuickCheckSession):
    """The one thing that pages share. Lives in the thread of the window.

    Args:
        settings, notifier: those of the program; made here where none are given.
    """

    opened_late = Signal()
    """A job has opened the project."""

    # Projects

    def new_project(self, folder: Path) -> None:
        """Make the project ``folder`` (``.imgmine`` is added where it is missing) and open it.

        Raises:
            UserError: there is something at ``folder`` already, its name cannot be used, or it cannot be written.
        """
        from imgmine_gui.core.project.project import Project

        self._enter(Project.create(folder.parent, folder.name), is_new=True)

    def open_project(self, folder: Path) -> None:
        """Open the project in ``folder``, closing the one that is open.

        Runs that a dead process left running become interrupted, and can be resumed. The catalogue is read for damage
        and backed up soon after, beside the window. Where damage was found in it now or before, or it is of an older
        version, a job repairs it first and then opens it; ``opened_late`` tells.

        Raises:
            UserError: there is no project, or it is in use, or of a newer version.
        """
        from imgmine_gui.core.project.opening import TakesLong
        from imgmine_gui.core.project.project import Project

        if self._is_at_hand(folder):
            return
        try:
            project = Project.open(folder, at_once=True)
        except TakesLong:
            self._open_beside_the_window(folder)
        else:
            self._enter(project)

    def restore_project(self) -> None:
        """Close the open project, in which damage was found, and open it again: its newest good backup is restored.

        Raises:
            UserError: no project is open.
        """
        folder = self._open_project().folder
        self.close_project()
        self.open_project(folder)

    def close_project(self) -> None:
        """Close the project; its jobs are stopped (a training keeps what it has learned)."""
        if self._project is None:
            return
        self.project_closes.emit()
        self.runner.shutdown(SAVE_SECONDS)
        project, self._project = self._project, None
        if not project.read_only:
            self._runs_of(project).purge()
        self.caretaker.close(project)
        self.project_changed.emit()

    def open_path(self, path: Path) -> Opened:
        """Do what a person means by dropping ``path`` on the window or naming it on the command line.

        A project folder, or a file in it, is opened. A folder of images reopens the project in the projects folder
        that has this source, or else becomes a project there, named after it, and is scanned. Image files and model
        bundles are for the predictions.

        Raises:
            UserError: there is nothing at ``path``, or nothing that ImgMine reads.
        """
        from imgmine_gui.app.opening import Meaning, read_meaning

        meaning, found = read_meaning(path)
        if meaning is Meaning.PROJECT:
            self.open_project(found)
            return Opened.PROJECT
        if meaning is Meaning.FOLDER:
            self._open_folder(found)
            return Opened.SOURCE
        return Opened.IMAGES if meaning is Meaning.IMAGE else Opened.MODEL

    def open_sample(self, name: str) -> None:
        """Open the project of the bundled sample ``name``, made on first use; the sample is never written to."""
        self._open_folder(find_sample(name).folder)

    def samples(self) -> list[Sample]:
        """The bundled samples."""
        return samples()

    # Predictions and heatmaps

    def predict(self, model: str, what: "Split | Sequence[str | Path]") -> Job:
        """Predict a split of the project, or files and folders. Result: a ``PredictionTable``; events: ``Predicted``.

        Predictions of a split are kept with the run; while they are still valid they are read back without the engine.

        Args:
            model: the path of a run or of a model bundle.
        """
        from imgmine_gui.core.inference.table import PredictionTable

        return self._predict(model, what, PredictionTable, N_("Predicting"))

    def recognise(self, model: str, what: "Split | Sequence[str | Path]") -> Job:
        """Read the texts of a split, or of files and folders. Result: a ``TextTable``; events: ``TextsRead``.

        As ``predict``, for a model that reads text; also what was read is kept with the run.
        """
        from imgmine_gui.core.inference.text_table import TextTable

        return self._predict(model, what, TextTable, N_("Reading the texts"))

    def explain(
        self, model: str, path: str, method: str, target: int | None = None, options: dict[str, Any] | None = None
    ) -> Job:
        """Make the heatmap of one image. Result: a ``FileHeatmap``.

        The newest request wins: one that was not begun when the next one comes ends as cancelled.

        Args:
            target: the class that is to be explained; None: the predicted one.
        """
        job = self._follow(Job("explain", N_("Making a heatmap")))
        self.looking.explain(job, engine_call("explain", model, path, method, target, options or {}))
        return job

    def faithfulness(
        self, model: str, what: "Split | Sequence[str]", method: str, options: dict[str, Any] | None = None
    ) -> Job:
        """Deletion and insertion scores of an explainer over a split or over files. Result: ``MeanFaithfulness``.

        It takes about a hundred passes an image, in an engine of its own.
        """
        from imgmine_gui.core.project.layout import Split

        catalogue = self._catalogue() if isinstance(what, Split) else None

        def work(context: JobContext, engine: Engine) -> Any:
            if catalogue and isinstance(what, Split):
                paths = tuple(item.path for item in catalogue.items(split=what))
            else:
                paths = tuple(what)
            return engine_call("faithfulness", model, paths, method, options or {})(context, engine)

        return self._start(Job("faithfulness", N_("Scoring the heatmaps")), work)

    def export_heatmaps(
        self,
        model: str,
        paths: Sequence[str],
        names: Sequence[str],
        folder: str,
        method: str | None = None,
        options: dict[str, Any] | None = None,
        targets: Sequence[int] | None = None,
        drawing: "Drawing | None" = None,
    ) -> Job:
        """Write heatmaps as files; see ``core.explain.export.export_heatmaps``. Result: ``Exported``."""
        from imgmine_gui.core.explain.export import Drawing

        arguments: tuple[Any, ...] = (
            model,
            tuple(paths),
            tuple(names),
            folder,
            method,
            targets,
            options or {},
            drawing or Drawing(),
        )
        return self._start(Job("export", N_("Exporting heatmaps")), engine_call("export_heatmaps", *arguments))

    def warm(self, model: str) -> None:
        """Start the engine for looking ahead and load ``model``, so that the first heatmap comes at once."""
        self.looking.warm(model)

    # End

    def shutdown(self) -> None:
        """Stop all jobs and engines, close the project, and wait for its backup if there is one to make.

        For the end of the program; takes a few seconds at most.
        """
        self.close_project()
        self.runner.shutdown(SAVE_SECONDS)
        self.close_project()  # one that was just being opened
        self.looking.shutdown()
        self.settings.sync()
        self.caretaker.finish()

    def _predict(self, model: str, what: "Split | Sequence[str | Path]", kind: "type[Table]", title: str) -> Job:
        from imgmine_gui.app import predicting
        from imgmine_gui.core.project.layout import Split
        from imgmine_gui.core.storage.run_folder import find_model

        find_model(model)
        if isinstance(what, Split):
            catalogue, split = self._catalogue(), what
            run = Path(model) if Path(model).is_dir() else None
            prepare = predicting.prepare_split(run, split, lambda: catalogue.items(split=split), kind)
        else:
            prepare = predicting.prepare_files(what)
        job = self._follow(Job("predict", title))
        predicting.start_predicting(job, self.looking, model, prepare, kind)
        return job

    def _is_at_hand(self, folder: Path) -> bool:
        """Whether the project in ``folder`` is open, or being opened."""
        known = [self._project.folder] if self._project else []
        known += [job.folder for job in self.runner.jobs if isinstance(job, OpeningJob) and not job.is_left]
        return Path(folder).resolve() in [one.resolve() for one in known]

    def _open_beside_the_window(self, folder: Path) -> None:
        """Open a project in a thread, because that takes seconds where it is large."""
        from imgmine_gui.core.project.halt import Halt
        from imgmine_gui.core.project.project import Project

        self.close_project()
        self._leave_openings()
        halt = Halt()
        job = OpeningJob(folder)
        job.progressed.connect(lambda: halt.ask() if job.state in (JobState.STOPPING, JobState.CANCELLING) else None)
        job.succeeded.connect(lambda project: self._enter_late(job, project))
        job.failed.connect(self.notifier.report)
        self.runner.start(job, lambda context: Project.open(folder, report=context.report, halt=halt))
        self.job_started.emit(job)

    def _enter_late(self, job: "OpeningJob", project: "Project") -> None:
        if job.is_left:
            project.close()
            return
        self._enter(project)
        self.opened_late.emit()

    def _leave_openings(self) -> None:
        """Another project is wanted than those that are being opened."""
        for job in self.runner.jobs:
            if isinstance(job, OpeningJob):
                job.is_left = True
                job.cancel()

    def _enter(self, project: "Project", is_new: bool = False) -> None:
        self.close_project()
        self._leave_openings()
        self._project = project
        if not project.read_only:
            self._runs_of(project).tidy()
        for words in project.opened_with:
            self.notifier.warn(words)
        self.settings.remember_project(project.folder)
        self.project_changed.emit()
        if not is_new:
            self.caretaker.follow(project)

    def _open_folder(self, folder: Path) -> None:
        from imgmine_gui.app.opening import find_project_of, free_project_folder
        from imgmine_gui.core.project.project import Project

        parent = self.settings.projects_folder
        recent = [one.folder for one in self.settings.recent_projects if one.exists]
        known = find_project_of(folder, dict.fromkeys([*recent, *sorted(parent.glob("*.imgmine"))]))
        if known:
            self.open_project(known)
        else:
            free = free_project_folder(parent, folder.name)
            self._enter(Project.create(free, free.stem), is_new=True)
            self.add_source(folder)
