"""The painted curves of one run and one metric."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from imgmine_gui.gui.widgets.plot_colours import pen
from imgmine_gui.gui.widgets.plot_curves import RunCurves
from imgmine_gui.gui.widgets.plot_scale import SMALLEST_LOSS
from imgmine_gui.gui.widgets.plot_series import Array, thin_out

NONE: Array = np.empty(0)
DOTS_UP_TO = 60
"""Epochs are marked by dots as long as they are so few that the dots stand apart."""

JOINED_UP_TO = 60
"""Longer lines are painted piece by piece: Qt takes 15 ms to join 700 pieces of a zigzag, and 0.6 without joints."""


@dataclass(frozen=True)
class PlotView:
    """How curves are to be shown.

    Attributes:
        batches: single steps of the training instead of means of epochs.
        span: points that the moving average takes together; 1 for none.
        logarithmic: for the loss.
    """

    batches: bool = False
    span: int = 1
    logarithmic: bool = False

    @property
    def validation_span(self) -> int:
        """``span`` for validation, which has a point an epoch also where training has one a batch."""
        return 1 if self.batches else self.span


@dataclass(frozen=True)
class Look:
    """Colours and widths of the curves of one run; None for what is not painted."""

    validation: QColor
    training: QColor
    cloud: QColor | None
    validation_width: float = 2.2
    training_width: float = 1.0


def transformed(values: Array, logarithmic: bool) -> Array:
    """Values as the axis places them: exponents of ten where it is logarithmic."""
    return np.log10(np.maximum(values, SMALLEST_LOSS)) if logarithmic else values


class RunLines:
    """The curves of a run in one plot: a pale cloud of raw values, training, validation and its dots.

    One point makes no line, so that a single point of training has a dot too.

    Attributes:
        training_shown, validation_shown: x and y of what is painted, y as the axis places it.
    """

    def __init__(self, box: pg.ViewBox, metric: str, height: float) -> None:
        self._metric = metric
        self.cloud = pg.PlotCurveItem(antialias=True)
        self.training = pg.PlotCurveItem(antialias=True)
        self.validation = pg.PlotCurveItem(antialias=True)
        self.dots = pg.ScatterPlotItem(size=5, pen=None, antialias=True)
        self.first = pg.ScatterPlotItem(size=5, pen=None, antialias=True)
        self.training_shown: tuple[Array, Array] = (NONE, NONE)
        self.validation_shown: tuple[Array, Array] = (NONE, NONE)
        self._painted: tuple[object, ...] = ()
        self._box = box
        for above, item in enumerate(self._items()):
            item.setZValue(height + above / 10)
            box.addItem(item, ignoreBounds=True)

    def _items(self) -> tuple[pg.GraphicsObject, ...]:
        return self.cloud, self.training, self.first, self.validation, self.dots

    def remove(self) -> None:
        """Take the curves out of the plot."""
        for item in self._items():
            self._box.removeItem(item)

    def set_look(self, look: Look) -> None:
        """Paint in these colours from now on."""
        self._painted = ()
        self.cloud.setVisible(look.cloud is not None)
        self.cloud.setPen(pen(look.cloud or look.training, 1))
        self.training.setPen(pen(look.training, look.training_width))
        self.validation.setPen(pen(look.validation, look.validation_width))
        self.dots.setPen(None)
        self.dots.setBrush(pg.mkBrush(look.validation))
        self.first.setBrush(pg.mkBrush(look.training))
        self.dots.setVisible(look.cloud is not None)

    def show(self, run: RunCurves, view: PlotView, low: float, high: float, columns: int) -> None:
        """Paint the part of ``run`` between two epochs, for a plot that is ``columns`` pixels wide."""
        training, validation = run.series(self._metric, view.batches)
        painted = (run, training.version, validation.version, view, low, high, columns)
        if painted == self._painted:
            return
        self._painted = painted
        smooth = view.span > 1
        cloud = self.cloud.isVisible() and smooth
        self._paint(self.cloud, training.x, training.y if cloud else NONE, view, (low, high, columns))
        smoothed = training.smoothed(view.span)
        self.training_shown = self._paint(self.training, training.x, smoothed, view, (low, high, columns))
        of_epochs = validation.smoothed(view.validation_span)
        self.validation_shown = self._paint(self.validation, validation.x, of_epochs, view, (low, high, columns))
        x, y = self.validation_shown
        self.dots.setData(*((x, y) if len(x) <= DOTS_UP_TO else (NONE, NONE)))
        x, y = self.training_shown
        self.first.setData(*((x, y) if len(x) == 1 else (NONE, NONE)))

    @staticmethod
    def _paint(
        item: pg.PlotCurveItem, x: Array, y: Array, view: PlotView, part: tuple[float, float, int]
    ) -> tuple[Array, Array]:
        x, y = thin_out(x[: len(y)], y, *part)
        y = transformed(y, view.logarithmic)
        item.setSegmentedLineMode("off" if len(x) <= JOINED_UP_TO else "on")
        item.setData(x, y, connect="finite")
        return x, y
