"""The help: a list of pages, a search, and the page itself."""

from PySide6.QtCore import QSignalBlocker, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from imgmine_gui.core.text import N_, language, tr
from imgmine_gui.gui.binding import bind, on_language_change
from imgmine_gui.gui.help_pages import HELP, HelpPage, help_pages
from imgmine_gui.gui.theme import GAP, MARGIN, SPACING, icon, theme

LIST_WIDTH = 240


class HelpWindow(QDialog):
    """Stands beside the window, so that a person can read and try at the same time."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(920, 640)
        bind(self, "setWindowTitle", N_("Help"))
        bind(self, "setAccessibleName", N_("Help"))
        self._pages: list[HelpPage] = []
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.addAction(icon("magnifying-glass", "text_muted"), QLineEdit.ActionPosition.LeadingPosition)
        bind(self.search, "setPlaceholderText", N_("Search the help"))
        bind(self.search, "setAccessibleName", N_("Search the help"))
        self.search.textChanged.connect(self._on_search)
        self.search.returnPressed.connect(self._find_next)
        self.contents = QListWidget()
        bind(self.contents, "setAccessibleName", N_("Contents"))
        self.contents.currentItemChanged.connect(self._on_chosen)
        self.browser = QTextBrowser(openLinks=False)
        self.browser.document().setDocumentMargin(MARGIN)
        self.browser.anchorClicked.connect(self._on_link)
        bind(self.browser, "setAccessibleName", N_("Help page"))
        self._arrange()
        theme().changed.connect(self._show_page)
        on_language_change(self, self.reload)
        self.reload()

    def _arrange(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.search)
        column.addWidget(self.contents, 1)
        splitter = QSplitter()
        splitter.addWidget(left)
        splitter.addWidget(self.browser)
        splitter.setSizes([LIST_WIDTH, self.width() - LIST_WIDTH])
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP, GAP, GAP, GAP)
        outer.addWidget(splitter)

    def reload(self) -> None:
        """Read the pages in the present language, and stay on the page that was shown."""
        current = self.contents.currentRow()
        self._pages = help_pages()
        self.browser.setSearchPaths([str(HELP / language()), str(HELP / "en")])
        self._on_search(self.search.text())
        self.contents.setCurrentRow(max(0, current))

    def show_page(self, name: str) -> None:
        """Show the page of the file ``name``; one that does not exist is left alone."""
        with QSignalBlocker(self.search):
            self.search.clear()
        self._list(self._pages, name)

    def _on_search(self, words: str) -> None:
        """List the pages that hold all the words."""
        wanted = words.casefold().split()
        chosen = self.contents.currentItem()
        found = [page for page in self._pages if all(word in page.text.casefold() for word in wanted)]
        self._list(found, chosen.data(Qt.ItemDataRole.UserRole) if chosen else "")
        self._find_next()

    def _list(self, pages: list[HelpPage], current: str) -> None:
        with QSignalBlocker(self.contents):
            self.contents.clear()
            for page in pages:
                item = QListWidgetItem(page.title)
                item.setData(Qt.ItemDataRole.UserRole, page.name)
                self.contents.addItem(item)
            names = [page.name for page in pages]
            self.contents.setCurrentRow(names.index(current) if current in names else 0)
        self._show_page()

    def _on_chosen(self) -> None:
        self._show_page()
        self._find_next()

    def _show_page(self) -> None:
        item = self.contents.currentItem()
        name = item.data(Qt.ItemDataRole.UserRole) if item else None
        text = next((page.text for page in self._pages if page.name == name), tr("No page holds these words."))
        self.browser.document().setMarkdown(text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self.browser.moveCursor(QTextCursor.MoveOperation.Start)

    def _find_next(self) -> None:
        """Select the next place with the first of the words, from the top again after the last."""
        words = self.search.text().split()
        if words and not self.browser.find(words[0]):
            self.browser.moveCursor(QTextCursor.MoveOperation.Start)
            self.browser.find(words[0])

    def _on_link(self, link: QUrl) -> None:
        """Pages open here, everything else in the person's browser."""
        if link.isRelative() and link.path():
            self.show_page(link.path())
        elif link.isRelative():
            self.browser.scrollToAnchor(link.fragment())
        else:
            QDesktopServices.openUrl(link)
