"""How predictions lie in a file: a NumPy archive without pickles, its words as JSON in one of the arrays."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.storage.atomic import replacing
from imgmine_gui.core.text import N_, Retold

Arrays = dict[str, npt.NDArray[Any]]


def write_archive(path: Path, told: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write ``told``, of JSON types, and ``arrays``.

    Raises:
        UserError: the disk is full or the folder cannot be written.
    """
    everything: dict[str, Any] = {"told": np.frombuffer(json.dumps(told).encode(), np.uint8), **arrays}
    with replacing(path) as file:
        np.savez(file, **everything)


@contextmanager
def read_archive(path: Path) -> Iterator[tuple[dict[str, Any], Arrays]]:
    """What ``write_archive`` wrote, for a block that makes something of it.

    Raises:
        UserError: the file is missing or damaged, or holds something else than the block looks for in it.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        yield json.loads(arrays.pop("told").tobytes()), arrays
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise UserError(
            N_("The predictions in {path} cannot be read: {reason}."), N_("Predict again."), path=path,
            reason=str(error),
        ) from error  # fmt: skip


def reasons_to_json(reasons: Mapping[str, str]) -> dict[str, list[Any]]:
    """Why images could not be read, by path, with the values of each text beside it."""
    return {
        path: [reason.template, dict(reason.values)] if isinstance(reason, Retold) else [reason, {}]
        for path, reason in reasons.items()
    }


def reasons_from_json(told: Mapping[str, Any]) -> dict[str, str]:
    """What ``reasons_to_json`` made; ``tr`` says each in the present language."""
    return {path: Retold(text, values) for path, (text, values) in told.items()}
