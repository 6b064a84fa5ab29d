"""What the page of training says of the images of a project, read at once beside the window."""

from collections.abc import Sequence
from dataclasses import dataclass

from imgmine_gui.app.session import Session
from imgmine_gui.core.project.catalogue import Totals
from imgmine_gui.core.project.checks import DataCheck
from imgmine_gui.core.training.config import TrainConfig


@dataclass(frozen=True)
class ProjectCounts:
    """What was counted.

    Attributes:
        checks: what a person should know before training, what blocks it first.
        suggested: settings to begin with, where they were asked for and there are images.
    """

    totals: Totals
    checks: Sequence[DataCheck]
    suggested: TrainConfig | None = None


def read_counts(session: Session, suggests: bool) -> ProjectCounts:
    """Count the images of the open project: a second for a million.

    Args:
        session: with an open project.
        suggests: whether settings to begin with are wanted.
    """
    totals = session.totals()
    suggested = session.suggested_config() if suggests and totals.images else None
    return ProjectCounts(totals, session.checks(), suggested)
