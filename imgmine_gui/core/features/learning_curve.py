"""The learning curve: accuracy against images a class, and what more images would bring."""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.features.crossvalidation import Judged
from imgmine_gui.core.features.folds import stratified_folds
from imgmine_gui.core.features.heads import HeadOptions
from imgmine_gui.core.features.intervals import Interval, fold_interval
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.text import N_

SOURCE = N_("error = a + b n^-c (Cortes et al. 1993; Hestness et al. 2017)")
LEAST_POINTS = 4
DRAWN = 500
"""Bootstrap samples of the folds."""

_POWERS = np.linspace(0.05, 2.0, 79)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PowerLaw:
    """error(n) = a + b n^-c, n in images a class; a and b are at least 0.

    Cortes et al. 1993, "Learning curves: asymptotic values and rate of convergence"; found to hold for deep networks
    by Hestness et al. 2017, "Deep learning scaling is predictable, empirically".
    """

    a: float
    b: float
    c: float

    def error(self, images: float) -> float:
        """Part of the images that is told wrong after training on ``images`` a class."""
        return min(1.0, self.a + self.b * float(images**-self.c))


@dataclass(frozen=True)
class LearningPoint:
    """One number of training images.

    Attributes:
        images_a_class: in the mean over the classes.
        accuracy: mean over the folds, with its 95 percent interval.
        by_fold: of each fold.
    """

    images_a_class: float
    accuracy: Interval
    by_fold: tuple[float, ...]


@dataclass(frozen=True)
class LearningCurve:
    """What was found.

    Attributes:
        points: from few images to many.
        law: fitted to their means.
        images_a_class: how many there are in all.
        now: accuracy that the law expects of a training on all of them.
        doubled: accuracy that it expects of twice as many.
        gain: ``doubled`` - ``now``, with the 95 percent interval of a bootstrap over the folds; from -1 to 1.
        source: of the law.
        seconds: it took.
    """

    points: tuple[LearningPoint, ...]
    law: PowerLaw
    images_a_class: float
    now: float
    doubled: float
    gain: Interval
    source: str
    seconds: float


def learning_curve(
    judged: Judged, options: HeadOptions, context: JobContext, folds: int = 5, steps: int = 6, seed: int = 0
) -> LearningCurve:
    """Train on ever more of the images, and judge each time by images that are never learned from.

    In each fold the smaller sets lie within the larger ones, and every class keeps its part.

    Raises:
        UserError: there are too few images for a curve.
        Cancelled: the person cancelled.
    """
    began = time.perf_counter()
    fold = stratified_folds(judged.targets, judged.groups, folds, seed)
    most = judged.originals.sum() / judged.classes * (folds - 1) / folds
    sizes = _sizes(most, steps)
    context.report(PhaseStarted(N_("Drawing the learning curve"), folds * len(sizes)))
    table = np.zeros((folds, len(sizes)))
    for number in range(folds):
        rows, test = np.flatnonzero(fold != number), np.flatnonzero((fold == number) & judged.originals)
        rank = _ranks(judged, rows, np.random.default_rng([seed, number]))
        for step, size in enumerate(sizes):
            check_cancelled(context)
            head = judged.train(rows[rank < size / most], options)
            predicted = head.logits(judged.features[test]).argmax(axis=1)
            table[number, step] = (predicted == judged.targets[test]).mean()
            context.report(Progress(number * len(sizes) + step + 1, folds * len(sizes)))
    points = [LearningPoint(size, fold_interval(scores), tuple(scores))
              for size, scores in zip(sizes, table.T.tolist(), strict=True)]  # fmt: skip
    everything = float(judged.originals.sum() / judged.classes)
    law = fit_power_law(np.array(sizes), 1 - table.mean(axis=0))
    now, doubled = 1 - law.error(everything), 1 - law.error(2 * everything)
    low, high = _gain_interval(np.array(sizes), table, everything, seed)
    gain = Interval(doubled - now, low, high)
    spent = time.perf_counter() - began
    return LearningCurve(tuple(points), law, everything, now, doubled, gain, SOURCE, spent)


def fit_power_law(images: Floats, errors: Floats) -> PowerLaw:
    """The law with the least squares: for each c of a grid a and b are exact, the best c is taken.

    Args:
        images: (points,) images a class.
        errors: (points,) between 0 and 1.
    """
    a, b, squares = _fits(images, errors[np.newaxis])
    best = int(squares[0].argmin())
    return PowerLaw(float(a[0, best]), float(b[0, best]), float(_POWERS[best]))


def _fits(images: Floats, errors: Floats) -> tuple[Floats, Floats, Floats]:
    """a, b and the sum of squares for each curve of ``errors`` (curves, points) and each c: (curves, powers)."""
    x = images[np.newaxis] ** -_POWERS[:, np.newaxis]  # (powers, points)
    x_mean, y_mean = x.mean(axis=1), errors.mean(axis=1, keepdims=True)
    centred = x - x_mean[:, np.newaxis]
    b = (errors @ centred.T) / (centred**2).sum(axis=1)
    a = y_mean - b * x_mean
    through_zero = (errors @ x.T) / (x**2).sum(axis=1)
    b = np.where(a < 0, through_zero, b)
    a = np.where(a < 0, 0.0, a)
    flat = b < 0
    a, b = np.where(flat, y_mean, a), np.where(flat, 0.0, b)
    fitted = a[..., np.newaxis] + b[..., np.newaxis] * x
    return a, b, ((errors[:, np.newaxis] - fitted) ** 2).sum(axis=2)


def _gain_interval(images: Floats, accuracies: Floats, everything: float, seed: int) -> tuple[float, float]:
    """The middle 95 percent of the gains by doubling, of laws fitted to folds that are drawn with repetition."""
    folds = len(accuracies)
    drawn = np.random.default_rng(seed).integers(0, folds, (DRAWN, folds))
    _, b, squares = _fits(images, 1 - accuracies[drawn].mean(axis=1))
    best = squares.argmin(axis=1)
    slope, power = b[np.arange(DRAWN), best], _POWERS[best]
    low, high = np.quantile(slope * (everything**-power - (2 * everything) ** -power), [0.025, 0.975])
    return float(low), float(high)


def _sizes(most: float, steps: int) -> list[float]:
    """Images a class: ``steps`` of them, each the same times as many as the one before, from 2 or a 32nd on."""
    first = max(2.0, most / 32)
    if most < 2 * first or steps < LEAST_POINTS:
        raise UserError(N_("There are too few images for a learning curve."), N_("Label at least 5 images a class."))
    return [float(size) for size in np.geomspace(first, most, steps)]


def _ranks(judged: Judged, rows: npt.NDArray[np.intp], random: np.random.Generator) -> Floats:
    """When each row joins in: 0 at first, towards 1 at last, evenly within each class; copies with their images."""
    groups, number = np.unique(np.asarray(judged.groups, str)[rows], return_inverse=True)
    chance = random.permutation(len(groups))[number]
    targets = judged.targets[rows]
    order = np.lexsort((chance, targets))
    counts = np.bincount(targets, minlength=judged.classes)
    starts = np.concatenate([[0], np.cumsum(counts)])[targets[order]]
    ranks = np.empty(len(rows))
    ranks[order] = (np.arange(len(rows)) - starts) / counts[targets[order]]
    return ranks
