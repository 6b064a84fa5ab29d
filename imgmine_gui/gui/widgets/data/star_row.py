"""Five stars, to be clicked or walked with the arrows."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.theme import HALF, icon, theme

STARS = 5
SIDE = 18
STEP = SIDE + HALF


class StarRow(QWidget):
    """A rating; a click on the last star that is filled takes all away."""

    chosen = Signal(int)
    """The person wants so many stars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rating: int | None = 0
        self._over = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    @property
    def rating(self) -> int | None:
        """What is shown; ``None`` where it differs."""
        return self._rating

    def show_rating(self, rating: int | None) -> None:
        """Show so many stars; ``None``: the images differ."""
        self._rating = rating
        said = tr(N_("Several")) if rating is None else str(rating)
        self.setAccessibleDescription(said)
        self.setToolTip(tr(N_("Several")) if rating is None else "")
        self.update()

    def sizeHint(self) -> QSize:
        """Five in a row."""
        return QSize(STARS * STEP, SIDE + 2 * HALF)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would give."""
        self._over = self._star_at(event.position())
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Show what is given."""
        self._over = 0
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Give as many stars as lie up to the pointer."""
        star = self._star_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and star:
            self.chosen.emit(0 if star == self._rating else star)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One more, one less."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.chosen.emit(max(0, min(STARS, (self._rating or 0) + step)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Filled stars, then empty ones."""
        painter = QPainter(self)
        shown = self._over or self._rating or 0
        top = (self.height() - SIDE) // 2
        for number in range(STARS):
            filled = number < shown
            drawn = icon("star-fill", "accent") if filled else icon("star", "text_muted")
            mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
            drawn.paint(painter, QRect(number * STEP, top, SIDE, SIDE), mode=mode)
        if self.hasFocus():
            painter.setPen(QPen(theme().colours.accent, 1))
            painter.drawRect(0, 0, STARS * STEP - 1, self.height() - 1)

    def _star_at(self, place: QPointF) -> int:
        star = int(place.x() // STEP) + 1
        return star if 1 <= star <= STARS else 0
