"""Predictions that nobody made, for widgets that only show them."""

from pathlib import Path

import numpy as np
from PIL import Image

from imgmine_gui.core.explain.explain_file import FileHeatmap
from imgmine_gui.core.images.geometry import Geometry, ResizeMode
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.gui.item_models.predictions_rows import PredictionRows

CLASSES = ("apple", "pear", "plum")
#       name, true class, probabilities
ROWS = (
    ("b.png", 0, (0.9, 0.1, 0.0)),
    ("a.png", 0, (0.2, 0.7, 0.1)),
    ("d.png", 1, (0.1, 0.6, 0.3)),
    ("c.png", 2, (0.0, 0.95, 0.05)),
    ("broken.png", 2, (np.nan, np.nan, np.nan)),
    ("e.png", -1, (0.3, 0.3, 0.4)),
)


def made_up_rows(folder: Path) -> PredictionRows:
    """Six images of one folder: two right, two wrong, one that cannot be read, one without a true class."""
    for number, (name, _, _) in enumerate(ROWS):
        if name != "broken.png":
            Image.new("RGB", (24, 16), (40 * number, 90, 120)).save(folder / name)
    (folder / "broken.png").write_bytes(b"")
    paths = tuple(str(folder / name) for name, _, _ in ROWS)
    table = PredictionTable(
        CLASSES, paths, np.array([row[2] for row in ROWS], np.float32), {paths[4]: "“broken.png” is empty."}
    )
    return PredictionRows(
        table, tuple(row[0] for row in ROWS), np.array([row[1] for row in ROWS], np.intp), ("",) * len(ROWS)
    )


def heatmap_of(path: str, size: tuple[int, int], values: np.ndarray, mode: ResizeMode) -> FileHeatmap:
    """A heatmap of an image of ``size`` that a network saw at 32 x 32."""
    geometry = Geometry.plan(size, (32, 32), mode)
    flat = bool((values == 0).all())
    return FileHeatmap(path, values.astype(np.float32), geometry, "layer_cam", 0, flat, np.zeros(3, np.float32))
