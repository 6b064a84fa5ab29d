"""Boxes, polygons, lines and points over an image, in the colours of their classes, with their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from imgmine_gui.core.project.shapes import Shape, ShapeKind
from imgmine_gui.gui.class_colours import class_colour
from imgmine_gui.gui.theme import FontSize, font, theme

LINE = 2.0
POINT = 4.0
"""Sizes on the screen, whatever the zoom."""


@dataclass(frozen=True)
class ClassLook:
    """How a class is told: by its name and the number of its colour."""

    name: str
    colour: int


class ShapesLayer(QGraphicsItem):
    """All shapes of one image; coordinates are pixels of the oriented image."""

    def __init__(self) -> None:
        super().__init__()
        self.shapes: Sequence[Shape] = ()
        self._classes: Mapping[str, ClassLook] = {}
        self._bounds = QRectF()
        self.setZValue(10)

    def show_shapes(self, shapes: Sequence[Shape], classes: Mapping[str, ClassLook], bounds: QRectF) -> None:
        """Draw these.

        Args:
            classes: by their names.
            bounds: of the image.
        """
        self.prepareGeometryChange()
        self.shapes, self._classes, self._bounds = shapes, classes, bounds
        self.update()

    def boundingRect(self) -> QRectF:
        """The whole image, and a little more for the names at its edge."""
        room = max(self._bounds.width(), self._bounds.height()) * 0.1
        return self._bounds.adjusted(-room, -room, room, room)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Outlines as thick as they are, and names as large as they are, at every zoom."""
        scale = painter.worldTransform().m11() or 1.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for shape in self.shapes:
            look = self._classes.get(shape.label or "")
            colour = class_colour(look.colour) if look is not None else theme().colours.accent
            self._paint_outline(painter, shape, colour, scale)
        for shape in self.shapes:
            look = self._classes.get(shape.label or "")
            if look is not None and shape.points:
                _paint_name(painter, shape, look, scale)

    def _paint_outline(self, painter: QPainter, shape: Shape, colour: QColor, scale: float) -> None:
        path = outline(shape, POINT / scale)
        for width, ink in ((LINE + 2, QColor(255, 255, 255, 150)), (LINE, colour)):
            pen = QPen(ink, width)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        if shape.kind in (ShapeKind.BOX, ShapeKind.POLYGON):
            veil = QColor(colour)
            veil.setAlphaF(0.10)
            painter.fillPath(path, QBrush(veil))


def outline(shape: Shape, radius: float) -> QPainterPath:
    """The line of a shape; a point is a circle of this radius."""
    path = QPainterPath()
    points = [QPointF(x, y) for x, y in shape.points]
    if shape.kind is ShapeKind.BOX and len(points) >= 2:
        path.addRect(QRectF(points[0], points[1]).normalized())
    elif shape.kind is ShapeKind.POINT:
        for point in points:
            path.addEllipse(point, radius, radius)
    elif points:
        path.addPolygon(QPolygonF(points))
        if shape.kind is ShapeKind.POLYGON:
            path.closeSubpath()
    return path


def _paint_name(painter: QPainter, shape: Shape, look: ClassLook, scale: float) -> None:
    at = painter.worldTransform().map(outline(shape, POINT / scale).boundingRect().topLeft())
    painter.save()
    painter.resetTransform()
    painter.setFont(font(FontSize.SMALL, bold=True))
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(look.name) + 8, metrics.height() + 2
    plate = QRectF(at.x() - 1, max(0.0, at.y() - height), width, height)
    ground = class_colour(look.colour)
    painter.fillRect(plate, ground)
    painter.setPen(QColor("#000000" if ground.lightnessF() > 0.5 else "#FFFFFF"))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, look.name)
    painter.restore()
