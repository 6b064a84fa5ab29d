"""Predictions of a split, kept with the run that made them, and read back while they still hold."""

import hashlib
import logging
import os
from collections.abc import Sequence
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
        self._basis = _basis(RunFolder.open(run).model_path, items)

    def read(self) -> PredictionTable | None:
        """The table; ``None`` where there is none that holds."""
        try:
            if self._mark.read_text("ascii") == self._basis:
                return PredictionTable.load(self._table)
        except FileNotFoundError:
            pass
        except (OSError, ValueError, UserError) as error:
            logger.warning("stored predictions: %s", error)
        return None

    def write(self, table: PredictionTable) -> None:
        """Keep ``table``; a disk that is full costs the next look its time, and this one nothing."""
        try:
            self._mark.unlink(missing_ok=True)
            table.save(self._table)
            write_bytes(self._mark, self._basis.encode("ascii"))
        except (OSError, UserError) as error:
            logger.warning("predictions not kept: %s", error)


def _basis(model: Path, items: Sequence[DataItem]) -> str:
    digest = hashlib.blake2b(digest_size=20)
    try:
        status = model.stat()
        digest.update(f"{status.st_mtime_ns} {status.st_size} {status.st_ino}\n".encode())
    except FileNotFoundError:
        digest.update(b"no model\n")
    for item in items:
        digest.update(f"{item.key} ".encode() + os.fsencode(item.path) + b"\n")
    return digest.hexdigest()
