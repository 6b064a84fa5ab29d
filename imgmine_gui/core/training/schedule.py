"""The learning rate in the course of a training."""

import math

from imgmine_gui.core.training.config import Schedule

WARM_UP = 0.2
"""Part of a one-cycle training in which the rate rises."""
ONE_CYCLE_START = 1 / 10
ONE_CYCLE_END = 1 / 1000


def rate_factor(schedule: Schedule, progress: float) -> float:
    """What the configured learning rate is multiplied by when ``progress``, 0..1, of the training is done.

    One cycle rises along a cosine from a tenth of the rate to all of it, then falls to a thousandth (Smith 2018, "A
    disciplined approach to neural network hyper-parameters"; cosine as in fastai).
    """
    progress = min(max(progress, 0.0), 1.0)
    if schedule is Schedule.CONSTANT:
        return 1.0
    if schedule is Schedule.COSINE:
        return _between(1.0, ONE_CYCLE_END, progress)
    if progress < WARM_UP:
        return _between(ONE_CYCLE_START, 1.0, progress / WARM_UP)
    return _between(1.0, ONE_CYCLE_END, (progress - WARM_UP) / (1 - WARM_UP))


def _between(start: float, end: float, part: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * part)) / 2
