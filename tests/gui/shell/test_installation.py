"""Help > Check installation, with a self-test that tells what the test wants; the real one is under tests/cli."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from imgmine_gui.app import installation_check
from imgmine_gui.app.installation_check import self_test_command
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.dialogs.installation_dialog import OUTCOME, InstallationDialog
from imgmine_gui.gui.main_window import MainWindow

Tells = Callable[[list[dict[str, object]], str], None]
GOOD: dict[str, object] = {"event": "Check", "name": "Files", "seconds": 0.1, "fault": "", "details": ""}
FAULT: dict[str, object] = {
    "event": "Check",
    "name": "Fonts",
    "seconds": 0.2,
    "fault": "no font",
    "details": "line 1\nno font",
}


@pytest.fixture
def tells(monkeypatch: pytest.MonkeyPatch) -> Tells:
    """Let the self-test print these lines, and then run more Python."""

    def prepare(lines: list[dict[str, object]], then: str) -> None:
        told = "\n".join(json.dumps(line) for line in lines)
        script = f"import sys, time; print({told!r}, flush=True); {then}"
        monkeypatch.setattr(installation_check, "self_test_command", lambda: [sys.executable, "-c", script])

    return prepare


def opened(window: MainWindow) -> InstallationDialog:
    window.help_menu.installation.trigger()
    dialog = window.help_menu.dialog("installation")
    assert isinstance(dialog, InstallationDialog)
    return dialog


def wait_for_end(dialog: InstallationDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog.check.is_running and dialog.again.isEnabled(), timeout=20_000)


def test_a_sound_installation_is_called_sound(window: MainWindow, qtbot: QtBot, tells: Tells) -> None:
    about: dict[str, object] = {"event": "About", "text": "ImgMine 1"}
    tells([about, GOOD, {"event": "Result", "faults": 0}], "sys.exit(0)")
    dialog = opened(window)
    assert dialog.bar.isVisible() and not dialog.again.isEnabled()
    wait_for_end(dialog, qtbot)
    assert "sound" in dialog.verdict.text() and not dialog.bar.isVisible()
    apply_language("zh_CN")
    assert "sound" not in dialog.verdict.text()
    dialog.copy.click()
    assert QGuiApplication.clipboard().text().splitlines()[0] == "ImgMine 1"
    dialog.close()


def test_a_fault_is_shown_with_its_details_in_the_report(window: MainWindow, qtbot: QtBot, tells: Tells) -> None:
    tells([GOOD, FAULT, {"event": "Result", "faults": 1}], "sys.exit(1)")
    dialog = opened(window)
    wait_for_end(dialog, qtbot)
    row = dialog.table.topLevelItem(1)
    assert row is not None and row.text(OUTCOME) == "no font"
    assert "wrong" in dialog.verdict.text()
    assert "    line 1\n    no font" in dialog.check.report
    dialog.again.click()
    assert dialog.table.topLevelItemCount() == 0
    wait_for_end(dialog, qtbot)
    assert dialog.table.topLevelItemCount() == 2
    dialog.close()


@pytest.mark.parametrize("end", ["import os; os.abort()", "sys.exit(7)", "sys.stdout.write('nonsense')"])
def test_a_test_that_does_not_come_to_its_end_is_no_success(
    end: str, window: MainWindow, qtbot: QtBot, tells: Tells
) -> None:
    tells([GOOD], end)
    dialog = opened(window)
    wait_for_end(dialog, qtbot)
    assert "wrong" in dialog.verdict.text()
    dialog.close()


def test_a_program_that_is_not_there_is_told(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation_check, "self_test_command", lambda: ["/nowhere/imgmine"])
    dialog = opened(window)
    wait_for_end(dialog, qtbot)
    row = dialog.table.topLevelItem(0)
    assert row is not None and "/nowhere" in row.text(OUTCOME)
    assert "wrong" in dialog.verdict.text()
    dialog.close()


def test_closing_the_dialog_ends_the_test(window: MainWindow, qtbot: QtBot, tells: Tells) -> None:
    tells([GOOD], "sys.stdin.read()")
    dialog = opened(window)
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 1)
    assert dialog.check.is_running
    dialog.close()
    assert not dialog.check.is_running


def test_the_frozen_program_tests_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert self_test_command()[:4] == [sys.executable, "-P", "-m", "imgmine_gui"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/usr/lib/imgmine/imgmine")
    assert self_test_command() == ["/usr/lib/imgmine/imgmine", "self-test", "--json"]
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", str(Path("/programs/imgmine-window.exe")))
    assert Path(self_test_command()[0]).name == "imgmine.exe"
