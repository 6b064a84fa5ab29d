"""A second start hands what it was to open to the window that is there."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imgmine_gui.app import places
from imgmine_gui.app.second_start import address, decode, encode, hand_over
from imgmine_gui.gui.reception import Reception

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def reception(window: QWidget) -> Iterator[Reception]:
    reception = Reception(window)
    assert reception.open()
    yield reception
    reception.close()


def start(*arguments: object) -> "subprocess.Popen[bytes]":
    """The program as a desktop starts it; where it hands over, it ends without having opened a window."""
    command = [sys.executable, "-m", "imgmine_gui", *map(str, arguments)]
    return subprocess.Popen(command, cwd=REPOSITORY, env=dict(os.environ))


def test_a_second_start_brings_its_paths(reception: Reception, qtbot: QtBot, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9 \xff.imgmine")
    odd.mkdir()
    with qtbot.waitSignal(reception.came, timeout=20_000) as came:
        second = start(odd, tmp_path)
    assert came.args == [[odd, tmp_path]]
    assert second.wait(20) == 0


def test_a_second_start_without_a_path_shows_the_window(reception: Reception, window: QWidget, qtbot: QtBot) -> None:
    window.showMinimized()
    with qtbot.waitSignal(reception.came, timeout=20_000) as came:
        second = start()
    assert came.args == [[]]
    assert second.wait(20) == 0
    assert not window.isMinimized()


def test_without_a_window_nothing_is_handed_over(home: Path) -> None:
    assert not hand_over([home])


def test_an_address_left_behind_by_a_killed_window_is_taken(window: QWidget, home: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(address())
    assert os.path.exists(address())
    assert not hand_over([home])
    reception = Reception(window)
    assert reception.open()
    reception.close()


def test_a_second_window_leaves_the_address_to_the_first(reception: Reception, window: QWidget) -> None:
    assert not Reception(window).open()


def test_other_settings_are_another_person(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = address()
    monkeypatch.setenv("IMGMINE_HOME", str(home / "other"))
    assert address() != first
    assert places.settings_file().parent == home / "other"


def test_nonsense_is_not_answered(reception: Reception, qtbot: QtBot) -> None:
    answers: list[bytes] = []
    with qtbot.assertNotEmitted(reception.came), socket.socket(socket.AF_UNIX) as caller:
        caller.connect(address())
        caller.sendall(b"[1, 2]\n")
        listener = threading.Thread(target=lambda: answers.append(_rest(caller)))
        listener.start()
        qtbot.waitUntil(lambda: bool(answers))
        listener.join()
    assert answers == [b""]


def _rest(caller: socket.socket) -> bytes:
    try:
        return caller.recv(100)
    except ConnectionResetError:
        return b""


def test_messages_are_read_as_they_were_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "t1")
    assert decode(encode([Path("/a b"), Path("/\udcff")])) == ([Path("/a b"), Path("/\udcff")], "t1")
    for wrong in (b"", b"{}\n", b'{"paths": 3}\n', b"[]\n"):
        with pytest.raises(ValueError):
            decode(wrong)
