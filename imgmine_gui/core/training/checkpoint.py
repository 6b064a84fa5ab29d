"""The whole state of a training in one file: a run resumed from it is bit-identical to one that was never stopped.

Weights, optimiser variables and the random state of every layer that has one are tensors; the position in the data
order is JSON in the file's metadata. The newest two are kept, so that one damaged later still leaves one.
"""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.storage.atomic import write_bytes
from imgmine_gui.core.storage.weights import assign, pack, read_header, shapes_of, unpack

KEPT = 2


@dataclass
class Position:
    """Where a training is.

    Attributes:
        epoch: 0-based, the one at work.
        step: steps of it that are done.
        done: steps done since the start.
        sums: of loss and metrics over the images seen in this epoch, and ``images`` itself.
        best: the monitored values of the best epoch, larger is better; None before the first epoch ended.
        waited: epochs since then.
        seconds: spent in training and validation, pauses left out.
        schedule_from: step at which the learning rate's schedule began; later than 0 when trained further.
        epochs: planned when the schedule began.
    """

    epoch: int = 0
    step: int = 0
    done: int = 0
    sums: dict[str, float] = field(default_factory=dict)
    best: tuple[float, float] | None = None
    waited: int = 0
    seconds: float = 0.0
    schedule_from: int = 0
    epochs: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)


def save_checkpoint(folder: Path, variables: Sequence[Any], position: Position) -> Path:
    """Write the state, then remove all but the newest ``KEPT``.

    Raises:
        UserError: the disk is full or the folder cannot be written; older checkpoints are unharmed.
    """
    path = folder / f"checkpoint-{position.done:09d}.safetensors"
    write_bytes(path, pack(variables, {"position": json.dumps(asdict(position))}))
    for old in _newest_first(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    return path


def has_checkpoint(folder: Path) -> bool:
    """Whether there is a state to go on from."""
    return bool(_newest_first(folder))


def load_checkpoint(folder: Path, variables: Sequence[Any]) -> Position | None:
    """Give ``variables`` the newest state that is whole.

    Returns:
        The position; None where there is no whole checkpoint, with the variables unchanged.
    """
    for path in _newest_first(folder):
        with contextlib.suppress(ValueError, KeyError, TypeError, OSError, UserError):
            return _load(path, variables)
    return None


def _load(path: Path, variables: Sequence[Any]) -> Position:
    with open(path, "rb") as file:
        shapes, metadata = read_header(file, path.stat().st_size)
        if shapes != shapes_of(variables):
            raise ValueError("of another network")
        file.seek(0)
        content = file.read()
    values = json.loads(metadata["position"])
    values["best"] = tuple(values["best"]) if values["best"] else None
    position = Position(**values)
    assign(variables, unpack(content), path)
    return position


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("checkpoint-*.safetensors"), reverse=True)
