"""The plot of one metric over the epochs: the present run strong, earlier runs pale behind it."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.format import percentage, reading
from imgmine_gui.gui.theme import FontSize, font, theme
from imgmine_gui.gui.widgets.plot_axes import EpochAxis, ValueAxis
from imgmine_gui.gui.widgets.plot_colours import PlotColours
from imgmine_gui.gui.widgets.plot_curves import RunCurves
from imgmine_gui.gui.widgets.plot_labels import CurveNames, Name
from imgmine_gui.gui.widgets.plot_lines import Look, PlotView, RunLines, transformed
from imgmine_gui.gui.widgets.plot_marks import BestMark, Pointer
from imgmine_gui.gui.widgets.plot_scale import epochs_shown, error_range, fraction_range, loss_range, rescaled
from imgmine_gui.gui.widgets.plot_series import Array, Series
from imgmine_gui.gui.widgets.plot_view_box import CurveViewBox

ROOM_FOR_NAMES = 84
"""Pixels at the right end that the axis of epochs leaves to the names of the curves."""
SAMPLE = 4000
SLACK = 1e-6
"""The share of a range by which rounding may leave it."""
BEHIND = -1000
"""The grid lies behind the curves; pyqtgraph puts axes in front."""
EARLIER = 0.55
"""How strong the curves of earlier runs are, between 0 (the background) and 1."""
HALF_A_NUMBER = 8
"""Pixels above the plot, for the upper half of a number at its very top."""
ROOM_ABOVE = 12
"""Pixels above the highest value of the axis, so that its number and the curve are not cut."""


class MetricPlot(pg.PlotWidget):  # type: ignore[misc] # pyqtgraph has no types
    """One metric. Ranges are set by ``fit`` in steps, and never by a point that comes in.

    Args:
        metric: its name, such as "loss".
        fraction: whether it lies between 0 and 1, and is shown in percent.
        lowest: whether it stands at the bottom of others, and names the epochs.
    """

    pointed = Signal(object)
    """The epoch under the pointer, a float; None when it left."""
    zoomed = Signal()
    """The person zoomed in it."""

    def __init__(self, metric: str, fraction: bool, lowest: bool, parent: QWidget | None = None) -> None:
        self.box = CurveViewBox()
        self._epochs, self._values = EpochAxis(named=lowest), ValueAxis(fraction)
        super().__init__(parent, viewBox=self.box, axisItems={"bottom": self._epochs, "left": self._values})
        for axis in (self._epochs, self._values):
            axis.setZValue(BEHIND)
        self.metric_name, self.fraction, self.falls = metric, fraction, False
        self.run = RunCurves()
        self.earlier: list[RunCurves] = []
        self.view = PlotView()
        self.is_zoomed = False
        """Whether the person chose the ranges, here or in a plot over the same epochs."""
        self.hideButtons()
        self.plotItem.layout.setContentsMargins(0, HALF_A_NUMBER, 0, 0)
        self.setFrameShape(self.Shape.NoFrame)
        self._lines = RunLines(self.box, metric, 20)
        self._behind: list[RunLines] = []
        self._names, self._best = CurveNames(self.box), BestMark(self.box, worded=not lowest)
        self._pointer = Pointer(self.box)
        self._at: float | None = None
        self._write = percentage if fraction else reading
        self.box.zoomed.connect(self.zoomed)
        self.box.sigRangeChanged.connect(lambda *_: self.paint_curves())
        self.scene().sigMouseMoved.connect(self._on_mouse)
        theme().changed.connect(self.recolour)
        self.recolour()
        self.fit()

    def sizeHint(self) -> QSize:
        """Content with what it gets."""
        return QSize(480, 200)

    def minimumSizeHint(self) -> QSize:
        """Still readable."""
        return QSize(220, 96)

    def recolour(self) -> None:
        """Paint in the colours of the present theme."""
        self.colours = colours = PlotColours.of(theme().colours)
        self._words = [colours.lettering(one) for one in (colours.validation, colours.training, *colours.earlier)]
        small = font(FontSize.SMALL, tabular=True)
        self.setBackground(colours.background)
        self.box.set_look(theme().colours.accent)
        for axis in (self._epochs, self._values):
            axis.set_look(colours.grid, colours.quiet, small)
        self._lines.set_look(Look(colours.validation, colours.training, colours.batches))
        self._best.set_look(colours, small)
        self._pointer.set_look(colours)
        self._recolour_earlier()
        self.paint_curves()

    def _recolour_earlier(self) -> None:
        for number, lines in enumerate(self._behind):
            strong = self.colours.earlier[number % len(self.colours.earlier)]
            lines.set_look(Look(self.colours.pale(strong, EARLIER), self.colours.pale(strong, 0.28), None, 1.5, 1.0))

    def set_runs(self, run: RunCurves, earlier: list[RunCurves]) -> None:
        """Show these runs; ``run`` is the present one, and where it is the one before, a zoom stays."""
        fits = run is not self.run or not self.is_zoomed
        self.run, self.earlier = run, earlier
        while len(self._behind) > len(earlier):
            self._behind.pop().remove()
        while len(self._behind) < len(earlier):
            self._behind.append(RunLines(self.box, self.metric_name, 10 - len(self._behind) / 10))
        self._recolour_earlier()
        self._take_in(fits)

    def set_metric(self, metric: str, falls: bool) -> None:
        """Show another metric from now on, with the runs that are set next.

        Args:
            falls: whether less of it is better.
        """
        if metric == self.metric_name:
            return
        self.metric_name, self.falls = metric, falls
        for lines in (self._lines, *self._behind):
            lines.remove()
        self._lines, self._behind, self.earlier = RunLines(self.box, metric, 20), [], []
        self.recolour()

    def set_view(self, view: PlotView) -> None:
        """Show curves as ``view`` says, in the part that is in view.

        A metric between 0 and 1 is never on a logarithmic scale.
        """
        shown = PlotView(view.batches, view.span, view.logarithmic and not self.fraction)
        if shown == self.view:
            return
        before, self.view = self.view, shown
        self._values.logarithmic = shown.logarithmic
        self._values.picture = None
        self._take_in(not self.is_zoomed)
        if self.is_zoomed and before.logarithmic != shown.logarithmic:
            self.box.setYRange(*rescaled(self.box.viewRange()[1], shown.logarithmic, self._shown[0]), padding=0)

    def _take_in(self, fits: bool) -> None:
        """Show everything, or what changed in the part that is in view."""
        if fits:
            self.fit()
        else:
            self._shown = self._whole_values()
            self.paint_curves()

    def fit(self) -> None:
        """Show everything."""
        self.is_zoomed = False
        self._set_range(*self._whole_values())
        self.paint_curves()

    def grow(self, shrink: bool = False) -> None:
        """Take new points in: widen the ranges by a step where they leave them, unless the person zoomed.

        Args:
            shrink: whether the range may become smaller too, as once an epoch.
        """
        if not self.is_zoomed:
            bottom, top = self._whole_values()
            if not shrink:
                old_bottom, old_top = self._shown
                bottom, top = min(bottom, old_bottom), max(top, old_top)
            self._set_range(bottom, top)
        self.paint_curves()

    def _whole_values(self) -> tuple[float, float]:
        smooth: list[Array] = []
        rough: list[Array] = []
        lines: list[Array] = []
        for run in (self.run, *self.earlier):
            training, validation = run.series(self.metric_name, self.view.batches)
            smooth.append(validation.y)
            (rough if self.view.batches else smooth).append(training.y)
            lines.append(training.smoothed(self.view.span) if self.view.span > 1 else training.y[:1])
        if self.falls:
            return error_range(smooth)
        if self.fraction:
            return fraction_range(smooth, rough)
        return loss_range(smooth, [_sample(y) for y in rough], self.view.logarithmic, lines)

    def _whole_epochs(self) -> float:
        ends = (epochs_shown(run.reached, run.epochs) for run in (self.run, *self.earlier))
        return max(ends)

    def _set_range(self, bottom: float, top: float) -> None:
        self._shown = bottom, top
        self._epochs.end = self._whole_epochs()
        wanted = self._whole_range()
        if not np.allclose(self.box.viewRange(), wanted, rtol=1e-9, atol=0):
            self.box.setRange(xRange=wanted[0], yRange=wanted[1], padding=0)

    def _whole_range(self) -> list[list[float]]:
        """The ranges of both axes, in coordinates of the plot, that show everything."""
        width, height = max(self.box.width(), 1.0), max(self.box.height(), 1.0)
        low, high = (math.log10(value) if self.view.logarithmic else value for value in self._shown)
        right = self._epochs.end * width / max(width - ROOM_FOR_NAMES, width / 2)
        above = high + (high - low) * ROOM_ABOVE / max(height - ROOM_ABOVE, ROOM_ABOVE)
        return [[0.0, right], [low, above]]

    def shows_all(self) -> bool:
        """Whether nothing of the whole is out of view."""
        for (low, high), (whole_low, whole_high) in zip(self.box.viewRange(), self._whole_range(), strict=True):
            slack = SLACK * (whole_high - whole_low)
            if low > whole_low + slack or high < whole_high - slack:
                return False
        return True

    def paint_curves(self) -> None:
        """Paint the part of the curves that the ranges show."""
        (low, high), _ = self.box.viewRange()
        columns = max(int(self.box.width()), 100)
        for lines, run in zip(self._behind, self.earlier, strict=True):
            lines.show(run, self.view, low, high, columns)
        self._lines.show(self.run, self.view, low, high, columns)
        self._mark_best()
        self._names.place(self._curve_names(), self.colours.background)

    def _mark_best(self) -> None:
        _, point = self._points_at(self.run.best)
        placed = self._placed(point)
        self._best.show(self.run.best, placed[1] if placed is not None and placed[0] == self.run.best else None)

    def _curve_names(self) -> list[Name]:
        small, strong = font(FontSize.SMALL), font(FontSize.SMALL, bold=True)
        validation, training, *others = self._words
        names = [
            Name(tr(N_("Validation")), validation, *self._lines.validation_shown, strong),
            Name(tr(N_("Training")), training, *self._lines.training_shown, small),
        ]
        values = self.earlier_at(self._at)
        for number, (lines, run) in enumerate(zip(self._behind, self.earlier, strict=True)):
            curve = lines.validation_shown if len(lines.validation_shown[0]) else lines.training_shown
            value = "" if values[number] is None else self._write(values[number])
            names.append(Name(run.name, others[number % len(others)], *curve, small, value))
        return names

    def point_at(self, epoch: float | None) -> None:
        """Show the line and the dots at ``epoch``, and write what earlier runs have there, or hide all that."""
        if epoch is None and self._at is None:
            return
        self._at = epoch
        if epoch is None:
            self._pointer.hide()
        else:
            colours = (self.colours.training, self.colours.validation)
            points = list(zip(self._points_at(epoch), colours, strict=True))
            for number, run in enumerate(self.earlier):
                shade = self.colours.earlier[number % len(self.colours.earlier)]
                points.append((self._earlier_point(run, epoch), self.colours.pale(shade, EARLIER)))
            self._pointer.show(epoch, [(self._placed(point), colour) for point, colour in points])
        self._names.place(self._curve_names(), self.colours.background)

    def values_at(self, epoch: float | None) -> list[float | None]:
        """Training and validation at the points nearest to ``epoch``, as they are shown."""
        if epoch is None:
            return [None, None]
        return [None if point is None else point[1] for point in self._points_at(epoch)]

    def earlier_at(self, epoch: float | None) -> list[float | None]:
        """The values that the named curves of earlier runs have at ``epoch``."""
        points = [None if epoch is None else self._earlier_point(run, epoch) for run in self.earlier]
        return [None if point is None else point[1] for point in points]

    def earlier_texts(self) -> list[str]:
        """The same as words, for a screen reader: "CNN 2 0.41"."""
        pairs = zip(self.earlier, self.earlier_at(self._at), strict=True)
        return [f"{run.name} {self._write(value)}" for run, value in pairs if value is not None]

    def _points_at(self, epoch: float) -> list[tuple[float, float] | None]:
        spans = (self.view.span, self.view.validation_span)
        both = self.run.series(self.metric_name, self.view.batches)
        return [_point(series, span, epoch) for series, span in zip(both, spans, strict=True)]

    def _earlier_point(self, run: RunCurves, epoch: float) -> tuple[float, float] | None:
        training, validation = run.series(self.metric_name, self.view.batches)
        if len(validation):
            return _point(validation, self.view.validation_span, epoch)
        return _point(training, self.view.span, epoch)

    def _placed(self, point: tuple[float, float] | None) -> tuple[float, float] | None:
        """The point with its value as the axis places it; None where it has no value."""
        if point is None or math.isnan(point[1]):
            return None
        return point[0], float(transformed(np.array([point[1]]), self.view.logarithmic)[0])

    def resizeEvent(self, ev: QResizeEvent) -> None:
        """Keep the room for the names as wide as it is."""
        super().resizeEvent(ev)
        if hasattr(self, "_pointer") and not self.is_zoomed:
            self._set_range(*self._shown)

    def leaveEvent(self, ev: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(ev)
        self.pointed.emit(None)

    def _on_mouse(self, position: object) -> None:
        inside = self.box.sceneBoundingRect().contains(position)
        self.pointed.emit(float(self.box.mapSceneToView(position).x()) if inside else None)


def _point(series: Series, span: int, epoch: float) -> tuple[float, float] | None:
    """The smoothed point nearest to ``epoch``; None where the curve has none so near as an epoch."""
    index = series.nearest(epoch)
    if index is None or abs(series.x[index] - epoch) > 1:
        return None
    return float(series.x[index]), float(series.smoothed(span)[index])


def _sample(values: Array) -> Array:
    """The values that decide the range: not the first tenth, where training begins far above where it goes.

    Of many, every second, third ... is enough to know their quantiles.
    """
    return values[len(values) // 10 :: len(values) // SAMPLE + 1]
