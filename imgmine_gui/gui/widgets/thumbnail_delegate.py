"""Paints one cell of a thumbnail grid: the picture, the badge with its sign, the caption."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from imgmine_gui.core.project.image_rows import ImageRow
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.class_colours import class_colour, paint_class_square
from imgmine_gui.gui.item_models.roles import (
    Badge,
    BadgeRole,
    CaptionRole,
    ClassColourRole,
    KeyRole,
    MarksRole,
    PathRole,
    PredictedBadge,
    PredictionRole,
    ProblemRole,
)
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.thumbnail_loader import ThumbnailLoader

RADIUS = 4.0
SIGN = 14
SQUARE = 9
GLYPH = 32
FLAG = 18
PREDICTED_PART = 0.75
"""Of the line with the label: at most so much of it is for the prediction."""
PALE = 0.3
"""Of a picture that is left out."""
STAR = "★"
_SIGNS = {"good": "check", "bad": "x"}
_STATES = QStyle.StateFlag

Index = QModelIndex | QPersistentModelIndex


class ThumbnailDelegate(QStyledItemDelegate):
    """Paints what the roles of ``gui.item_models.roles`` say.

    Args:
        loader: asked for the pictures; it is not told to load any.
        picture_size: the side of the square that holds a picture, in device-independent pixels.
    """

    def __init__(self, loader: ThumbnailLoader, picture_size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._side = picture_size
        self._badge_font = font(FontSize.SMALL, bold=True, tabular=True)
        self._caption_font = font(FontSize.SMALL)

    def set_picture_size(self, size: int) -> None:
        """Paint larger or smaller pictures from now on."""
        self._side = size

    def cell_size(self) -> QSize:
        """The least that a cell needs."""
        lines = QFontMetrics(self._badge_font).height() + QFontMetrics(self._caption_font).height()
        return QSize(self._side + 2 * SPACING, self._side + lines + 3 * SPACING)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One size for all."""
        return self.cell_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter, cell, state)
        path, key = index.data(PathRole) or "", index.data(KeyRole) or ""
        square = QRect(cell.x() + (cell.width() - self._side) // 2, cell.y() + SPACING, self._side, self._side)
        problem = index.data(ProblemRole) or self._loader.problem(path, key)
        if problem and not index.data(ProblemRole) and self._loader.is_offline(path):
            _paint_offline(painter, square, self._caption_font)
        elif problem:
            _paint_problem(painter, square)
        else:
            ratio = painter.device().devicePixelRatioF()
            marks: ImageRow | None = index.data(MarksRole)
            painter.setOpacity(PALE if marks is not None and marks.excluded else 1.0)
            _paint_picture(painter, square, self._loader.pixmap(path, key, round(self._side * ratio)))
            painter.setOpacity(1.0)
            if marks is not None and (marks.flag or marks.excluded):
                _paint_signs(painter, square, marks)
        self._paint_words(painter, QRect(square.left(), square.bottom() + HALF, square.width(), 0), index)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent | None, view: QAbstractItemView | None, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """The reason why an image could not be read; otherwise its path."""
        if event is None or event.type() != QEvent.Type.ToolTip or not index.isValid():
            return False
        path, key = index.data(PathRole) or "", index.data(KeyRole) or ""
        reason = index.data(ProblemRole) or self._loader.problem(path, key)
        QToolTip.showText(event.globalPos(), f"{path}\n{reason}" if reason else path, view)
        return True

    def _paint_ground(self, painter: QPainter, cell: QRect, state: QStyle.StateFlag) -> None:
        colours = theme().colours
        inner = QRectF(cell).adjusted(2, 2, -2, -2)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & _STATES.State_Selected:
            painter.setBrush(colours.accent_soft)
            painter.drawRoundedRect(inner, RADIUS, RADIUS)
        elif state & _STATES.State_MouseOver:
            painter.setBrush(colours.raised)
            painter.drawRoundedRect(inner, RADIUS, RADIUS)
        if state & _STATES.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.accent, 2))
            painter.drawRoundedRect(inner, RADIUS, RADIUS)

    def _paint_words(self, painter: QPainter, room: QRect, index: Index) -> None:
        colours = theme().colours
        badge: Badge | None = index.data(BadgeRole)
        metrics = QFontMetrics(self._badge_font)
        line = QRect(room.left(), room.top(), room.width(), metrics.height())
        predicted: PredictedBadge | None = index.data(PredictionRole)
        if predicted is not None:
            self._paint_prediction(painter, line, predicted, alone=badge is None)
        if badge is not None:
            text, kind = badge
            colour: QColor = {"good": colours.good, "bad": colours.bad}.get(kind, colours.text)
            if kind in _SIGNS:
                sign = QRect(line.left(), line.center().y() - SIGN // 2, SIGN, SIGN)
                icon(_SIGNS[kind], kind).paint(painter, sign)
                line.setLeft(sign.right() + HALF)
            number: int | None = index.data(ClassColourRole)
            if number is not None:
                square = QRectF(line.left(), line.center().y() - SQUARE / 2 + 1, SQUARE, SQUARE)
                paint_class_square(painter, square, number)
                line.setLeft(line.left() + SQUARE + HALF)
            painter.setFont(self._badge_font)
            painter.setPen(colour)
            _draw_line(painter, line, text, metrics)
        if badge is not None or predicted is not None:
            line = QRect(room.left(), room.top() + metrics.height(), room.width(), 0)
        metrics = QFontMetrics(self._caption_font)
        line.setHeight(metrics.height())
        painter.setFont(self._caption_font)
        marks: ImageRow | None = index.data(MarksRole)
        if marks is not None and marks.rating:
            stars = STAR * marks.rating
            painter.setPen(colours.accent)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, stars)
            line.setWidth(line.width() - metrics.horizontalAdvance(stars) - HALF)
        painter.setPen(colours.text_muted)
        _draw_line(painter, line, str(index.data(CaptionRole) or ""), metrics)

    def _paint_prediction(self, painter: QPainter, line: QRect, predicted: PredictedBadge, alone: bool) -> None:
        """At the end of the line, whose room it takes; of an image without a label, in the place of that."""
        colours, metrics = theme().colours, QFontMetrics(self._caption_font)
        name, share, kind, number = predicted
        room = line.width() if alone else round(line.width() * PREDICTED_PART)
        room -= metrics.horizontalAdvance(f" {share}") + SIGN + HALF
        name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        text = f"{name} {share}" if name else share
        area = QRect(line)
        if alone:
            if number is not None:
                square = QRectF(line.left() + 0.5, line.center().y() - SQUARE / 2 + 1.5, SQUARE - 1, SQUARE - 1)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(class_colour(number), 1.5))
                painter.drawRoundedRect(square, 1.5, 1.5)
                area.setLeft(line.left() + SQUARE + HALF)
        else:
            area.setLeft(line.right() + 1 - room_for(text, metrics))
            sign = QRect(area.left() - SIGN - 1, line.center().y() - SIGN // 2, SIGN, SIGN)
            icon(_SIGNS[kind], kind).paint(painter, sign)
            line.setRight(sign.left() - HALF)
        painter.setFont(self._caption_font)
        painter.setPen({"good": colours.good, "bad": colours.bad}.get(kind, colours.text))
        _draw_line(painter, area, text, metrics)


def _paint_picture(painter: QPainter, square: QRect, pixmap: QPixmap | None) -> None:
    """The picture in the middle of its square, small ones enlarged; a quiet plate until it is there."""
    if pixmap is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colours.raised)
        painter.drawRoundedRect(square, RADIUS, RADIUS)
        return
    scale = min(square.width() / pixmap.width(), square.height() / pixmap.height())
    width, height = pixmap.width() * scale, pixmap.height() * scale
    target = QRectF(
        square.x() + (square.width() - width) / 2, square.y() + (square.height() - height) / 2, width, height
    )
    painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))


