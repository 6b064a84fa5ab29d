"""What can be done to a class: rename, merge, delete, colour, key, place in the order; and to all of them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QWidget

from imgmine_gui.core.project.checks import ClassCounts
from imgmine_gui.core.project.edits.editing import Edits
from imgmine_gui.core.text import N_, ntr, tr
from imgmine_gui.gui.class_colours import DARK_COLOURS, class_icon
from imgmine_gui.gui.format import count
from imgmine_gui.gui.menus.menu import Menu
from imgmine_gui.gui.widgets.data.label_actions import DIGITS, LabelActions


class ClassMenu:
    """Made anew each time it is opened.

    Args:
        owner: the widget that it opens over.
        actions: makes the edits.
        rename: lets the person type another name, in the table.
        add: lets the person type the name of a new class.
    """

    def __init__(
        self,
        owner: QWidget,
        actions: LabelActions,
        rename: Callable[[ClassCounts], object],
        add: Callable[[], object],
    ) -> None:
        self._owner = owner
        self._edits = actions
        self._rename = rename
        self._add = add

    def open(self, place: QPoint, one: ClassCounts | None) -> None:
        """Open at a place of the screen, for a class or for all of them."""
        menu = self.made(one)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def made(self, one: ClassCounts | None) -> Menu:
        """The menu for a class, or for all."""
        menu = Menu(N_("Class"), self._owner)
        if one is not None:
            self._add_entries(menu, one)
        elif self._edits.classes:
            menu.entry(N_("Select a class to rename, merge or delete it")).setEnabled(False)
        menu.addSeparator()
        menu.entry(N_("Add a class…"), self._add)
        several = menu.entry(N_("Several labels an image"), self._toggle_several, checkable=True)
        several.setChecked(self._edits.several_labels)
        return menu

    def merge(self, one: ClassCounts, into: ClassCounts) -> None:
        """Give all images of a class another."""
        self._edits.of_classes(lambda edits: edits.merge_class(one.id, into.id))

    def delete(self, one: ClassCounts) -> None:
        """Take a class away."""
        self._edits.of_classes(lambda edits: edits.delete_class(one.id))

    def move(self, one: ClassCounts, by: int) -> None:
        """Put a class further up or down."""
        order = [each.id for each in self._edits.classes]
        place = order.index(one.id)
        order.insert(max(0, min(len(order) - 1, place + by)), order.pop(place))
        self.set_order(order)

    def set_order(self, order: list[int]) -> None:
        """Put the classes into this order."""
        self._edits.of_classes(lambda edits: edits.set_class_order(order))

    def _add_entries(self, menu: Menu, one: ClassCounts) -> None:
        menu.entry(N_("Rename"), partial(self._rename, one), ["F2"])
        merge = menu.submenu(N_("Merge into"))
        for other in self._edits.classes:
            if other.id != one.id:
                merge.addAction(class_icon(other.colour), _plain(other.name), partial(self.merge, one, other))
        merge.setEnabled(not merge.isEmpty())
        colours = menu.submenu(N_("Colour"))
        group = QActionGroup(colours)
        for number in range(len(DARK_COLOURS)):
            action = colours.addAction(
                class_icon(number), tr(N_("Colour {number}"), number=number + 1), partial(self._colour, one, number)
            )
            action.setCheckable(True)
            action.setChecked(number == one.colour)
            group.addAction(action)
        self._add_keys(menu.submenu(N_("Key")), one)
        menu.entry(N_("Move up"), partial(self.move, one, -1), ["Alt+Up"])
        menu.entry(N_("Move down"), partial(self.move, one, 1), ["Alt+Down"])
        menu.addSeparator()
        number = one.used + one.unsplit + one.further
        text = ntr(
            "Delete; {images} image loses this label",
            "Delete; {images} images lose this label",
            number,
            images=count(number),
        )
        menu.entry(text if number else N_("Delete"), partial(self.delete, one), ["Del"])

    def _add_keys(self, menu: Menu, one: ClassCounts) -> None:
        group = QActionGroup(menu)
        for key in ("", *DIGITS):
            taken = self._edits.class_of_key(key) if key else None
            named = f"{key}    {_plain(taken.name)}" if taken is not None and taken.id != one.id else key
            action = menu.addAction(named or tr(N_("By its place in the order")), partial(self._key, one, key))
            action.setCheckable(True)
            action.setChecked(key == one.shortcut)
            group.addAction(action)

    def _colour(self, one: ClassCounts, number: int) -> None:
        self._edits.of_classes(lambda edits: edits.set_class_colour(one.id, number))

    def _key(self, one: ClassCounts, key: str) -> None:
        self._edits.of_classes(lambda edits: edits.set_shortcut(one.id, key))

    def _toggle_several(self) -> None:
        several = not self._edits.several_labels

        def work(edits: Edits) -> object:
            return edits.set_several_labels(several)

        self._edits.of_classes(work)


def _plain(name: str) -> str:
    return name.replace("&", "&&")
