"""The stages of a network as a row of small pictures."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from imgmine_gui.core.text import tr

ARROW = 14.0
GLYPH = 26.0
STROKE = 1.4


def _image(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.drawRoundedRect(box, 3, 3)
    point = _points(box)
    painter.drawEllipse(point(0.7, 0.3), 0.09 * box.width(), 0.09 * box.width())
    painter.drawPolyline(
        QPolygonF([point(0.08, 0.8), point(0.36, 0.45), point(0.58, 0.7), point(0.7, 0.58), point(0.92, 0.8)])
    )


def _convolutions(painter: QPainter, box: QRectF, colour: QColor) -> None:
    side = box.width() * 0.66
    for number in range(3):
        shift = (box.width() - side) * (2 - number) / 2
        painter.setBrush(_tint(colour, 0.1 + 0.1 * number))
        painter.drawRect(QRectF(box.left() + shift, box.top() + box.height() - side - shift, side, side))


def _dense(painter: QPainter, box: QRectF, colour: QColor) -> None:
    point = _points(box)
    left = [point(0.2, y) for y in (0.1, 0.5, 0.9)]
    right = [point(0.8, y) for y in (0.25, 0.75)]
    painter.setPen(QPen(_tint(colour, 0.5), 0.8))
    for start in left:
        painter.drawLines([QLineF(start, end) for end in right])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for dot in (*left, *right):
        painter.drawEllipse(dot, 2.4, 2.4)


def _columns(painter: QPainter, box: QRectF, colour: QColor) -> None:
    width = box.width() / 5
    for number in range(5):
        painter.setBrush(_tint(colour, 0.35 if number % 2 else 0.1))
        painter.drawRect(QRectF(box.left() + number * width, box.top() + 2, width, box.height() - 4))


def _recurrent(painter: QPainter, box: QRectF, colour: QColor) -> None:
    point, radius = _points(box), box.width() * 0.17
    painter.setBrush(_tint(colour, 0.2))
    for x in (0.17, 0.83):
        painter.drawEllipse(point(x, 0.68), radius, radius)
    path = QPainterPath(point(0.17, 0.45))
    path.cubicTo(point(0.2, 0.0), point(0.8, 0.0), point(0.83, 0.43))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.drawPolyline(QPolygonF([point(0.68, 0.3), point(0.83, 0.46), point(0.94, 0.26)]))


def _weights(painter: QPainter, box: QRectF, colour: QColor) -> None:
    cell = box.width() / 4
    painter.setPen(Qt.PenStyle.NoPen)
    for row in range(4):
        for column in range(4):
            distance = (row - 1.2) ** 2 + (column - 2.2) ** 2
            painter.setBrush(_tint(colour, max(0.08, 1.0 - 0.32 * distance)))
            painter.drawRect(QRectF(box.left() + column * cell, box.top() + row * cell, cell - 1, cell - 1))


def _sum(painter: QPainter, box: QRectF, colour: QColor) -> None:
    point = _points(box)
    corners = [(0.8, 0.22), (0.76, 0.1), (0.24, 0.1), (0.56, 0.5), (0.24, 0.9), (0.76, 0.9), (0.8, 0.78)]
    painter.drawPolyline(QPolygonF([point(x, y) for x, y in corners]))


def _class(painter: QPainter, box: QRectF, colour: QColor) -> None:
    height = box.height() / 5
    for number, share in enumerate((0.35, 1.0, 0.2)):
        painter.setBrush(_tint(colour, 0.9 if share == 1 else 0.2))
        painter.drawRect(QRectF(box.left(), box.top() + number * 2 * height, box.width() * share, height))


Painting = Callable[[QPainter, QRectF, QColor], None]
PICTURES: dict[str, Painting] = {
    "Image": _image,
    "Convolutions": _convolutions,
    "Dense": _dense,
    "Columns": _columns,
    "Recurrent": _recurrent,
    "Weights": _weights,
    "Weighted sum": _sum,
    "Class": _class,
}
"""Pictures of the stages that architectures share; any other stage is a box with its first letter."""


def strip_gap(stages: Sequence[str], size: float, room: float) -> float:
    """The gap between two pictures of a strip that has ``room``: that of an arrow, or less."""
    return min(ARROW, (room - len(stages) * size) / max(1, len(stages) - 1))


def strip_width(stages: Sequence[str], size: float, gap: float) -> float:
    """The width of ``paint_strip``."""
    return len(stages) * size + (len(stages) - 1) * gap


def paint_strip(
    painter: QPainter, stages: Sequence[str], corner: QPointF, size: float, gap: float, colour: QColor
) -> None:
    """The pictures alone, ``size`` high, with arrows in the gaps between them."""
    for number, stage in enumerate(stages):
        box = QRectF(corner.x() + number * (size + gap), corner.y(), size, size)
        if number:
            _arrow(painter, box.left() - gap, box.left(), box.center().y(), colour)
        _picture(painter, stage, box, colour)


def labelled_height(stages: Sequence[str], font: QFont) -> float:
    """The height of ``paint_labelled``: a name of two words takes two lines."""
    lines = max(len(tr(stage).split()) for stage in stages)
    return GLYPH + 4 + lines * QFontMetricsF(font).height()


def paint_labelled(
    painter: QPainter, stages: Sequence[str], area: QRectF, font: QFont, colour: QColor, text: QColor
) -> None:
    """The pictures over their names, spread over ``area``."""
    metrics = QFontMetricsF(font)
    widths = [max(GLYPH, *(metrics.horizontalAdvance(word) for word in tr(stage).split())) + 2 for stage in stages]
    room = max(area.width() - sum(widths), 0.0) / max(len(stages) - 1, 1)
    left, before = area.left(), 0.0
    for number, (stage, width) in enumerate(zip(stages, widths, strict=True)):
        box = QRectF(left + (width - GLYPH) / 2, area.top(), GLYPH, GLYPH)
        if number:
            _arrow(painter, before, box.left(), box.center().y(), colour)
        before = box.right()
        _picture(painter, stage, box, colour)
        painter.setPen(text)
        painter.setFont(font)
        names = QRectF(left, box.bottom() + 4, width, area.height() - GLYPH - 4)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(names, int(flags), tr(stage))
        left += width + room


def _picture(painter: QPainter, stage: str, box: QRectF, colour: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if stage in PICTURES:
        PICTURES[stage](painter, box.adjusted(1, 1, -1, -1), colour)
    else:
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), tr(stage)[:1])
    painter.restore()


def _arrow(painter: QPainter, left: float, right: float, y: float, colour: QColor) -> None:
    """A small arrow in the middle between two pictures."""
    middle = (left + right) / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_tint(colour, 0.55), STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    tip = QPointF(middle + 3, y)
    painter.drawPolyline(QPolygonF([QPointF(middle - 1, y - 4), tip, QPointF(middle - 1, y + 4)]))
    painter.restore()


def _tint(colour: QColor, alpha: float) -> QColor:
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made


def _points(box: QRectF) -> Callable[[float, float], QPointF]:
    """Points of ``box`` by their share of its width and height."""
    return lambda x, y: QPointF(box.left() + x * box.width(), box.top() + y * box.height())
