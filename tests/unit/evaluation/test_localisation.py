"""Whether a heatmap points at a box."""

from pathlib import Path

import numpy as np
import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.evaluation.localisation import Box, energy_in, points_at, read_boxes


def peak(row: int, column: int) -> np.ndarray:
    values = np.full((20, 30), 0.1, np.float32)
    values[row, column] = 1
    return values


def test_points_at_the_box_or_beside_it() -> None:
    box = Box(x=10, y=5, width=4, height=3)
    assert points_at(peak(5, 10), box)
    assert points_at(peak(7, 13), box)
    assert not points_at(peak(8, 13), box)
    assert not points_at(peak(7, 14), box)
    assert points_at(peak(8, 14), box.widened(1))


def test_energy_is_the_part_in_the_box() -> None:
    values = np.ones((20, 30), np.float32)
    assert energy_in(values, Box(0, 0, 30, 20)) == pytest.approx(1)
    assert energy_in(values, Box(3, 4, 6, 10)) == pytest.approx(60 / 600)
    assert energy_in(values, Box(-5, -5, 10, 10)) == pytest.approx(25 / 600)
    assert energy_in(np.zeros((20, 30), np.float32), Box(0, 0, 30, 20)) == 0


def test_boxes_are_read_by_path(tmp_path: Path) -> None:
    assert read_boxes(tmp_path) == {}
    (tmp_path / "boxes.csv").write_text("path,class,x,y,width,height\ntrain/a/1.png,a,1,2,3,4\n")
    assert read_boxes(tmp_path) == {"train/a/1.png": Box(1, 2, 3, 4)}
    (tmp_path / "boxes.csv").write_text("path,x\ntrain/a/1.png,one\n")
    with pytest.raises(UserError, match=r"boxes\.csv"):
        read_boxes(tmp_path)
