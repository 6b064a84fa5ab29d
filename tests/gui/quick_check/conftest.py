"""The page of the quick check, and a small project in which one label is wrong."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.pages.quick_check_page import QuickCheckPage

LATE = 90_000
"""Milliseconds; an engine takes seconds to start, more on a busy machine."""
IMAGES = 8
"""A class."""


def write_images(folder: Path, bright: int = IMAGES, dark: int = IMAGES) -> Path:
    """Bright and dark images to train on, of which one dark one lies among the bright, and one of each to test."""
    random = np.random.default_rng(0)

    def write(path: Path, level: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray((random.integers(0, 60, (24, 24, 3)) + level).astype(np.uint8)).save(path)

    for name, count, level in (("bright", bright, 190), ("dark", dark, 20)):
        for number in range(count):
            wrong = name == "bright" and number == 3
            write(folder / "train" / name / f"{number}.png", 20 if wrong else level)
        write(folder / "test" / name / "0.png", level)
    return folder


@pytest.fixture
def page(qtbot: QtBot, session: Session) -> Iterator[QuickCheckPage]:
    """The page while no project is open."""
    page = QuickCheckPage(session)
    page.resize(1200, 800)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    yield page
    delete(page)


@pytest.fixture
def window(session: Session) -> Iterator[MainWindow]:
    """The whole program."""
    window = MainWindow(session)
    window.show()
    yield window
    delete(window)


def delete(widget: QWidget) -> None:
    """Now, so that it hears of no language that a later test makes up."""
    widget.close()
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def open_project(qtbot: QtBot, session: Session, page: QuickCheckPage, folder: Path) -> None:
    """Scan a folder into a project, and wait until the page knows its images."""
    session.open_path(folder)
    qtbot.waitUntil(lambda: not session.runner.jobs, timeout=LATE)
    qtbot.waitUntil(lambda: bool(page.classes), timeout=LATE)


@pytest.fixture
def project(qtbot: QtBot, session: Session, page: QuickCheckPage, tmp_path: Path) -> QuickCheckPage:
    """The page of a project of two classes."""
    open_project(qtbot, session, page, write_images(tmp_path / "pictures"))
    return page


def check(qtbot: QtBot, page: QuickCheckPage) -> None:
    """Do the check that is shown, and wait until it is there and the kept features are counted."""
    page.start()
    job = page._session.quick_check
    assert job is not None
    qtbot.waitUntil(lambda: job.is_over and page._session.quick_check is None, timeout=LATE)
    qtbot.waitUntil(page.foot.clear.isEnabled, timeout=LATE)
