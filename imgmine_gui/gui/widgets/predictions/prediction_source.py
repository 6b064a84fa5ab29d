"""From a model and a choice of images to rows that can be shown."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.text import N_
from imgmine_gui.gui.item_models.predictions_rows import PredictionRows
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
        self._on_result: Callable[[Any], None] = self._on_predicted
        self._choice = ImagesChoice()
        self._read_items: Callable[[], Sequence[DataItem]] = tuple

    def is_stored(self, model: str, choice: ImagesChoice) -> bool:
        """Whether the predictions were made before and may be there at once."""
        return choice.split is not None and (Path(model) / f"predictions-{choice.split.value}.npz").is_file()

    def start(self, model: str, choice: ImagesChoice) -> Job:
        """Predict.

        Raises:
            UserError: there is no model, or no project where one is needed.
        """
        self.stop()
        self._choice, self._read_items = choice, self._items(choice)
        what = choice.split or choice.paths or tuple(item.path for item in self._read_items())
        return self._follow(self._session.predict(model, what), self._on_predicted)

    def stop(self) -> None:
        """Give up what is being predicted."""
        job = self._let_go()
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

    def _follow(self, job: Job, on_result: Callable[[Any], None]) -> Job:
        job.succeeded.connect(on_result)
        job.failed.connect(self._on_ended)
        job.cancelled.connect(self._on_ended)
        self._job, self._on_result = job, on_result
        return job

    def _let_go(self) -> Job | None:
        """Hear no more of the job at hand."""
        job, self._job = self._job, None
        if job is not None:
            job.succeeded.disconnect(self._on_result)
            job.failed.disconnect(self._on_ended)
            job.cancelled.disconnect(self._on_ended)
        return job

    def _on_predicted(self, table: PredictionTable) -> None:
        self._let_go()
        job = self._follow(Job("describe", N_("Looking up the classes")), self._on_described)
        job.failed.connect(self._session.notifier.report)
        self._session.runner.start(job, describing(table, self._choice, self._read_items))

    def _on_described(self, rows: PredictionRows) -> None:
        self._let_go()
        self.ready.emit(rows)

    def _on_ended(self, *_outcome: object) -> None:
        self._let_go()
        self.ended.emit()
