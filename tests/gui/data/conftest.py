"""Every test of the page of data has a home, a project and a page on the screen of its own."""

from pathlib import Path

import pytest
from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.data.drive import add, until


@pytest.fixture
def bare_page(qtbot: QtBot, session: Session, stack: QUndoStack) -> DataPage:
    """The page while no project is open."""
    page = DataPage(session, stack)
    qtbot.addWidget(page)
    page.resize(1340, 820)
    with qtbot.waitActive(page):  # keys go to the active window alone
        page.show()
        page.activateWindow()
    return page


@pytest.fixture
def page(qtbot: QtBot, session: Session, bare_page: DataPage, tmp_path: Path) -> DataPage:
    """The page of an empty project."""
    session.new_project(tmp_path / "garden")
    until(qtbot, lambda: bare_page.stack.currentWidget() is bare_page.no_source)
    return bare_page


@pytest.fixture
def flowers(qtbot: QtBot, page: DataPage, tmp_path: Path) -> DataPage:
    """The page of a project with one source: three classes, and a broken image."""
    add(qtbot, page, write_flowers(tmp_path / "flowers"))
    return page


def write_flowers(folder: Path) -> Path:
    """20 daisies, 12 roses, 8 tulips, and a broken rose."""
    from tests.gui.app.small_images import write_images

    for name, number in (("daisy", 20), ("rose", 12), ("tulip", 8)):
        write_images(folder, count=number, size=24 + number, classes=(name,))
    (folder / "rose" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nand no more")
    return folder
