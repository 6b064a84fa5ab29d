"""The confusion matrix: true classes down, predicted ones across; its cells can be chosen by mouse and keyboard."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui import format as form
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.style import blend
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, theme

SMALLEST, LARGEST = 18, 64
LABELS = 96
"""The most room for a class name, in device-independent pixels."""
TEXT_FROM = 26
"""From this size of a cell on it holds a number."""

_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class ConfusionView(QWidget):
    """A painted matrix; the colour of a cell is its share of its row, so that rare classes show too."""

    cell_chosen = Signal(int, int)
    """True and predicted class of the cell that was chosen."""
    cell_cleared = Signal()
    """The chosen cell was given up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: Sequence[str] = ()
        self._counts: npt.NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._as_share = False
        self._cursor = (0, 0)
        self._chosen: tuple[int, int] | None = None
        self._label_room = SPACING
        self._small = font(FontSize.SMALL, tabular=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        bind(self, "setAccessibleName", N_("Confusion matrix"))
        theme().changed.connect(self.update)
        on_language_change(self, self.retranslate)

    @property
    def chosen(self) -> tuple[int, int] | None:
        """True and predicted class of the chosen cell."""
        return self._chosen

    def set_counts(self, classes: Sequence[str], counts: npt.NDArray[np.int64]) -> None:
        """Show another matrix, int64 (true, predicted)."""
        self._classes, self._counts = classes, counts
        self._cursor, self._chosen = (0, 0), None
        self._measure()
        self.retranslate()

    def set_as_share(self, wanted: bool) -> None:
        """Write percentages of the rows into the cells in place of counts."""
        self._as_share = wanted
        self.update()

    def choose(self, cell: tuple[int, int] | None) -> None:
        """Choose a cell, or none."""
        if cell == self._chosen:
            return
        self._chosen = cell
        self.update()
        if cell is None:
            self.cell_cleared.emit()
        else:
            self._cursor = cell
            self.cell_chosen.emit(*cell)

    def words_for(self, cell: tuple[int, int]) -> str:
        """A cell in a sentence."""
        true, predicted = cell
        count = int(self._counts[cell])
        share = count / max(1, int(self._counts[true].sum()))
        images = ntr("{count} image", "{count} images", count)
        return tr(
            "Truly {true}, predicted as {predicted}: {images}, {share} of this class",
            true=self._classes[true], predicted=self._classes[predicted], images=images, share=form.percentage(share),
        )  # fmt: skip

    def retranslate(self) -> None:
        """Say the cell at the cursor anew."""
        if len(self._classes):
            self.setAccessibleDescription(self.words_for(self._cursor))
        self.update()

    def cell_rect(self, cell: tuple[int, int]) -> QRect:
        """Where a cell is painted."""
        side, corner = self._side(), self._corner()
        return QRect(corner.x() + cell[1] * side, corner.y() + cell[0] * side, side, side)

    def sizeHint(self) -> QSize:
        """Comfortable cells."""
        return self._margins() + QSize(1, 1) * (40 * max(1, len(self._classes)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter and Space choose, Esc gives up the choice."""
        key = Qt.Key(event.key())
        if not len(self._classes):
            event.ignore()
        elif key in _ARROWS:
            most = len(self._classes) - 1
            down, across = _ARROWS[key]
            self._move_to((min(most, max(0, self._cursor[0] + down)), min(most, max(0, self._cursor[1] + across))))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.choose(None if self._chosen == self._cursor else self._cursor)
        elif key == Qt.Key.Key_Escape and self._chosen is not None:
            self.choose(None)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses a cell; on the chosen one it gives it up."""
        cell = self._cell_at(event.position().toPoint())
        if cell is not None:
            self._move_to(cell)
            self.choose(None if self._chosen == cell else cell)

    def changeEvent(self, event: QEvent) -> None:
        """Names need another room in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def event(self, event: QEvent) -> bool:
        """The cell under the pointer in a sentence."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(event.pos())
            QToolTip.showText(event.globalPos(), self.words_for(cell) if cell else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, cells, numbers, the cursor and the choice."""
        if not len(self._classes):
            return
        painter = QPainter(self)
        painter.setFont(self._small)
        shares = self._counts / np.maximum(1, self._counts.sum(axis=1, keepdims=True))
        self._paint_grid(painter)
        side, corner = self._side(), self._corner()
        for true, predicted in np.argwhere(self._counts).tolist():
            rect = QRect(corner.x() + predicted * side, corner.y() + true * side, side - 1, side - 1)
            if event.rect().intersects(rect):
                self._paint_cell(painter, rect, int(self._counts[true, predicted]), float(shares[true, predicted]))
        self._paint_names(painter)
        if self._chosen is not None:
            painter.setPen(QPen(theme().colours.accent, 3))
            painter.drawRect(self.cell_rect(self._chosen).adjusted(1, 1, -2, -2))
        if self.hasFocus():
            painter.setPen(QPen(theme().colours.text, 1, Qt.PenStyle.DashLine))
            painter.drawRect(self.cell_rect(self._cursor).adjusted(0, 0, -1, -1))

    def _paint_grid(self, painter: QPainter) -> None:
        """The cells without images: most of them, so all at once."""
        side, corner, size = self._side(), self._corner(), self._side() * len(self._classes)
        painter.fillRect(QRect(corner, QSize(size - 1, size - 1)), theme().colours.surface)
        painter.setPen(self.palette().color(self.backgroundRole()))
        for number in range(1, len(self._classes)):
            x, y = corner.x() + number * side - 1, corner.y() + number * side - 1
            painter.drawLine(x, corner.y(), x, corner.y() + size - 1)
            painter.drawLine(corner.x(), y, corner.x() + size - 1, y)

    def _paint_cell(self, painter: QPainter, rect: QRect, count: int, share: float) -> None:
        colours = theme().colours
        # One hue from the surface to blue: its lightness alone carries the value.
        fill = blend(colours.surface, colours.good, 0.08 + 0.92 * share)
        painter.fillRect(rect, fill)
        if rect.width() >= TEXT_FROM - 1:
            painter.setPen(_readable_on(fill))
            text = f"{share * 100:.0f}" if self._as_share else form.count(count)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_names(self, painter: QPainter) -> None:
        side, corner = self._side(), self._corner()
        painter.setPen(theme().colours.text)
        metrics = painter.fontMetrics()
        for number, name in enumerate(self._classes):
            fitted = metrics.elidedText(name, Qt.TextElideMode.ElideRight, LABELS)
            row = QRect(corner.x() - LABELS - SPACING, corner.y() + number * side, LABELS, side)
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, fitted)
            painter.save()
            painter.translate(corner.x() + number * side + side / 2, corner.y() - SPACING)
            painter.rotate(-90)
            painter.drawText(QRect(0, -side // 2, LABELS, side), Qt.AlignmentFlag.AlignVCenter, fitted)
            painter.restore()
        painter.setPen(theme().colours.text_muted)
        line = metrics.height()
        top = QRect(corner.x(), corner.y() - self._label_room - line - HALF, side * len(self._classes), line)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, tr("Predicted"))
        painter.drawText(
            QRect(0, corner.y() - line - HALF, corner.x() - SPACING, line), Qt.AlignmentFlag.AlignRight, tr("True")
        )

    def _measure(self) -> None:
        """Find the room for the names; once, because every cell is placed by it."""
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name in self._classes), default=0)
        self._label_room = min(LABELS, widest) + SPACING
        self.setMinimumSize(self._margins() + QSize(1, 1) * (SMALLEST * len(self._classes)))
        self.updateGeometry()

    def _margins(self) -> QSize:
        return QSize(self._label_room + SPACING, self._label_room + self.fontMetrics().height() + SPACING)

    def _corner(self) -> QPoint:
        return QPoint(self._margins().width(), self._margins().height())

    def _side(self) -> int:
        room = self.size() - self._margins()
        most = min(room.width(), room.height()) // max(1, len(self._classes))
        return max(SMALLEST, min(LARGEST, most))

    def _cell_at(self, point: QPoint) -> tuple[int, int] | None:
        inside, side = point - self._corner(), self._side()
        cell = (inside.y() // side, inside.x() // side)
        return cell if all(0 <= part < len(self._classes) for part in cell) else None

    def _move_to(self, cell: tuple[int, int]) -> None:
        self._cursor = cell
        self.retranslate()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))


def _readable_on(fill: QColor) -> QColor:
    """Black or white, whichever stands out more (relative luminance of WCAG 2, against its middle in contrast)."""
    parts = [fill.redF(), fill.greenF(), fill.blueF()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return QColor("#000000") if luminance > 0.179 else QColor("#FFFFFF")
