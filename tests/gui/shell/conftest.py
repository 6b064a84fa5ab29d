"""Every test of the shell has a window and a home of its own; language and theme are put back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Fault
from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import Settings
from imgmine_gui.gui.appearance import apply_language, apply_theme
from imgmine_gui.gui.application import build_application
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.undo import undo_stack


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("IMGMINE_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def program(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> QApplication:
    """The program as it is started, once for all tests."""
    return build_application(Settings(tmp_path_factory.mktemp("settings") / "settings.ini"))


@pytest.fixture(autouse=True)
def look(program: QApplication) -> Iterator[None]:
    """English and light, before and after."""
    apply_language("en")
    apply_theme("light")
    yield
    apply_language("en")
    apply_theme("light")
    undo_stack().clear()


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """A session whose jobs and engines are gone after the test, and whose faults fail it."""
    session = Session()
    session.settings.language = "en"
    session.settings.theme = "light"
    faults: list[Fault] = []
    session.notifier.fault.connect(faults.append)
    yield session
    session.shutdown()
    qtbot.waitUntil(lambda: not session.runner.jobs)
    assert not faults, faults[0].details


@pytest.fixture
def window(qtbot: QtBot, session: Session) -> Iterator[MainWindow]:
    """The window on the screen, with its start page.

    It is not handed to ``qtbot``, which would close it while a training of the test still runs, and be asked.
    """
    window = MainWindow(session)
    window.resize(1200, 800)
    with qtbot.waitActive(window):  # keys go to the active window alone
        window.show()
        window.activateWindow()
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve images of two classes."""
    from PIL import Image

    root = tmp_path / "leaves"
    for number, name in enumerate(("birch", "oak")):
        (root / name).mkdir(parents=True)
        for shade in range(6):
            Image.new("RGB", (40, 30), (40 * number, 20 * shade, 90)).save(root / name / f"{shade}.png")
    return root
