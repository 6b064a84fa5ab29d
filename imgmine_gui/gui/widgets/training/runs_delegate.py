"""How a run is painted in the list: name and best figure, state, architecture, epochs and time below."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from imgmine_gui.core.storage.run_folder import RunInfo
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.training.run_figures import short_words
from imgmine_gui.gui.widgets.training.runs_model import (
    STATES,
    CurveRole,
    InfoRole,
    architecture_title,
    epochs_text,
    when,
)

ICON = 16
MARK = 4
LEFT, MIDDLE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight
AnyIndex = QModelIndex | QPersistentModelIndex


class RunDelegate(QStyledItemDelegate):
    """Paints three lines a run, and edits its name in place of the first."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Three lines."""
        name, small = QFontMetrics(font(bold=True)), QFontMetrics(font(FontSize.SMALL))
        return QSize(200, name.height() + 2 * small.height() + 2 * SPACING + 2 * HALF)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """The plate of the selection, the mark of the curve, and the lines."""
        run: RunInfo = index.data(InfoRole)
        colours, rect = theme().colours, option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, colours.accent_soft)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, colours.raised)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(colours.accent, 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        curve = index.data(CurveRole)
        if curve is not None:
            painter.fillRect(QRect(rect.left(), rect.top() + HALF, MARK, rect.height() - SPACING), curve)
        inner = rect.adjusted(MARK + SPACING, SPACING, -SPACING, -SPACING)
        _paint_lines(painter, run, inner)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        """A line for the name."""
        editor = QLineEdit(parent)
        editor.setFont(font(bold=True))
        editor.setTextMargins(0, -HALF, 0, -HALF)  # as low as the line that it stands for
        editor.setAccessibleName(tr(N_("Name of the run")))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Where the name stands, and nothing of the line below."""
        rect = option.rect.adjusted(MARK + HALF, HALF, -HALF, 0)
        editor.setGeometry(rect.left(), rect.top(), rect.width(), HALF + QFontMetrics(font(bold=True)).height() + HALF)


def _paint_lines(painter: QPainter, run: RunInfo, inner: QRect) -> None:
    colours = theme().colours
    bold, small = font(bold=True, tabular=True), font(FontSize.SMALL, tabular=True)
    first = QRect(inner.left(), inner.top(), inner.width(), QFontMetrics(bold).height())
    height = QFontMetrics(small).height()
    second = QRect(inner.left(), first.bottom() + HALF, inner.width(), height)
    third = QRect(inner.left(), second.bottom() + HALF, inner.width(), height)
    painter.setFont(bold)
    painter.setPen(colours.text)
    figure = short_words(run)
    taken = QFontMetrics(bold).horizontalAdvance(figure)
    painter.drawText(first, int(RIGHT | MIDDLE), figure)
    name = QFontMetrics(bold).elidedText(run.name, Qt.TextElideMode.ElideRight, first.width() - taken - SPACING)
    painter.drawText(first, int(LEFT | MIDDLE), name)
    picture, role, word = STATES[run.state]
    icon(picture, role).paint(painter, QRect(second.left(), second.center().y() - ICON // 2 + 1, ICON, ICON))
    painter.setFont(small)
    painter.drawText(second.adjusted(ICON + HALF, 0, 0, 0), int(LEFT | MIDDLE), tr(word))
    painter.setPen(colours.text_muted)
    painter.drawText(second, int(RIGHT | MIDDLE), epochs_text(run))
    painter.drawText(third, int(LEFT | MIDDLE), architecture_title(run))
    painter.drawText(third, int(RIGHT | MIDDLE), when(run))
