"""What a table of predictions keeps."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.images.problems import ImageError, ImageProblem
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.text import set_language, tr

CLASSES = ("ash", "oak")


@pytest.fixture
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("en")


def table(**reasons: str) -> PredictionTable:
    probabilities = np.array([[0.25, 0.75], [np.nan, np.nan]], np.float32)
    return PredictionTable(CLASSES, ("a.png", "b.png"), probabilities, {"b.png": "gone", **reasons})


def test_a_table_comes_back_as_it_was(tmp_path: Path) -> None:
    table().save(tmp_path / "p.npz")
    again = PredictionTable.load(tmp_path / "p.npz")
    assert (again.classes, again.paths, again.reasons) == (CLASSES, ("a.png", "b.png"), {"b.png": "gone"})
    np.testing.assert_array_equal(again.probabilities, table().probabilities)


def test_a_kept_reason_follows_the_language(tmp_path: Path, chinese: None) -> None:
    made = table(**{"b.png": ImageError(ImageProblem.EMPTY, "b.png").message})
    made.save(tmp_path / "p.npz")
    set_language("en")
    again = PredictionTable.load(tmp_path / "p.npz")
    assert again.reasons["b.png"] == "“b.png” is empty: it has no content."
    set_language("zh_CN")
    assert tr(again.reasons["b.png"]) == "“b.png”是空的，没有内容。"
    assert tr(made.reasons["b.png"]) == "“b.png”是空的，没有内容。"


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
def test_a_damaged_table_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.npz").write_bytes(content)
    with pytest.raises(UserError, match="Predict again"):
        PredictionTable.load(tmp_path / "p.npz")
