"""What the runs of a project have said of contents: read from the predictions that are kept with them."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from imgmine_gui.app.runs import Runs
from imgmine_gui.app.stored_predictions import read_contents
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.predicted import Predictions

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class KnownPredictions:
    """The runs that have predicted something, and what one of them said.

    Attributes:
        runs: path and name of each, the newest first.
        run: the path of the one; "" where there is none.
        predictions: what it said; nothing where there is none.
    """

    runs: tuple[tuple[str, str], ...] = ()
    run: str = ""
    predictions: Predictions = field(default_factory=Predictions)


def read_known(runs_folder: Path, wanted: str = "") -> KnownPredictions:
    """Read what a run said, by default the newest that said anything.

    Args:
        runs_folder: of the project.
        wanted: the path of a run; another is taken where it said nothing, or is gone.
    """
    runs = tuple(
        (info.path, info.name) for info in Runs(runs_folder).infos() if any(Path(info.path).glob("predictions-*.keys"))
    )
    for path in sorted((path for path, _ in runs), key=lambda path: path != wanted):
        said = _said(Path(path))
        if said.keys:
            return KnownPredictions(runs, path, said)
    return KnownPredictions()


def _said(run: Path) -> Predictions:
    """Of contents that are in two splits, the later file counts."""
    classes: tuple[str, ...] = ()
    found: dict[str, tuple[int, float]] = {}
    try:
        for keys, table in read_contents(run):
            classes = table.classes
            readable = table.readable & np.array([bool(key) for key in keys], np.bool_)
            places = np.flatnonzero(readable).tolist()
            values = zip(table.predicted[readable].tolist(), table.confidence[readable].tolist(), strict=True)
            found |= dict(zip((keys[place] for place in places), values, strict=True))
    except (OSError, UserError) as error:
        logger.warning("predictions of %s left out: %s", run, error)
    return Predictions(classes, list(found), [code for code, _ in found.values()], [sure for _, sure in found.values()])
