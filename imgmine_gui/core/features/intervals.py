"""How sure the mean of a cross-validation is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imgmine_gui.core.text import N_

MOST_FOLDS = 20
METHOD = N_("corrected resampled t (Nadeau and Bengio 2003)")

_T_975 = (
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
    2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930,
)  # fmt: skip
"""The 0.975 quantiles of Student's t with 1, 2, ... degrees of freedom."""


@dataclass(frozen=True)
class Interval:
    """A mean with its 95 percent interval, within 0..1."""

    mean: float
    low: float
    high: float


def fold_interval(scores: Sequence[float]) -> Interval:
    """Mean and 95 percent interval of the scores of the k folds of one cross-validation.

    The folds' training images overlap, so that their scores vary less than independent ones would: the variance of the
    mean is taken as (1 / k + n_test / n_train) s^2, with n_test / n_train = 1 / (k - 1), and Student's t with k - 1
    degrees of freedom (Nadeau and Bengio 2003, "Inference for the generalization error"; for k folds Bouckaert and
    Frank 2004).

    Args:
        scores: of 2 to ``MOST_FOLDS`` folds.
    """
    folds = len(scores)
    if not 2 <= folds <= MOST_FOLDS:
        raise ValueError(f"2 to {MOST_FOLDS} folds have an interval. Received: scores of {folds}")
    mean = float(np.mean(scores))
    half = _T_975[folds - 2] * float(np.std(scores, ddof=1)) * (1 / folds + 1 / (folds - 1)) ** 0.5
    return Interval(mean, max(0.0, mean - half), min(1.0, mean + half))
