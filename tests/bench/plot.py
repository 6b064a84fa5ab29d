"""How long the live plot takes to show one more point when it holds tens of thousands.

Run it on a screen, real or virtual: ``python tests/bench/plot.py``. It prints milliseconds of processor time
an update, painting included, and the ratio to repainting an empty pyqtgraph plot of the same size, taken in turns.
"""

import statistics
import sys
import time

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

from imgmine_gui.core.events import BatchEnded
from imgmine_gui.gui.theme import ThemeMode, theme
from imgmine_gui.gui.widgets.plot_curves import RunCurves
from imgmine_gui.gui.widgets.plot_lines import PlotView
from imgmine_gui.gui.widgets.plot_training import TrainingPlot

LIMIT_MS = 16.0
STEPS = 500
ROUNDS = 40
VIEWS = ((PlotView(True, 1), 0), (PlotView(True, 100), 0), (PlotView(True, 100), 2), (PlotView(), 2))
"""What is shown, and how many earlier runs behind it."""


def filled(points: int, name: str = "") -> RunCurves:
    """A run of ``points`` batches and an epoch each ``STEPS`` of them."""
    random, run = np.random.default_rng(0), RunCurves(name, points // STEPS + 10)
    x = np.arange(1, points + 1) / STEPS
    loss = 2 * np.exp(-x / 20) + random.gamma(2, 0.1, points)
    run.steps = STEPS
    run.batches["loss"].extend(x, loss)
    run.batches["accuracy"].extend(x, 1 - loss / 3)
    for kind, shift in ((run.training, 0.0), (run.validation, 0.1)):
        kind["loss"].extend(x[STEPS - 1 :: STEPS], loss[STEPS - 1 :: STEPS] + shift)
        kind["accuracy"].extend(x[STEPS - 1 :: STEPS], 1 - loss[STEPS - 1 :: STEPS] / 3 - shift / 3)
    run.best = points // STEPS
    return run


def painted(widget: QWidget) -> None:
    """Paint all plots in ``widget`` now."""
    views = [widget] if isinstance(widget, QGraphicsView) else widget.findChildren(QGraphicsView)
    for view in views:
        view.viewport().update()
    QApplication.processEvents()


def update_ms(plot: TrainingPlot, step: int) -> float:
    """Take one batch in and paint."""
    start = time.process_time()
    epoch, within = divmod(step, STEPS)
    plot.add([BatchEnded(epoch, within, STEPS, {"loss": 0.4, "accuracy": 0.9}, 100.0)])
    plot._timer.stop()
    plot._paint_new()
    painted(plot)
    return (time.process_time() - start) * 1000


def repaint_ms(widget: QWidget) -> float:
    """Paint what is there."""
    start = time.process_time()
    painted(widget)
    return (time.process_time() - start) * 1000


def main() -> int:
    """Print the table; the exit status says whether 50,000 points stay within the limit."""
    application = QApplication([])
    theme().install(application, ThemeMode.LIGHT)
    empty = pg.PlotWidget()
    empty.resize(788, 520)
    empty.show()
    worst_at_50_000 = 0.0
    for points in (1_000, 50_000, 100_000):
        for view, earlier in VIEWS:
            plot = TrainingPlot()
            plot.resize(788, 560)
            plot.start(filled(points))
            plot.overlay([filled(points, f"earlier {number}") for number in range(earlier)])
            plot.choices.set_view(view)
            plot.show()
            painted(plot)
            pairs = [(update_ms(plot, points + n), repaint_ms(empty)) for n in range(ROUNDS)]
            ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
            if points == 50_000:
                worst_at_50_000 = max(worst_at_50_000, ours)
            kind = f"{'batches' if view.batches else 'epochs'}, span {view.span}, {earlier} earlier"
            times = f"{ours:6.2f} ms, empty plot {theirs:5.2f} ms, ratio {ours / theirs:5.1f}"
            print(f"{points:>7} points, {kind:<28} {times}")
            plot.deleteLater()
    print(f"worst median at 50,000 points: {worst_at_50_000:.2f} ms (limit {LIMIT_MS:.0f} ms)")
    return 0 if worst_at_50_000 < LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
