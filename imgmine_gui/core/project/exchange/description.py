"""What a file says of images, free of any format."""

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import PhaseStarted, Progress
from imgmine_gui.core.images.problems import printable
from imgmine_gui.core.jobs import JobContext, check_cancelled
from imgmine_gui.core.project.layout import SPLIT_NAMES, Split
from imgmine_gui.core.project.shapes import Point, Points, Shape, ShapeKind
from imgmine_gui.core.text import tr

__all__ = ["ImportedImage", "Point", "Points", "Problem", "ProblemKind", "Shape", "ShapeKind", "Told"]

PROBLEMS_KEPT = 1000
"""Of each kind; all are counted."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ImportedImage:
    """What one place of a file says of one image; further places may say more of the same one.

    ``None`` means that nothing is said, an empty value that there is nothing.

    Attributes:
        names: the path as it is written, then what else the image may be called; tried in this order.
        file: where this stands, if not in the file that was chosen.
        line: of the file, from 1; 0 if unknown.
        stem: a path without suffix, to be tried if no name leads to an image.
        labels: classes of the whole image, the most important first.
        split: what the image is for.
        group: images of one group are in one split.
        note: free text.
        text: what is written in the image.
        shapes: in it.
        size: width and height of the image as the file states them, in the unit of the shapes.
        relative: whether ``size`` is not in pixels: the shapes are in parts of the image.
    """

    names: tuple[str, ...]
    file: str = ""
    line: int = 0
    stem: str = ""
    labels: tuple[str, ...] | None = None
    split: Split | None = None
    group: str | None = None
    note: str | None = None
    text: str | None = None
    shapes: tuple[Shape, ...] | None = None
    size: Point | None = None
    relative: bool = False


class ProblemKind(StrEnum):
    """What is wrong with a place of a file."""

    NOT_FOUND = "not_found"
    """No image of the project is meant."""
    AMBIGUOUS = "ambiguous"
    """Several images of the project may be meant."""
    CONFLICT = "conflict"
    """The file contradicts itself."""
    UNREADABLE = "unreadable"
    """The place cannot be understood."""
    SHAPE = "shape"
    """A shape that cannot be in this image."""
    LEFT_OUT = "left_out"
    """Understood, but there is no room for it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was left out, and why.

    Attributes:
        kind: of what sort.
        message: an English template, to be translated with ``tr``.
        values: for its fields.
        file: in which it stands.
        line: from 1; 0 if unknown.
    """

    kind: ProblemKind
    message: str
    values: Mapping[str, Any]
    file: str = ""
    line: int = 0

    @property
    def text(self) -> str:
        """In words, in the current language, with the place."""
        words = tr(self.message, **self.values)
        if self.line:
            return tr("{file}, line {line}: {problem}", file=self.file, line=self.line, problem=words)
        return tr("{file}: {problem}", file=self.file, problem=words) if self.file else words


class Told:
    """What is told beside the images: problems, remarks and progress.

    Args:
        context: of the job.

    Attributes:
        problems: at most ``PROBLEMS_KEPT`` of each kind, in their order.
        counts: of all problems.
        remarks: on the file as a whole, such as its encoding: templates with their values.
    """

    def __init__(self, context: JobContext) -> None:
        self.problems: list[Problem] = []
        self.counts: Counter[ProblemKind] = Counter()
        self.remarks: list[tuple[str, dict[str, Any]]] = []
        self._context = context
        self._asked = 0

    def problem(self, kind: ProblemKind, message: str, /, *, file: str = "", line: int = 0, **values: Any) -> None:
        """Something is left out; ``message`` is marked with ``N_``."""
        self.counts[kind] += 1
        if self.counts[kind] <= PROBLEMS_KEPT:
            self.problems.append(Problem(kind, message, values, printable(file), line))

    def refused(self, error: UserError, file: str = "", line: int = 0) -> None:
        """Something is left out for this reason; without ``file``, the error names it."""
        self.counts[ProblemKind.UNREADABLE] += 1
        if self.counts[ProblemKind.UNREADABLE] <= PROBLEMS_KEPT:
            problem = Problem(ProblemKind.UNREADABLE, error.message_template, error.values, printable(file), line)
            self.problems.append(problem)

    def remark(self, message: str, /, **values: Any) -> None:
        """Something that a person should know of the file; ``message`` is marked with ``N_``. Told once only."""
        if (message, values) not in self.remarks:
            self.remarks.append((message, values))

    def phase(self, phase: str, total: int | None = None) -> None:
        """A stretch of the work begins; ``phase`` is marked with ``N_``."""
        self._context.report(PhaseStarted(phase, total))

    def breathe(self, every: int = 256) -> None:
        """Ask now and then whether to go on; cheap.

        Raises:
            Cancelled: the person cancelled.
        """
        self._asked += 1
        if self._asked % every == 0:
            check_cancelled(self._context)

    def step(self, done: int, total: int | None = None, every: int = 256) -> None:
        """So much is done; cheap.

        Raises:
            Cancelled: the person cancelled.
        """
        self._asked += 1
        if self._asked % every == 0 or done == total:
            check_cancelled(self._context)
            self._context.report(Progress(done, total))

    def stepping(self, things: Iterable[_T]) -> Iterator[_T]:
        """The ``things``, each of which is a step."""
        for done, thing in enumerate(things, 1):
            self.step(done)
            yield thing


def split_of(written: str) -> Split | None:
    """The split that a word in a file means; None if it is no name of one."""
    word = written.strip().casefold()
    return SPLIT_NAMES.get(word) or _SPLITS_IN_CHINESE.get(word)


_SPLITS_IN_CHINESE = {
    "训练": Split.TRAIN,
    "训练集": Split.TRAIN,
    "验证": Split.VALIDATION,
    "验证集": Split.VALIDATION,
    "测试": Split.TEST,
    "测试集": Split.TEST,
}


def clean_text(text: str) -> str:
    """``text`` as it can be stored: halves of characters are joined; those that are alone are spelled out."""
    try:
        text.encode()
    except UnicodeEncodeError:
        with contextlib.suppress(UnicodeDecodeError):
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        return text.encode("utf-8", "backslashreplace").decode()
    return text
