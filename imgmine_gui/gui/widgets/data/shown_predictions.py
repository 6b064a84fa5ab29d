"""Follows what live training and the runs of the project say, and lets the gallery filter and sort by it."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from imgmine_gui.app.job import Job
from imgmine_gui.app.known_predictions import KnownPredictions, read_known
from imgmine_gui.app.live_training import LiveTraining
from imgmine_gui.app.live_worker import LiveSaid
from imgmine_gui.app.session import Session
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.item_models.catalogue_reader import CatalogueReader
from imgmine_gui.gui.widgets.data.filters import LIVE, Filters


class ShownPredictions(QObject):
    """The predictions of live training while it is on, or of one run; by default of the newest that has any.

    Args:
        session: whose project it is.
        reader: reads those of the runs beside the window.
        filters: learn of them, and say which run is wanted.
        live: live training.
    """

    def __init__(
        self, session: Session, reader: CatalogueReader, filters: Filters, live: LiveTraining, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._reader, self._filters, self._live = session, reader, filters, live
        self._wanted = ""
        self._known = KnownPredictions()
        self._said: LiveSaid | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read)
        session.project_changed.connect(self._forget)
        for changed in (session.runs_changed, session.data_changed):
            changed.connect(self._soon.start)
        session.job_started.connect(self._watch)
        filters.run_wanted.connect(self.choose)
        live.changed.connect(self._follow_live)
        self._soon.start()

    def choose(self, run: str) -> None:
        """Show the predictions of another run, or those of live training."""
        self._wanted = run
        self._soon.start()

    def _watch(self, job: Job) -> None:
        if job.kind == "predict":
            job.succeeded.connect(self._soon.start)

    def _forget(self) -> None:
        self._wanted = ""
        self._known, self._said = KnownPredictions(), None
        self._filters.offer((), "", ())
        self._soon.start()

    def _follow_live(self) -> None:
        """What was said last is shown at once; the runs are looked up again where it says nothing any more."""
        said = self._live.said
        if said is not None and not said.predictions.keys:
            said = None
        if said is self._said:
            return
        before, self._said = self._said, said
        if said is None or (before is None and self._wanted != LIVE):
            self._wanted = LIVE if said is not None else ""
        if said is None:
            self._soon.start()
        elif self._project is not None:
            self._show(self._project, before)

    @property
    def _project(self) -> Project | None:
        return self._session.project

    def _read(self) -> None:
        project = self._project
        if project is not None:
            folder, wanted = project.runs_folder, self._wanted
            self._reader.ask(
                "predictions", lambda: read_known(folder, wanted), lambda found: self._take(project, found)
            )

    def _take(self, project: Project, found: KnownPredictions) -> None:
        if project is self._project and (found.run or self._filters.run or self._said):
            self._known = found
            self._show(project, self._said)

    def _show(self, project: Project, before: LiveSaid | None) -> None:
        known, said = self._known, self._said
        if said is not None:
            runs = ((LIVE, tr(N_("Live training"))), *known.runs)
            run = LIVE if self._wanted in ("", LIVE) else known.run
            known = KnownPredictions(runs, run, said.predictions if run == LIVE else known.predictions)
        # As another object, so that images which a scan has found since are looked up, too.
        project.catalogue.show_predictions(replace(known.predictions))
        if known.run == LIVE and said is not None and before is not None:
            self._follow_names(before, said)
        self._filters.offer(known.runs, known.run, known.predictions.classes)

    def _follow_names(self, before: LiveSaid, said: LiveSaid) -> None:
        """Who looks at a predicted class that was renamed goes on doing so; one that is gone is not asked for."""
        name = self._filters.query.predicted
        if name is None or name in said.predictions.classes:
            return
        numbers = dict(zip(before.predictions.classes, before.class_ids, strict=True))
        names = dict(zip(said.class_ids, said.predictions.classes, strict=True))
        self._filters.set(predicted=names.get(numbers.get(name, -1)))
