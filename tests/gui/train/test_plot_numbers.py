"""The numbers behind the plot: averages, the points that a screen shows, ranges in steps."""

import math

import numpy as np
import pytest

from imgmine_gui.core.events import BatchEnded, EpochEnded
from imgmine_gui.gui.widgets.plot_curves import RunCurves
from imgmine_gui.gui.widgets.plot_scale import (
    epochs_shown,
    fraction_range,
    logarithmic_ticks,
    loss_range,
    rescaled,
    step_above,
    step_below,
)
from imgmine_gui.gui.widgets.plot_series import Series, thin_out


def series(values: list[float]) -> Series:
    made = Series()
    for number, value in enumerate(values):
        made.append(float(number), value)
    return made


def plain_average(values: list[float], span: float) -> list[float]:
    decay, total, weight, out = 1 - 2 / (span + 1), 0.0, 0.0, []
    for value in values:
        known = math.isfinite(value)
        total = decay * total + (value if known else 0.0)
        weight = decay * weight + known
        out.append(total / weight if weight else math.nan)
    return out


@pytest.mark.parametrize("count", [1, 5, 255, 256, 257, 1000])
def test_average_is_the_debiased_one_at_every_point(count: int) -> None:
    values = list(np.random.default_rng(count).normal(size=count))
    for gap in range(0, count, 7):
        values[gap] = math.nan
    np.testing.assert_allclose(series(values).smoothed(20), plain_average(values, 20), rtol=1e-9)


def test_average_goes_on_where_it_stopped_and_starts_anew_for_another_span() -> None:
    values = list(np.random.default_rng(0).normal(size=700))
    grown = Series()
    for number, value in enumerate(values):
        grown.append(float(number), value)
        if number % 50 == 0:
            grown.smoothed(10)
    np.testing.assert_allclose(grown.smoothed(10), plain_average(values, 10))
    np.testing.assert_allclose(grown.smoothed(99), plain_average(values, 99))


def test_constant_values_stay_what_they_are_from_the_first_on() -> None:
    np.testing.assert_allclose(series([3.0] * 50).smoothed(1000), 3.0)


def test_a_point_before_the_last_replaces_what_came_after_it() -> None:
    made = series([5.0, 4.0, 3.0, 2.0])
    made.smoothed(3)
    made.append(2.0, 9.0)
    assert made.x.tolist() == [0, 1, 2]
    assert made.y.tolist() == [5, 4, 9]
    np.testing.assert_allclose(made.smoothed(3), plain_average([5, 4, 9], 3))


def test_infinite_values_are_gaps() -> None:
    assert np.isnan(series([1.0, math.inf, 2.0]).y[1])


@pytest.mark.parametrize(("x", "index"), [(-5, 0), (0.4, 0), (0.6, 1), (2.6, 3), (99, 3)])
def test_nearest_point(x: float, index: int) -> None:
    assert series([1, 2, 3, 4]).nearest(x) == index
    assert Series().nearest(x) is None


def test_thinning_keeps_every_spike_and_few_points() -> None:
    x = np.arange(100_000.0)
    y = np.random.default_rng(0).normal(size=100_000)
    y[[31_415, 77_777]] = 50, -50
    thin_x, thin_y = thin_out(x, y, 0, 100_000, 500)
    assert len(thin_x) <= 1100
    assert (np.diff(thin_x) >= 0).all()
    assert thin_y.max() == 50
    assert thin_y.min() == -50


def test_thinning_shows_all_points_of_a_small_part_and_one_beyond_its_ends() -> None:
    x = np.arange(1000.0)
    thin_x, _ = thin_out(x, x, 100.5, 110.5, 500)
    assert thin_x.tolist() == list(range(100, 112))


