"""What stands in the way of a quick check, known from counts before anything starts."""

import math
from collections.abc import Sequence

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.checks import ClassCounts, DataCheck
from imgmine_gui.core.text import N_

LEAST_IN_A_CURVE = 4
"""Training images a class in the mean: the shortest curve goes from 2 to twice as many."""


def find_obstacle(
    classes: Sequence[ClassCounts], checks: Sequence[DataCheck], folds: int, curve: bool
) -> UserError | None:
    """Why the images cannot be judged; None where they can.

    Args:
        classes: of the project; test images are not judged.
        checks: the findings about its images, of which those about sources that are not there count.
        folds: how many parts are wanted.
        curve: whether a learning curve is wanted, and not a cross-validation.
    """
    used = [(one.train + one.validation, one.name) for one in classes if one.train + one.validation]
    if len(used) < 2:
        return UserError(
            N_("Two classes of labelled images outside the test images are needed."),
            N_("Put images into one folder a class, or label them."),
        )
    offline = next((check for check in checks if check.code == "offline"), None)
    if offline is not None:
        return UserError(offline.message_template, offline.remedy_template, **offline.values)
    fewest, name = min(used)
    if fewest < folds:
        return UserError(
            N_("“{name}” has {count} images outside the test images, fewer than there are parts: {folds}."),
            N_("Label more of them, choose fewer parts, or leave the class out."),
            name=name,
            count=fewest,
            folds=folds,
        )
    least = math.ceil(LEAST_IN_A_CURVE * folds / (folds - 1))
    if curve and sum(count for count, _ in used) < least * len(used):
        return UserError(
            N_("There are too few images for a learning curve."),
            N_("Label at least {least} images a class."),
            least=least,
        )
    return None
