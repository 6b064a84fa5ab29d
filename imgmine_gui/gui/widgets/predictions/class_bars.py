"""The most probable classes of one image as bars."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgmine_gui.core.text import N_, join_phrases, tr
from imgmine_gui.gui import format as form
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.item_models.predictions_rows import UNKNOWN
from imgmine_gui.gui.theme import HALF, SPACING, font, icon, theme

SHOWN = 5
LINE = 6
SIGN = 14


class ClassBars(QWidget):
    """Names, bars and percentages; the true class is among them and has a sign."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: Sequence[str] = ()
        self._probabilities: npt.NDArray[np.float32] | None = None
        self._true = UNKNOWN
        self._font = font(tabular=True)
        self._bold = font(bold=True, tabular=True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        bind(self, "setAccessibleName", N_("Most probable classes"))
        theme().changed.connect(self.update)
        on_language_change(self, self.retranslate)

    def show_image(
        self, classes: Sequence[str], probabilities: npt.NDArray[np.float32] | None, true: int = UNKNOWN
    ) -> None:
        """Show the probabilities of one image; None or not a number: nothing."""
        known = probabilities is not None and bool(np.isfinite(probabilities).all())
        self._classes, self._probabilities, self._true = classes, probabilities if known else None, true
        self.updateGeometry()
        self.retranslate()

    def shown(self) -> list[tuple[int, float]]:
        """Class and probability of each bar, from above."""
        if self._probabilities is None:
            return []
        top = [int(one) for one in np.argsort(-self._probabilities, kind="stable")[:SHOWN]]
        if self._true not in (UNKNOWN, *top):
            top[-1] = self._true
        return [(one, float(self._probabilities[one])) for one in top]

    def retranslate(self) -> None:
        """Say it anew for screen readers, and paint."""
        told = [f"{self._classes[one]} {form.percentage(share)}" for one, share in self.shown()]
        if self._true != UNKNOWN and told:
            told.append(tr("True: {name}", name=self._classes[self._true]))
        self.setAccessibleDescription(join_phrases(told))
        self.update()

    def sizeHint(self) -> QSize:
        """As many rows as there are classes to show; never less, so that nothing jumps."""
        rows = min(SHOWN, len(self._classes)) or SHOWN
        return QSize(200, rows * self._row_height())

    def _row_height(self) -> int:
        return self.fontMetrics().height() + LINE + SPACING + HALF

    def paintEvent(self, event: QPaintEvent) -> None:
        """A name and a percentage over each bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, (one, share) in enumerate(self.shown()):
            self._paint_row(painter, number * self._row_height(), one, share, first=number == 0)

    def _paint_row(self, painter: QPainter, top: int, one: int, share: float, first: bool) -> None:
        colours, width = theme().colours, self.width()
        true = one == self._true
        painter.setFont(self._bold if first else self._font)
        metrics = painter.fontMetrics()
        percent = form.percentage(share)
        room = metrics.horizontalAdvance("100.0 %") + HALF
        left = 0
        if true or (first and self._true != UNKNOWN):
            kind = "good" if true else "bad"
            sign = QRectF(0, top + (metrics.height() - SIGN) / 2, SIGN, SIGN).toRect()
            icon("check" if true else "x", kind).paint(painter, sign)
            left = SIGN + HALF
        painter.setPen(colours.text)
        name = metrics.elidedText(self._classes[one], Qt.TextElideMode.ElideRight, width - room - left)
        painter.drawText(left, top, width - room - left, metrics.height(), Qt.AlignmentFlag.AlignLeft, name)
        painter.drawText(width - room, top, room, metrics.height(), Qt.AlignmentFlag.AlignRight, percent)
        groove = QRectF(0, top + metrics.height() + 2, width, LINE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.border)
        painter.drawRoundedRect(groove, LINE / 2, LINE / 2)
        if share > 0:
            groove.setWidth(max(LINE, width * share))
            judged = self._true != UNKNOWN
            fill = colours.good if true else colours.bad if first and judged else colours.accent if first else None
            painter.setBrush(fill or colours.text_disabled)
            painter.drawRoundedRect(groove, LINE / 2, LINE / 2)
