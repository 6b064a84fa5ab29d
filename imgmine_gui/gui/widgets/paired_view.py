"""A page of parts that stand in pairs: beside each other where there is room, otherwise below each other."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QWidget

from imgmine_gui.gui.theme import MARGIN

WIDE = 860
"""From this width on the two of a pair stand beside each other."""


class PairedView(QScrollArea):
    """Scrolls its parts; ``add_pair`` makes the layouts of those that stand in pairs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: list[QBoxLayout] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def add_pair(self) -> QBoxLayout:
        """A layout for two parts, to be put where they belong."""
        pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        pair.setSpacing(MARGIN)
        self._pairs.append(pair)
        return pair

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other or below."""
        super().resizeEvent(event)
        wide = self.viewport().width() >= WIDE
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        for pair in self._pairs:
            pair.setDirection(direction)