def _paint_signs(painter: QPainter, square: QRect, marks: ImageRow) -> None:
    """Picked, rejected, left out: each on a plate, from the corner of the picture on."""
    signs = [("check-circle", "good")] if marks.flag > 0 else [("x-circle", "bad")] if marks.flag < 0 else []
    plate = QRect(square.right() - FLAG - HALF, square.top() + HALF, FLAG, FLAG)
    for name, role in [*signs, *([("prohibit", "text_muted")] if marks.excluded else [])]:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colours.surface)
        painter.drawEllipse(plate)
        icon(name, role).paint(painter, plate)
        plate.translate(-FLAG - HALF, 0)


def _paint_offline(painter: QPainter, square: QRect, small: QFont) -> None:
    """Where the drive of an image is not there, and no thumbnail of it is kept."""
    _paint_problem(painter, square, "hard-drive")
    painter.setFont(small)
    painter.setPen(theme().colours.text_muted)
    words = QRect(square.left() + HALF, square.center().y() + GLYPH // 2, square.width() - SPACING, 0)
    words.setBottom(square.bottom() - HALF)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.drawText(words, int(flags), tr(N_("The drive is not there")))


def _paint_problem(painter: QPainter, square: QRect, picture: str = "file-x") -> None:
    painter.setPen(QPen(theme().colours.border, 1, Qt.PenStyle.DashLine))
    painter.setBrush(theme().colours.surface)
    painter.drawRoundedRect(QRectF(square).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    glyph = QRect(0, 0, GLYPH, GLYPH)
    glyph.moveCenter(square.center())
    icon(picture, "text_muted").paint(painter, glyph)


def room_for(text: str, metrics: QFontMetrics) -> int:
    """The width in which ``text`` is not elided: its advance is told rounded, down as well as up."""
    return metrics.horizontalAdvance(text) + 1


def _draw_line(painter: QPainter, line: QRect, text: str, metrics: QFontMetrics) -> None:
    fitted = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fitted)
