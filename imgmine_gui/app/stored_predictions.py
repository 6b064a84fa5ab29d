"""Predictions of a split, or its read texts, kept with the run that made them, and read back while they still hold."""

import hashlib
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.inference.text_table import TextTable
from imgmine_gui.core.project.data_items import DataItem
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.storage.atomic import write_bytes
from imgmine_gui.core.storage.run_folder import RunFolder

logger = logging.getLogger(__name__)


Table = PredictionTable | TextTable
STEMS: dict[type[Table], str] = {PredictionTable: "predictions", TextTable: "texts"}
"""What the names of the files begin with, by what is in them."""


class StoredPredictions:
    """What one run said of one split of the project.

    It holds as long as the run's model and the contents and order of the split's images are the same.

    Args:
        run: the folder of the run.
        items: the images of the split, now.
        kind: of the table.
    """

    def __init__(self, run: Path, split: Split, items: Sequence[DataItem], kind: type[Table] = PredictionTable) -> None:
        self._kind = kind
        self._table = table_path(kind, run, split)
        self._mark = self._table.with_suffix(".of")
        self._keys = self._table.with_suffix(".keys")
        model = RunFolder.open(run).model_path
        self._basis = _basis(model, items)
        self._contents = "\n".join((_identity(model), *(item.key for item in items)))

    def read(self) -> Table | None:
        """The table; ``None`` where there is none that holds."""
        try:
            if self._mark.read_text("ascii") == self._basis:
                table = self._kind.load(self._table)
                if not self._keys.exists():  # an earlier version of the program did not write it
                    self._write_contents()
                return table
        except FileNotFoundError:
            pass
        except (OSError, ValueError, UserError) as error:
            logger.warning("stored predictions: %s", error)
        return None

    def write(self, table: Table) -> None:
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


def table_path(kind: type[Table], run: Path, split: Split) -> Path:
    """Where what a run said of a split is kept."""
    return run / f"{STEMS[kind]}-{split.value}.npz"


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
