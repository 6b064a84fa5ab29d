"""The part of the session that is about labels that come in from other programs and go out to them."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from imgmine_gui.app.job import Job
from imgmine_gui.app.job_runner import EngineWork, engine_call
from imgmine_gui.app.session_places import PlacesSession
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_

if TYPE_CHECKING:
    from imgmine_gui.core.project.exchange.applying import ImportReport
    from imgmine_gui.core.project.exchange.options import ExportOptions, ImportOptions
    from imgmine_gui.core.project.exchange.plan import ImportPlan

PLAN = "imgmine_gui.core.project.exchange.planning:plan_import"
EXPORT = "imgmine_gui.core.project.exchange.export:export_images"


class ExchangeSession(PlacesSession):
    """Imports and exports of the open project.

    What a person can mend fails a job with a ``UserError``, which is left to whoever shows the job: the dialog that
    asked for it says it in place.
    """

    _plans = 0

    def plan_import(self, path: Path, format_name: str | None, options: "ImportOptions") -> Job:
        """Read a file and find out what its import would change; nothing is changed. Result: an ``ImportPlan``.

        ``discard_plan`` when it is no longer needed.

        Args:
            path: a file or a folder.
            format_name: of the reader; None to find out.
            options: how to read it, and what it may change.

        Raises:
            UserError: no project is open, or it is open for reading only.
        """
        project = self._open_project()
        project.catalogue.require_writable()
        self._plans += 1
        staging = project.cache_folder / f"import-{os.getpid()}-{self._plans}.db"
        for left in project.cache_folder.glob("import-*.db"):  # of a program that was killed
            if not left.name.startswith(f"import-{os.getpid()}-"):
                left.unlink(missing_ok=True)
        work = engine_call(PLAN, project.catalogue.path, str(path), format_name, options, staging)
        return self._start_told(Job("import", N_("Reading {file}"), {"file": path.name}), work)

    def apply_import(self, plan: "ImportPlan") -> Job:
        """Do what was planned, as one edit. Result: an ``ImportReport``.

        Raises:
            UserError: no project is open.
        """
        from imgmine_gui.core.project.exchange.applying import apply_plan

        catalogue = self._catalogue()

        def work(context: JobContext) -> "ImportReport":
            return apply_plan(catalogue, plan, context)

        job = Job("import", N_("Importing {file}"), {"file": plan.file.name})
        job.succeeded.connect(self._on_imported)
        self._tell_faults(job)
        self.runner.start(job, work)
        self.job_started.emit(job)
        return job

    def discard_plan(self, plan: "ImportPlan") -> None:
        """Delete what was kept of a plan."""
        plan.staging.unlink(missing_ok=True)

    def export_images(self, format_name: str, target: Path, options: "ExportOptions") -> Job:
        """Write what the project holds in another format. Result: an ``ExportReport``.

        Raises:
            UserError: no project is open.
        """
        work = engine_call(EXPORT, self._catalogue().path, format_name, target, options)
        return self._start_told(Job("export", N_("Exporting to {file}"), {"file": target.name}), work)

    def _on_imported(self, report: "ImportReport") -> None:
        self.edited.emit(report.done)
        self.data_changed.emit()

    def _start_told(self, job: Job, work: EngineWork) -> Job:
        self._tell_faults(job)
        self.runner.start_engine(job, work)
        self.job_started.emit(job)
        return job

    def _tell_faults(self, job: Job) -> None:
        job.failed.connect(lambda error: None if isinstance(error, UserError) else self.notifier.report(error))
