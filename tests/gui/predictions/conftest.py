"""Every test of the predictions has a home of its own."""

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
from tests.gui.app.small_images import write_images
from tests.gui.predictions.trained import train_small_model


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


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes of 12 images."""
    return write_images(tmp_path_factory.mktemp("images") / "set", count=12)


@pytest.fixture(scope="session")
def run(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that learned to tell the images apart, more or less."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    train_small_model(images, folder)
    return folder


@pytest.fixture(scope="session")
def warm_session(program: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One session with one engine for all tests that need it: TensorFlow takes seconds to start."""
    folder = tmp_path_factory.mktemp("warm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMGMINE_HOME", str(folder))
        session = Session(Settings(folder / "settings.ini"))
        yield session
        session.shutdown()
