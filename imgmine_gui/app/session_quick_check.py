"""The part of the session that says, in seconds, how good a training on the labelled images would be."""

from dataclasses import dataclass

from imgmine_gui.app.job import Job
from imgmine_gui.app.job_runner import engine_call
from imgmine_gui.app.session_watching import WatchingSession
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import PhaseStarted
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_
from imgmine_gui.engine.client import Engine

QUICK_CHECK = "quick_check"
"""The kind of the jobs that judge the images."""
BY_FOLDS = "imgmine_gui.core.features.quick_check:check_by_folds"
BY_SIZES = "imgmine_gui.core.features.quick_check:check_by_sizes"


@dataclass(frozen=True)
class KeptFeatures:
    """What the cache of features takes.

    Attributes:
        entries: images, and changed copies of images.
        size, limit: in bytes.
    """

    entries: int
    size: int
    limit: int


class QuickCheckSession(WatchingSession):
    """Judges the labelled images of the open project by trainings on kept features."""

    def cross_validate(self, folds: int) -> Job:
        """Judge a training by cross-validation. Result: ``CheckedByFolds``.

        Raises:
            UserError: no project is open, or a training or another check runs.
        """
        return self._check(BY_FOLDS, folds, N_("Cross-validating"))

    def learning_curve(self, folds: int) -> Job:
        """Say how accuracy grows with the number of images. Result: ``CheckedBySizes``.

        Raises:
            UserError: no project is open, or a training or another check runs.
        """
        return self._check(BY_SIZES, folds, N_("Drawing the learning curve"))

    @property
    def quick_check(self) -> Job | None:
        """The check that runs."""
        return next((job for job in self.runner.jobs if job.kind == QUICK_CHECK and not job.is_over), None)

    def kept_features(self) -> KeptFeatures:
        """What the cache of the open project takes; reads a file, so that it is asked beside the window.

        Raises:
            UserError: no project is open, or the cache cannot be read.
        """
        from imgmine_gui.core.features.cache import DEFAULT_LIMIT, INDEX
        from imgmine_gui.core.features.quick_check import open_cache

        folders = self.feature_folders()
        if not any((folder / INDEX).is_file() for folder in folders):
            return KeptFeatures(0, 0, DEFAULT_LIMIT)
        with open_cache(folders) as cache:
            return KeptFeatures(sum(use.entries for use in cache.uses()), cache.size, cache.limit)

    def limit_features(self, limit: int) -> None:
        """Let the cache of the open project take at most ``limit`` bytes; what was unused for longest is dropped.

        Raises:
            UserError: no project is open, or nothing can be written.
        """
        from imgmine_gui.core.features.quick_check import open_cache

        with open_cache(self.feature_folders()) as cache:
            cache.limit = limit

    def clear_features(self) -> None:
        """Forget all kept features of the open project; they are computed again when they are needed.

        Raises:
            UserError: no project is open, or nothing can be written.
        """
        from imgmine_gui.core.features.quick_check import open_cache

        with open_cache(self.feature_folders()) as cache:
            cache.clear()

    def _check(self, function: str, folds: int, title: str) -> Job:
        from imgmine_gui.core.features.labelled import labelled_in_catalogue
        from imgmine_gui.core.features.quick_check import CheckSettings

        catalogue, caches = self._catalogue(), self.feature_folders()
        self._require_no_training()
        if self.quick_check is not None:
            raise UserError(N_("The images are being judged already."), N_("Wait until that has ended."))

        def work(context: JobContext, engine: Engine) -> object:
            context.report(PhaseStarted(N_("Collecting the images")))
            labelled = labelled_in_catalogue(catalogue, caches)
            return engine_call(function, labelled, CheckSettings(folds))(context, engine)

        return self._start(Job(QUICK_CHECK, title), work)
