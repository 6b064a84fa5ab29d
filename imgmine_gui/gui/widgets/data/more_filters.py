"""The two buttons at the end of the filter bar: further conditions, and the order."""

import time
from abc import abstractmethod
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QToolButton, QWidget

from imgmine_gui.core.project.catalogue import ImageOrder, SortBy
from imgmine_gui.core.text import N_, tr
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.item_models.image_columns import FLAG_NAMES, STAR
from imgmine_gui.gui.menus.menu import Menu
from imgmine_gui.gui.theme import ICON_SIZE, icon
from imgmine_gui.gui.widgets.data.filters import Filters

DAY_NS = 86_400 * 10**9
_SIDES: tuple[tuple[str, tuple[int | None, int | None]], ...] = (
    (N_("Any size"), (None, None)),
    (N_("Below 64 px"), (None, 64)),
    (N_("64 to 255 px"), (64, 256)),
    (N_("256 to 1,023 px"), (256, 1024)),
    (N_("1,024 px and above"), (1024, None)),
)
"""By the longer side."""
_DAYS = ((N_("Any date"), 0), (N_("Last 24 hours"), 1), (N_("Last 7 days"), 7), (N_("Last 30 days"), 30))
_AGREEMENTS = ((N_("Any prediction"), None), (N_("They agree"), True), (N_("They differ"), False))
_CONFIDENCES: tuple[tuple[str, tuple[float | None, float | None]], ...] = (
    (N_("Any confidence"), (None, None)),
    (N_("Below 50 %"), (None, 0.5)),
    (N_("50 % to 80 %"), (0.5, 0.8)),
    (N_("80 % to 95 %"), (0.8, 0.95)),
    (N_("95 % and above"), (0.95, None)),
)
SORT_NAMES = {
    SortBy.ADDED: N_("As they were found"),
    SortBy.NAME: N_("Name"),
    SortBy.DATE: N_("Date of the file"),
    SortBy.SIZE: N_("File size"),
    SortBy.PIXELS: N_("Pixels"),
    SortBy.LABEL: N_("Class"),
    SortBy.SPLIT: N_("Split"),
    SortBy.RATING: N_("Rating"),
    SortBy.FLAG: N_("Flag"),
    SortBy.CONFIDENCE: N_("Confidence"),
}


class _MenuButton(QToolButton):
    """A button that is pressed while something is chosen in its menu.

    Args:
        filters: what the menu turns.
        name: what the button is for, marked with ``N_``.
    """

    def __init__(self, filters: Filters, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = filters
        self.setAutoRaise(True)
        self.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.setCheckable(True)
        bind(self, "setAccessibleName", name)
        bind(self, "setToolTip", name)
        self.clicked.connect(self.open)
        filters.changed.connect(self.follow)
        self.follow()

    def open(self) -> None:
        """Open the menu below the button."""
        menu = self.made()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        self.follow()

    @abstractmethod
    def follow(self) -> None:
        """Look as what is chosen."""

    @abstractmethod
    def made(self) -> Menu:
        """The menu, with what is chosen ticked."""


class MoreFilters(_MenuButton):
    """Flag, stars, size and date; and predictions, where there are any."""

    def __init__(self, filters: Filters, parent: QWidget | None = None) -> None:
        super().__init__(filters, N_("More filters: flag, rating, size, date, predictions"), parent)
        self.setIcon(icon("funnel"))

    def follow(self) -> None:
        """Pressed while one of them is set."""
        query = self._filters.query
        of_files = query.sides != (None, None) or query.since_ns is not None
        self.setChecked(query.flag is not None or query.rating > 0 or of_files or query.of_predictions)

    def made(self) -> Menu:
        """A list of choices for each."""
        menu, query = Menu(N_("More filters"), self), self._filters.query
        flags: list[tuple[str, Any]] = [(N_("Any flag"), None), *((name, flag) for flag, name in FLAG_NAMES.items())]
        self._add(menu.submenu(N_("Flag")), "flag", flags, query.flag)
        stars = [(STAR * number + " +" * (number < 5), number) for number in range(1, 6)]
        self._add(menu.submenu(N_("Rating")), "rating", [(N_("Any rating"), 0), *stars], query.rating)
        self._add(menu.submenu(N_("Size")), "sides", _SIDES, query.sides)
        now = time.time_ns()
        dates: list[tuple[str, Any]] = [(name, now - days * DAY_NS if days else None) for name, days in _DAYS]
        self._add(menu.submenu(N_("Date of the file")), "since_ns", dates, query.since_ns)
        if self._filters.run:
            menu.addSeparator()
            self._add_predictions(menu)
        return menu

    def _add_predictions(self, menu: Menu) -> None:
        """What a run says of the images, and which run."""
        filters, query = self._filters, self._filters.query
        self._add(menu.submenu(N_("Prediction and label")), "agrees", _AGREEMENTS, query.agrees)
        self._add(menu.submenu(N_("Confidence")), "confidence", _CONFIDENCES, query.confidence)
        for title, choices, chosen, slot in (
            (
                N_("Predicted class"),
                [("", None), *((name, name) for name in filters.predicted_classes)],
                query.predicted,
                lambda name: filters.set(predicted=name),
            ),
            (N_("Predictions of"), [(name, path) for path, name in filters.runs], filters.run, filters.run_wanted.emit),
        ):
            below = menu.submenu(title)
            group = QActionGroup(below)
            for name, value in choices:
                action = below.addAction(name.replace("&", "&&") or tr(N_("Any class")), partial(slot, value))
                action.setCheckable(True)
                action.setChecked(value == chosen)
                group.addAction(action)
            _name_choice(below, group)

    def _add(self, menu: Menu, name: str, choices: Any, chosen: object) -> None:
        group = QActionGroup(menu)
        for title, value in choices:
            action = menu.entry(title, partial(self._filters.set, **{name: value}), checkable=True)
            action.setChecked(value == chosen)
            group.addAction(action)
        _name_choice(menu, group)


def _name_choice(menu: Menu, group: QActionGroup) -> None:
    """Say beside the title of a list what is chosen in it, unless that is the first: anything."""
    chosen = group.checkedAction()
    if chosen is not None and chosen is not group.actions()[0]:
        menu.setTitle(tr("{title}: {description}", title=menu.title(), description=chosen.text()))


class SortButton(_MenuButton):
    """By what the images are ordered, and which way."""

    def __init__(self, filters: Filters, parent: QWidget | None = None) -> None:
        super().__init__(filters, N_("Order of the images"), parent)

    def follow(self) -> None:
        """Pressed while the order is another than that in which the images were found."""
        order = self._filters.order
        self.setIcon(icon("sort-descending" if order.descending else "sort-ascending"))
        self.setChecked(order != ImageOrder())

    def made(self) -> Menu:
        """What can be ordered by, then the way."""
        menu, order = Menu(N_("Order of the images"), self), self._filters.order
        for choices in (
            [
                (title, ImageOrder(by, order.descending), by is order.by)
                for by, title in SORT_NAMES.items()
                if by is not SortBy.CONFIDENCE or self._filters.run
            ],
            [
                (title, ImageOrder(order.by, down), down == order.descending)
                for title, down in ((N_("Ascending"), False), (N_("Descending"), True))
            ],
        ):
            group = QActionGroup(menu)
            for title, wanted, chosen in choices:
                action = menu.entry(title, partial(self._filters.sort, wanted), checkable=True)
                action.setChecked(chosen)
                group.addAction(action)
            menu.addSeparator()
        return menu
