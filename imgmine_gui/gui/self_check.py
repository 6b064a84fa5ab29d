"""Whether the window opens on this machine."""

import os
import tempfile
from unittest.mock import patch


def open_and_close() -> None:
    """Show the window with settings of its own, paint every page once, and close it.

    Raises:
        RuntimeError: the window did not come onto the screen.
    """
    with tempfile.TemporaryDirectory() as home, patch.dict(os.environ, {"IMGMINE_HOME": home}):
        _paint_every_page()


def _paint_every_page() -> None:
    from imgmine_gui.app.session import Session
    from imgmine_gui.app.settings import Settings
    from imgmine_gui.gui.application import build_application
    from imgmine_gui.gui.main_window import MainWindow
    from imgmine_gui.gui.page_book import PAGES

    settings = Settings()
    application = build_application(settings)
    window = MainWindow(Session(settings))
    window.show()
    for entry in PAGES:
        window.go(entry.name)
        application.processEvents()
        if window.grab().isNull():
            raise RuntimeError(entry.name)
    visible = window.isVisible()
    window.close()
    if not visible:
        raise RuntimeError("the window is not visible")
