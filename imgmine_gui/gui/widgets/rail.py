"""The slim rail at the left: an icon and a word for each page."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.style import blend
from imgmine_gui.gui.theme import HALF, SPACING, FontSize, font, icon, theme

WIDTH = 96
BUTTON_HEIGHT = 64
PICTURE = 24
RADIUS = 6.0


class RailButton(QToolButton):
    """One page of the rail; ticked while its page is shown."""

    def __init__(self, icon_name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(BUTTON_HEIGHT)
        self.setFont(font(FontSize.SMALL))
        bind(self, "setText", title)
        bind(self, "setAccessibleName", title)

    def sizeHint(self) -> QSize:
        """As wide as the rail."""
        return QSize(WIDTH - 2 * SPACING, BUTTON_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon above the word, on a tint of the accent while the page is shown."""
        colours = theme().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(colours.accent, 2.0) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(self._background())
        painter.drawRoundedRect(plate, RADIUS, RADIUS)
        role = "accent" if self.isChecked() else "text" if self.isEnabled() else "text_disabled"
        text_height = self.fontMetrics().height()
        top = (self.height() - PICTURE - HALF - text_height) // 2
        pixmap = icon(self._icon_name, role).pixmap(
            QSize(PICTURE, PICTURE), self.devicePixelRatioF(), QIcon.Mode.Normal
        )
        painter.drawPixmap((self.width() - PICTURE) // 2, top, pixmap)
        painter.setPen(getattr(colours, "text" if role == "accent" else role))
        word = QRectF(0, top + PICTURE + HALF, self.width(), text_height)
        painter.drawText(word, Qt.AlignmentFlag.AlignCenter, self.text())

    def _background(self) -> QColor:
        colours = theme().colours
        if self.isChecked():
            return colours.accent_soft
        if self.isDown() or self.underMouse():
            return blend(colours.window, colours.text, 0.12 if self.isDown() else 0.06)
        return QColor(0, 0, 0, 0)


class Rail(QWidget):
    """The pages, one below the other; exactly one is ticked."""

    chosen = Signal(str)
    """The name of the page that the person wants."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        bind(self, "setAccessibleName", N_("Pages"))
        self.buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        self._column.setSpacing(HALF)
        self._column.addStretch(1)
        theme().changed.connect(self.update)

    def add(self, name: str, icon_name: str, title: str) -> None:
        """Add a page below those that are there; ``title`` is marked with ``N_``."""
        button = RailButton(icon_name, title)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        self.buttons[name] = button
        self._column.insertWidget(self._column.count() - 1, button)

    def tick(self, name: str) -> None:
        """Show that the page ``name`` is in front; where a page of the rail has the focus, that one gets it."""
        self.buttons[name].setChecked(True)
        if any(button.hasFocus() for button in self.buttons.values()):
            self.buttons[name].setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line at the right."""
        painter = QPainter(self)
        painter.setPen(theme().colours.border)
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())
