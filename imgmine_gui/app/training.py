"""What the worker thread of a training does around the engine's part: the run's folder before and after it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imgmine_gui.app.job_runner import EngineWork
from imgmine_gui.app.runs import Runs, settle
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import Event, PhaseStarted
from imgmine_gui.core.jobs import JobContext
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.storage.run_folder import RunFolder, RunInfo, RunState
from imgmine_gui.core.text import N_
from imgmine_gui.core.training.checkpoint import has_checkpoint
from imgmine_gui.core.training.config import TrainConfig
from imgmine_gui.engine.client import Engine
from imgmine_gui.engine.errors import EngineDied, EngineFault, StoppedUnanswered


@dataclass(frozen=True)
class RunBegun(Event):
    """The folder of the run that is being trained is there, at ``path``."""

    path: str


@dataclass(frozen=True)
class Training:
    """How runs of one project are trained.

    Attributes:
        runs: of the project.
        cache: for decoded pixels.
    """

    runs: Runs
    cache: Path

    def new(self, config: TrainConfig, name: str | None, items: Callable[[], DataItems]) -> EngineWork:
        """Make a run and train it; if it is cancelled, or fails before anything was learned, it vanishes."""

        def work(context: JobContext, engine: Engine) -> RunInfo:
            context.report(PhaseStarted(N_("Collecting the images")))
            run = self.runs.create(config, items(), name).path
            try:
                return self._train(run, context, engine)
            except BaseException as error:
                worthless = isinstance(error, UserError) and not isinstance(error, EngineDied) and _is_empty(run)
                if isinstance(error, Cancelled) or worthless:
                    self.runs.discard(run)
                raise

        return work

    def again(self, run: Path, config: dict[str, Any] | None = None) -> EngineWork:
        """Go on with a run, with another configuration if one is given; if it is cancelled, it is as before."""

        def work(context: JobContext, engine: Engine) -> RunInfo:
            self.runs.keep_copy(run)
            try:
                if config is not None:
                    RunFolder.open(run).update(config=config)
                return self._train(run, context, engine)
            except Cancelled:
                self.runs.put_back(run)
                raise
            finally:
                self.runs.drop_copy(run)

        return work

    def _train(self, run: Path, context: JobContext, engine: Engine) -> RunInfo:
        context.report(RunBegun(str(run)))
        try:
            engine.run("train", (str(run), str(self.cache)), context.report, lambda: context.wish)
        except StoppedUnanswered:
            if _is_empty(run):
                raise
            return settle(run, RunState.STOPPED)
        except (EngineDied, EngineFault):
            settle(run, RunState.INTERRUPTED)
            raise
        return settle(run, RunState.FINISHED)


def _is_empty(run: Path) -> bool:
    """Whether nothing was learned yet that the run could go on from."""
    return not has_checkpoint(run)
