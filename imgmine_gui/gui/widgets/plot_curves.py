"""The curves of one run, filled from events while it trains or from what it left on disk."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from imgmine_gui.core.events import BatchEnded, EpochEnded, Event
from imgmine_gui.gui.widgets.plot_series import Series

VALIDATION = "val_"
"""What the names of validation metrics begin with."""


class RunCurves:
    """Every metric of a run over its epochs: 1.0 is the end of the first epoch, 0.5 the middle of it.

    Attributes:
        name: of the run, for its label.
        epochs: how many are planned; 0 where that is not known.
        batches: by metric, the values of single training steps.
        training: by metric, the means of training epochs.
        validation: by metric, the values on the validation split.
        best: the epoch with the best validation, counted from 1; 0 where there is none yet.
        metric: of its task, a share, shown beside the loss.
        falls: whether less of that is better.
    """

    def __init__(self, name: str = "", epochs: int = 0) -> None:
        self.name = name
        self.epochs = epochs
        self.steps = 0
        self.best = 0
        self.metric = "accuracy"
        self.falls = False
        self.batches: defaultdict[str, Series] = defaultdict(Series)
        self.training: defaultdict[str, Series] = defaultdict(Series)
        self.validation: defaultdict[str, Series] = defaultdict(Series)

    @property
    def reached(self) -> float:
        """The epochs trained so far."""
        kinds = (self.batches, self.training, self.validation)
        return max((float(series.x[-1]) for kind in kinds for series in kind.values() if len(series)), default=0.0)

    def series(self, metric: str, batches: bool) -> tuple[Series, Series]:
        """Training and validation of a metric; of training, single steps or epochs."""
        training = self.batches if batches else self.training
        return training[metric], self.validation[metric]

    def add(self, event: Event) -> bool:
        """Take the values of ``event``; whether it had any."""
        match event:
            case BatchEnded():
                self.steps = event.steps
                at = event.epoch + (event.step + 1) / max(event.steps, 1)
                for name, value in event.metrics.items():
                    self.batches[name].append(at, value)
            case EpochEnded():
                self.epochs = event.epochs
                self._add_epoch(event.epoch + 1, event.metrics, event.best)
            case _:
                return False
        return True

    def _add_epoch(self, number: int, metrics: Mapping[str, float], best: bool) -> None:
        for name, value in metrics.items():
            kind = self.validation if name.startswith(VALIDATION) else self.training
            kind[name.removeprefix(VALIDATION)].append(number, value)
        if best:
            self.best = number

    @classmethod
    def from_history(
        cls,
        name: str,
        epochs: int,
        history: Sequence[Mapping[str, Any]],
        steps: npt.NDArray[np.float32],
        step_columns: Sequence[str],
    ) -> "RunCurves":
        """The curves of a run on disk.

        Args:
            epochs: how many were planned.
            history: one entry an epoch: ``epoch`` from 0, ``step`` at its end, ``best``, and its metrics by name.
            steps: (steps, columns) float32, the values of single steps.
            step_columns: names of the columns; the first, ``step``, counts from 0 since the start of the run.
        """
        curves = cls(name, epochs)
        for entry in history:
            metrics = {key: float(value) for key, value in entry.items() if key not in NO_METRICS and value is not None}
            curves._add_epoch(int(entry["epoch"]) + 1, metrics, bool(entry["best"]))
        curves.steps = int(history[0]["step"]) if history else 0
        if history and len(steps):
            ends = np.array([0, *(entry["step"] for entry in history)], float)
            reached = np.array([0, *(entry["epoch"] + 1 for entry in history)], float)
            at = (steps[:, 0] + 1.0).astype(float)
            x = np.interp(at, ends, reached) + np.clip(at - ends[-1], 0, None) / max(curves.steps, 1)
            rising = np.concatenate([[True], np.diff(np.maximum.accumulate(x)) > 0])
            for column, metric in enumerate(step_columns[1:], start=1):
                curves.batches[metric].extend(x[rising], steps[rising, column].astype(float))
        return curves


NO_METRICS = frozenset({"epoch", "step", "seconds", "learning_rate", "best"})
"""Entries of a run's history that are no metrics."""
