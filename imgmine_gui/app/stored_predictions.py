"""Predictions of a split, kept with the run that made them, and read back while they still hold."""

import hashlib
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.atomic import write_bytes
from imgmine_gui.core.storage.run_folder import RunFolder

logger = logging.getLogger(__name__)


class StoredPredictions:
    """The predictions of one split of the project by one run.

    They hold as long as the run's model and the contents and order of the split's images are the same.

    Args:
        run: the folder of the run.
        items: the images of the split, now.
    """

    def __init__(self, run: Path, split: Split, items: Sequence[DataItem]) -> None:
        self._table = run / f"predictions-{split.value}.npz"
        self._mark = run / f"predictions-{split.value}.of"
        self._keys = run / f"predictions-{split.value}.keys"
        model = RunFolder.open(run).model_path
        self._basis = _basis(model, items)
        self._contents = "\n".join((_identity(model), *(item.key for item in items)))

    def read(self) -> PredictionTable | None:
        """The table; ``None`` where there is none that holds."""
        try:
            if self._mark.read_text("ascii") == self._basis:
                table = PredictionTable.load(self._table)
                if not self._keys.exists():  # an earlier version of the program did not write it
                    self._write_contents()
                return table
        except FileNotFoundError:
            pass
        except (OSError, ValueError, UserError) as error:
            logger.warning("stored predictions: %s", error)
        return None

    def write(self, table: PredictionTable) -> None:
        """Keep ``table``; a disk that is full costs the next look its time, and this one nothing."""
        try:
            self._mark.unlink(missing_ok=True)
            self._keys.unlink(missing_ok=True)
            table.save(self._table)
            self._write_contents()
            write_bytes(self._mark, self._basis.encode("ascii"))
        except (OSError, UserError) as error:
            logger.warning("predictions not kept: %s", error)

    def _write_contents(self) -> None:
        """Which contents the rows of the table are of: these hold wherever the images go."""
        try:
            write_bytes(self._keys, self._contents.encode("ascii"))
        except (OSError, UserError) as error:
            logger.warning("contents of predictions not kept: %s", error)


def read_contents(run: Path) -> Iterator[tuple[list[str], PredictionTable]]:
    """The predictions of a run by its present model, a table a split, each with the keys of its rows.

    Raises:
        OSError: a file cannot be read.
        UserError: a table is damaged, or the run is gone.
    """
    identity = _identity(RunFolder.open(run).model_path)
    for path in sorted(run.glob("predictions-*.keys")):
        model, *keys = path.read_text("ascii").split("\n")
        table = PredictionTable.load(path.with_suffix(".npz")) if model == identity else None
        if table is not None and len(table.paths) == len(keys):
            yield keys, table


def _basis(model: Path, items: Sequence[DataItem]) -> str:
    digest = hashlib.blake2b(f"{_identity(model)}\n".encode(), digest_size=20)
    for item in items:
        digest.update(f"{item.key} ".encode() + os.fsencode(item.path) + b"\n")
    return digest.hexdigest()


def _identity(model: Path) -> str:
    try:
        status = model.stat()
    except FileNotFoundError:
        return "no model"
    return f"{status.st_mtime_ns} {status.st_size} {status.st_ino}"
