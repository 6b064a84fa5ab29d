"""The pages of the window, each made when it is first shown."""

import importlib
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from imgmine_gui.app.session import Session
from imgmine_gui.core.text import N_
from imgmine_gui.gui.pages.page import Page


@dataclass(frozen=True)
class PageEntry:
    """Where a page is found and how the rail shows it.

    Attributes:
        title: marked with ``N_``.
        where: module and class; imported with the page, since some pages load pyqtgraph.
    """

    name: str
    title: str
    icon: str
    where: tuple[str, str]

    def load(self) -> type[Page]:
        """The class of the page."""
        module, name = self.where
        loaded: type[Page] = getattr(importlib.import_module(f"imgmine_gui.gui.pages.{module}"), name)
        return loaded


PAGES = (
    PageEntry("start", N_("Start"), "house", ("start_page", "StartPage")),
    PageEntry("data", N_("Data"), "image", ("data_page", "DataPage")),
    PageEntry("train", N_("Train"), "chart-line", ("train_page", "TrainPage")),
    PageEntry("predictions", N_("Predictions"), "eye", ("predictions_page", "PredictionsPage")),
    PageEntry("health", N_("Health"), "heartbeat", ("health_page", "HealthPage")),
    PageEntry("quick_check", N_("Quick check"), "target", ("quick_check_page", "QuickCheckPage")),
)


class PageBook(QStackedWidget):
    """Holds the pages that were made and shows one of them."""

    turned = Signal(str)
    """The name of the page that came to the front."""
    made = Signal(object)
    """A ``Page`` that was just made."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._entries = {entry.name: entry for entry in PAGES}
        self._pages: dict[str, Page] = {}
        self.current_name = ""

    @property
    def current(self) -> Page | None:
        """The page in front."""
        return self._pages.get(self.current_name)

    @property
    def pages(self) -> list[Page]:
        """The pages that were made so far."""
        return list(self._pages.values())

    def page(self, name: str) -> Page:
        """The page ``name``, made now where it was not yet."""
        if name not in self._pages:
            made = self._entries[name].load()(self._session)  # type: ignore[arg-type] # every page takes the session
            self._pages[name] = made
            self.addWidget(made)
            self.made.emit(made)
        return self._pages[name]

    def turn_to(self, name: str) -> Page:
        """Bring the page ``name`` to the front."""
        page = self.page(name)
        if name != self.current_name:
            self.current_name = name
            self.setCurrentWidget(page)
            page.shown()
            self.turned.emit(name)
        return page
