"""Folds for cross-validation: every class spread evenly over them, no group cut in two."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.text import N_

Whole = npt.NDArray[np.int64]


def stratified_folds(targets: npt.NDArray[np.integer], groups: Sequence[str], folds: int, seed: int) -> Whole:
    """The fold of every image.

    Groups of several images go first, the largest before the others, each to the fold that has least of its classes;
    the single images then make up for what is uneven, class by class.

    Args:
        targets: (n,) index of the class of each image.
        groups: (n,) what belongs together: equal contents, or images that a person says are of one thing.
        folds: how many, at least 2.
        seed: decides what is left to chance.

    Returns:
        int64 (n,), each 0 to ``folds`` - 1.

    Raises:
        UserError: there are fewer groups than folds.
    """
    numbers = np.unique(np.asarray(groups, str), return_inverse=True)[1] if len(groups) else np.zeros(0, np.int64)
    sizes = np.bincount(numbers, minlength=1)
    if len(sizes) < folds or not len(numbers):
        raise UserError(
            N_("{folds} parts cannot be made of {images} different images."),
            N_("Label more images, or choose fewer parts."),
            folds=folds,
            images=len(sizes) if len(numbers) else 0,
        )
    random = np.random.default_rng(seed)
    held = np.zeros((folds, int(targets.max()) + 1))
    fold_of_group = np.zeros(len(sizes), np.int64)
    members = np.split(np.argsort(numbers, kind="stable"), np.cumsum(sizes)[:-1])
    order = random.permutation(len(sizes))
    first_target = targets[[rows[0] for rows in members]]
    singly = sizes[order] == 1
    for group in order[np.lexsort((first_target[order] * singly, -sizes[order]))]:
        counts = np.bincount(targets[members[group]], minlength=held.shape[1])
        classes = np.flatnonzero(counts)
        of_classes = held[:, classes] @ (counts[classes] / counts.sum())
        fold = int(np.lexsort((held.sum(axis=1), of_classes))[0])
        fold_of_group[group] = fold
        held[fold] += counts
    return fold_of_group[numbers]
