"""What a table of read texts keeps."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.inference.archive import Arrays, write_archive
from imgmine_gui.core.inference.ctc_decoding import Recognised, Span
from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.core.inference.text_table import TextTable


def line(text: str, confidence: float = 0.5) -> Recognised:
    spans = tuple(Span(one, 2 * place, 2 * place + 1, 0.25) for place, one in enumerate(text))
    return Recognised(text, confidence, spans)


def table(*lines: Recognised | None) -> TextTable:
    paths = tuple(f"{number}.png" for number in range(len(lines)))
    strides = np.array([0.125 if one else np.nan for one in lines], np.float32)
    return TextTable(paths, lines, strides, {path: "gone" for path, one in zip(paths, lines, strict=True) if not one})


@given(texts=st.lists(st.none() | st.text(max_size=4), max_size=5))
def test_a_table_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, texts: list[str | None]) -> None:
    made = table(*(None if text is None else line(text) for text in texts))
    path = tmp_path_factory.getbasetemp() / "texts.npz"
    made.save(path)
    again = TextTable.load(path)
    assert (again.paths, again.lines, again.reasons) == (made.paths, made.lines, made.reasons)
    np.testing.assert_array_equal(again.strides, made.strides)


def test_another_kind_of_table_is_refused(tmp_path: Path) -> None:
    PredictionTable(("ash",), ("a.png",), np.ones((1, 1), np.float32)).save(tmp_path / "t.npz")
    with pytest.raises(UserError, match="Predict again"):
        TextTable.load(tmp_path / "t.npz")


@pytest.mark.parametrize("lost", ["columns", "strides"])
def test_a_table_of_which_a_part_is_lost_is_refused(tmp_path: Path, lost: str) -> None:
    arrays: Arrays = {
        "strides": np.ones(1, np.float32), "confidences": np.ones(1), "columns": np.array([[0, 1]], np.int32),
        "span_confidences": np.ones(1),
    }  # fmt: skip
    told = {"paths": ["a.png"], "characters": [["a"]], "reasons": {}}
    write_archive(tmp_path / "t.npz", told, arrays)
    assert TextTable.load(tmp_path / "t.npz").texts == ("a",)
    write_archive(tmp_path / "t.npz", told, {**arrays, lost: arrays[lost][:0]})
    with pytest.raises(UserError, match="Predict again"):
        TextTable.load(tmp_path / "t.npz")
