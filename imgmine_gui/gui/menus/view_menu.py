"""View: pages, zoom, theme, language, full screen."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QWidget

from imgmine_gui.app.session import Session
from imgmine_gui.core.text import LANGUAGES, N_
from imgmine_gui.gui.appearance import apply_language, apply_theme
from imgmine_gui.gui.menus.menu import Menu, enable
from imgmine_gui.gui.page_book import PAGES, PageBook

THEMES = {"system": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}


class ViewMenu(Menu):
    """View; what the page in front cannot do is disabled.

    Args:
        go: brings a page to the front, by its name.
    """

    def __init__(self, session: Session, book: PageBook, go: Callable[[str], object], window: QWidget) -> None:
        super().__init__(N_("&View"), window)
        self._session = session
        self._book = book
        self._window = window
        self._add_pages(go)
        self.addSeparator()
        self.zooms = [
            self.entry(N_("Zoom in"), partial(self._zoom, 1), ["Ctrl++", "Ctrl+="]),
            self.entry(N_("Zoom out"), partial(self._zoom, -1), ["Ctrl+-"]),
            self.entry(N_("Fit to the window"), partial(self._zoom, 0), ["Ctrl+0"]),
        ]
        self.addSeparator()
        self.theme = self.submenu(N_("Theme"))
        self._add_choices(self.theme, THEMES, session.settings.theme, self._set_theme)
        self.language = self.submenu(N_("Language"))
        languages = {"system": N_("As the system"), **LANGUAGES}
        self._add_choices(self.language, languages, session.settings.language, self._set_language)
        self.addSeparator()
        self.full_screen = self.entry(N_("Full screen"), self._toggle_full_screen, ["F11"], checkable=True)
        book.turned.connect(self._refresh)
        self._refresh()

    def _add_pages(self, go: Callable[[str], object]) -> None:
        """Alt+Home goes to the start, Ctrl and a digit to the pages after it."""
        for number, page in enumerate(PAGES):
            self.entry(page.title, partial(go, page.name), [f"Ctrl+{number}" if number else "Alt+Home"])

    def _add_choices(self, menu: Menu, choices: dict[str, str], chosen: str, choose: Callable[[str], object]) -> None:
        group = QActionGroup(menu)
        for name, text in choices.items():
            action = menu.entry(text, partial(choose, name), checkable=True)
            action.setChecked(name == chosen)
            group.addAction(action)

    def _refresh(self) -> None:
        page = self._book.current
        for action in self.zooms:
            enable(action, page is not None and page.can_zoom, N_("There is nothing to zoom on this page."))

    def _zoom(self, step: int) -> None:
        if self._book.current is not None:
            self._book.current.zoom(step)

    def _set_theme(self, name: str) -> None:
        self._session.settings.theme = name
        apply_theme(name)

    def _set_language(self, name: str) -> None:
        self._session.settings.language = name
        apply_language(name)

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)
