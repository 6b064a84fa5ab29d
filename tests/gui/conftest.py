"""What every test of the window has: a home, an English and light look, a session that is gone afterwards."""

import gc
import sys
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
from imgmine_gui.gui.undo import undo_stack as common_undo_stack


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, logs and projects of the test lie here."""
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
    common_undo_stack().clear()


@pytest.fixture(autouse=True)
def no_tensorflow() -> Iterator[None]:
    """What the window does loads no TensorFlow; other tests of this process may have done so before."""
    before = set(sys.modules)
    yield
    assert not {"tensorflow", "keras"} & (set(sys.modules) - before)


@pytest.fixture(autouse=True)
def collected(program: QApplication) -> Iterator[None]:
    """Cyclic garbage is collected in the thread of the window, as in the program; elsewhere Qt objects must not die."""
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


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
def told(session: Session) -> list[Message]:
    """What was said in the message bar."""
    told: list[Message] = []
    session.notifier.message.connect(told.append)
    return told


@pytest.fixture
def stack() -> QUndoStack:
    """Takes what can be undone."""
    return QUndoStack()
