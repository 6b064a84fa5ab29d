"""The architectures to choose from: one card each, of which one is chosen."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from imgmine_gui.core.architectures.base import ARCHITECTURES, Architecture
from imgmine_gui.core.tasks.base import TASKS
from imgmine_gui.core.text import N_, join_sentences, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.style import blend
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, theme
from imgmine_gui.gui.widgets.tab_stop import stop_at_chosen
from imgmine_gui.gui.widgets.training.diagram import (
    labelled_height,
    paint_labelled,
    paint_strip,
    strip_gap,
    strip_width,
)

RADIUS = 6.0
PAD = 12
STRIP = 16.0
NARROWEST_GAP = 8.0
"""Between two pictures of a strip, beside a long title; with less, the title stands alone."""
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft


class ArchitectureCard(QAbstractButton):
    """Title, one sentence and a diagram; the chosen card names the stages of its diagram."""

    def __init__(self, architecture: type[Architecture], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.architecture = architecture
        self.setCheckable(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.toggled.connect(lambda _on: self.updateGeometry())
        theme().changed.connect(self.update)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Write everything in the present language."""
        stages = " → ".join(tr(stage) for stage in self.architecture.diagram)
        self.setText(tr(self.architecture.title))
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(join_sentences(tr(self.architecture.summary), stages))
        self.setToolTip(stages)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its words need."""
        return QSize(280, self.heightForWidth(280))

    def minimumSizeHint(self) -> QSize:
        """As high as its words need at the width that it has."""
        return QSize(220, self.heightForWidth(max(self.width(), 220)))

    def hasHeightForWidth(self) -> bool:
        """The sentence wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Title, sentence and, where the card is chosen, the diagram."""
        small = font(FontSize.SMALL)
        sentence = QFontMetricsF(small).boundingRect(QRectF(0, 0, width - 2 * PAD, 1000), int(WRAP), self._summary())
        height = 2 * PAD + self._title_height() + HALF + sentence.height()
        return int(
            height + (SPACING + labelled_height(self.architecture.diagram, small) if self.isChecked() else 0) + 1
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """A plate with the words; the chosen one has the accent's outline."""
        colours = theme().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self.hasFocus() or self.isChecked()
        pen = QPen(colours.accent if strong else colours.border, 2.0 if self.hasFocus() else 1.0)
        inset = pen.widthF() / 2
        plate = colours.accent_soft if self.isChecked() else colours.surface
        painter.setPen(pen)
        painter.setBrush(blend(plate, colours.text, 0.04 if self.underMouse() else 0.0))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
        area = QRectF(self.rect()).adjusted(PAD, PAD, -PAD, -PAD)
        painter.setPen(colours.text)
        painter.setFont(font(bold=True))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), self.text())
        stages = self.architecture.diagram
        if not self.isChecked():
            title = QFontMetricsF(font(bold=True)).horizontalAdvance(self.text())
            gap = strip_gap(stages, STRIP, area.width() - title - SPACING)
            if gap >= NARROWEST_GAP:
                corner = QPointF(area.right() - strip_width(stages, STRIP, gap), area.top() + 1)
                paint_strip(painter, stages, corner, STRIP, gap, colours.text_muted)
        small = font(FontSize.SMALL)
        painter.setFont(small)
        painter.setPen(colours.text if self.isChecked() else colours.text_muted)
        area.setTop(area.top() + self._title_height() + HALF)
        painter.drawText(area, int(WRAP), self._summary())
        if self.isChecked():
            area.setTop(area.bottom() - labelled_height(self.architecture.diagram, small))
            paint_labelled(painter, stages, area, small, colours.accent, colours.text)

    def _title_height(self) -> float:
        return QFontMetricsF(font(bold=True)).height()

    def _summary(self) -> str:
        return tr(self.architecture.summary)


class ArchitectureCards(QWidget):
    """All architectures that fit a task, below each other; arrow keys choose."""

    chosen = Signal(str)
    """The name of the architecture that is chosen now."""

    def __init__(self, task: str = "classification", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, ArchitectureCard] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACING)
        bind(self, "setAccessibleName", N_("Architectures"))
        accepted = set(TASKS[task].accepts)
        for name in ARCHITECTURES:
            if accepted & ARCHITECTURES[name].produces:
                self._add(name)
        stop_at_chosen(self._group)
        self.choose(next(iter(self.cards)))

    def _add(self, name: str) -> None:
        card = ArchitectureCard(ARCHITECTURES[name])
        self.cards[name] = card
        self._group.addButton(card)
        self._column.addWidget(card)
        card.toggled.connect(lambda on, name=name: self.chosen.emit(name) if on else None)

    def name(self) -> str:
        """The name of the architecture that is chosen."""
        return next(name for name, card in self.cards.items() if card.isChecked())

    def choose(self, name: str) -> None:
        """Choose the architecture ``name``."""
        self.cards[name].setChecked(True)
