"""Measure some images, in any process, told of in batches."""

import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from imgmine_gui.core.events import Event
from imgmine_gui.core.images.pages import split_page
from imgmine_gui.core.images.problems import ImageError, ImageProblem
from imgmine_gui.core.jobs import JobContext, stop_asked
from imgmine_gui.core.project.health.measures import Measures, measure_file
from imgmine_gui.core.project.records import refused_for

LASTING = frozenset(
    {
        ImageProblem.TRUNCATED,
        ImageProblem.DAMAGED,
        ImageProblem.TOO_LARGE,
        ImageProblem.UNSUPPORTED_FORMAT,
        ImageProblem.NOT_AN_IMAGE,
        ImageProblem.EMPTY,
    }
)
"""Problems of a content, which stay with it; the others are of the drive or of rights, and may be gone tomorrow."""

_THREADS = 2
_AHEAD = 16
_BATCH = 250
_BATCH_SECONDS = 0.5
_WAIT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A content that is to be measured, and where it lies.

    Attributes:
        key: of the content.
        path: of the file, or of the page.
        size, mtime_ns: of the file when it was hashed; if it is another now, it is left to the next scan.
    """

    key: str
    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A content that cannot be decoded.

    Attributes:
        key: of the content.
        problem: value of an ``ImageProblem``.
        explanation: from which ``records.explain`` makes the reason.
    """

    key: str
    problem: str
    explanation: str


@dataclass(frozen=True)
class ImagesMeasured(Event):
    """Some more images were looked at.

    Attributes:
        measured: keys of contents with their measures.
        undecodable: those that have a lasting problem.
        skipped: how many could not be looked at now, because their files were changed or the drive failed.
    """

    measured: tuple[tuple[str, Measures], ...] = ()
    undecodable: tuple[Undecodable, ...] = ()
    skipped: int = 0

    @property
    def done(self) -> int:
        """How many were looked at."""
        return len(self.measured) + len(self.undecodable) + self.skipped


_Outcome = Measures | Undecodable | None


def measure_images(items: Sequence[Unmeasured], context: JobContext) -> None:
    """Measure images and report ``ImagesMeasured``, each image in one of the batches.

    Two at a time: of large photos, most of the work is done without Python's lock.

    Args:
        items: what is to be measured.
        context: of the job; when it is stopped, what was measured so far has been reported.

    Raises:
        Cancelled: the person cancelled.
    """
    batch = _Batch(context)
    for item, outcome in _all_measured(items, context):
        batch.add(item.key, outcome)
    batch.report()


class _Batch:
    """Collects outcomes, and reports them when there are enough or it is time."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._outcomes: list[tuple[str, _Outcome]] = []
        self._next = time.monotonic() + _BATCH_SECONDS

    def add(self, key: str, outcome: _Outcome) -> None:
        self._outcomes.append((key, outcome))
        if len(self._outcomes) >= _BATCH or time.monotonic() >= self._next:
            self.report()

    def report(self) -> None:
        self._context.report(
            ImagesMeasured(
                tuple((key, outcome) for key, outcome in self._outcomes if isinstance(outcome, Measures)),
                tuple(outcome for _, outcome in self._outcomes if isinstance(outcome, Undecodable)),
                sum(outcome is None for _, outcome in self._outcomes),
            )
        )
        self._outcomes = []
        self._next = time.monotonic() + _BATCH_SECONDS


def _all_measured(items: Sequence[Unmeasured], context: JobContext) -> Iterator[tuple[Unmeasured, _Outcome]]:
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="measure")
    begun: deque[tuple[Unmeasured, Future[_Outcome]]] = deque()
    try:
        for item in items:
            begun.append((item, pool.submit(_measure, item)))
            if len(begun) >= _AHEAD:
                if not _wait(begun[0][1], context):
                    return
                first, work = begun.popleft()
                yield first, work.result()
        while begun and _wait(begun[0][1], context):
            first, work = begun.popleft()
            yield first, work.result()
    finally:
        # Not waited for: a thread may be in the middle of a huge file on a slow drive.
        pool.shutdown(wait=False, cancel_futures=True)


def _wait(work: "Future[_Outcome]", context: JobContext) -> bool:
    """Whether the work is done; false where the person stopped meanwhile."""
    while not stop_asked(context):
        if wait([work], _WAIT_SECONDS).done:
            return True
    return False


def _measure(item: Unmeasured) -> _Outcome:
    """Runs in a thread of the pool; None where there is nothing to say of this content now."""
    try:
        status = os.stat(split_page(item.path)[0])
        if (status.st_size, status.st_mtime_ns) != (item.size, item.mtime_ns):
            return None
        return measure_file(item.path)
    except ImageError as error:
        if error.problem not in LASTING:
            return None
        return Undecodable(item.key, error.problem.value, refused_for(os.fsencode(item.path), error).explanation)
    except OSError:
        return None
