"""How a command speaks: a progress bar on a terminal, JSON lines with ``--json``, errors in one line on stderr."""

import dataclasses
import json
import math
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console as RichConsole

from imgmine_gui.core.events import (
    BatchEnded,
    EpochEnded,
    Event,
    ImageSkipped,
    PhaseStarted,
    Warned,
)
from imgmine_gui.core.events import Progress as Progressed
from imgmine_gui.core.text import N_, join_phrases, tr

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID
    from rich.table import Table

METRICS = {
    "loss": N_("loss"),
    "accuracy": N_("accuracy"),
    "val_loss": N_("validation loss"),
    "val_accuracy": N_("validation accuracy"),
    "cer": N_("character error rate"),
    "val_cer": N_("validation character error rate"),
    "exact": N_("lines without an error"),
    "val_exact": N_("validation lines without an error"),
}
"""What the figures of a training are called in a sentence; in JSON they keep their short names."""
EVENT_INTERVAL = 0.1
"""Seconds between two events of a kind that comes with every step."""


class Output:
    """Where a command's events and results go.

    Args:
        as_json: one JSON object a line on stdout and nothing else there; otherwise words, and a progress bar on stderr.
    """

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._words = RichConsole(highlight=False)
        self._bar: Progress | None = None
        self._phase: TaskID | None = None
        self._spoke: dict[type, float] = {}

    def event(self, event: Event) -> None:
        """Tell of one event; of those that carry rows only their progress is told, by events of its own."""
        if event.carries_rows:
            return
        if isinstance(event, BatchEnded | Progressed) and self._too_soon(event):
            return
        if self.as_json:
            self._line({"event": type(event).__name__, **_fields(event)})
        else:
            self._show(event)

    def result(self, values: Mapping[str, Any], table: "Table | None" = None, text: str = "") -> None:
        """The last word: every figure as JSON, or a table and a line for a person."""
        self.close()
        if self.as_json:
            self._line({"event": "Result", **values})
            return
        if table is not None:
            self._words.print(table)
        if text:
            self._words.print(text, markup=False, soft_wrap=True)

    def line(self, values: Mapping[str, Any], text: str) -> None:
        """One line on the way to the result."""
        if self.as_json:
            self._line(values)
        else:
            self._words.print(text, markup=False, soft_wrap=True)

    def close(self) -> None:
        """Take the progress bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _line(self, values: Mapping[str, Any]) -> None:
        sys.stdout.write(json.dumps(_plain(values), ensure_ascii=True) + "\n")
        sys.stdout.flush()

    def _too_soon(self, event: Event) -> bool:
        now = time.monotonic()
        last = isinstance(event, Progressed) and event.done == event.total
        if not last and now - self._spoke.get(type(event), -math.inf) < EVENT_INTERVAL:
            return True
        self._spoke[type(event)] = now
        return False

    def _show(self, event: Event) -> None:
        if isinstance(event, PhaseStarted):
            self._start_phase(tr(event.phase), event.total)
        elif isinstance(event, Progressed):
            self._advance(event.done, event.total, "")
        elif isinstance(event, BatchEnded):
            done = event.epoch * event.steps + event.step + 1
            self._advance(done, None, tr("{speed} images/s", speed=three_digits(event.images_per_second)))
        elif isinstance(event, EpochEnded):
            self._say(_epoch_line(event))
        elif isinstance(event, ImageSkipped):
            self._say(tr("Left out: {reason}", reason=event.reason))
        elif isinstance(event, Warned):
            self._say(tr(event.message, **event.values))

    def _say(self, text: str) -> None:
        console = self._bar.console if self._bar is not None else RichConsole(stderr=True, highlight=False)
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _start_phase(self, title: str, total: int | None) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None or self._phase is None:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, TextColumn("{task.fields[note]}"), console=RichConsole(stderr=True))
            self._bar.start()
            self._phase = self._bar.add_task(title, total=total, note="")
        else:
            self._bar.reset(self._phase, description=title, total=total, note="")

    def _advance(self, done: int, total: int | None, note: str) -> None:
        if self._bar is not None and self._phase is not None:
            values: dict[str, Any] = {"completed": done, "note": note}
            self._bar.update(self._phase, **(values if total is None else {**values, "total": total}))


def _epoch_line(event: EpochEnded) -> str:
    line = tr(
        "Epoch {number} of {epochs}, {seconds} s: {figures}",
        number=event.epoch + 1,
        epochs=event.epochs,
        seconds=f"{event.seconds:.1f}",
        figures=figures_in_words(event.metrics),
    )
    return f"{line} *" if event.best else line


def figures_in_words(metrics: Mapping[str, float]) -> str:
    """The figures of an epoch with their names, in the current language."""
    named = (
        tr("{name} {value}", name=tr(METRICS.get(name, name)), value=f"{value:.4f}") for name, value in metrics.items()
    )
    return join_phrases(named)


def three_digits(value: float) -> str:
    """``value`` with three significant digits and its thousands grouped: 0.912, 12.3, 4,020."""
    return f"{float(f'{value:.3g}'):,g}"


def _fields(event: Event) -> dict[str, Any]:
    return {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}


def _plain(value: Any) -> Any:
    """``value`` as JSON types; what JSON has no word for (NaN, infinity) becomes null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    elif hasattr(value, "tolist"):  # NumPy's, which is not imported for this alone
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return _text(value) if isinstance(value, str | bytes) else value


def _text(value: str | bytes) -> str:
    """Text that can be printed; bytes that are none as ``\\xNN``."""
    return (value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value).decode(
        "utf-8", "backslashreplace"
    )
