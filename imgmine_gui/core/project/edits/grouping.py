"""Groups for the images of a catalogue, found before they are written: by a pattern over their paths."""

import sqlite3
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.edits.changes import choose
from imgmine_gui.core.project.edits.group_patterns import GroupFinder, GroupPattern
from imgmine_gui.core.project.records import shown
from imgmine_gui.core.text import N_

PREVIEW_IMAGES = 20_000
"""So many images are looked at for a preview, evenly over all."""
PREVIEW_SECONDS = 1.0
"""A preview looks at no more after this time."""
EXAMPLES = 20

_STEP = 1_000


@dataclass(frozen=True)
class GroupPreview:
    """What a pattern would do.

    Attributes:
        images: that are to be grouped.
        looked_at: so many of them were looked at, evenly over all.
        matched: of these, how many the pattern fits.
        groups: how many groups it finds among them.
        examples: the first path of each of some groups, with the name of the group.
        unmatched: some paths that the pattern does not fit.
    """

    images: int
    looked_at: int
    matched: int
    groups: int
    examples: tuple[tuple[str, str], ...]
    unmatched: tuple[str, ...]


def preview_groups(db: sqlite3.Connection, pattern: GroupPattern, images: Collection[int] | None) -> GroupPreview:
    """What a pattern would do; takes about ``PREVIEW_SECONDS`` at most.

    Args:
        db: in a transaction.
        pattern: over paths.
        images: ids of the images that are to be grouped; ``None`` for all.

    Raises:
        UserError: the pattern cannot be understood, or searches for too long.
    """
    finder = GroupFinder(pattern)
    of = _of(db, images)
    count = int(db.execute(f"SELECT count(*) FROM images WHERE {of}").fetchone()[0])  # noqa: S608 - two constants
    step = max(1, -(-count // PREVIEW_IMAGES))
    deadline = time.monotonic() + PREVIEW_SECONDS
    groups: dict[str, str] = {}
    unmatched: list[str] = []
    looked_at = matched = 0
    for _, path in _paths(db, f"{of} AND id % {step} = 0"):
        if time.monotonic() > deadline:
            break
        looked_at += 1
        group = finder.find(path)
        if group:
            matched += 1
            groups.setdefault(group, path)
        elif len(unmatched) < EXAMPLES:
            unmatched.append(path)
    examples = tuple((path, group) for group, path in list(groups.items())[:EXAMPLES])
    return GroupPreview(count, looked_at, matched, len(groups), examples, tuple(unmatched))


def find_groups(
    db: sqlite3.Connection, pattern: GroupPattern, images: Collection[int] | None, context: JobContext
) -> list[tuple[int, str]]:
    """The groups of the images that a pattern fits, by their ids.

    Args:
        db: in a transaction.
        pattern: over paths.
        images: ids of the images that are to be grouped; ``None`` for all.
        context: of the job.

    Raises:
        UserError: the pattern cannot be understood, or searches for too long.
        Cancelled: the person cancelled.
    """
    finder = GroupFinder(pattern)
    of = _of(db, images)
    count = int(db.execute(f"SELECT count(*) FROM images WHERE {of}").fetchone()[0])  # noqa: S608 - two constants
    context.report(PhaseStarted(N_("Finding groups"), count))
    found: list[tuple[int, str]] = []
    names: dict[str, str] = {}
    for done, (image_id, path) in enumerate(_paths(db, of), 1):
        group = finder.find(path)
        if group:
            found.append((image_id, names.setdefault(group, group)))
        if done % _STEP == 0 or done == count:
            check_cancelled(context)
            context.report(Progress(done, count))
    return found


def _of(db: sqlite3.Connection, images: Collection[int] | None) -> str:
    """The condition for the images that are meant."""
    if images is None:
        return "state = 0"
    choose(db, images)
    return "state = 0 AND id IN chosen"


def _paths(db: sqlite3.Connection, of: str) -> Iterator[tuple[int, str]]:
    """The ids and the paths below their sources, as they can be shown."""
    for image_id, path in db.execute(f"SELECT id, path FROM images WHERE {of} ORDER BY id"):  # noqa: S608 - constants
        yield image_id, shown(path)
