"""Scores against their definitions, written out image by image."""

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from imgmine_gui.core.evaluation.classification import report

NAMES = ("a", "b", "c", "d")
PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40)


def counted(pairs: list[tuple[int, int]], wanted: Callable[[int, int], bool]) -> int:
    return sum(wanted(true, said) for true, said in pairs)


@given(PAIRS)
def test_scores(pairs: list[tuple[int, int]]) -> None:
    true, said = (np.array([pair[side] for pair in pairs], np.intp) for side in (0, 1))
    found = report(true, said, NAMES)
    recalls, f1s = [], []
    for number, name in enumerate(NAMES):
        hits = counted(pairs, lambda t, s, n=number: t == n and s == n)
        missed = counted(pairs, lambda t, s, n=number: t == n and s != n)
        wrongly = counted(pairs, lambda t, s, n=number: t != n and s == n)
        entry = found.per_class[number]
        assert (entry.name, entry.images) == (name, hits + missed)
        assert np.isclose(entry.recall, hits / (hits + missed) if hits + missed else 0)
        assert np.isclose(entry.precision, hits / (hits + wrongly) if hits + wrongly else 0)
        if hits + missed:
            recalls.append(hits / (hits + missed))
        if hits + missed + wrongly:
            f1s.append(2 * hits / (2 * hits + missed + wrongly))
    assert found.images == len(pairs)
    assert np.isclose(found.accuracy, counted(pairs, lambda t, s: t == s) / len(pairs) if pairs else 0)
    assert np.isclose(found.balanced_accuracy, np.mean(recalls) if recalls else 0)
    assert np.isclose(found.macro_f1, np.mean(f1s) if f1s else 0)


def test_rows_are_true_and_columns_predicted() -> None:
    assert report(np.array([0, 0, 1]), np.array([1, 1, 1]), ("a", "b")).confusion.tolist() == [[0, 2], [0, 1]]
