"""The learning curve: measured accuracy with intervals, the law fitted to it, and where twice the images would lead."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QResizeEvent
from PySide6.QtWidgets import QWidget

from imgmine_gui.core.features.learning_curve import LearningCurve
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import number, percentage
from imgmine_gui.gui.theme import FontSize, font, theme
from imgmine_gui.gui.widgets.plot_axes import NAMED_HEIGHT, PIXELS_A_TICK, UNNAMED, PlotAxis, ValueAxis
from imgmine_gui.gui.widgets.plot_colours import PlotColours, pen
from imgmine_gui.gui.widgets.plot_labels import CurveNames, Name
from imgmine_gui.gui.widgets.plot_marks import Pointer
from imgmine_gui.gui.widgets.plot_scale import FLOORS, logarithmic_ticks
from imgmine_gui.gui.widgets.plot_series import Array
from imgmine_gui.gui.widgets.plot_view_box import CurveViewBox

STEPS = 200
"""Points of a painted law."""
LEFT = 0.9
"""The axis begins at so many times the fewest images."""
ROOM_FOR_NAMES = 176
"""Pixels at the right end that the axis leaves to the words behind the last ring."""
RING = 0.012
"""Decades from the end of a law to the edge of the ring that is there."""
CAP = 0.012
"""Half the width of the ends of an interval, in decades."""
ROOM_A_DECADE = 150
"""Pixels for three numbers between a power of ten and the next."""
BEHIND = -1000


class ImagesAxis(PlotAxis):
    """Numbers of images on a logarithmic scale; places are exponents of ten."""

    def __init__(self) -> None:
        super().__init__("bottom", PIXELS_A_TICK)
        self.setHeight(NAMED_HEIGHT)
        on_language_change(self, self.retranslate)

    def set_look(self, grid: QColor, text: QColor, font: QFont) -> None:
        """Paint as told, the axis' name like its numbers."""
        super().set_look(grid, text, font)
        self.label.setFont(font)
        self.retranslate()

    def retranslate(self) -> None:
        """Name the axis."""
        self.setLabel(tr("Images a class to learn from"), **{"color": self.textPen().color().name()})

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803
        """Ticks at 1, 2 and 5 times the powers of ten where there is room, and lines between them."""
        named, unnamed = logarithmic_ticks(minVal, maxVal)
        if size >= ROOM_A_DECADE * (maxVal - minVal):
            every = [power + math.log10(one) for power in range(int(maxVal) + 1) for one in (1, 2, 5)]
            named = [tick for tick in every if minVal <= tick <= maxVal]
        return [(1.0, named), (UNNAMED, unnamed)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str | None]:
        """The numbers of images."""
        return [None if spacing == UNNAMED else number(10.0**value) for value in values]


