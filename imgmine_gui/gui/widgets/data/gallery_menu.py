"""The menu of the selected images: classes, split, flag, stars, and what else can be done to them."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind
from imgmine_gui.gui.class_colours import class_icon
from imgmine_gui.gui.item_models.image_columns import FLAG_NAMES, SPLIT_NAMES, STAR
from imgmine_gui.gui.menus.menu import Menu
from imgmine_gui.gui.widgets.data.label_actions import LabelActions

if TYPE_CHECKING:
    from imgmine_gui.gui.widgets.data.gallery import Gallery

MOST_CLASSES = 30
"""With more classes than this, the rest is found by typing."""
_FLAG_KEYS = {1: "P", -1: "X", 0: "U"}


class GalleryMenu:
    """Made anew each time it is opened; it shows the keys that do the same.

    Args:
        gallery: to whose images it belongs; it gets the actions that have keys.
        actions: does what is chosen.
    """

    def __init__(self, gallery: "Gallery", actions: LabelActions) -> None:
        self._gallery = gallery
        self._actions = actions
        for view in (gallery.grid, gallery.table):
            copy = QAction(view)
            bind(copy, "setText", N_("Copy the paths of the selected images"))
            copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
            copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            copy.triggered.connect(gallery.copy_selected)
            view.addAction(copy)

    def open(self, place: QPoint) -> None:
        """Open at a place of the screen."""
        self.made(self._gallery).popup(place)

    def made(self, parent: QWidget) -> Menu:
        """The menu for what is selected now."""
        menu, gallery = Menu(N_("Selected images"), parent), self._gallery
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.entry(N_("Look at it large"), lambda: gallery.open_large(gallery.grid.current_row), ["Enter"])
        menu.addSeparator()
        self._add_classes(menu.submenu(N_("Label")))
        menu.entry(N_("Take the labels away"), self._actions.remove_labels, ["Backspace"])
        menu.entry(N_("Label of the folder"), self._actions.reset_labels)
        menu.addSeparator()
        self._add_splits(menu.submenu(N_("Split")))
        flags = menu.submenu(N_("Flag"))
        for flag, name in FLAG_NAMES.items():
            flags.entry(name, partial(self._actions.set_flag, flag), [_FLAG_KEYS[flag]])
        stars = menu.submenu(N_("Rating"))
        for number in range(6):
            stars.entry(STAR * number or N_("No stars"), partial(self._actions.set_rating, number), [f"Alt+{number}"])
        menu.addSeparator()
        current = gallery.current
        out = current is not None and current.excluded
        for text, excluded in ((N_("Leave out"), True), (N_("Use again"), False)):
            menu.entry(text, partial(self._actions.set_excluded, excluded), ["Ctrl+E"] if excluded != out else ())
        menu.addSeparator()
        menu.entry(N_("Copy the paths of the selected images"), gallery.copy_selected, [QKeySequence.StandardKey.Copy])
        menu.entry(N_("Select all"), gallery.grid.selectAll, [QKeySequence.StandardKey.SelectAll])
        nothing = not self._actions.chosen
        for action in menu.actions()[:-1]:
            action.setEnabled(not nothing)
        return menu

    def _add_classes(self, menu: Menu) -> None:
        for one in self._actions.classes[:MOST_CLASSES]:
            key = self._actions.key_of_class(one.id)
            text = one.name.replace("&", "&&")
            menu.addAction(class_icon(one.colour), f"{text}\t{key}", partial(self._actions.label, one.id))
        menu.addSeparator()
        menu.entry(N_("Other or new class…"), self._gallery.ask_label, ["Ctrl+L"])

    def _add_splits(self, menu: Menu) -> None:
        menu.entry(N_("As folders and settings say"), partial(self._actions.set_split, None))
        for split in Split:
            menu.entry(SPLIT_NAMES[split], partial(self._actions.set_split, split))
