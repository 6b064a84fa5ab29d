"""The axes of the plots: numbers that a person reads, and a width that does not change with them."""

import math
from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from imgmine_gui.core.text import tr
from imgmine_gui.gui.binding import on_language_change
from imgmine_gui.gui.format import number
from imgmine_gui.gui.widgets.plot_colours import pen
from imgmine_gui.gui.widgets.plot_scale import logarithmic_ticks

PIXELS_A_TICK = 46
NAMED_HEIGHT = 44
"""Of the axis with numbers and a name, in pixels."""
OVERHANG = 16
"""How far numbers at the ends of an axis may stand out beyond it, in pixels."""
UNNAMED = 0.1
"""The spacing that marks the ticks of a logarithmic axis that have a line and no number."""
GRID = 255
"""Grid lines are painted in the colour they were given, which is pale already."""


class PlotAxis(pg.AxisItem):  # type: ignore[misc] # pyqtgraph has no types
    """An axis of fixed size with a grid in one pale colour and numbers in another."""

    def __init__(self, orientation: str, pixels_a_tick: int) -> None:
        super().__init__(orientation, maxTickLength=0)
        self._pixels_a_tick = pixels_a_tick
        self.setGrid(GRID)
        self.setStyle(tickAlpha=255, tickTextOffset=6)

    def set_look(self, grid: QColor, text: QColor, font: QFont) -> None:
        """Paint lines in ``grid`` and numbers in ``text``."""
        self.setPen(pen(grid, 1))
        self.setTextPen(pg.mkPen(text))
        self.setTickFont(font)

    def boundingRect(self) -> QRectF:
        """As large as the axis with the numbers at its ends."""
        rectangle: QRectF = super().boundingRect()
        return rectangle.adjusted(-OVERHANG, -OVERHANG, OVERHANG, OVERHANG)

    def _nice_step(self, low: float, high: float, size: float) -> float:
        """The smallest 1, 2 or 5 times a power of ten that keeps the ticks apart."""
        least = (high - low) * self._pixels_a_tick / max(size, 1.0)
        power = 10.0 ** math.floor(math.log10(max(least, 1e-12)))
        return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))


def _multiples(step: float, low: float, high: float) -> list[float]:
    return [n * step for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


class EpochAxis(PlotAxis):
    """Epochs from 0 to the end of the plan, whole numbers where there is room for no more."""

    def __init__(self, named: bool) -> None:
        super().__init__("bottom", PIXELS_A_TICK)
        self.end = math.inf
        self._named = named
        self.setStyle(showValues=named)
        self.setHeight(NAMED_HEIGHT if named else 8)
        if named:
            on_language_change(self, self.retranslate)

    def set_look(self, grid: QColor, text: QColor, font: QFont) -> None:
        """Paint as told, the axis' name like its numbers."""
        super().set_look(grid, text, font)
        if self._named:
            self.label.setFont(font)
            self.retranslate()

    def retranslate(self) -> None:
        """Name the axis."""
        self.setLabel(tr("Epoch"), **{"color": self.textPen().color().name()})

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803
        """Ticks at multiples of one step; none beyond the end of the plan, where labels stand."""
        step = self._nice_step(minVal, maxVal, size)
        if maxVal - minVal > 2:  # only who zooms in deeply wants parts of an epoch
            step = max(step, 1.0)
        return [(step, _multiples(step, max(minVal, 0.0), min(maxVal, self.end)))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str | None]:
        """The numbers of the epochs."""
        return [number(round(value, 6)) for value in values]


class ValueAxis(PlotAxis):
    """The values of a metric: plain, in percent, or on a logarithmic scale, where they are exponents of ten."""

    def __init__(self, fraction: bool) -> None:
        super().__init__("left", PIXELS_A_TICK // 2 + 8)
        self.logarithmic = False
        self._words: Callable[[float], str] = percent if fraction else number

    def set_look(self, grid: QColor, text: QColor, font: QFont) -> None:
        """Paint as told, as wide as the widest number in ``font`` needs."""
        super().set_look(grid, text, font)
        self.setWidth(math.ceil(QFontMetricsF(font).horizontalAdvance("0.0005")) + 12)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803
        """Ticks that stand far enough from each other to be read."""
        if self.logarithmic and maxVal - minVal > 0.3:
            named, unnamed = logarithmic_ticks(minVal, maxVal)
            return [(1.0, named), (UNNAMED, unnamed)]
        step = self._nice_step(minVal, maxVal, size)
        return [(step, _multiples(step, minVal, maxVal))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[Any]:
        """The numbers; those of the finer ticks of a logarithmic scale are left out."""
        if self.logarithmic:
            return [None if spacing == UNNAMED else number(10.0**value) for value in values]
        return [self._words(round(value, 9)) for value in values]


def percent(value: float) -> str:
    """A tick of a share: 0.5 as "50 %", 0.925 as "92.5 %"."""
    return tr("{percent} %", percent=number(value * 100))
