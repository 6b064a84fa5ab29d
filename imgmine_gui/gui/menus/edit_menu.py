"""Edit: undo, redo, find."""

from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from imgmine_gui.core.text import N_
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.menus.menu import Menu, enable
from imgmine_gui.gui.page_book import PageBook
from imgmine_gui.gui.undo import Change


class EditMenu(Menu):
    """Edit; undo and redo name the change they are about."""

    def __init__(self, stack: QUndoStack, book: PageBook, window: QWidget) -> None:
        super().__init__(N_("&Edit"), window)
        self._stack = stack
        self._book = book
        self.undo = self.entry(N_("Undo"), stack.undo, ["Ctrl+Z"])
        self.redo = self.entry(N_("Redo"), stack.redo, ["Ctrl+Shift+Z", "Ctrl+Y"])
        self.addSeparator()
        self.search = self.entry(N_("Find"), self._search, ["Ctrl+F"])
        for signal in (stack.undoTextChanged, stack.redoTextChanged, stack.canUndoChanged, stack.canRedoChanged):
            signal.connect(self._refresh)
        book.turned.connect(self._refresh)
        on_language_change(self, self.retranslate)
        self._refresh()

    def retranslate(self) -> None:
        """Name the changes in the present language."""
        for index in range(self._stack.count()):
            change = self._stack.command(index)
            if isinstance(change, Change):
                change.retranslate()
        self._refresh()

    def _refresh(self) -> None:
        undo, redo = self._stack.undoText(), self._stack.redoText()
        bind(self.undo, "setText", N_("Undo: {change}") if undo else N_("Undo"), change=undo)
        bind(self.redo, "setText", N_("Redo: {change}") if redo else N_("Redo"), change=redo)
        enable(self.undo, self._stack.canUndo(), N_("There is nothing to undo."))
        enable(self.redo, self._stack.canRedo(), N_("There is nothing to redo."))
        page = self._book.current
        enable(self.search, page is not None and page.can_search, N_("There is nothing to search on this page."))

    def _search(self) -> None:
        if self._book.current is not None:
            self._book.current.search()
