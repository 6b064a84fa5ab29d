"""The area of a plot, and what mouse and keys do in it."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor

LEFT = Qt.MouseButton.LeftButton


class CurveViewBox(pg.ViewBox):  # type: ignore[misc] # pyqtgraph has no types
    """Dragging zooms to a rectangle, the wheel zooms along the epochs, a double click shows everything again."""

    zoomed = Signal()
    fit_asked = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False, enableMouse=True)
        self.setMouseMode(pg.ViewBox.RectMode)
        self.disableAutoRange()
        self.setDefaultPadding(0.0)
        self.setLimits(xMin=0.0)  # there is nothing before the first epoch
        self.sigRangeChangedManually.connect(lambda _axes: self.zoomed.emit())

    def set_look(self, accent: QColor) -> None:
        """Paint the rectangle of a drag in ``accent``."""
        fill = QColor(accent)
        fill.setAlpha(40)
        self.rbScaleBox.setPen(pg.mkPen(accent, width=1))
        self.rbScaleBox.setBrush(pg.mkBrush(fill))

    def wheelEvent(self, ev: Any, axis: int | None = None) -> None:
        """Zoom about the pointer, along the epochs alone unless the wheel turns over the other axis."""
        super().wheelEvent(ev, 0 if axis is None else axis)

    def mouseClickEvent(self, ev: Any) -> None:
        """A double click asks for the whole plot."""
        if ev.double() and ev.button() == LEFT:
            ev.accept()
            self.fit_asked.emit()

    def keyPressEvent(self, ev: Any) -> None:
        """Keys belong to the plot as a whole."""
        ev.ignore()

    def showAxRect(self, ax: QRectF, **kwargs: Any) -> None:
        """Zoom to the dragged rectangle, unless it is so small that it was a click."""
        pixel = self.viewPixelSize()
        if ax.width() > 4 * pixel[0] and ax.height() > 4 * pixel[1]:
            super().showAxRect(ax, **kwargs)
            self.zoomed.emit()
