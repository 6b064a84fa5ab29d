"""Whether a heatmap points at the thing that it should: where a box round the thing is known."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_


@dataclass(frozen=True)
class Box:
    """Pixels ``x <= column < x + width``, ``y <= row < y + height``."""

    x: int
    y: int
    width: int
    height: int

    def widened(self, margin: int) -> "Box":
        """The box with ``margin`` pixels more on each side; it may reach over the edge of the image."""
        return Box(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)


def points_at(values: npt.NDArray[np.float32], box: Box) -> bool:
    """The pointing game (Zhang et al. 2018): whether the highest value of (height, width) lies in the box."""
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    return bool(box.x <= column < box.x + box.width and box.y <= row < box.y + box.height)


def energy_in(values: npt.NDArray[np.float32], box: Box) -> float:
    """The part of the heatmap's sum that lies in the box (Wang et al. 2020, "Score-CAM"); 0 for an empty heatmap."""
    total = float(values.sum())
    top, left = max(box.y, 0), max(box.x, 0)
    inside = values[top : max(box.y + box.height, 0), left : max(box.x + box.width, 0)]
    return float(inside.sum()) / total if total > 0 else 0.0


def read_boxes(folder: Path) -> dict[str, Box]:
    """The boxes of ``folder/boxes.csv`` by their image's path relative to the folder; empty without such a file.

    Raises:
        UserError: the file is not such a table.
    """
    path = folder / "boxes.csv"
    if not path.is_file():
        return {}
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return {
                row["path"]: Box(*(int(row[name]) for name in ("x", "y", "width", "height")))
                for row in csv.DictReader(file)
            }
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise UserError(
            N_("{path} is no table of boxes: {reason}."),
            N_("It needs the columns path, x, y, width and height."),
            path=path,
            reason=str(error),
        ) from error
