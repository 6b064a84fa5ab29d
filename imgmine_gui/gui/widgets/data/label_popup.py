"""The small field over the images into which the name of a class is typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.class_colours import class_icon
from imgmine_gui.gui.format import count
from imgmine_gui.gui.theme import SPACING, FontSize, font, icon, theme

WIDTH = 300
MOST = 8
"""So many classes are seen at once."""
RADIUS = 6.0
SIDE = 20


@dataclass(frozen=True)
class Choice:
    """A line of the list: a class, or (``class_id`` 0) a new one of this name."""

    class_id: int
    name: str


def matches(typed: str, classes: Sequence[ClassCounts]) -> list[ClassCounts]:
    """The classes that are meant: those that begin so first, then those with a word that does, then the rest."""
    text = typed.casefold().strip()
    if not text:
        return list(classes)

    def rank(name: str) -> int:
        folded = name.casefold()
        if folded.startswith(text):
            return 0
        return 1 if any(word.startswith(text) for word in folded.replace("_", " ").replace("-", " ").split()) else 2

    found = [one for one in classes if text in one.name.casefold()]
    return sorted(found, key=lambda one: rank(one.name))


class LabelPopup(QFrame):
    """Enter takes the line that is chosen, the first to begin with; Esc, or a click elsewhere, takes none.

    Args:
        area: over whose middle it opens.
    """

    chosen = Signal(int)
    """The id of a class."""
    new_wanted = Signal(str)
    """The name of a class that is to be made."""
    closed = Signal()
    """It is gone, with or without a choice."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._area = area
        self._classes: Sequence[ClassCounts] = ()
        self._is_open = False
        self.ids: Sequence[int] = ()
        """The images that were selected when it opened: these and no others are meant."""
        self.goes_on = False
        """Whether the next image is wanted after the choice."""
        self.heading = QLabel()
        self.heading.setFont(font(FontSize.SMALL))
        self.field = QLineEdit()
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setIconSize(QSize(SIDE, SIDE))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda _: self._take())
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING + 2, SPACING, SPACING + 2, SPACING + 2)
        column.setSpacing(SPACING // 2)
        for widget in (self.heading, self.field, self.list):
            column.addWidget(widget)
        bind(self.field, "setAccessibleName", N_("Class"))
        bind(self.field, "setPlaceholderText", N_("Type the name of a class"))
        bind(self.list, "setAccessibleName", N_("Classes"))
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        theme().changed.connect(self._recolour)
        self._recolour()
        self.hide()

    def ask(
        self,
        classes: Sequence[ClassCounts],
        ids: Sequence[int],
        beside: QRect,
        typed: str = "",
        goes_on: bool = False,
    ) -> None:
        """Open with what was typed already.

        Args:
            ids: of the images that the choice is for.
            beside: what shall stay in sight, in the coordinates of the area: the image that is labelled.
            goes_on: whether the next image is wanted after the choice.
        """
        self._classes, self.ids, self.goes_on = classes, ids, goes_on
        number = len(ids)
        self.heading.setText(ntr("Label {images} image", "Label {images} images", number, images=count(number)))
        self.field.setText(typed)
        self._fill()
        self.move(self._place(beside))
        self._is_open = True
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.field.deselect()
        self.field.setCursorPosition(len(typed))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of the list work in the field; when the focus goes elsewhere, nothing is chosen."""
        if event.type() == QEvent.Type.FocusOut:
            self.dismiss()
        if not isinstance(event, QKeyEvent) or event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return super().eventFilter(watched, event)
        key = event.key()
        if key not in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up, Qt.Key.Key_Down):
            return super().eventFilter(watched, event)
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            if key == Qt.Key.Key_Escape:
                self.dismiss()
            elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow((self.list.currentRow() + step) % max(1, self.list.count()))
            else:
                self._take()
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """A plate with a line around it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme().colours.surface)
        painter.setPen(QPen(theme().colours.accent, 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _place(self, beside: QRect) -> QPoint:
        """Over the middle of the images, or next to ``beside``: where the least of that is covered."""
        area, size = self._area.rect(), self.size()
        middle = (area.width() - size.width()) // 2, max(SPACING, (area.height() - size.height()) // 3)
        right, low = area.width() - size.width(), area.height() - size.height()
        places = [
            QRect(QPoint(max(0, min(right, x)), max(0, min(low, y))), size)
            for x, y in (
                middle,
                (beside.right() + SPACING, middle[1]),
                (beside.left() - SPACING - size.width(), middle[1]),
                (middle[0], beside.bottom() + SPACING),
                (middle[0], beside.top() - SPACING - size.height()),
            )
        ]
        covered = [place.intersected(beside) for place in places]
        least = min(range(len(places)), key=lambda one: covered[one].width() * covered[one].height())
        return places[least].topLeft()

    def _recolour(self) -> None:
        """A quiet ground for the line that is chosen: the squares of all classes are seen on it."""
        palette, colours = self.list.palette(), theme().colours
        palette.setColor(QPalette.ColorRole.Base, colours.surface)
        palette.setColor(QPalette.ColorRole.Highlight, colours.accent_soft)
        palette.setColor(QPalette.ColorRole.HighlightedText, colours.text)
        self.list.setPalette(palette)

    def _fill(self) -> None:
        typed = self.field.text().strip()
        found = matches(typed, self._classes)
        self.list.clear()
        for one in found:
            self._add(Choice(one.id, one.name), one.name, class_icon(one.colour))
        if typed and typed not in {one.name for one in self._classes}:
            self._add(Choice(0, typed), tr("New class “{name}”", name=typed), _steady(icon("plus")))
        self.list.setCurrentRow(0)
        rows = min(max(1, self.list.count()), MOST)
        self.list.setFixedHeight(rows * max(20, self.list.sizeHintForRow(0)) + 2)
        self.setFixedWidth(WIDTH)
        self.adjustSize()

    def _add(self, choice: Choice, text: str, picture: QIcon) -> None:
        item = QListWidgetItem(picture, text)
        item.setData(Qt.ItemDataRole.UserRole, choice)
        self.list.addItem(item)

    def _take(self) -> None:
        item = self.list.currentItem()
        choice = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        self.dismiss()
        if isinstance(choice, Choice):
            if choice.class_id:
                self.chosen.emit(choice.class_id)
            else:
                self.new_wanted.emit(choice.name)

    def dismiss(self) -> None:
        """Close without a choice."""
        if self._is_open:
            self._is_open = False
            self.hide()
            self.closed.emit()


def _steady(picture: QIcon) -> QIcon:
    """The icon in the colour of text on the line that is chosen, too: its ground is a quiet one."""
    pixmap = picture.pixmap(QSize(2 * SIDE, 2 * SIDE))
    made = QIcon(pixmap)
    made.addPixmap(pixmap, QIcon.Mode.Selected)
    return made
