"""What the pages need is loaded while nothing else is to be done, so that a first click finds it."""

import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imgmine_gui.core.text import RESOURCES
from imgmine_gui.gui import idle_imports
from imgmine_gui.gui.idle_imports import MODULES, IdleImports

SCRIPT = """
import sys
from PySide6.QtCore import QEventLoop
from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import Settings
from imgmine_gui.gui.application import build_application
from imgmine_gui.gui.main_window import MainWindow
settings = Settings()
application = build_application(settings)
window = MainWindow(Session(settings))
window.show()
while not window._idle_imports.is_over:
    application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
before = set(sys.modules)
for name in ("data", "train", "predictions", "health", "quick_check"):
    window.go(name)
print(sorted(set(sys.modules) - before))
print([name for name in ("tensorflow", "keras") if name in sys.modules])
window.close()
"""


def test_after_a_while_a_page_is_made_of_what_is_there(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
        cwd=RESOURCES.parent,
        env={**os.environ, "IMGMINE_HOME": str(tmp_path)},
    )
    assert done.stdout.splitlines() == ["[]", "[]"]


@pytest.mark.parametrize("name", MODULES)
def test_what_is_named_can_be_found(name: str) -> None:
    assert importlib.util.find_spec(name) is not None


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were imported, with nothing done."""
    names: list[str] = []
    monkeypatch.setattr(importlib, "import_module", names.append)
    return names


def test_one_after_another(qtbot: QtBot, window: QWidget, imported: list[str]) -> None:
    imports = IdleImports(lambda: False, window)
    imports.watch(window.windowHandle())
    qtbot.waitUntil(lambda: imports.is_over)
    assert imported == list(MODULES)


def test_not_while_something_else_goes_on(qtbot: QtBot, window: QWidget, imported: list[str]) -> None:
    busy, asked = [True], []

    def is_busy() -> bool:
        asked.append(1)
        return busy[0]

    imports = IdleImports(is_busy, window)
    imports.watch(window.windowHandle())
    qtbot.waitUntil(lambda: len(asked) >= 3)
    assert imported == []
    busy[0] = False
    qtbot.waitUntil(lambda: imports.is_over)


def test_not_while_the_person_uses_the_window(
    qtbot: QtBot, window: QWidget, imported: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_imports, "QUIET_SECONDS", 3600)
    asked = []
    imports = IdleImports(lambda: bool(asked.append(1)), window)
    imports.watch(window.windowHandle())
    QTest.mouseMove(window.windowHandle(), QPoint(5, 5))
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    before = len(imported)
    imports._import_next()
    assert len(imported) == before
    monkeypatch.setattr(idle_imports, "QUIET_SECONDS", 0.0)
    qtbot.waitUntil(lambda: imports.is_over)


def test_what_cannot_be_imported_ends_it_quietly(
    qtbot: QtBot, window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fail(name: str) -> None:
        asked.append(name)
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", fail)
    imports = IdleImports(lambda: False, window)
    imports.watch(window.windowHandle())
    qtbot.waitUntil(lambda: imports.is_over)
    assert asked == [MODULES[0]]
    assert not imports._timer.isActive()


def test_it_ends_with_the_window(qtbot: QtBot, window: QWidget, imported: list[str]) -> None:
    imports = IdleImports(lambda: False, window)
    imports.watch(window.windowHandle())
    imports.end()
    imports.watch(window.windowHandle())
    assert imports.is_over
    assert not imports._timer.isActive()
    assert imported == []
