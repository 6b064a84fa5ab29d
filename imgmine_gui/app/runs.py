"""The runs of a project, as folders in its ``runs`` folder: list, name, delete with undo, and put back."""

import contextlib
import logging
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from imgmine_gui.core.architectures.base import ARCHITECTURES
from imgmine_gui.core.errors import UserError, reason_of
from imgmine_gui.core.options import parse_options
from imgmine_gui.core.project.data_items import DataItems
from imgmine_gui.core.storage.atomic import write_error
from imgmine_gui.core.storage.run_folder import RunFolder, RunInfo, RunState
from imgmine_gui.core.text import N_, tr
from imgmine_gui.core.training.config import TrainConfig, TrainingOptions

DELETED = ".deleted"
"""Holds deleted runs until the project closes."""
BEFORE = ".before"
"""Holds what a resumed run was before, until the training has ended."""

logger = logging.getLogger(__name__)


class Runs:
    """The folder of all runs of one project.

    Args:
        folder: made if it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def infos(self) -> list[RunInfo]:
        """All runs, the newest first; what is damaged is logged and left out."""
        found: list[RunInfo] = []
        for path in self._paths():
            try:
                found.append(RunFolder.open(path).info())
            except (UserError, KeyError, TypeError, ValueError) as error:
                logger.warning("run left out: %s", error)
        return sorted(found, key=lambda info: (info.created, info.path), reverse=True)

    def tidy(self) -> None:
        """After opening the project: runs that a dead process left running are interrupted; old rubbish goes."""
        for info in self.infos():
            if info.state in (RunState.RUNNING, RunState.NEW):
                RunFolder.open(Path(info.path)).update(state=RunState.INTERRUPTED)
        self.purge()

    def purge(self) -> None:
        """Delete for good what was deleted, and what was kept for a cancelled training."""
        for name in (DELETED, BEFORE):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def create(self, config: TrainConfig, items: DataItems, name: str | None) -> RunFolder:
        """Make a new run, called after its architecture and number where no name is given."""
        taken = (*self._folders(), *self._deleted())  # also by what a killed process left half made
        number = 1 + max((_number(path) for path in taken), default=0)
        title = tr(ARCHITECTURES[config.architecture].title)
        path = self.folder / f"{number:04d}-{config.architecture}"
        return RunFolder.create(path, name or f"{title} {number}", config.model_dump(mode="json"), items)

    def rename(self, run: str, name: str) -> None:
        """Call a run ``name``.

        Raises:
            UserError: the name is empty, or the run is gone.
        """
        if not name.strip():
            raise UserError(N_("A run needs a name."), N_("Type at least one letter."))
        RunFolder.open(Path(run)).rename(name.strip())

    def delete(self, run: str) -> str:
        """Put a run aside; returns what ``restore`` brings it back with."""
        return str(_move(Path(run), _free(self.folder / DELETED / Path(run).name)))

    def restore(self, token: str) -> str:
        """Undo ``delete``; returns the path of the run, the one it had."""
        return str(_move(Path(token), self.folder / Path(token).name.partition("~")[0]))

    def discard(self, run: Path) -> None:
        """Delete a run for good."""
        shutil.rmtree(run, ignore_errors=True)

    def keep_copy(self, run: Path) -> None:
        """Keep what a run is now, for ``put_back``. Files are linked where the drive can; the steps alone grow."""
        copy = self.folder / BEFORE / run.name
        shutil.rmtree(copy, ignore_errors=True)
        try:
            shutil.copytree(run, copy, copy_function=_link, ignore=shutil.ignore_patterns("cache"))
        except (OSError, shutil.Error) as error:
            reason = error if isinstance(error, OSError) and error.errno else OSError(str(error))
            raise write_error(copy, reason) from error

    def put_back(self, run: Path) -> None:
        """Make a run what it was when ``keep_copy`` was called."""
        copy = self.folder / BEFORE / run.name
        if copy.is_dir():
            self.discard(run)
            _move(copy, run)

    def drop_copy(self, run: Path) -> None:
        """Forget what a run was before."""
        shutil.rmtree(self.folder / BEFORE / run.name, ignore_errors=True)

    def _paths(self) -> list[Path]:
        return [path for path in self._folders() if (path / "run.json").is_file()]  # else it is just being made

    def _folders(self) -> list[Path]:
        with contextlib.suppress(FileNotFoundError):
            return [path for path in self.folder.iterdir() if not path.name.startswith(".")]
        return []

    def _deleted(self) -> list[Path]:
        with contextlib.suppress(FileNotFoundError):
            return list((self.folder / DELETED).iterdir())
        return []


def ended(info: RunInfo) -> RunInfo:
    """The run as it is while nothing is trained: interrupted, where it says that it is being trained."""
    return replace(info, state=RunState.INTERRUPTED) if info.state in (RunState.RUNNING, RunState.NEW) else info


def begun(info: RunInfo) -> RunInfo:
    """The run as it is while it is trained: from the start, not only once the engine has noted it."""
    return replace(info, state=RunState.RUNNING) if info.state is RunState.NEW else info


def settle(run: Path, state: RunState) -> RunInfo:
    """Give a run whose process ended without saying so its ``state``; returns what it is now."""
    folder = RunFolder.open(run)
    if folder.state in (RunState.RUNNING, RunState.NEW):
        folder.update(state=state)
    return folder.info()


def resumed_config(info: RunInfo, more_epochs: int) -> dict[str, Any]:
    """The configuration of a run that is trained for ``more_epochs`` more; a time budget is used up and falls away.

    Raises:
        UserError: these are too few or too many epochs.
    """
    changed = {"epochs": info.epochs_done + more_epochs, "time_budget": None}
    training = parse_options(TrainingOptions, {**info.config["training"], **changed})
    return {**info.config, "training": training.model_dump(mode="json")}


def _number(path: Path) -> int:
    start = path.name.partition("-")[0]
    return int(start) if start.isdecimal() else 0


def _free(path: Path) -> Path:
    """``path``, or one with a number behind ``~`` where that is taken."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.name}~{number}")
    return candidate


def _move(source: Path, target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(source, target)
    except OSError as error:
        raise UserError(
            N_("The run in {path} could not be moved: {reason}."),
            N_("Close other programs that use its files, then try again."),
            path=source,
            reason=reason_of(error),
        ) from error
    return target


def _link(source: str, target: str) -> str:
    """All files of a run are replaced as a whole, so that a link keeps the old one; the steps are appended to."""
    if not source.endswith(".f32"):
        with contextlib.suppress(OSError):
            os.link(source, target)
            return target
    return str(shutil.copy2(source, target))
