"""A label of the selected images, with a button that takes it away."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.format import count
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, icon, theme
from imgmine_gui.gui.widgets.training.elided import ElidedLabel

RADIUS = 4.0
SIDE = 16


class LabelChip(QWidget):
    """A square, the name, and how many of the selected images have it.

    Args:
        picture: of the class.
        name: of the class.
        number: of the selected images that have it.
        of: how many are selected, where not all have it.
        removable: whether it can be taken away; what says that there is no label cannot.
    """

    def __init__(
        self,
        picture: QIcon,
        name: str,
        number: int,
        of: int | None,
        removable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = ElidedLabel()
        self.name.setText(name)
        self.name.setToolTip(name)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        square = QLabel()
        square.setPixmap(picture.pixmap(QSize(SIDE, SIDE)))
        self.number = QLabel(tr("{number} of {total}", number=count(number), total=count(of)) if of else "")
        self.number.setFont(font(FontSize.SMALL, tabular=True))
        self.remove = QToolButton(autoRaise=True)
        self.remove.setIcon(icon("x"))
        self.remove.setIconSize(QSize(SIDE - 2, SIDE - 2))
        words = tr(N_("Take the label “{name}” away"), name=name)  # chips are made anew with the language
        self.remove.setToolTip(words)
        self.remove.setAccessibleName(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING, 2, HALF, 2)
        row.setSpacing(SPACING)
        row.addWidget(square)
        row.addWidget(self.name, 1)
        row.addWidget(self.number)
        row.addWidget(self.remove)
        policy = self.remove.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # as high as the others, so that nothing below it moves
        self.remove.setSizePolicy(policy)
        self.remove.setVisible(removable)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A plate."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colours.raised)
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
