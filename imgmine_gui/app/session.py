"""What the window works on: the open project, its images, its runs, and the jobs on them.

Every method answers at once; what takes longer returns a ``Job``. What a person can mend is raised as a ``UserError``,
by the method itself or as the outcome of its job. A slot need not catch it: an error that leaves a slot reaches the
notifier, which shows it as a line.
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from imgmine_gui.app.job import Job
from imgmine_gui.app.job_runner import JobRunner
from imgmine_gui.app.looking import Looking
from imgmine_gui.app.notifier import Notifier
from imgmine_gui.app.samples import Sample
from imgmine_gui.app.settings import Settings

if TYPE_CHECKING:
    from imgmine_gui.core.project.checks import ClassCounts, DataCheck
    from imgmine_gui.core.project.layout import Split
    from imgmine_gui.core.project.project import Project
    from imgmine_gui.core.project.splits import SplitSettings
    from imgmine_gui.core.storage.run_folder import RunInfo
    from imgmine_gui.core.training.config import TrainConfig


class Opened(StrEnum):
    """What ``Session.open_path`` did, so that the window can go to the page for it."""

    PROJECT = "project"
    """A project was opened: go to its data."""
    SOURCE = "source"
    """A folder of images became, or found, its project: go to its data."""
    IMAGES = "images"
    """Images to be predicted: go to the predictions and call ``predict`` with ``paths``."""
    MODEL = "model"
    """A model bundle to predict with: go to the predictions."""


class Session(QObject):
    """The one thing that pages share. Lives in the thread of the window.

    Args:
        settings, notifier: those of the program; made here where none are given.
    """

    project_changed = Signal()
    """Another project is open, or none (``project`` is None)."""
    data_changed = Signal()
    """Sources, images, labels or splits of the project changed: read ``classes``, ``totals``, ``checks`` anew."""
    runs_changed = Signal()
    """A run was made, renamed, deleted, restored, or changed its state: read ``runs`` anew."""
    job_started = Signal(object)
    """A ``Job``, just started, for the list of jobs that run."""

    settings: Settings
    notifier: Notifier
    runner: JobRunner
    looking: Looking

    def __init__(
        self, settings: Settings | None = None, notifier: Notifier | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)

    # Projects

    @property
    def project(self) -> "Project | None":
        """The open project."""
        raise AssertionError

    def new_project(self, folder: Path) -> None:
        """Make the project ``folder`` (``.imgmine`` is added where it is missing) and open it.

        Raises:
            UserError: there is something at ``folder`` already, or it cannot be written.
        """

    def open_project(self, folder: Path) -> None:
        """Open the project in ``folder``, closing the one that is open.

        Runs that a dead process left running become interrupted, and can be resumed.

        Raises:
            UserError: there is no project, or it is damaged, in use, or of a newer version.
        """

    def close_project(self) -> None:
        """Close the project; its jobs are stopped (a training keeps what it has learned)."""

    def open_path(self, path: Path) -> Opened:
        """Do what a person means by dropping ``path`` on the window or naming it on the command line.

        A project folder, or a file in it, is opened. A folder of images reopens the project in the projects folder
        that has this source, or else becomes a project there, named after it, and is scanned. Image files and model
        bundles are for the predictions.

        Raises:
            UserError: there is nothing at ``path``, or nothing that ImgMine reads.
        """
        raise AssertionError

    def open_sample(self, name: str) -> None:
        """Open the project of the bundled sample ``name``, made on first use; the sample is never written to."""

    def samples(self) -> list[Sample]:
        """The bundled samples."""
        raise AssertionError

    # Images

    def add_source(self, path: Path) -> Job:
        """Add the folder (or file) ``path`` to the project and scan it. Result: the number of the source.

        Raises:
            UserError: no project is open, or ``path`` is a source already or holds the project.
        """
        raise AssertionError

    def rescan(self, source_id: int) -> Job:
        """Look again at what is in a source. Result: the number of the source."""
        raise AssertionError

    def remove_source(self, source_id: int) -> None:
        """Take a source out of the project; its files stay. ``restore_source`` brings it back."""

    def restore_source(self, source_id: int) -> None:
        """Bring a removed source back, with its labels."""

    def set_split_settings(self, settings: "SplitSettings") -> None:
        """Divide the images anew."""

    def classes(self) -> "list[ClassCounts]":
        """The classes of the project with their counts in each split."""
        raise AssertionError

    def totals(self) -> Any:
        """The counts of the project as a whole; see ``Catalogue.totals``."""
        raise AssertionError

    def checks(self) -> "list[DataCheck]":
        """What a person should know of the images before training, what blocks it first."""
        raise AssertionError

    # Training

    @property
    def training_job(self) -> Job | None:
        """The training that runs; there is one at a time."""
        raise AssertionError

    def training_run(self) -> str | None:
        """The path of the run that is being trained."""
        raise AssertionError

    def train(self, config: "TrainConfig", name: str | None = None) -> Job:
        """Train a new run (named after its architecture and number by default). Result: its ``RunInfo``.

        ``stop`` keeps what was learned; ``cancel`` discards the run.

        Raises:
            UserError: no project is open, a training runs already, or the images cannot be trained on.
        """
        raise AssertionError

    def resume(self, run: str) -> Job:
        """Go on with an interrupted, stopped or failed run, bit for bit as if it had never ended."""
        raise AssertionError

    def train_further(self, run: str, epochs: int) -> Job:
        """Train a finished run for ``epochs`` more."""
        raise AssertionError

    def estimate(self, config: "TrainConfig") -> Job:
        """Time a few batches. Result: an ``Estimate``."""
        raise AssertionError

    # Runs

    def runs(self) -> "list[RunInfo]":
        """The runs of the project, the newest first."""
        raise AssertionError

    def history(self, run: str) -> list[dict[str, Any]]:
        """The epochs of a run, for its curves."""
        raise AssertionError

    def rename_run(self, run: str, name: str) -> None:
        """Call a run ``name``."""

    def delete_run(self, run: str) -> str:
        """Delete a run. Returns a token for ``restore_run``; it is valid until the project closes."""
        raise AssertionError

    def restore_run(self, token: str) -> str:
        """Undo ``delete_run``. Returns the path of the run."""
        raise AssertionError

    # Predictions and heatmaps

    def predict(self, model: str, what: "Split | Sequence[str | Path]") -> Job:
        """Predict a split of the project, or files and folders. Result: a ``PredictionTable``; events: ``Predicted``.

        Predictions of a split are kept with the run; while they are still valid they are read back without the engine.

        Args:
            model: the path of a run or of a model bundle.
        """
        raise AssertionError

    def explain(
        self, model: str, path: str, method: str, target: int | None = None, options: dict[str, Any] | None = None
    ) -> Job:
        """Make the heatmap of one image. Result: a ``FileHeatmap``.

        The newest request wins: one that was not begun when the next one comes ends as cancelled.

        Args:
            target: the class that is to be explained; None: the predicted one.
        """
        raise AssertionError

    def faithfulness(self, model: str, what: "Split | Sequence[str]", method: str) -> Job:
        """Deletion and insertion scores of an explainer over a split or over files. Result: ``MeanFaithfulness``."""
        raise AssertionError

    def warm(self, model: str) -> None:
        """Start the engine for looking ahead and load ``model``, so that the first heatmap comes at once."""

    # End

    def shutdown(self) -> None:
        """Stop all jobs and engines, close the project. For the end of the program; takes a few seconds at most."""
