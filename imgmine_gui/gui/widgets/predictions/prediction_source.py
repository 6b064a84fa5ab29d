"""From a model and a choice of images to rows that can be shown."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from imgmine_gui.app.job import Job
from imgmine_gui.app.session import Session
from imgmine_gui.app.stored_predictions import Table, table_path
from imgmine_gui.core.events import Event
from imgmine_gui.core.inference.table import Predicted, PredictionTable
from imgmine_gui.core.inference.text_table import TextsRead, TextTable
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.text import N_
from imgmine_gui.gui.item_models.predictions_rows import PredictionRows
from imgmine_gui.gui.item_models.text_rows import TextRows
from imgmine_gui.gui.widgets.predictions.images_choice import ImagesChoice, describing
from imgmine_gui.gui.widgets.text.describing import describing_texts

FIRST_PART = 32
"""Images after which the first of them are shown; then whenever they are twice as many, so that a long prediction is
described only about twice."""


class PredictionSource(QObject):
    """Has the session predict, or read texts, and adds what is known of the images; the newest start wins."""

    ready = Signal(object)
    """The ``PredictionRows`` or ``TextRows``."""
    part_ready = Signal(object)
    """The rows of those images that were predicted so far."""
    ended = Signal()
    """It came to nothing: cancelled or failed; the notifier has been told."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None
        self._on_result: Callable[[Any], None] = self._on_predicted
        self._choice = ImagesChoice()
        self._read_items: Callable[[], Sequence[DataItem]] = tuple
        self._tables: list[Any] = []
        self._next_part = FIRST_PART
        self._part_job: Job | None = None

    def is_stored(self, model: str, choice: ImagesChoice) -> bool:
        """Whether the predictions were made before and may be there at once."""
        kinds = (PredictionTable, TextTable)
        return choice.split is not None and any(table_path(kind, Path(model), choice.split).is_file() for kind in kinds)

    def start(self, model: str, choice: ImagesChoice, reads_text: bool = False) -> Job:
        """Predict.

        Args:
            reads_text: whether that is what the model does.

        Raises:
            UserError: there is no model, or no project where one is needed.
        """
        self.stop()
        self._choice, self._read_items = choice, cache(self._items(choice))
        self._tables, self._next_part = [], FIRST_PART
        what = choice.split or choice.paths or tuple(item.path for item in self._read_items())
        ask = self._session.recognise if reads_text else self._session.predict
        job = self._follow(ask(model, what), self._on_predicted)
        job.events.connect(lambda events: self._on_events(job, events))
        return job

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

    def _on_events(self, whole: Job, events: Sequence[Event]) -> None:
        """Describe what has come of the job ``whole``, in a thread, once it is enough to be worth it."""
        if whole is not self._job:
            return
        self._tables += [event.table for event in events if isinstance(event, Predicted | TextsRead)]
        count = sum(len(table.paths) for table in self._tables)
        if self._part_job is not None or count < self._next_part:
            return
        self._next_part = 2 * count
        job = Job("describe", N_("Looking up the classes"))
        job.succeeded.connect(lambda rows: self.part_ready.emit(rows) if whole is self._job else None)
        job.finished.connect(self._on_part_finished)
        self._part_job = job
        self._session.runner.start(job, self._describing(_concatenated(self._tables)))

    def _on_part_finished(self) -> None:
        self._part_job = None

    def _on_predicted(self, table: Table) -> None:
        self._let_go()
        job = self._follow(Job("describe", N_("Looking up the classes")), self._on_described)
        job.failed.connect(self._session.notifier.report)
        self._session.runner.start(job, self._describing(table))

    def _describing(self, table: Table) -> Callable[[JobContext], PredictionRows | TextRows]:
        """The work of a job that adds what is known of the images."""
        if isinstance(table, TextTable):
            project = self._session.project
            catalogue = project.catalogue if project is not None else None
            return describing_texts(table, self._choice, self._read_items, catalogue)
        return describing(table, self._choice, self._read_items)

    def _on_described(self, rows: PredictionRows | TextRows) -> None:
        self._let_go()
        self.ready.emit(rows)

    def _on_ended(self, *_outcome: object) -> None:
        self._let_go()
        self.ended.emit()


def _concatenated(tables: Sequence[Any]) -> Table:
    """The rows of tables of one kind, in their order."""
    if isinstance(tables[0], TextTable):
        return TextTable.concatenated(tables)
    return PredictionTable.concatenated(tables, tables[0].classes)
