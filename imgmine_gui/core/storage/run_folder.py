"""A run: the folder of one training, with its configuration, items, history, checkpoints and model.

``run.json`` says what the run is and how far it came, ``items.json`` which images it trains on, ``history.json`` its
epochs, ``steps.f32`` its steps; ``checkpoint-*.safetensors`` are its newest states and ``model.imgmodel`` its best.
All of it is readable without TensorFlow.
"""

import json
import os
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.data_items import DataItem, DataItems
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.atomic import write_bytes, write_error
from imgmine_gui.core.text import N_

VERSION: Final = 1
STEP_COLUMNS = ("step", "loss", "accuracy")
"""Of ``steps.f32``: the number of the step since the start, and the means of its batch."""


class RunState(StrEnum):
    """How far a run came."""

    NEW = "new"
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True)
class RunInfo:
    """What a list of runs shows of one.

    Attributes:
        created: seconds since 1970.
        metrics: of the best epoch, such as ``val_accuracy``; empty before the first epoch ended.
        config: the training's configuration as JSON types.
    """

    path: str
    name: str
    created: float
    task: str
    architecture: str
    state: RunState
    epochs_done: int
    epochs: int
    metrics: dict[str, float]
    classes: tuple[str, ...]
    config: dict[str, Any]


class RunFolder:
    """The files of one run."""

    def __init__(self, path: Path, values: dict[str, Any]) -> None:
        self.path = path
        self._values = values

    @classmethod
    def create(cls, path: Path, name: str, config: dict[str, Any], items: DataItems) -> "RunFolder":
        """Make the folder; it must not exist, or be empty.

        Raises:
            UserError: it holds something already, or cannot be written.
        """
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise UserError(
                N_("{path} is not empty."), N_("Choose a new folder for the run, or resume the run in it."), path=path
            )
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_error(path, error) from error
        values = {
            "version": VERSION,
            "name": name,
            "created": time.time(),
            "state": RunState.NEW.value,
            "config": config,
            "classes": list(items.classes),
            "epochs_done": 0,
            "metrics": {},
        }
        run = cls(path, values)
        run._write_json("items.json", [_item_to_json(item) for item in items.items])
        run._save()
        return run

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """Open the run in ``path``.

        Raises:
            UserError: there is none, or it is damaged or of a newer version.
        """
        try:
            values = json.loads((path / "run.json").read_bytes())
            version = int(values["version"])
        except (FileNotFoundError, NotADirectoryError):
            raise UserError(
                N_("There is no run in {path}."), N_("Choose the folder that “train --out” wrote."), path=path
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(
                N_("The run in {path} is damaged: {reason}."), N_("Train anew."), path=path, reason=str(error)
            ) from error
        if version > VERSION:
            raise UserError(
                N_("{path} was made by a newer ImgMine."), N_("Install the newest ImgMine to open it."), path=path
            )
        return cls(path, values)

    @property
    def name(self) -> str:
        """What the person calls the run."""
        return str(self._values["name"])

    @property
    def state(self) -> RunState:
        """How far it came."""
        return RunState(self._values["state"])

    @property
    def config(self) -> dict[str, Any]:
        """The training's configuration as JSON types."""
        return cast("dict[str, Any]", self._values["config"])

    @property
    def model_path(self) -> Path:
        """The bundle of the best epoch; not there before the first epoch ended or the run was stopped."""
        return self.path / "model.imgmodel"

    def info(self) -> RunInfo:
        """What a list of runs shows."""
        values, config = self._values, self.config
        return RunInfo(
            path=str(self.path),
            name=self.name,
            created=float(values["created"]),
            task=str(config["task"]),
            architecture=str(config["architecture"]),
            state=self.state,
            epochs_done=int(values["epochs_done"]),
            epochs=int(config["training"]["epochs"]),
            metrics=dict(values["metrics"]),
            classes=tuple(values["classes"]),
            config=config,
        )

    def update(self, **values: Any) -> None:
        """Change ``name``, ``state``, ``config``, ``epochs_done`` or ``metrics``, and save.

        What the file says now is the basis: the window may have renamed the run while another process trains it.
        """
        values = {key: getattr(value, "value", value) for key, value in values.items()}
        self._values = {**type(self).open(self.path)._values, **values}
        self._save()

    def rename(self, name: str) -> None:
        """Call the run ``name``; its folder keeps its own name, since predictions refer to it."""
        self.update(name=name)

    def items(self) -> DataItems:
        """The images that the run trains on, in the order that its data order counts."""
        entries = json.loads((self.path / "items.json").read_bytes())
        return DataItems(tuple(_item_from_json(entry) for entry in entries), tuple(self._values["classes"]))

    def history(self) -> list[dict[str, Any]]:
        """One dictionary an epoch: ``epoch``, ``step``, ``seconds``, ``learning_rate``, ``best`` and the metrics."""
        try:
            return cast("list[dict[str, Any]]", json.loads((self.path / "history.json").read_bytes()))
        except FileNotFoundError:
            return []

    def write_history(self, history: list[dict[str, Any]]) -> None:
        """Replace the history."""
        self._write_json("history.json", history)

    def steps(self) -> npt.NDArray[np.float32]:
        """(steps, 3) float32, the columns of ``STEP_COLUMNS``."""
        try:
            content = (self.path / "steps.f32").read_bytes()
        except FileNotFoundError:
            content = b""
        width = 4 * len(STEP_COLUMNS)
        return np.frombuffer(content[: len(content) // width * width], np.float32).reshape(-1, len(STEP_COLUMNS))

    def append_steps(self, rows: list[tuple[float, float, float]]) -> None:
        """Add steps at the end.

        Raises:
            UserError: the disk is full or the folder cannot be written; a row that was cut off is never read.
        """
        path = self.path / "steps.f32"
        try:
            with open(path, "ab") as file:
                file.write(np.asarray(rows, np.float32).tobytes())
        except OSError as error:
            raise write_error(path, error) from error

    def drop_steps_from(self, step: int) -> None:
        """Forget the steps from number ``step`` on; a resumed run makes them again."""
        kept = self.steps()
        write_bytes(self.path / "steps.f32", kept[kept[:, 0] < step].tobytes())

    def _write_json(self, name: str, value: Any) -> None:
        write_bytes(self.path / name, json.dumps(value, ensure_ascii=True).encode())

    def _save(self) -> None:
        self._write_json("run.json", self._values)


def find_model(path: str | os.PathLike[str]) -> Path:
    """The bundle that ``path``, a run folder or a bundle, means.

    Raises:
        UserError: there is no such thing, or the run has no model yet.
    """
    given = Path(path)
    if not given.is_dir():
        return given
    run = RunFolder.open(given)
    if not run.model_path.is_file():
        raise UserError(
            N_("The run in {path} has no model yet."), N_("Train it for at least one epoch, or resume it."), path=given
        )
    return run.model_path


def _item_to_json(item: DataItem) -> list[Any]:
    entry = [item.path, item.label, item.split.value if item.split else None, item.key]
    return entry if item.text is None else [*entry, item.text]


def _item_from_json(entry: list[Any]) -> DataItem:
    path, label, split, key, *text = entry
    return DataItem(path, label, Split(split) if split else None, key, *text)
