"""Heatmaps as files: their names, their content, and that none is written elsewhere."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgmine_gui.core.explain.export import Drawing, draw, place_below, write_heatmap


@pytest.fixture
def image(tmp_path: Path) -> str:
    path = tmp_path / "in" / "leaf.png"
    path.parent.mkdir()
    Image.new("RGB", (5, 3), (200, 100, 50)).save(path)
    return str(path)


def test_array_and_picture_stand_behind_the_whole_name(image: str, tmp_path: Path) -> None:
    values = np.linspace(0, 1, 15, dtype=np.float32).reshape(3, 5)
    write_heatmap(values, image, tmp_path / "out" / "sub" / "leaf.png")
    written = sorted(path.name for path in (tmp_path / "out" / "sub").iterdir())
    assert written == ["leaf.png.npy", "leaf.png.png"]
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "sub" / "leaf.png.npy"), values)
    with Image.open(tmp_path / "out" / "sub" / "leaf.png.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture), draw(values, image))


@pytest.mark.parametrize(("drawing", "suffix"), [(Drawing(arrays=False), ".png"), (Drawing(overlays=False), ".npy")])
def test_only_what_is_wanted_is_written(image: str, tmp_path: Path, drawing: Drawing, suffix: str) -> None:
    write_heatmap(np.ones((3, 5), np.float32), image, tmp_path / "out" / "leaf", drawing)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"leaf{suffix}"]
    assert drawing.suffixes == (suffix,)


def test_opacity_and_colours_are_those_of_the_drawing(image: str) -> None:
    values = np.ones((3, 5), np.float32)
    assert (draw(values, image, opacity=0.0) == (200, 100, 50)).all()
    assert (draw(values, image, "magma", 1.0) != draw(values, image, "viridis", 1.0)).any()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a/b.png", "a/b.png"), ("/etc/passwd", "etc/passwd"), ("../../x.png", "x.png"), ("a/../../b.png", "a/b.png")],
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str, expected: str) -> None:
    assert place_below(tmp_path, name) == tmp_path / expected
