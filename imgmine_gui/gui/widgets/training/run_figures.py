"""The one figure by which the runs of a task are told apart, and what it is called."""

from collections.abc import Mapping
from dataclasses import dataclass

from imgmine_gui.core.storage.run_folder import RunInfo
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.format import percentage

WORDS = {"accuracy": N_("best accuracy {figure}"), "cer": N_("best CER {figure}")}
"""CER: character error rate, as it is called in every language."""
SHORT = {"cer": N_("CER {figure}")}
"""Beside a name, where the figure of a classification needs no word."""


@dataclass(frozen=True)
class Figure:
    """The metric of a task that says which epoch is best; a share.

    Attributes:
        metric: its name.
        falls: whether less is better.
    """

    metric: str = "accuracy"
    falls: bool = False


def figure_of(task: str) -> Figure:
    """The metric of ``task``; that of a classification where this version does not know it."""
    return Figure(TASKS[task].monitor, TASKS[task].less_is_better) if task in TASKS else Figure()


def best(run: RunInfo) -> float | None:
    """The figure of the best epoch on validation, or that of training where there is no validation."""
    return best_of(run.task, run.metrics)


def best_of(task: str, metrics: Mapping[str, float]) -> float | None:
    """The figure of ``task`` among ``metrics``, on validation where there is any."""
    name = figure_of(task).metric
    return metrics.get(f"val_{name}", metrics.get(name))


def best_words(run: RunInfo) -> str:
    """The figure with its name, in the present language: "best accuracy 91.2 %"; empty before the first epoch."""
    found = best(run)
    return "" if found is None else tr(WORDS[figure_of(run.task).metric], figure=percentage(found))


def short_words(run: RunInfo) -> str:
    """The figure as short as it can be understood: "91.2 %", "CER 3.4 %"; empty before the first epoch."""
    found = best(run)
    return "" if found is None else tr(SHORT.get(figure_of(run.task).metric, "{figure}"), figure=percentage(found))
