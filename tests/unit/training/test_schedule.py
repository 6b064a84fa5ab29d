"""The course of the learning rate."""

import itertools

import numpy as np
import pytest

from imgmine_gui.core.training.config import Schedule
from imgmine_gui.core.training.schedule import WARM_UP, rate_factor


def test_constant() -> None:
    assert {rate_factor(Schedule.CONSTANT, progress) for progress in (0, 0.5, 1)} == {1.0}


def test_cosine_falls_from_one_to_a_thousandth() -> None:
    rates = [rate_factor(Schedule.COSINE, progress) for progress in np.linspace(0, 1, 50)]
    assert rates[0] == 1.0
    assert rates[-1] == pytest.approx(1e-3)
    assert all(after < before for before, after in itertools.pairwise(rates))
    assert rate_factor(Schedule.COSINE, 0.5) == pytest.approx((1 + 1e-3) / 2)


def test_one_cycle_rises_then_falls() -> None:
    assert rate_factor(Schedule.ONE_CYCLE, 0) == pytest.approx(0.1)
    assert rate_factor(Schedule.ONE_CYCLE, WARM_UP) == pytest.approx(1.0)
    assert rate_factor(Schedule.ONE_CYCLE, 1) == pytest.approx(1e-3)
    assert rate_factor(Schedule.ONE_CYCLE, 2) == pytest.approx(1e-3)
