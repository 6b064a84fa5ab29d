"""How a read line is painted in the list: its picture with the alignment over it, and what was read and is true."""

import math
import unicodedata

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from imgmine_gui.core.evaluation.text_alignment import Edit, EditKind, aligned
from imgmine_gui.core.inference.ctc_decoding import Recognised
from imgmine_gui.core.text import tr
from imgmine_gui.gui.format import percentage
from imgmine_gui.gui.item_models.text_rows import TextRows
from imgmine_gui.gui.style import blend
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, theme
from imgmine_gui.gui.widgets.text.diff_painter import paint_pair
from imgmine_gui.gui.widgets.text.line_model import LineModel
from imgmine_gui.gui.widgets.text.line_pictures import LinePictures

PAD = 12
PICTURE = 48
BAND = 8
"""The height of the bar below a character that the model is quite sure of."""
TEXT = 18
POINTS = 10.5
BAR = 3
Index = QModelIndex | QPersistentModelIndex
RIGHT, LEFT, MIDDLE = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter


class LineDelegate(QStyledItemDelegate):
    """Every row is equally high.

    Args:
        model: of the list.
        pictures: of its lines.
    """

    def __init__(self, model: LineModel, pictures: LinePictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model, self._pictures = model, pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The height of all that a row may hold."""
        return QSize(320, self.height())

    def height(self) -> int:
        """Of a row, in pixels."""
        small = QFontMetricsF(font(FontSize.SMALL)).height()
        return int(2 * SPACING + 2 * small + PICTURE + BAND + 2 * HALF + 2 * TEXT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Name and figures, characters, picture, bars of confidence, and the two texts."""
        rows = self._model.rows
        if rows is None:
            return
        row, colours = self._model.table_row(index.row()), theme().colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, colours.accent_soft)
            painter.fillRect(option.rect.adjusted(0, 0, BAR - option.rect.width(), 0), colours.accent)
        painter.setPen(colours.border)
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        area = QRectF(option.rect).adjusted(PAD, SPACING, -PAD, -SPACING)
        top = self._paint_head(painter, area, rows, row)
        line = rows.table.lines[row]
        if line is None:
            painter.setPen(colours.bad)
            words = tr(rows.table.reasons.get(rows.table.paths[row], ""))
            place = area.adjusted(0, top, 0, 0)
            painter.drawText(place, int(LEFT | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), words)
        else:
            picture = self._pictures.picture(rows.table.paths[row])
            if picture is not None and not picture.isNull():
                place = QRectF(area.left(), area.top() + top, area.width(), area.height())
                _paint_aligned(painter, place, picture, line, float(rows.table.strides[row]))
            edits = steps(rows.true[row], line.text)
            texts = QRectF(area.left(), area.bottom() - 2 * TEXT, area.width(), 2 * TEXT)
            paint_pair(painter, texts, edits, POINTS, is_mirrored(line.text))
        painter.restore()

    def _paint_head(self, painter: QPainter, area: QRectF, rows: TextRows, row: int) -> float:
        """Name at the left, verdict at the right; returns the height."""
        small, colours = font(FontSize.SMALL, tabular=True), theme().colours
        metrics = QFontMetricsF(small)
        head = QRectF(area.left(), area.top(), area.width(), metrics.height())
        words, role = verdict(rows, row)
        painter.setFont(small)
        painter.setPen(getattr(colours, role))
        painter.drawText(head, int(RIGHT | MIDDLE), words)
        room = head.width() - metrics.horizontalAdvance(words) - SPACING
        painter.setPen(colours.text_muted)
        name = metrics.elidedText(rows.names[row], Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(head, int(LEFT | MIDDLE), name)
        return head.height()


def verdict(rows: TextRows, row: int) -> tuple[str, str]:
    """How right and how sure a line is, in the present language, and the role of its colour."""
    line, cer = rows.table.lines[row], float(rows.cer[row])
    if line is None:
        return tr("Unreadable"), "bad"
    sure = tr("{share} sure", share=percentage(line.confidence))
    if math.isnan(cer):
        return sure, "text_muted"
    if cer == 0:
        return f"✓ {tr('Right')} · {sure}", "good"
    return f"✗ {tr('CER {figure}', figure=percentage(cer))} · {sure}", "bad"


def steps(true: str | None, read: str) -> list[Edit]:
    """The edits from the true text to the read one; where it is not known, the read characters as they are."""
    if true:
        return aligned(true, read)
    return [Edit(EditKind.MATCH, "", one, place, place) for place, one in enumerate(read)]


def is_mirrored(text: str) -> bool:
    """Whether a text runs from right to left, by its first letter with a direction."""
    directions = (unicodedata.bidirectional(one) for one in text)
    return next((one in ("R", "AL") for one in directions if one in ("L", "R", "AL")), False)


def confidence_colour(confidence: float) -> QColor:
    """From the colour of wrong things to that of right ones."""
    return blend(theme().colours.bad, theme().colours.good, confidence)


def _paint_aligned(painter: QPainter, place: QRectF, picture: QImage, line: Recognised, stride: float) -> None:
    """Characters above the picture, each over its columns, a tint on them, and a bar below as high as it is sure."""
    small = font(FontSize.SMALL)
    above = QFontMetricsF(small).height()
    scale = min(place.width() / picture.width(), PICTURE / picture.height())
    size = QRectF(0, 0, picture.width() * scale, picture.height() * scale)
    top = place.top() + above + (PICTURE - size.height()) / 2
    drawn = size.translated(place.left(), top)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(drawn, picture)
    painter.setFont(small)
    for span in line.spans:
        left = drawn.left() + min(1.0, span.start * stride) * drawn.width()
        right = drawn.left() + min(1.0, span.stop * stride) * drawn.width()
        colour = confidence_colour(span.confidence)
        middle = (left + right) / 2
        painter.setPen(theme().colours.text)
        letter = QRectF(middle - 20, drawn.top() - above, 40, above)
        painter.drawText(letter, int(Qt.AlignmentFlag.AlignCenter), span.character)
        painter.setOpacity(0.22)
        painter.fillRect(QRectF(left, drawn.top(), max(right - left, 1.0), drawn.height()), colour)
        painter.setOpacity(1.0)
        bar = QRectF(left + 0.5, drawn.bottom() + 1, max(2.0, right - left - 1), max(1.0, BAND * span.confidence))
        painter.fillRect(bar, colour)
