import math

import pytest

from imgmine_gui.gui import format as form


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.91234, "0.912"),
        (0.9, "0.9"),
        (12.345, "12.3"),
        (99.96, "100"),
        (999.6, "1,000"),
        (1234.0, "1,230"),
        (-3.14159, "−3.14"),
        (0.00123, "0.00123"),
        (0.0000153, "1.5e−5"),
        (-0.0000153, "−1.5e−5"),
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_number(value: float | None, text: str) -> None:
    assert form.number(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0.0 %"), (0.5, "50.0 %"), (0.9123, "91.2 %"), (1.0, "100 %"), (0.99999, "99.9 %"), (None, "–")],
)
def test_percentage(share: float | None, text: str) -> None:
    assert form.percentage(share) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1_450_000, "1.45 MB"), (999_700, "1 MB"), (3 * 10**12, "3 TB")],
)
def test_size(size: int, text: str) -> None:
    assert form.size_in_bytes(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 s"),
        (0.0123, "12.3 ms"),
        (1.5, "1.5 s"),
        (9.96, "10 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (3599.7, "1 h 0 min"),
        (3900, "1 h 5 min"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_duration(seconds: float | None, text: str) -> None:
    assert form.duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "1 s left"), (0.808, "1 s left"), (4.2, "5 s left"), (59.5, "1 min 0 s left"), (None, "– left")],
)
def test_time_left_is_in_whole_seconds(seconds: float | None, text: str) -> None:
    assert form.time_left(seconds) == text


def test_counts_are_given_in_full() -> None:
    assert form.count(1234567) == "1,234,567"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2.0, "2.00"), (1.7, "1.70"), (1.814, "1.81"), (12.0, "12.0"), (10.04, "10.0"), (0.5, "0.500"),
        (0.0312, "0.0312"), (0.03, "0.0300"), (-2.0, "−2.00"), (123.4, "123"), (0.0, "0"), (None, "–"),
    ],
)  # fmt: skip
def test_a_reading_keeps_its_zeros(value: float | None, expected: str) -> None:
    assert form.reading(value) == expected
