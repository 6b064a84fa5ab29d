"""Draws the cells of the table of classes: closer together than Qt does, since the table is narrow."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from imgmine_gui.gui.class_colours import paint_class_square
from imgmine_gui.gui.item_models.data_classes import ClassRole, KeyOfClassRole
from imgmine_gui.gui.item_models.roles import ClassColourRole
from imgmine_gui.gui.theme import HALF, FontSize, font, theme

PADDING = 5
SWATCH = 12


class ClassDelegate(QStyledItemDelegate):
    """A square in the colour of the class and its name, or a number."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One cell; a line above the row of all classes."""
        colours, cell = theme().colours, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(cell, colours.accent_soft if selected else colours.surface)
        if index.data(ClassRole) is None:
            painter.setPen(colours.border)
            painter.drawLine(cell.topLeft(), cell.topRight())
        words = cell.adjusted(PADDING, 0, -PADDING, 0)
        number = index.data(ClassColourRole) if index.column() == 0 else None
        if number is not None:
            paint_class_square(
                painter, QRectF(words.left(), cell.center().y() - SWATCH / 2 + 0.5, SWATCH, SWATCH), number
            )
            words.setLeft(words.left() + SWATCH + PADDING + HALF // 2)
        key = index.data(KeyOfClassRole)
        if key:
            painter.setFont(font(FontSize.SMALL, tabular=True))
            painter.setPen(colours.text_muted)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, key)
            words.setRight(words.right() - painter.fontMetrics().horizontalAdvance("0") - HALF)
        painter.setFont(index.data(Qt.ItemDataRole.FontRole))
        painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole) or colours.text)
        text = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, index.data(Qt.ItemDataRole.TextAlignmentRole), text)
        if option.state & QStyle.StateFlag.State_HasFocus and index.column() == 0:
            painter.fillRect(cell.left(), cell.top(), HALF - 1, cell.height(), colours.accent)
        painter.restore()
