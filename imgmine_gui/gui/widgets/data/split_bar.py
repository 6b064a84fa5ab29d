"""How the images are divided, as a bar of three parts with their counts below."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgmine_gui.core.text import N_, join_phrases, tr
from imgmine_gui.gui.binding import on_language_change
from imgmine_gui.gui.format import count
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, theme

THICKNESS = 10
GAP = 2
NAMES = (N_("Train"), N_("Validation"), N_("Test"))


class SplitBar(QWidget):
    """Three parts as long as they are large; each is named below it, so that no colour must be told apart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts = (0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def show_parts(self, train: int, validation: int, test: int) -> None:
        """Show these numbers of images."""
        self.parts = (train, validation, test)
        self.retranslate()

    def retranslate(self) -> None:
        """Name the parts in the present language."""
        self.setAccessibleName(join_phrases(f"{tr(name)} {count(part)}" for name, part in self._named()))
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The bar and two lines of words."""
        return QSize(200, THICKNESS + HALF + 2 * self._line())

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``, but narrower."""
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar, the names, the counts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = sum(self.parts)
        groove = QPainterPath()
        groove.addRoundedRect(QRectF(0, 0, self.width(), THICKNESS), THICKNESS / 2, THICKNESS / 2)
        painter.setClipPath(groove)
        painter.fillRect(0, 0, self.width(), THICKNESS, theme().colours.border)
        left = 0.0
        for colour, part in zip(self._colours(), self.parts, strict=True):
            width = self.width() * part / whole if whole else 0.0
            painter.fillRect(QRectF(left, 0, max(0.0, width - GAP), THICKNESS), colour)
            left += width
        painter.setClipping(False)
        self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        third = self.width() / 3
        line = self._line()
        for place, ((name, part), side, colour) in enumerate(zip(self._named(), sides, self._colours(), strict=True)):
            column = QRectF(place * third, THICKNESS + HALF, third, line)
            painter.setFont(font(FontSize.SMALL))
            painter.setPen(theme().colours.text_muted)
            dot = painter.fontMetrics().ascent() / 2
            width = painter.fontMetrics().horizontalAdvance(tr(name)) + dot + HALF
            start = column.left() + {0: 0.0, 1: (third - width) / 2, 2: third - width}[place]
            painter.drawText(column.adjusted(start - column.left() + dot + HALF, 0, third, 0), tr(name))
            painter.setFont(font(FontSize.BODY, bold=True, tabular=True))
            painter.setPen(theme().colours.text)
            painter.drawText(column.translated(0, line), side, count(part))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QRectF(start, column.top() + (line - dot) / 2, dot, dot))

    def _named(self) -> list[tuple[str, int]]:
        return list(zip(NAMES, self.parts, strict=True))

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Three strengths of the accent: splits have no colours of their own, classes have."""
        colours = theme().colours
        return colours.accent, _between(colours.accent, colours.window, 0.45), colours.text_muted

    def _line(self) -> int:
        return self.fontMetrics().height() + SPACING // 4


def _between(one: QColor, other: QColor, share: float) -> QColor:
    """The colour ``share`` of the way from ``one`` to ``other``."""
    return QColor.fromRgbF(
        *(
            a + (b - a) * share
            for a, b in zip(
                (one.redF(), one.greenF(), one.blueF()), (other.redF(), other.greenF(), other.blueF()), strict=True
            )
        )
    )
