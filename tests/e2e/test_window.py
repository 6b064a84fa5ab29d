"""The program through its own entry point, in a process of its own, on a virtual screen."""

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest

from imgmine_gui import cli
from imgmine_gui.__main__ import COMMANDS, main
from imgmine_gui.gui import screen
from tests.e2e.conftest import Drive, Run

NO_SCREEN = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def test_without_arguments_it_opens_on_the_start_page(drive: Drive) -> None:
    told = drive("tell([window.book.current_name, window.windowTitle(), window.isVisible()])")
    assert told == [["start", "ImgMine", True]]


def test_a_folder_is_opened_and_scanned(drive: Drive, folder: Path) -> None:
    told = drive(
        "wait(lambda: window.session.project is not None and not window.session.runner.jobs)\n"
        "tell([window.book.current_name, window.windowTitle(), sorted(one.name for one in window.session.classes())])",
        folder,
    )
    assert told == [["data", "leaves – ImgMine", ["birch", "oak"]]]


def test_several_paths_are_opened_together(drive: Drive, folder: Path) -> None:
    told = drive(
        "wait(lambda: window.session.project is not None and not window.session.runner.jobs)\n"
        "tell([one.path.rpartition('/')[2] for one in window.session.sources()])",
        folder / "oak",
        folder / "birch",
    )
    assert told == [["oak", "birch"]]


def test_what_was_set_is_there_the_next_time(drive: Drive, folder: Path) -> None:
    opened = "wait(lambda: window.session.project is not None and not window.session.runner.jobs)\n"
    drive(
        opened + "window.resize(1111, 777)\n"
        "[one for one in window.view_menu.theme.actions() if one.text() == 'Dark'][0].trigger()\n"
        "[one for one in window.view_menu.language.actions() if one.text() == '简体中文'][0].trigger()\n"
        "window.go('train')",
        folder,
    )
    told = drive(
        opened + "from imgmine_gui.core.text import language\n"
        "from imgmine_gui.gui.theme import theme\n"
        "wait(lambda: window.book.current_name == 'train')\n"
        "tell([theme().is_dark, language(), [window.width(), window.height()]])",
        folder,
    )
    assert told == [[True, "zh_CN", [1111, 777]]]


def test_the_sample_opens_from_its_card(drive: Drive) -> None:
    told = drive(
        "window.book.current._sample_cards[0][1].click()\n"
        "wait(lambda: not window.session.runner.jobs)\n"
        "tell([window.book.current_name, window.session.totals().images])"
    )
    assert told == [["data", 4000]]


def test_without_a_screen_it_says_what_to_do(imgmine: Run) -> None:
    done = imgmine(without=NO_SCREEN)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "imgmine demo --headless" in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt brings all it needs")
def test_a_missing_library_of_the_screen_is_named_with_its_packages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(name: str) -> None:
        if name == "libxcb-cursor.so.0":
            raise OSError(name)

    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(screen.ctypes, "CDLL", load)
    assert main([]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "libxcb-cursor.so.0" in told
    assert "sudo apt install" in told
    assert "libxcb-cursor0" in told


def test_a_library_that_qt_cannot_load_is_named_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def without_egl(name: str, *rest: Any) -> Any:
        if name == "imgmine_gui.gui.application":
            raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
        return real(name, *rest)

    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(builtins, "__import__", without_egl)
    assert main([]) == 1
    told = capsys.readouterr().err
    assert "libEGL.so.1." in told
    assert "libegl1" in told


def test_commands_win_over_files_of_their_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr(cli, "main", lambda arguments: called.append(arguments) or 0)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo").mkdir()
    assert main(["demo"]) == 0
    assert called == [["demo"]]


def test_the_commands_are_those_of_the_command_line() -> None:
    from typer.main import get_command

    assert sorted(get_command(cli.app).commands) == sorted(COMMANDS)


def test_anything_else_is_the_command_line(imgmine: Run) -> None:
    assert imgmine("--help").returncode == 0
    wrong = imgmine("no-such-command")
    assert wrong.returncode == 2
    assert "no-such-command" in wrong.stderr
