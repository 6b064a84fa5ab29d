"""The colours of classes, and the little squares that show them: 24 that differ, also for colour-blind people.

The first eight have the hues of Okabe and Ito ("Color Universal Design", 2008), made so light or dark that each has a
contrast of 3 : 1 with what lies behind it. Two more eights are lighter and darker ones of the same hues; since so many
cannot be told apart by colour alone, their squares are two bars, or have a hole.

Lightness and saturation were sought so that within each eight any two colours lie apart in Oklab (Ottosson 2020), for
normal sight and for the three kinds of dichromacy (Machado, Oliveira and Fernandes 2009). Classes get the colours in
their order, so those that are most alike, the two blues and the yellows, do not follow each other.
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap

from imgmine_gui.gui.theme import theme

HUES = 8
LIGHT_COLOURS = (
    *("#14559B", "#AF7B04", "#008B5C", "#CA5196", "#781C0E", "#2B89D8", "#000000", "#705D2E"),
    *("#00376B", "#462A00", "#035C2E", "#670047", "#B30000", "#1E70CD", "#6B6B6B", "#8D8809"),
    *("#1C4386", "#5F3600", "#006F5C", "#800154", "#B64418", "#5880B6", "#171717", "#8C8750"),
)
"""On light grounds, in the order in which classes get them."""
DARK_COLOURS = (
    *("#5689DD", "#EDAE00", "#0DB771", "#C36BAA", "#EA5D1F", "#57CCFC", "#FFFFFF", "#D4F663"),
    *("#D5EBFE", "#FED568", "#6AFFBA", "#F09BD0", "#F89443", "#88C0FE", "#9A9A9A", "#77940D"),
    *("#78A2FB", "#BA9F04", "#2EDBB4", "#EB78C4", "#FDAE8C", "#B7DBFE", "#898989", "#FEF83A"),
)
"""On dark grounds, in the same order."""
ICON_PIXELS = 32
RADIUS = 0.17
BAR = 0.36
HOLE = 0.42
"""Sizes within a square of the side 1."""


def class_colour(index: int) -> QColor:
    """The colour of class number ``index``, visible on the grounds of the present theme; the set repeats after 24."""
    colours = DARK_COLOURS if theme().is_dark else LIGHT_COLOURS
    return QColor(colours[index % len(colours)])


def paint_class_square(painter: QPainter, square: QRectF, index: int) -> None:
    """Paint the square of class number ``index``: whole, as two bars, or with a hole, for one eight each."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(class_colour(index))
    painter.drawPath(_shape(square, index // HUES % 3))
    painter.restore()


def class_icon(index: int) -> QIcon:
    """The square of class number ``index`` for a menu or a list, in the colours of the present theme."""
    pixmap = QPixmap(QSize(ICON_PIXELS, ICON_PIXELS))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_class_square(painter, QRectF(0, 0, ICON_PIXELS, ICON_PIXELS).adjusted(4, 4, -4, -4), index)
    painter.end()
    made = QIcon(pixmap)
    made.addPixmap(pixmap, QIcon.Mode.Selected)  # otherwise Qt tints it on a line that is chosen
    return made


def _shape(square: QRectF, step: int) -> QPainterPath:
    radius = square.width() * RADIUS
    path = QPainterPath()
    if step == 1:
        bar = QRectF(square.left(), square.top(), square.width() * BAR, square.height())
        path.addRoundedRect(bar, radius, radius)
        bar.moveRight(square.right())
        path.addRoundedRect(bar, radius, radius)
        return path
    path.addRoundedRect(square, radius, radius)
    if step == 2:
        hole = QRectF(0, 0, square.width() * HOLE, square.height() * HOLE)
        hole.moveCenter(square.center())
        path.addEllipse(hole)  # the filling of a path leaves out what two outlines share
    return path
