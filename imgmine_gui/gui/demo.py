"""The demonstration: a bundled sample is opened and learned in view, and the window turns to what came of it."""

from PySide6.QtCore import QObject

from imgmine_gui.app.job import Job
from imgmine_gui.core.text import tr
from imgmine_gui.gui.main_window import MainWindow


class Demo(QObject):
    """Leads the window through one training; the person may take over at any moment.

    Args:
        window: its session must be without a project.
        sample: name of a bundled sample that has a recipe.
    """

    def __init__(self, window: MainWindow, sample: str) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._sample = sample

    def begin(self) -> None:
        """Open the sample, and train once its images are there."""
        self._session.job_started.connect(self._on_job)
        self._session.open_sample(self._sample)
        self._session.job_started.disconnect(self._on_job)
        self._window.go("data")
        if self._session.totals().images:
            self._train()

    def _on_job(self, job: Job) -> None:
        """The sample is new on this machine and is being scanned."""
        job.succeeded.connect(self._train)

    def _train(self) -> None:
        from imgmine_gui.core.training.recipes import recipe

        if self._session.training_job is not None:
            return
        job = self._session.train(recipe(self._sample), tr("Demonstration"))
        job.succeeded.connect(self._on_trained)
        self._window.go("train")

    def _on_trained(self, run: object) -> None:
        self._window.show_run(getattr(run, "path", ""))
