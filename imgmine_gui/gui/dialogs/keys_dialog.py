"""The list of keys, made from the actions of the window and the keys of its pages."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from imgmine_gui.core.text import N_, join_list, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.menus.menu import Menu
from imgmine_gui.gui.page_book import PAGES
from imgmine_gui.gui.theme import GAP, MARGIN, SPACING, FontSize, font

Line = tuple[str, str]
"""Keys, and what they do."""


class KeysDialog(QDialog):
    """All keys, by menu and by page, in the present language."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.resize(560, 640)
        bind(self, "setWindowTitle", N_("List of keys"))
        bind(self, "setAccessibleName", N_("List of keys"))
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        bind(self._scroll, "setAccessibleName", N_("List of keys"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)
        on_language_change(self, self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Make the list anew."""
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        grid.setHorizontalSpacing(MARGIN)
        grid.setVerticalSpacing(SPACING)
        grid.setColumnStretch(1, 1)
        for title, lines in sections(self._window):
            heading = QLabel(title)
            heading.setFont(font(FontSize.HEADING, bold=True))
            heading.setContentsMargins(0, GAP, 0, 0)
            grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
            for keys, what in lines:
                row = grid.rowCount()
                for place, text in enumerate((keys, what)):
                    label = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=place == 1)
                    label.setFont(font(bold=place == 0))
                    grid.addWidget(label, row, place)
        grid.setRowStretch(grid.rowCount(), 1)
        self._scroll.setWidget(content)


def sections(window: QWidget) -> Iterator[tuple[str, list[Line]]]:
    """The keys of each menu, then those of each page, with translated titles."""
    for menu in window.findChildren(Menu):
        if lines := list(_of_actions(menu.actions())):
            yield menu.title().replace("&", "").partition("(")[0], lines
    for entry in PAGES:
        page = entry.load()
        lines = [(tr(keys), tr(what)) for keys, what in page.keys]
        made = window.findChild(page)
        if made is not None:
            lines += _of_page(made)
        if lines:
            yield tr("Page {page}", page=tr(entry.title)), lines


def _of_page(page: QWidget) -> Iterator[Line]:
    yield from _of_actions(page.findChildren(QAction))
    for shortcut in page.findChildren(QShortcut):
        if shortcut.whatsThis():
            yield native(shortcut.keys()), shortcut.whatsThis()


def _of_actions(actions: list[QAction]) -> Iterator[Line]:
    for action in actions:
        if action.shortcuts():
            yield native(action.shortcuts()), action.text().replace("&", "").partition("(")[0].rstrip("…")


def native(keys: list[QKeySequence]) -> str:
    """Keys as they are written on this system's keyboards, with their alternatives."""
    return join_list(key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
