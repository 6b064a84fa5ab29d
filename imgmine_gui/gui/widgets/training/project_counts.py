"""What the page of training says of the images of a project, read at once beside the window."""

from collections.abc import Sequence
from dataclasses import dataclass

from imgmine_gui.app.session import Session
from imgmine_gui.core.project.checks import DataCheck
from imgmine_gui.core.project.image_query import ImageQuery
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.text_checks import check_texts, with_common
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.training.config import TrainConfig


@dataclass(frozen=True)
class ProjectCounts:
    """What was counted.

    Attributes:
        task: for which.
        images: all that can be read.
        train, validation: images of which it is known what is to be learned of them.
        transcribed: images with a transcription.
        checks: what a person should know before training, what blocks it first.
        suggested: settings to begin with, where they were asked for and there are images.
    """

    task: str
    images: int
    train: int
    validation: int
    transcribed: int
    checks: Sequence[DataCheck]
    suggested: TrainConfig | None = None


def read_counts(session: Session, task: str, suggests: bool) -> ProjectCounts:
    """Count the images of the open project: a second for a million.

    Args:
        session: with an open project.
        task: that is to be learned; where settings to begin with are wanted, theirs is taken instead.
        suggests: whether settings to begin with are wanted.
    """
    project = session.project
    assert project is not None
    catalogue = project.catalogue
    totals, checks = session.totals(), session.checks()
    suggested = session.suggested_config() if suggests and totals.images else None
    task = suggested.task if suggested is not None else task
    transcribed = catalogue.count(ImageQuery(transcribed=True))
    if not TASKS[task].lines:
        return ProjectCounts(task, totals.images, totals.train, totals.validation, transcribed, checks, suggested)
    items = catalogue.items()
    train, validation = (
        sum(item.split is split and bool(item.text) for item in items) for split in (Split.TRAIN, Split.VALIDATION)
    )
    found = with_common(check_texts(items), checks)
    return ProjectCounts(task, totals.images, train, validation, transcribed, found, suggested)
