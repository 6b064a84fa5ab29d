"""The part of the session that is about training and runs."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from imgmine_gui.app.job import Job
from imgmine_gui.app.job_runner import EngineWork, engine_call
from imgmine_gui.app.notifier import Notifier
from imgmine_gui.app.session_data import DataSession
from imgmine_gui.app.settings import Settings
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import EpochEnded, Event, PhaseStarted
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.text import N_
from imgmine_gui.engine.client import Engine

if TYPE_CHECKING:
    from imgmine_gui.app.runs import Runs
    from imgmine_gui.app.training import Training
    from imgmine_gui.core.project.catalogue import Catalogue
    from imgmine_gui.core.project.data_items import DataItems
    from imgmine_gui.core.project.project import Project
    from imgmine_gui.core.storage.run_folder import RunInfo
    from imgmine_gui.core.training.config import TrainConfig


class TrainingSession(DataSession):
    """Training, and the runs of the open project."""

    def __init__(
        self, settings: Settings | None = None, notifier: Notifier | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(settings, notifier, parent)
        self._training: Job | None = None
        self._training_run: str | None = None

    @property
    def training_job(self) -> Job | None:
        """The training that runs; there is one at a time."""
        return self._training

    @property
    def training_run(self) -> str | None:
        """The path of the run that is being trained; None also until its folder is there."""
        return self._training_run

    def train(self, config: "TrainConfig", name: str | None = None) -> Job:
        """Train a new run (named after its architecture and number by default). Result: its ``RunInfo``.

        ``stop`` keeps what was learned; ``cancel`` discards the run.

        Raises:
            UserError: no project is open, a training runs already, or the images cannot be trained on.
        """
        self._require_trainable(config)
        work = self._training_work().new(config, name, self._items_to_learn(config))
        return self._start_training(config, work, N_("Training"))

    def resume(self, run: str) -> Job:
        """Go on with an interrupted, stopped or failed run, bit for bit as if it had never ended. Result: ``RunInfo``.

        ``cancel`` makes the run what it was before.
        """
        from imgmine_gui.core.storage.run_folder import RunState

        info = self._run_info(run)
        if info.state is RunState.FINISHED or info.epochs_done >= info.epochs:
            raise UserError(
                N_("“{name}” has been trained to its end."), N_("Train it further instead."), name=info.name
            )
        return self._again(info, 0, N_("Resuming {name}"))

    def train_further(self, run: str, epochs: int) -> Job:
        """Train a finished run for ``epochs`` more. Result: its ``RunInfo``; ``cancel`` makes it what it was before."""
        return self._again(self._run_info(run), epochs, N_("Training {name} further"))

    def estimate(self, config: "TrainConfig") -> Job:
        """Time a few batches. Result: an ``Estimate``.

        Raises:
            UserError: no project is open, a training runs, or the images cannot be trained on.
        """
        self._require_trainable(config)
        self._require_no_training()
        cache = self._training_work().cache
        items = self._items_to_learn(config)

        def work(context: JobContext, engine: Engine) -> object:
            context.report(PhaseStarted(N_("Collecting the images")))
            return engine_call("estimate", config, items(), str(cache))(context, engine)

        return self._start(Job("estimate", N_("Estimating")), work)

    def preview_augmentation(self, config: "TrainConfig", images: int, copies: int, seed: int) -> Job:
        """Show what augmentation makes of a few training images. Result: see ``core.data.augmentation_preview``.

        Args:
            images: how many, drawn with ``seed`` from the labelled training images.
            copies: changed pictures of each.
        """
        catalogue = self._catalogue()

        def work(context: JobContext, engine: Engine) -> object:
            arguments = (_draw_paths(catalogue, images, seed), config.preprocessing, config.augmentation, copies, seed)
            return engine_call("preview_augmentation", *arguments)(context, engine)

        job = self._follow(Job("preview_augmentation", N_("Preparing the preview")))
        self.looking.request(job, work)
        return job

    def suggested_config(self) -> "TrainConfig":
        """Settings to begin with: those of the bundled sample, or what suits the number and the size of the images.

        Where more images have a transcription than a class, a network that reads them is suggested.
        """
        from imgmine_gui.app.samples import samples
        from imgmine_gui.core.project.image_query import ImageQuery
        from imgmine_gui.core.training.config import configure
        from imgmine_gui.core.training.recipes import RECIPES, recipe
        from imgmine_gui.core.training.suggest import suggest_config

        catalogue = self._catalogue()
        folders = [Path(source.path) for source in catalogue.sources()]
        for sample in samples():
            if sample.name in RECIPES and folders == [sample.folder]:
                return recipe(sample.name)
        labelled = sum(one.train + one.validation + one.test for one in catalogue.classes())
        if catalogue.count(ImageQuery(transcribed=True)) > labelled:
            return configure("text_recognition", "crnn")
        return suggest_config(catalogue.typical_size(), labelled)

    def runs(self) -> "list[RunInfo]":
        """The runs of the project, the newest first; none where no project is open.

        A run that could not note its end, because the disk was full, is interrupted: it can be resumed.
        """
        if self._project is None:
            return []
        from imgmine_gui.app.runs import begun, ended

        infos = self._runs_of(self._project).infos()
        infos = [begun(info) if info.path == self._training_run else info for info in infos]
        others_may_train = self._project.read_only  # it is open for writing in another window
        return infos if self._training or others_may_train else [ended(info) for info in infos]

    def history(self, run: str) -> list[dict[str, Any]]:
        """The epochs of a run, for its curves; see ``RunFolder.history``. Its steps: ``RunFolder.steps``."""
        from imgmine_gui.core.storage.run_folder import RunFolder

        return RunFolder.open(Path(run)).history()

    def rename_run(self, run: str, name: str) -> None:
        """Call a run ``name``."""
        self._runs().rename(run, name)
        self.runs_changed.emit()

    def delete_run(self, run: str) -> str:
        """Delete a run. Returns a token for ``restore_run``; it is valid until the project closes.

        Raises:
            UserError: it is being trained.
        """
        if run == self._training_run:
            raise UserError(N_("This run is being trained."), N_("Stop or cancel the training first."))
        token = self._runs().delete(run)
        self.runs_changed.emit()
        return token

    def restore_run(self, token: str) -> str:
        """Undo ``delete_run``. Returns the path of the run, which is the one that it had."""
        path = self._runs().restore(token)
        self.runs_changed.emit()
        return path

    def _runs(self) -> "Runs":
        project = self._open_project()
        project.catalogue.require_writable()
        return self._runs_of(project)

    def _runs_of(self, project: "Project") -> "Runs":
        from imgmine_gui.app.runs import Runs

        return Runs(project.runs_folder)

    def _run_info(self, run: str) -> "RunInfo":
        from imgmine_gui.core.storage.run_folder import RunFolder

        return RunFolder.open(Path(run)).info()

    def _require_trainable(self, config: "TrainConfig") -> None:
        """What hinders a classification is counted quickly; whether there are texts, the job finds out."""
        from imgmine_gui.core.project.checks import require_trainable
        from imgmine_gui.core.tasks.base import TASKS

        if not TASKS[config.task].lines:
            require_trainable(self._catalogue().checks())

    def _items_to_learn(self, config: "TrainConfig") -> "Callable[[], DataItems]":
        """Reads the images of which it is known what is to be learned of them, in the thread of a job."""
        from imgmine_gui.core.project.data_items import DataItems
        from imgmine_gui.core.tasks.base import TASKS

        catalogue, task = self._catalogue(), TASKS[config.task]()
        labelled = None if task.lines else True
        return lambda: DataItems.of_items(item for item in catalogue.items(labelled=labelled) if task.target(item))

    def _training_work(self) -> "Training":
        from imgmine_gui.app.training import Training

        return Training(self._runs(), self._open_project().cache_folder)

    def _again(self, info: "RunInfo", more_epochs: int, title: str) -> Job:
        from imgmine_gui.app.runs import resumed_config
        from imgmine_gui.core.training.config import TrainConfig

        values = resumed_config(info, more_epochs) if more_epochs else None
        work = self._training_work().again(Path(info.path), values)
        config = TrainConfig.model_validate(values or info.config)
        return self._start_training(config, work, title, {"name": info.name})

    def _start_training(
        self, config: "TrainConfig", work: EngineWork, title: str, values: dict[str, Any] | None = None
    ) -> Job:
        self._require_no_training()
        job = Job("train", title, values, config.training.epochs, config.training.time_budget)
        job.events.connect(self._on_training_events)
        job.finished.connect(self._on_training_finished)
        self._training = job
        return self._start(job, work)

    def _require_no_training(self) -> None:
        if self._training is not None:
            raise UserError(N_("A training runs already."), N_("Wait until it ends, or stop it."))

    def _on_training_events(self, events: tuple[Event, ...]) -> None:
        from imgmine_gui.app.training import RunBegun

        for event in events:
            if isinstance(event, RunBegun):
                self._training_run = event.path
        if any(isinstance(event, RunBegun | EpochEnded) for event in events):
            self.runs_changed.emit()

    def _on_training_finished(self) -> None:
        self._training = self._training_run = None
        self.runs_changed.emit()


def _draw_paths(catalogue: "Catalogue", count: int, seed: int) -> tuple[str, ...]:
    """Some of the images that are trained on; the same for the same seed."""
    from imgmine_gui.core.project.image_query import ImageQuery
    from imgmine_gui.core.project.layout import Split

    ids = catalogue.ids(ImageQuery(split=Split.TRAIN, unlabelled=False, problems=False))
    drawn = random.Random(seed).sample(range(len(ids)), min(count, len(ids)))  # noqa: S311 - nothing secret
    return tuple(row.path for row in catalogue.rows([ids[position] for position in drawn]))