class CurvePlot(pg.PlotWidget):  # type: ignore[misc] # pyqtgraph has no types
    """Paints one learning curve; drag, wheel and double click zoom as in the plot of a training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.box = CurveViewBox()
        self._axes = ImagesAxis(), ValueAxis(fraction=True)
        super().__init__(parent, viewBox=self.box, axisItems={"bottom": self._axes[0], "left": self._axes[1]})
        for axis in self._axes:
            axis.setZValue(BEHIND)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self.plotItem.layout.setContentsMargins(0, 8, 0, 0)
        self.curve: LearningCurve | None = None
        self.is_zoomed = False
        """Whether the person chose the ranges."""
        self._law, self._beyond = pg.PlotCurveItem(antialias=True), pg.PlotCurveItem(antialias=True)
        self._intervals, self._dots = pg.ErrorBarItem(beam=2 * CAP), pg.ScatterPlotItem(size=8, antialias=True)
        self._expected = pg.ScatterPlotItem(size=10, antialias=True)
        self._names, self._pointer = CurveNames(self.box), Pointer(self.box)
        for height, item in enumerate((self._intervals, self._law, self._beyond, self._dots, self._expected)):
            item.setZValue(10 + height)
            self.box.addItem(item, ignoreBounds=True)
        self.box.fit_asked.connect(self.fit)
        self.box.zoomed.connect(self._on_zoomed)
        self.box.sigRangeChanged.connect(lambda *_: self._place_names())
        theme().changed.connect(self.recolour)
        on_language_change(self, self._place_names)
        bind(self, "setAccessibleName", N_("Learning curve"))
        self.recolour()

    def sizeHint(self) -> QSize:
        """Content with what it gets."""
        return QSize(480, 320)

    def minimumSizeHint(self) -> QSize:
        """Still readable."""
        return QSize(320, 200)

    def show_curve(self, curve: LearningCurve) -> None:
        """Paint this curve, all of it."""
        self.curve = curve
        points = curve.points
        x = np.log10([point.images_a_class for point in points])
        y, low, high = (
            np.array([getattr(point.accuracy, name) for point in points]) for name in ("mean", "low", "high")
        )
        self._intervals.setData(x=x, y=y, top=high - y, bottom=y - low, beam=2 * CAP)
        self._dots.setData(x, y)
        self._law.setData(*self._of_law(points[0].images_a_class, curve.images_a_class))
        self._beyond.setData(*self._of_law(curve.images_a_class, 2 * curve.images_a_class))
        ends = np.log10([curve.images_a_class, 2 * curve.images_a_class])
        self._expected.setData(ends, [curve.now, curve.doubled])
        self.fit()

    def fit(self) -> None:
        """Show everything."""
        if self.curve is None:
            return
        points = self.curve.points
        lowest = min(point.accuracy.low for point in points)
        floor = next((floor for floor in FLOORS if lowest > floor), 0.0)
        left, last = max(0.0, math.log10(points[0].images_a_class * LEFT)), math.log10(2 * self.curve.images_a_class)
        width = max(self.box.width(), 1.0)
        right = left + (last - left) * width / max(width - ROOM_FOR_NAMES, width / 2)
        self.box.setRange(xRange=(left, right), yRange=(floor, 1.0 + 0.04 * (1 - floor)), padding=0)
        self.is_zoomed = False
        self._place_names()

    def point_at(self, index: int | None) -> None:
        """Mark the measured point of this index; None marks none."""
        if index is None or self.curve is None:
            self._pointer.hide()
            return
        point = self.curve.points[index]
        x = math.log10(point.images_a_class)
        self._pointer.show(x, [((x, point.accuracy.mean), self._colours.validation)])

    def nearest(self, position: object) -> int | None:
        """The measured point nearest to a place of the scene, along the axis; None outside the plot."""
        if self.curve is None or not self.box.sceneBoundingRect().contains(position):
            return None
        x = float(self.box.mapSceneToView(position).x())
        return int(np.argmin([abs(math.log10(point.images_a_class) - x) for point in self.curve.points]))

    def recolour(self) -> None:
        """Paint in the colours of the present theme."""
        self._colours = colours = PlotColours.of(theme().colours)
        small = font(FontSize.SMALL, tabular=True)
        self.setBackground(colours.background)
        self.box.set_look(theme().colours.accent)
        for axis in self._axes:
            axis.set_look(colours.grid, colours.quiet, small)
        strong = colours.validation
        self._law.setPen(pen(strong, 2.2))
        self._beyond.setPen(pen(strong, 2.2, Qt.PenStyle.DashLine))
        self._intervals.setData(pen=pen(colours.quiet, 1.2))
        self._dots.setPen(None)
        self._dots.setBrush(pg.mkBrush(strong))
        self._expected.setPen(pen(strong, 2))
        self._expected.setBrush(pg.mkBrush(colours.background))
        self._pointer.set_look(colours)
        self._place_names()

    def names(self) -> list[str]:
        """The words beside the curve."""
        return self._names.texts()

    def resizeEvent(self, ev: QResizeEvent) -> None:
        """The room for the words stays as wide as it is."""
        super().resizeEvent(ev)
        if hasattr(self, "_pointer"):
            (self._place_names if self.is_zoomed else self.fit)()

    def leaveEvent(self, ev: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(ev)
        self.point_at(None)

    def _on_zoomed(self) -> None:
        self.is_zoomed = True

    def _of_law(self, first: float, last: float) -> tuple[Array, Array]:
        assert self.curve is not None
        images = np.geomspace(first, last, STEPS)
        return np.log10(images), np.array([1 - self.curve.law.error(float(one)) for one in images])

    def _place_names(self) -> None:
        curve = self.curve
        if curve is None:
            return
        colour = self._colours.lettering(self._colours.validation)
        small, strong = font(FontSize.SMALL, tabular=True), font(FontSize.SMALL, bold=True, tabular=True)
        names = [
            Name(tr("Twice as many"), colour, *_past_ring(self._beyond), strong, percentage(curve.doubled)),
            Name(tr("All images"), colour, *_past_ring(self._law), small, percentage(curve.now)),
        ]
        self._names.place(names, self._colours.background)


def _past_ring(line: pg.PlotCurveItem) -> tuple[Array, Array]:
    """The points of a law, and the edge of the ring at its end: a name begins beyond it."""
    x, y = line.getData()
    return np.append(x, x[-1] + RING), np.append(y, y[-1])
