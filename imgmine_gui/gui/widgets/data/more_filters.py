"""The two buttons at the end of the filter bar: further conditions, and the order."""

import time
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QToolButton, QWidget

from imgmine_gui.core.project.catalogue import ImageOrder, SortBy
from imgmine_gui.core.text import N_
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
}


def _set_up(button: QToolButton, name: str) -> None:
    button.setAutoRaise(True)
    button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    button.setCheckable(True)
    bind(button, "setAccessibleName", name)
    bind(button, "setToolTip", name)


def _open(button: QToolButton, menu: Menu) -> None:
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


class MoreFilters(QToolButton):
    """Flag, stars, size and date."""

    def __init__(self, filters: Filters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = filters
        _set_up(self, N_("More filters: flag, rating, size, date"))
        self.setIcon(icon("funnel"))
        self.clicked.connect(self.open)
        filters.changed.connect(self.follow)
        self.follow()

    def open(self) -> None:
        """Open the menu below the button."""
        _open(self, self.made())
        self.follow()

    def follow(self) -> None:
        """Pressed while one of them is set."""
        query = self._filters.query
        self.setChecked(
            query.flag is not None or query.rating > 0 or query.sides != (None, None) or query.since_ns is not None
        )

    def made(self) -> Menu:
        """Four lists of choices."""
        menu, query = Menu(N_("More filters"), self), self._filters.query
        flags: list[tuple[str, Any]] = [(N_("Any flag"), None), *((name, flag) for flag, name in FLAG_NAMES.items())]
        self._add(menu.submenu(N_("Flag")), "flag", flags, query.flag)
        stars = menu.submenu(N_("Rating"))
        self._add(stars, "rating", [(N_("Any rating"), 0)], query.rating)
        for number in range(1, 6):
            action = stars.addAction(STAR * number + " +" * (number < 5), partial(self._filters.set, rating=number))
            action.setCheckable(True)
            action.setChecked(number == query.rating)
        self._add(menu.submenu(N_("Size")), "sides", _SIDES, query.sides)
        now = time.time_ns()
        dates: list[tuple[str, Any]] = [(name, now - days * DAY_NS if days else None) for name, days in _DAYS]
        self._add(menu.submenu(N_("Date of the file")), "since_ns", dates, query.since_ns)
        return menu

    def _add(self, menu: Menu, name: str, choices: Any, chosen: object) -> None:
        group = QActionGroup(menu)
        for title, value in choices:
            action = menu.entry(title, partial(self._filters.set, **{name: value}), checkable=True)
            action.setChecked(value == chosen)
            group.addAction(action)


class SortButton(QToolButton):
    """By what the images are ordered, and which way."""

    def __init__(self, filters: Filters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = filters
        _set_up(self, N_("Order of the images"))
        self.clicked.connect(self.open)
        filters.changed.connect(self.follow)
        self.follow()

    def open(self) -> None:
        """Open the menu below the button."""
        _open(self, self.made())
        self.follow()

    def follow(self) -> None:
        """Pressed while the order is another than that in which the images were found."""
        order = self._filters.order
        self.setIcon(icon("sort-descending" if order.descending else "sort-ascending"))
        self.setChecked(order != ImageOrder())

    def made(self) -> Menu:
        """What can be ordered by, then the way."""
        menu, order = Menu(N_("Order of the images"), self), self._filters.order
        for choices in (
            [(title, ImageOrder(by, order.descending), by is order.by) for by, title in SORT_NAMES.items()],
            [
                (title, ImageOrder(order.by, down), down == order.descending)
                for title, down in ((N_("Smallest first"), False), (N_("Largest first"), True))
            ],
        ):
            group = QActionGroup(menu)
            for title, wanted, chosen in choices:
                action = menu.entry(title, partial(self._filters.sort, wanted), checkable=True)
                action.setChecked(chosen)
                group.addAction(action)
            menu.addSeparator()
        return menu
