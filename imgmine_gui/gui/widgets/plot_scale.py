"""Ranges of a plot that grow in steps, and where its axes are named: numbers only."""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from imgmine_gui.gui.widgets.plot_series import Array

STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""The ends that a range may have, times a power of ten."""

FLOORS = (0.95, 0.9, 0.8, 0.7, 0.5, 0.25)
"""Where the axis of a fraction may begin when everything lies above."""

LOWEST_ERROR_TOP = 0.01
"""An error rate is never shown on an axis that ends below."""

OUTLIER = 10.0
"""A loss so many times as high as three quarters of the others may leave the plot."""

BEGINNING = 3.0
"""A training that begins at most so many times as high as it goes on is shown from its beginning."""

SMALLEST_LOSS = 1e-6
"""What the logarithmic axis shows in the place of zero."""


def step_above(value: float) -> float:
    """The smallest step that is at least ``value``, which is positive."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (*STEPS, 20.0) if step * power >= value * (1 - 1e-9))


def step_below(value: float) -> float:
    """The largest step that is at most ``value``, which is positive."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in STEPS if step * power <= value * (1 + 1e-9))


def epochs_shown(reached: float, planned: int) -> float:
    """How far the axis of epochs goes: to the plan where that is near, in steps towards it where it is far."""
    if planned and planned <= 25:
        return max(planned, math.ceil(reached), 1)
    end = step_above(max(reached, 10.0))
    return max(min(end, planned), math.ceil(reached)) if planned else end


def _known(parts: Iterable[Array]) -> Array:
    """All values taken together, gaps left out."""
    values = [part[np.isfinite(part)] for part in parts]
    return np.concatenate(values) if values else np.empty(0)


def loss_range(
    smooth: Iterable[Array], rough: Iterable[Array], logarithmic: bool, lines: Iterable[Array] = ()
) -> tuple[float, float]:
    """Bottom and top of the loss's axis.

    Args:
        smooth: means of epochs, which are to be seen whole, but for one that leaves all others far behind.
        rough: values of single batches, whose spikes may leave the plot.
        logarithmic: whether the bottom is positive instead of zero.
        lines: what is painted of the training as a line, which is to be seen from its beginning, unless it begins far
            above all that follows.
    """
    means, batches, line = _known(smooth), _known(rough), _known(lines)
    tops, bottoms = [10 * SMALLEST_LOSS], []
    if len(means):
        tops.append(min(float(means.max()), OUTLIER * float(np.quantile(means, 0.75))))
        bottoms.append(float(means.min()))
    if len(batches):
        low, high = np.quantile(batches, (0.005, 0.98))
        tops.append(float(high))
        bottoms.append(float(low))
    if not bottoms:
        return (0.01, 1.0) if logarithmic else (0.0, 1.0)
    highest = max(tops)
    if len(line) and (logarithmic or line.max() <= BEGINNING * highest):
        highest = max(highest, float(line.max()))
    top = step_above(highest)
    if not logarithmic:
        return 0.0, top
    return min(step_below(max(min(bottoms), SMALLEST_LOSS)), top / 10), top


def fraction_range(smooth: Iterable[Array], rough: Iterable[Array]) -> tuple[float, float]:
    """Bottom and top of the axis of a metric between 0 and 1, for the same arguments as ``loss_range``."""
    means, batches = _known(smooth), _known(rough)
    lowest = [float(means.min())] if len(means) else []
    if len(batches):
        lowest.append(float(np.quantile(batches, 0.005)))
    return next((floor for floor in FLOORS if lowest and min(lowest) > floor), 0.0), 1.0


def error_range(smooth: Iterable[Array]) -> tuple[float, float]:
    """Bottom and top of the axis of an error rate: zero, and a step above all means of epochs."""
    means = _known(smooth)
    return 0.0, step_above(max(float(means.max()), LOWEST_ERROR_TOP)) if len(means) else 1.0


def rescaled(shown: Sequence[float], logarithmic: bool, lowest: float) -> tuple[float, float]:
    """The same two values of a loss on the other kind of axis.

    Args:
        shown: bottom and top; exponents of ten where the axis was logarithmic.
        logarithmic: whether the axis is so now.
        lowest: what a logarithmic axis shows in the place of values that have no logarithm.
    """
    bottom, top = shown
    if not logarithmic:
        return 10.0**bottom, 10.0**top
    bottom = bottom if bottom > 0 else lowest
    return math.log10(bottom), math.log10(max(top, 2 * bottom))


def logarithmic_ticks(low: float, high: float) -> tuple[list[float], list[float]]:
    """Ticks with and without a number between the powers ``10**low`` and ``10**high``, as exponents of ten."""
    decades = high - low
    powers = range(math.floor(low), math.ceil(high) + 1)
    named = (1, 2, 5) if decades <= 2.2 else (1,)
    every = max(1, math.ceil(decades / 8))
    major = [p + math.log10(m) for p in powers for m in named if p % every == 0]
    minor = [p + math.log10(m) for p in powers for m in range(1, 10) if m not in named] if decades <= 4 else []
    return [t for t in major if low <= t <= high], [t for t in minor if low <= t <= high]
