"""Follows what the runs of the project have predicted, and lets the gallery filter and sort by it."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from imgmine_gui.app.job import Job
from imgmine_gui.app.known_predictions import KnownPredictions, read_known
from imgmine_gui.app.session import Session
from imgmine_gui.core.project.project import Project
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.widgets.data.filters import Filters


class ShownPredictions(QObject):
    """The predictions of one run, by default of the newest that has any; read in the background.

    Args:
        session: whose project it is.
        reader: reads them beside the window.
        filters: learn of them, and say which run is wanted.
    """

    def __init__(self, session: Session, reader: CatalogueReader, filters: Filters, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._reader, self._filters = session, reader, filters
        self._wanted = ""
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read)
        session.project_changed.connect(self._forget)
        for changed in (session.runs_changed, session.data_changed):
            changed.connect(self._soon.start)
        session.job_started.connect(self._watch)
        filters.run_wanted.connect(self.choose)
        self._soon.start()

    def choose(self, run: str) -> None:
        """Show the predictions of another run."""
        self._wanted = run
        self._soon.start()

    def _watch(self, job: Job) -> None:
        if job.kind == "predict":
            job.succeeded.connect(self._soon.start)

    def _forget(self) -> None:
        self._wanted = ""
        self._filters.offer((), "", ())
        self._soon.start()

    def _read(self) -> None:
        project = self._session.project
        if project is not None:
            folder, wanted = project.runs_folder, self._wanted
            self._reader.ask(
                "predictions", lambda: read_known(folder, wanted), lambda found: self._take(project, found)
            )

    def _take(self, project: Project, found: KnownPredictions) -> None:
        if project is self._session.project and (found.run or self._filters.run):
            # As another object, so that images which a scan has found since are looked up, too.
            project.catalogue.show_predictions(replace(found.predictions))
            self._filters.offer(found.runs, found.run, found.predictions.classes)
