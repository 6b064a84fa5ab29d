"""The accuracy of each part of a cross-validation as a bar."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgmine_gui.core.text import N_, join_phrases, tr
from imgmine_gui.gui import format as form
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, theme

THICKNESS = 6


class FoldBars(QWidget):
    """One row a part: its number, a bar from 0 to 100 percent, and the percentage."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: Sequence[float] = ()
        self.setFont(font(FontSize.SMALL, tabular=True))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        bind(self, "setAccessibleName", N_("Accuracy of each part"))
        theme().changed.connect(self.update)
        on_language_change(self, self.retranslate)

    def show_shares(self, shares: Sequence[float]) -> None:
        """Show these accuracies, 0 to 1."""
        self._shares = shares
        self.updateGeometry()
        self.retranslate()

    def retranslate(self) -> None:
        """Say it anew for screen readers, and paint."""
        told = [f"{self._name(number)} {form.percentage(share)}" for number, share in enumerate(self._shares)]
        self.setAccessibleDescription(join_phrases(told))
        self.update()

    def sizeHint(self) -> QSize:
        """A row a part."""
        return QSize(240, len(self._shares) * self._row_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names at the left, bars, percentages at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, colours, height = painter.fontMetrics(), theme().colours, self._row_height()
        left = max((metrics.horizontalAdvance(self._name(one)) for one in range(len(self._shares))), default=0)
        right = metrics.horizontalAdvance(form.percentage(1.0) + "00")
        align = Qt.AlignmentFlag.AlignVCenter
        for number, share in enumerate(self._shares):
            row = QRectF(0, number * height, self.width(), height)
            painter.setPen(colours.text)
            painter.drawText(row, align | Qt.AlignmentFlag.AlignLeft, self._name(number))
            painter.drawText(row, align | Qt.AlignmentFlag.AlignRight, form.percentage(share))
            width = self.width() - left - right - 2 * SPACING
            groove = QRectF(left + SPACING, row.center().y() - THICKNESS / 2, width, THICKNESS)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.border)
            painter.drawRoundedRect(groove, THICKNESS / 2, THICKNESS / 2)
            groove.setWidth(max(float(THICKNESS), width * share))
            painter.setBrush(colours.accent)
            painter.drawRoundedRect(groove, THICKNESS / 2, THICKNESS / 2)

    def _name(self, number: int) -> str:
        return tr("Part {number}", number=number + 1)

    def _row_height(self) -> int:
        return self.fontMetrics().height() + HALF
