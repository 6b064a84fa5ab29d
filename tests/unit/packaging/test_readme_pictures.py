"""The pictures of the README are there, small, and written by the script."""

import re
from pathlib import Path

import numpy as np
import pytest
import screenshots
from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[3]
SHOWN = set(re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (REPOSITORY / "README.md").read_text("utf-8")))
MOST_BYTES = 600_000


def test_the_readme_shows_what_the_script_takes() -> None:
    names = {path.name for path in screenshots.README_PICTURES.glob("*.png")}
    assert {f"resources/screenshots/{name}" for name in names} == SHOWN
    assert names == {"start.png", "data.png", "train.png", "predictions.png"}


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_each_picture_is_of_a_whole_window(name: str) -> None:
    with Image.open(REPOSITORY / name) as picture:
        picture.load()
        assert picture.size == (1440, 900)
        assert picture.mode == "P"


def test_all_pictures_together_are_small() -> None:
    assert sum((REPOSITORY / name).stat().st_size for name in SHOWN) < MOST_BYTES


def test_a_small_heatmap_keeps_its_colours_in_a_grey_picture(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    pixels = np.repeat(generator.integers(0, 256, (400, 400, 1)), 3, axis=2) + generator.integers(0, 4, (400, 400, 3))
    pixels = np.clip(pixels, 0, 255).astype(np.uint8)
    pixels[:2, :3] = [(68, 1, 84), (33, 145, 140), (253, 231, 37)]
    Image.fromarray(pixels).save(tmp_path / "taken.png")
    screenshots.keep_small(tmp_path / "taken.png", tmp_path / "new" / "kept.png")
    with Image.open(tmp_path / "new" / "kept.png") as kept:
        assert kept.mode == "P"
        difference = np.abs(np.asarray(kept.convert("RGB")).astype(int) - pixels)
    assert difference.max() < 16
