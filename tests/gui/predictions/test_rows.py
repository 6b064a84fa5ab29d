"""Sorting and filtering over numpy."""

import time
from pathlib import Path

import numpy as np
import pytest

from imgmine_gui.core.inference.table import PredictionTable
from imgmine_gui.gui.item_models.predictions_rows import Filter, Order, Outcome, PredictionRows
from tests.gui.predictions.made_up import made_up_rows


def names(rows: PredictionRows, wanted: Filter | None = None, order: Order = Order.NAME) -> list[str]:
    return [rows.names[row].removesuffix(".png") for row in rows.chosen(wanted or Filter(), order)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.NAME, ["a", "b", "broken", "c", "d", "e"]),
        (Order.CONFIDENT, ["c", "b", "a", "d", "e", "broken"]),
        (Order.UNSURE, ["e", "d", "a", "b", "c", "broken"]),
        (Order.WRONG, ["c", "a", "e", "b", "d", "broken"]),
    ],
)
def test_order(tmp_path: Path, order: Order, expected: list[str]) -> None:
    assert names(made_up_rows(tmp_path), order=order) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(Outcome.RIGHT), ["b", "d"]),
        (Filter(Outcome.WRONG), ["a", "c"]),
        (Filter(Outcome.UNREADABLE), ["broken"]),
        (Filter(either=0), ["a", "b"]),
        (Filter(either=1), ["a", "c", "d"]),
        (Filter(true=0, predicted=1), ["a"]),
        (Filter(text="BRO"), ["broken"]),
        (Filter(Outcome.WRONG, either=2), ["c"]),
        (Filter(text="nothing like it"), []),
    ],
)
def test_filter(tmp_path: Path, wanted: Filter, expected: list[str]) -> None:
    assert names(made_up_rows(tmp_path), wanted) == expected


def test_a_hundred_thousand_rows_are_sorted_between_two_frames() -> None:
    count = 100_000
    random = np.random.default_rng(1)
    probabilities = random.dirichlet(np.ones(10), count).astype(np.float32)
    paths = tuple(f"/images/{number:06d}.png" for number in range(count))
    table = PredictionTable(tuple("abcdefghij"), paths, probabilities)
    rows = PredictionRows(table, paths, random.integers(0, 10, count), ("",) * count)
    rows.chosen(Filter(text="1"), Order.WRONG)  # in the window, a worker thread does this first
    begin = time.thread_time()
    rows.chosen(Filter(Outcome.WRONG, text="9"), Order.CONFIDENT)
    assert time.thread_time() - begin < 0.15
