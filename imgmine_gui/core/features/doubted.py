"""Labels that cross-validated predictions contradict: candidates of mistakes, for a person to look at."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.text import N_

METHOD = N_("confident learning (Northcutt et al. 2021)")

Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Doubted:
    """The images whose label is doubted, the most doubtful first.

    Attributes:
        images: (n,) which they are.
        suggested: (n,) index of the class that each seems to be of.
    """

    images: Positions
    suggested: Positions


def find_doubted(targets: npt.NDArray[np.integer], probabilities: npt.NDArray[np.floating]) -> Doubted:
    """The images that are confidently predicted as another class than their label.

    A class j is confident in an image where its probability reaches the mean of its probabilities over the images that
    are labelled j. An image is doubted where the most probable of its confident classes is not its label. (Northcutt,
    Jiang and Chuang 2021, "Confident learning: estimating uncertainty in dataset labels".)

    Args:
        targets: (n,) index of the class that each image is labelled with.
        probabilities: (n, classes), each row by a model that has not seen the image.
    """
    classes = probabilities.shape[1]
    own = probabilities[np.arange(len(targets)), targets].astype(np.float64)
    counts = np.bincount(targets, minlength=classes)
    sums = np.bincount(targets, weights=own, minlength=classes)
    least = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    confident = np.where(probabilities >= least, probabilities, -1.0)
    best = confident.argmax(axis=1)
    images = np.flatnonzero((confident.max(axis=1) >= 0) & (best != targets))
    order = np.argsort(own[images] - confident[images, best[images]], kind="stable")
    return Doubted(images[order], best[images[order]])
