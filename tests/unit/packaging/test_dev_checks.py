"""All checks run whatever each says, pytest last, on a screen; the last line names those that failed."""

import shutil
import sys
from collections.abc import Sequence

import dev_checks
import pytest
from dev_checks import Check, on_screen, run_checks


def run_with(codes: dict[str, int], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    def start(command: Sequence[str], env: object) -> int:
        print(f"output of {command[0]}")
        return codes[command[0]]

    code = run_checks([Check(name, [name]) for name in codes], start=start)
    return code, capsys.readouterr().out.splitlines()


def test_all_checks_run_and_the_first_failure_is_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run_with({"ruff": 0, "mypy": 2, "translations": 1, "pytest": 0}, capsys)
    assert code == 2
    assert lines[-2] == "output of pytest"
    assert lines[-1] == "2 of 4 checks failed in 0 s: mypy, translations"
    assert [line for line in lines if line.startswith("==")] == ["== ruff", "== mypy", "== translations", "== pytest"]


def test_success_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run_with({"ruff": 0, "pytest": 0}, capsys)
    assert (code, lines[-2:]) == (0, ["output of pytest", "All 2 checks passed in 0 s"])


def test_pytest_comes_last_with_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    checks = dev_checks.test_checks("python", ["-k", "some name"], {})
    names = ["ruff check", "ruff format", "mypy", "lint-imports", "translations", "pytest"]
    assert [check.name for check in checks] == names
    assert checks[-1].command == ["python", "-m", "pytest", "-k", "some name"]


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.usefixtures("linux")
def test_a_virtual_screen_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    command, env = on_screen(["pytest", "-q"], {"QT_QPA_PLATFORM": "offscreen", "LANG": "C"})
    assert command == ["/usr/bin/xvfb-run", "-a", "-s", "-screen 0 1440x900x24", "pytest", "-q"]
    assert env == {"QT_QPA_PLATFORM": "xcb", "LANG": "C"}


@pytest.mark.usefixtures("linux")
def test_offscreen_where_there_is_no_virtual_screen_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert on_screen(["pytest"], {}) == (["pytest"], {"QT_QPA_PLATFORM": "offscreen"})


@pytest.mark.parametrize(("platform", "env"), [("linux", {"DISPLAY": ":0"}), ("darwin", {}), ("win32", {})])
def test_a_real_screen_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch, platform: str, env: dict[str, str]) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert on_screen(["pytest"], env) == (["pytest"], env)
