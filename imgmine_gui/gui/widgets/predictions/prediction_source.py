"""From a model and a choice of images to rows that can be shown."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.text import N_
from imgmine_gui.gui.widgets.predictions.images_choice import ImagesChoice, describing


class PredictionSource(QObject):
    """Has the session predict, and adds what is known of the images; the newest start wins."""

    ready = Signal(object)
    """The ``PredictionRows``."""
    ended = Signal()
    """It came to nothing: cancelled or failed; the notifier has been told."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is being predicted."""
        return self._job is not None

    def is_stored(self, model: str, choice: ImagesChoice) -> bool:
        """Whether the predictions were made before and may be there at once."""
        return choice.split is not None and (Path(model) / f"predictions-{choice.split.value}.npz").is_file()

    def start(self, model: str, choice: ImagesChoice) -> Job:
        """Predict.

        Raises:
            UserError: there is no model, or no project where one is needed.
        """
        self.stop()
        items = self._items(choice)
        what = choice.split or choice.paths or tuple(item.path for item in items())
        job = self._session.predict(model, what)
        self._job = job
        job.succeeded.connect(lambda table: self._describe(job, table, choice, items))
        for ending in (job.failed, job.cancelled):
            ending.connect(lambda *_: self._end(job))
        return job

    def stop(self) -> None:
        """Give up what is being predicted."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _items(self, choice: ImagesChoice) -> Callable[[], Sequence[DataItem]]:
        project = self._session.project
        if project is None:
            return lambda: ()
        catalogue = project.catalogue
        if choice.is_unlabelled:
            return lambda: catalogue.items(labelled=False)
        return lambda: catalogue.items(split=choice.split)

    def _describe(
        self, predicting: Job, table: PredictionTable, choice: ImagesChoice, items: Callable[[], Sequence[DataItem]]
    ) -> None:
        if self._job is not predicting:
            return
        job = Job("describe", N_("Looking up the classes"))
        self._job = job
        job.succeeded.connect(lambda rows: self._finish(job, rows))
        job.failed.connect(self._session.notifier.report)
        for ending in (job.failed, job.cancelled):
            ending.connect(lambda *_: self._end(job))
        self._session.runner.start(job, describing(table, choice, items))

    def _finish(self, job: Job, rows: object) -> None:
        if self._job is job:
            self._job = None
            self.ready.emit(rows)

    def _end(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            self.ended.emit()
