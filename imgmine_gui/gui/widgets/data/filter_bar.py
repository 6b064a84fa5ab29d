"""The fields above the thumbnails that say which images are shown."""

from itertools import pairwise
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from imgmine_gui.core.project.catalogue import Totals
from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.format import count
from imgmine_gui.gui.item_models.image_columns import SPLIT_NAMES
from imgmine_gui.gui.theme import GAP, ICON_SIZE, SPACING, icon
from imgmine_gui.gui.widgets.data.filters import Filters
from imgmine_gui.gui.widgets.data.more_filters import MoreFilters, SortButton

TYPING_MS = 200
"""After the last key, before the images are looked up."""
NARROW = 470
"""Below this width the choices stand on a line of their own."""
_SPLITS = (None, *SPLIT_NAMES)
_KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    (N_("All images"), {}),
    (N_("Unlabelled"), {"unlabelled": True}),
    (N_("Unreadable"), {"problems": True}),
    (N_("Labelled"), {"unlabelled": False}),
    (N_("In two splits"), {"shared": "split"}),
    (N_("In two classes"), {"shared": "label"}),
    (N_("Left out"), {"excluded": True}),
    (N_("Changed since labelled"), {"changed": True}),
    (N_("With a note"), {"noted": True}),
    (N_("With boxes or polygons"), {"with_shapes": True}),
)
_ANY_KIND: dict[str, Any] = {
    "unlabelled": None,
    "problems": None,
    "shared": None,
    "excluded": None,
    "changed": False,
    "noted": False,
    "with_shapes": False,
    "among": None,
}


class FilterBar(QWidget):
    """Text, class, split, and what kind of image; each turns and follows ``filters``."""

    left = Signal()
    """Esc in the empty field: the focus goes back to the images."""

    def __init__(self, filters: Filters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = filters
        self._classes: list[str] = []
        self._totals: Totals | None = None
        self.text = SearchField()
        self.label, self.split, self.kind = QComboBox(), QComboBox(), QComboBox()
        self.more, self.order = MoreFilters(filters), SortButton(filters)
        self.clear = QToolButton(autoRaise=True)
        self.clear.setIcon(icon("x"))
        self.clear.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.clear.clicked.connect(filters.clear)
        self._choices = ((self.label, 2), (self.split, 2), (self.kind, 3))  # a kind has a count behind its words
        self._upper, self._lower = QHBoxLayout(), QHBoxLayout()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(lambda: filters.set(text=self.text.text().strip()))
        self.text.textChanged.connect(self._typing.start)
        self.text.left.connect(self.left)
        self.label.activated.connect(lambda _: filters.set(label=self.label.currentData()))
        self.split.activated.connect(lambda place: filters.set(split=_SPLITS[place]))
        self.kind.activated.connect(self._choose_kind)
        self._arrange()
        filters.changed.connect(self._follow)
        on_language_change(self, self._fill)
        self._fill()

    def say_what_is_searched(self, texts: bool) -> None:
        """Whether images have texts, which the search looks through as well."""
        words = N_("Find in names and texts") if texts else N_("Find by name")
        bind(self.text, "setPlaceholderText", words)
        bind(self.text, "setAccessibleName", words)

    def offer(self, classes: list[ClassCounts], totals: Totals) -> None:
        """Offer these classes, and say how many images there are of each kind."""
        names = [one.name for one in classes]
        if names != self._classes or totals != self._totals:
            self._classes, self._totals = names, totals
            self._fill()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, SPACING, GAP, SPACING)
        column.setSpacing(SPACING)
        for row in (self._upper, self._lower):
            row.setSpacing(SPACING)
            column.addLayout(row)
        self._upper.addWidget(self.text, 3)
        for box, name in ((self.label, N_("Class")), (self.split, N_("Split")), (self.kind, N_("Kind of image"))):
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            bind(box, "setAccessibleName", name)
            bind(box, "setToolTip", name)
        for button in (self.more, self.clear, self.order):
            self._upper.addWidget(button)
        self._fold(narrow=False)
        self.say_what_is_searched(texts=False)
        bind(self.clear, "setAccessibleName", N_("Show all images"))
        bind(self, "setAccessibleName", N_("Filters"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the choices go below the text."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        if narrow == self._lower.isEmpty():
            self._fold(narrow)

    def _fold(self, narrow: bool) -> None:
        row, boxes = self._lower if narrow else self._upper, [box for box, _ in self._choices]
        for place, (box, share) in enumerate(self._choices):
            (self._upper if narrow else self._lower).removeWidget(box)
            row.insertWidget(place if narrow else place + 1, box, share)
        buttons = [self.more, self.clear, self.order]
        order = [self.text, *buttons, *boxes] if narrow else [self.text, *boxes, *buttons]
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _fill(self) -> None:
        with QSignalBlocker(self.label), QSignalBlocker(self.split), QSignalBlocker(self.kind):
            for box in (self.label, self.split, self.kind):
                box.clear()
            self.label.addItem(tr(N_("All classes")), None)
            for name in self._classes:
                self.label.addItem(name, name)
            self.split.addItem(tr(N_("All splits")))
            for title in SPLIT_NAMES.values():
                self.split.addItem(tr(title))
            counts = {1: self._totals.unlabelled, 2: self._totals.unreadable} if self._totals else {}
            for place, (title, _) in enumerate(_KINDS):
                number = counts.get(place)
                self.kind.addItem(tr(title) if number is None else f"{tr(title)} ({count(number)})")
        self._follow()

    def _choose_kind(self, place: int) -> None:
        """Those that another page has found stand below the others, and only while they are shown."""
        if place < len(_KINDS):
            self._filters.set(**{**_ANY_KIND, **_KINDS[place][1]})

    def _follow(self) -> None:
        """Show what is set."""
        query = self._filters.query
        while self.kind.count() > len(_KINDS):
            self.kind.removeItem(self.kind.count() - 1)
        self.label.setCurrentIndex(max(0, self.label.findData(query.label)))
        self.split.setCurrentIndex(_SPLITS.index(query.split))
        kind = {name: value for name, none in _ANY_KIND.items() if (value := getattr(query, name)) != none}
        if query.among is not None:
            self.kind.addItem(tr(self._filters.among_title))
        place = next((place for place, (_, one) in enumerate(_KINDS) if one == kind), 0)
        self.kind.setCurrentIndex(place if query.among is None else len(_KINDS))
        if query.text != self.text.text().strip() and not self._typing.isActive():
            with QSignalBlocker(self.text):
                self.text.setText(query.text)
        self.clear.setEnabled(self._filters.are_set)
        tip = N_("Show all images") if self._filters.are_set else N_("All images are shown already")
        bind(self.clear, "setToolTip", tip)


class SearchField(QLineEdit):
    """A field with a magnifying glass; Esc empties it, and then leaves it."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)
        self.setAcceptDrops(False)  # what is dropped on the page is a folder, not its name
        self.addAction(icon("magnifying-glass", "text_muted"), QLineEdit.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Enter lead back to the images."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def begin(self) -> None:
        """Take the focus, ready to be typed over."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