def test_thinning_of_a_growing_curve_keeps_the_groups_that_were_there() -> None:
    y = np.random.default_rng(0).normal(size=70_000)
    x = np.arange(70_000.0)
    before = thin_out(x[:69_000], y[:69_000], 0, 1e6, 300)[1]
    after = thin_out(x, y, 0, 1e6, 300)[1]
    settled = 2 * (69_000 // 256)
    np.testing.assert_array_equal(before[:settled], after[:settled])


def test_steps() -> None:
    assert [step_above(value) for value in (0.9, 1.0, 1.01, 2.3, 9.1, 0.012)] == pytest.approx(
        [1, 1, 1.2, 2.5, 10, 0.012]
    )
    assert [step_below(value) for value in (0.9, 1.0, 2.4, 0.019)] == pytest.approx([0.8, 1, 2, 0.015])


def test_axis_of_epochs_goes_to_a_near_plan_at_once_and_to_a_far_one_in_steps() -> None:
    assert epochs_shown(0.1, 20) == 20
    assert epochs_shown(0.1, 1000) == 10
    assert epochs_shown(11, 1000) == 12
    assert epochs_shown(999, 1000) == 1000
    assert epochs_shown(24.5, 20) == 25
    assert epochs_shown(0, 0) == 10


def test_axis_of_the_loss_shows_epochs_whole_and_lets_spikes_of_batches_leave() -> None:
    epochs = np.array([2.2, 1.0, 0.5])
    batches = np.concatenate([np.full(199, 0.6), [80.0]])
    assert loss_range([epochs], [batches], False) == (0, 2.5)
    bottom, top = loss_range([epochs], [batches], True)
    assert (bottom, top) == pytest.approx((0.25, 2.5))
    assert loss_range([], [], False) == (0, 1)
    assert loss_range([np.array([np.nan])], [], True) == (0.01, 1)


def test_the_line_of_the_training_is_shown_from_its_beginning_unless_that_is_far_above() -> None:
    epochs, batches = np.array([1.0, 0.9]), np.full(200, 1.0)
    line = np.linspace(2.3, 1.0, 200)
    assert loss_range([epochs], [batches], False)[1] == 1
    assert loss_range([epochs], [batches], False, [line])[1] == 2.5
    assert loss_range([epochs], [batches], False, [line * 10])[1] == 1
    assert loss_range([epochs], [batches], True, [line * 10])[1] == 25


def test_a_range_goes_over_to_the_other_kind_of_axis_and_back() -> None:
    assert rescaled([0.1, 10.0], True, 0.01) == pytest.approx((-1, 1))
    assert rescaled([-1.0, 1.0], False, 0.01) == pytest.approx((0.1, 10))
    assert rescaled([-0.2, 1.0], True, 0.01) == pytest.approx((-2, 0))
    low, high = rescaled([-0.5, -0.2], True, 0.01)
    assert low < high


def test_one_mad_epoch_does_not_flatten_the_others() -> None:
    assert loss_range([np.array([900.0, 1, 0.9, 0.8, 0.7, 0.6])], [], False)[1] <= 10


def test_axis_of_a_fraction_ends_at_one_and_begins_at_a_step() -> None:
    assert fraction_range([np.array([0.3, 0.9])], []) == (0.25, 1)
    assert fraction_range([np.array([0.1, 0.9])], []) == (0, 1)
    assert fraction_range([np.array([0.96, 0.99])], []) == (0.95, 1)
    assert fraction_range([], []) == (0, 1)


def test_logarithmic_ticks_name_what_fits() -> None:
    named, unnamed = logarithmic_ticks(-1, 1)
    assert 10.0 ** np.array(named) == pytest.approx([0.1, 0.2, 0.5, 1, 2, 5, 10])
    assert len(unnamed) == 12
    assert logarithmic_ticks(-6, 2)[0] == list(range(-6, 3))


def train(epochs: int, steps: int) -> list[BatchEnded | EpochEnded]:
    events: list[BatchEnded | EpochEnded] = []
    for epoch in range(epochs):
        loss = 1 / (epoch + 1)
        events += [
            BatchEnded(epoch, step, steps, {"loss": loss, "accuracy": 1 - loss / 2}, 9.0) for step in range(steps)
        ]
        metrics = {"loss": loss, "accuracy": 0.5, "val_loss": loss + 0.1, "val_accuracy": 0.4}
        events.append(EpochEnded(epoch, 10, metrics, epoch == 1, 1e-3, 2.0))
    return events


def test_curves_hold_a_point_for_every_event() -> None:
    curves = RunCurves()
    assert all(curves.add(event) for event in train(3, 4))
    np.testing.assert_allclose(curves.batches["loss"].x, np.arange(1, 13) / 4)
    np.testing.assert_allclose(curves.validation["loss"].y, [1.1, 0.6, 1 / 3 + 0.1])
    assert curves.training["accuracy"].x.tolist() == [1, 2, 3]
    assert (curves.best, curves.epochs, curves.reached) == (2, 10, 3)


def test_curves_from_disk_are_those_seen_live() -> None:
    live = RunCurves("r")
    events = train(3, 4)
    history, steps = [], []
    for event in events:
        live.add(event)
        if isinstance(event, BatchEnded):
            steps.append((len(steps), event.metrics["loss"], event.metrics["accuracy"]))
        else:
            history.append({"epoch": event.epoch, "step": len(steps), "best": event.best, "seconds": 1.0,
                            "learning_rate": 0.1, **event.metrics})  # fmt: skip
    steps += [(12, 0.2, 0.9), (13, 0.2, 0.9)]
    read = RunCurves.from_history("r", 10, history, np.array(steps, np.float32), ("step", "loss", "accuracy"))
    np.testing.assert_allclose(read.batches["loss"].x, [*live.batches["loss"].x, 3.25, 3.5])
    np.testing.assert_allclose(read.batches["loss"].y[:12], live.batches["loss"].y, rtol=1e-6)
    assert read.validation["accuracy"].y.tolist() == live.validation["accuracy"].y.tolist()
    assert (read.best, read.epochs, read.steps) == (live.best, live.epochs, live.steps)
    assert set(read.training) == {"loss", "accuracy"}


def test_a_run_without_history_has_no_points() -> None:
    curves = RunCurves.from_history("r", 10, [], np.empty((0, 3), np.float32), ("step", "loss", "accuracy"))
    assert curves.reached == 0
