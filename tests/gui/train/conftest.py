"""Every test of the Train page has a home, a look, and a session of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Fault, Message
from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import Settings
from imgmine_gui.gui.appearance import apply_language, apply_theme
from imgmine_gui.gui.application import build_application
from imgmine_gui.gui.pages.train_page import TrainPage


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


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """A session whose jobs and engines are gone after the test, and whose faults fail it."""
    session = Session()
    faults: list[Fault] = []
    session.notifier.fault.connect(faults.append)
    yield session
    session.shutdown()
    qtbot.waitUntil(lambda: not session.runner.jobs)
    assert not faults, faults[0].details


@pytest.fixture
def messages(session: Session) -> list[Message]:
    """What the message bar would have shown."""
    seen: list[Message] = []
    session.notifier.message.connect(seen.append)
    return seen


@pytest.fixture
def undo_stack() -> QUndoStack:
    return QUndoStack()


@pytest.fixture
def page(qtbot: QtBot, session: Session, undo_stack: QUndoStack) -> TrainPage:
    """The page on the screen, without a project."""
    made = TrainPage(session, undo_stack)
    qtbot.addWidget(made)
    made.resize(1360, 800)
    made.show()
    qtbot.waitExposed(made)
    return made
