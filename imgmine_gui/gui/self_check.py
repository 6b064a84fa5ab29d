"""Whether the window opens on this machine, and has fonts to write with."""

import os
import tempfile
from unittest.mock import patch

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import Settings
from imgmine_gui.core.text import LANGUAGES, language
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.application import build_application
from imgmine_gui.gui.dialogs.help_window import HelpWindow
from imgmine_gui.gui.help_pages import help_pages
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.page_book import PAGES
from imgmine_gui.gui.theme import icon

GLYPH_SIZE = 32


def open_and_close() -> None:
    """Show the window with settings of its own, paint every page and every help page once, and close it.

    Raises:
        RuntimeError: the window did not come onto the screen.
    """
    with tempfile.TemporaryDirectory() as home, patch.dict(os.environ, {"IMGMINE_HOME": home}):
        settings = Settings()
        application = build_application(settings)
        window = MainWindow(Session(settings))
        window.show()
        for entry in PAGES:
            window.go(entry.name)
            application.processEvents()
            if window.grab().isNull():
                raise RuntimeError(entry.name)
        _paint_help(application, window)
        visible = window.isVisible()
        window.close()
    if not visible:
        raise RuntimeError("the window is not visible")


def check_fonts() -> None:
    """There is a font for the language of the person, and the glyphs of the buttons are drawn.

    Raises:
        RuntimeError: names what is missing.
    """
    spoken = language()
    build_application(Settings())
    apply_language(spoken)
    writing = QFontDatabase.WritingSystem
    wanted = writing.SimplifiedChinese if spoken == "zh_CN" else writing.Latin
    if not QFontDatabase.families(wanted):
        raise RuntimeError(f"no font for {QFontDatabase.writingSystemName(wanted)}")
    drawn = icon("folder-open").pixmap(GLYPH_SIZE, GLYPH_SIZE).toImage()
    if not any(drawn.pixelColor(x, y).alpha() for x in range(drawn.width()) for y in range(drawn.height())):
        raise RuntimeError("the font of the glyphs draws nothing")


def _paint_help(application: QApplication, window: MainWindow) -> None:
    """Each page, in each language."""
    spoken = language()
    help_window = HelpWindow(window)
    help_window.show()
    try:
        for name in LANGUAGES:
            apply_language(name)
            for page in help_pages():
                help_window.show_page(page.name)
                application.processEvents()
                if not help_window.browser.toPlainText().strip() or help_window.grab().isNull():
                    raise RuntimeError(f"{page.name} ({name})")
    finally:
        apply_language(spoken)
        help_window.close()
