"""The part of the session that is about the health of images."""

from typing import TYPE_CHECKING

from imgmine_gui.app import places
from imgmine_gui.app.job import Job
from imgmine_gui.app.session_exchange import ExchangeSession
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_

if TYPE_CHECKING:
    from imgmine_gui.core.project.health.job import HealthMeasured

MEASURING = "health"
"""The kind of the job that measures images."""


class HealthSession(ExchangeSession):
    """Measures the images of the open project."""

    def measure_health(self) -> Job:
        """Measure the images that are not measured yet. Result: a ``HealthMeasured``.

        However the job ends, what was measured is kept, and the next one goes on from there.

        Raises:
            UserError: no project is open, it is open for reading only, or its images are being measured already.
        """
        from imgmine_gui.app.measuring import measure_in_engines

        project = self._open_project()
        project.catalogue.require_writable()
        if self.measuring is not None:
            raise UserError(N_("The images are being measured already."), N_("Wait until that has ended."))
        health = project.catalogue.health

        def work(context: JobContext) -> "HealthMeasured":
            return measure_in_engines(health, context, places.engine_log_file())

        job = Job(MEASURING, N_("Measuring images"))
        job.failed.connect(self.notifier.report)
        job.finished.connect(self.data_changed)
        self.runner.start(job, work)
        self.job_started.emit(job)
        return job

    @property
    def measuring(self) -> Job | None:
        """The job that measures images now."""
        return next((job for job in self.runner.jobs if job.kind == MEASURING and not job.is_over), None)
