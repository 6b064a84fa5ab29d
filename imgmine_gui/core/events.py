"""What a running job tells: small frozen dataclasses, picklable, the same for the window and the command line."""

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Event:
    """The base of all events.

    Attributes:
        carries_rows: it brings what was found so far to whoever shows it as it comes, not words for a person.
    """

    carries_rows: ClassVar[bool] = False


@dataclass(frozen=True)
class PhaseStarted(Event):
    """A new stretch of the job begins.

    Attributes:
        phase: an English text marked with ``N_``, in words for a person: "Reading images".
        total: how many steps the phase has, if that is known.
    """

    phase: str
    total: int | None = None


@dataclass(frozen=True)
class Progress(Event):
    """``done`` steps of the phase are done, of ``total``; ``detail`` names the thing at hand."""

    done: int
    total: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Warned(Event):
    """Something that did not stop the job but that the person should know: template, remedy and values of a text."""

    message: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class BatchEnded(Event):
    """One training step: 0-based epoch and step, losses and metrics of this batch, seconds since the start."""

    epoch: int
    step: int
    steps: int
    metrics: dict[str, float]
    images_per_second: float


@dataclass(frozen=True)
class EpochEnded(Event):
    """One epoch with its validation.

    Attributes:
        epoch: 0-based.
        metrics: ``loss``, ``accuracy`` of training (means over the epoch) and ``val_loss``, ``val_accuracy``.
        best: whether this is the best epoch so far by the monitored metric.
        learning_rate: at the end of the epoch.
        seconds: of the whole epoch with its validation.
    """

    epoch: int
    epochs: int
    metrics: dict[str, float]
    best: bool
    learning_rate: float
    seconds: float


@dataclass(frozen=True)
class ImageSkipped(Event):
    """An image went bad while it was used: it was left out, and counted."""

    path: str
    reason: str


@dataclass(frozen=True)
class MemoryUsed(Event):
    """Resident memory of the working process, in bytes."""

    resident: int


@dataclass(frozen=True)
class Saved(Event):
    """A state was written to disk and is complete there."""

    path: str


@dataclass(frozen=True)
class Stopping(Event):
    """The job has seen that it is to stop, and is now saving what it made."""
