"""The measures of all images of a catalogue as arrays, for findings at once whatever the thresholds."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.project.arrays import select_arrays
from imgmine_gui.core.project.health.measures import VERSION, relative_sharpness

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

_CHUNK = 50_000
_SCALE = 1_000_000  # fractions travel as whole numbers
_MEASURES = ("sharpness", "brightness", "contrast", "entropy", "saturation")


@dataclass(frozen=True)
class HealthTable:
    """The images that are in use, not excluded, readable and measured, in the order of their ids.

    Attributes:
        ids: int64 (n,), of the images.
        hashes: uint64 (n,).
        widths, heights: int64 (n,), in pixels.
        sharpness, brightness, contrast, entropy, saturation: float32 (n,), as in ``Measures``.
    """

    ids: Numbers
    hashes: npt.NDArray[np.uint64]
    widths: Numbers
    heights: Numbers
    sharpness: Floats
    brightness: Floats
    contrast: Floats
    entropy: Floats
    saturation: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def detail(self) -> Floats:
        """The sharpness in relation to the contrast: float32 (n,)."""
        return relative_sharpness(self.sharpness, self.contrast).astype(np.float32)

    @cached_property
    def typical_detail(self) -> float:
        """The median; 0 without any image."""
        return _median(self.detail)

    @cached_property
    def typical_brightness(self) -> float:
        """The median; 0 without any image."""
        return _median(self.brightness)


def load_table(db: sqlite3.Connection, pause: Callable[[], None] = lambda: None) -> HealthTable:
    """Read the table, some ten thousand images at a time.

    Args:
        db: a catalogue, in a transaction.
        pause: called between the steps; may raise to end it.
    """
    scaled = [f"CAST(round({name} * {_SCALE}) AS INTEGER)" for name in _MEASURES]
    columns = ["images.id", "perceptual_hash", "width", "height", *scaled]
    parts: list[list[Numbers]] = []
    last = 0
    while True:
        pause()
        part = select_arrays(
            db,
            columns,
            "FROM images CROSS JOIN health ON health.key = images.key AND version = ? "
            "WHERE images.id > ? AND state = 0 AND excluded = 0 AND problem = '' ORDER BY images.id LIMIT ?",
            [VERSION, last, _CHUNK],
        )
        parts.append(part)
        if len(part[0]) < _CHUNK:
            break
        last = int(part[0][-1])
    ids, hashes, widths, heights, *measures = (np.concatenate(column) for column in zip(*parts, strict=True))
    floats = [(column / _SCALE).astype(np.float32) for column in measures]
    table = HealthTable(ids, hashes.view(np.uint64), widths, heights, *floats)
    assert [field.name for field in fields(table)][4:] == list(_MEASURES)
    return table


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else 0.0
