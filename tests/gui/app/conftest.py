"""Every test of the app has a home of its own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Fault
from imgmine_gui.app.session import Session


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("IMGMINE_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_tensorflow() -> Iterator[None]:
    """What the window does loads no TensorFlow; other tests of this process may have done so before."""
    before = set(sys.modules)
    yield
    assert not {"tensorflow", "keras"} & (set(sys.modules) - before)


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
