"""What lies over the curves: the mark of the best epoch, and the line and dots under the pointer."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF

from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.widgets.plot_colours import PlotColours, pen
from imgmine_gui.gui.widgets.plot_labels import VeilText

BEST = N_("Best: epoch {epoch}")


class BestMark:
    """A dashed line through the best epoch, a ring on the curve of validation, and words at the top.

    Args:
        worded: whether to write the words; one of two plots above each other does.
    """

    def __init__(self, box: pg.ViewBox, worded: bool) -> None:
        self._box = box
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.ring = pg.ScatterPlotItem(size=10, antialias=True)
        self.line.setZValue(5)
        self.ring.setZValue(60)
        self.words = VeilText(box, 90)
        self._worded = worded
        for item in (self.line, self.ring):
            box.addItem(item, ignoreBounds=True)
        self.show(0, None)

    def set_look(self, colours: PlotColours, font: QFont) -> None:
        """Paint in these colours from now on."""
        self.line.setPen(pen(colours.quiet, 1, Qt.PenStyle.DashLine))
        self.ring.setPen(pen(colours.validation, 2))
        self.ring.setBrush(pg.mkBrush(colours.background))
        self.words.set_background(colours.background)
        self.words.setFont(font)
        self.words.setBrush(QBrush(colours.quiet))

    def show(self, epoch: int, value: float | None) -> None:
        """Mark ``epoch``, whose validation lies at ``value`` of the axis; 0 hides the mark."""
        self.line.setVisible(epoch > 0)
        self.ring.setVisible(epoch > 0 and value is not None)
        self.words.setVisible(epoch > 0 and self._worded)
        if epoch <= 0:
            return
        self.line.setValue(epoch)
        self.ring.setData([epoch], [0.0 if value is None else value])
        self.words.setText(tr(BEST, epoch=epoch))
        self.place()

    def place(self) -> None:
        """Put the words beside the line, on the side where there is room."""
        x = self._box.mapFromView(QPointF(self.line.value(), 0)).x()
        wide = QFontMetricsF(self.words.font()).horizontalAdvance(self.words.text())
        right = x + 6 + wide < self._box.width()
        self.words.setPos(x + 6 if right else x - 6 - wide, 2)
        self.words.setVisible(self.line.isVisible() and self._worded and 0 <= x <= self._box.width())


class Pointer:
    """A line at the epoch under the pointer and a dot on each curve that is read there."""

    def __init__(self, box: pg.ViewBox) -> None:
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.dots = pg.ScatterPlotItem(size=8, antialias=True)
        self.line.setZValue(70)
        self.dots.setZValue(80)
        for item in (self.line, self.dots):
            box.addItem(item, ignoreBounds=True)
        self._colours: PlotColours | None = None
        self.hide()

    def set_look(self, colours: PlotColours) -> None:
        """Paint in these colours from now on."""
        self._colours = colours
        self.line.setPen(pen(colours.quiet, 1))

    def hide(self) -> None:
        """Show nothing."""
        self.line.hide()
        self.dots.hide()

    def show(self, x: float, points: Sequence[tuple[tuple[float, float] | None, QColor]]) -> None:
        """Show the line at ``x`` and dots at points of curves, in coordinates of the plot and colours of the curves."""
        assert self._colours is not None
        self.line.setValue(x)
        self.line.show()
        rim = pen(self._colours.background, 1.5)
        self.dots.setData(
            [{"pos": point, "brush": pg.mkBrush(colour), "pen": rim} for point, colour in points if point is not None]
        )
        self.dots.show()
