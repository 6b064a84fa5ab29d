"""A model that somebody else made, dropped on the window: a line of words, whatever is in it."""

import hashlib
import json
import math
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Fault, Severity
from imgmine_gui.app.session import Session
from imgmine_gui.core.storage.bundle import MANIFEST, WEIGHTS
from imgmine_gui.gui.main_window import MainWindow

LATE = 60_000


@pytest.fixture
def faults(warm_session: Session) -> list[Fault]:
    """Faults; there must be none."""
    faults: list[Fault] = []
    warm_session.notifier.fault.connect(faults.append)
    return faults


@pytest.fixture
def window(qtbot: QtBot, warm_session: Session) -> Any:
    window = MainWindow(warm_session)
    window.resize(1200, 800)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.hide()
    window.deleteLater()


def drop(window: MainWindow, path: Path) -> None:
    """Drag ``path`` over the window and let go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 300), action, data, buttons, keys))
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 300), action, data, buttons, keys))


def changed(good: Path, bad: Path, change: Callable[[dict[str, Any]], object], weights_end: bytes = b"") -> None:
    """The good model with ``change`` made to its manifest, and the last of its numbers replaced."""
    with zipfile.ZipFile(good) as archive:
        manifest, weights = json.loads(archive.read(MANIFEST)), archive.read(WEIGHTS)
    weights = weights[: len(weights) - len(weights_end)] + weights_end
    manifest["sha256"] = hashlib.sha256(weights).hexdigest()
    change(manifest)
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
        archive.writestr(WEIGHTS, weights)


def add_program(good: Path, bad: Path) -> None:
    bad.write_bytes(good.read_bytes())
    with zipfile.ZipFile(bad, "a") as archive:
        archive.writestr("evil.py", b"print(1)")


def widen(manifest: dict[str, Any]) -> None:
    manifest["network"]["architecture_options"].update(widths=[2048] * 12, kernel=11, dense=8192)


KNOWN_AT_ONCE: dict[str, Callable[[Path, Path], object]] = {
    "empty": lambda good, bad: bad.write_bytes(b""),
    "no zip": lambda good, bad: bad.write_bytes(b"PK\x03\x04" + bytes(500)),
    "cut short": lambda good, bad: bad.write_bytes(good.read_bytes()[:-300]),
    "a folder": lambda good, bad: bad.mkdir(),
    "a program in it": add_program,
    "unknown architecture": lambda good, bad: changed(good, bad, lambda m: m["network"].update(architecture="os")),
    "unknown field": lambda good, bad: changed(good, bad, lambda m: m.update(code="import os")),
    "newer": lambda good, bad: changed(good, bad, lambda m: m.update(version=2)),
}
KNOWN_WHEN_USED: dict[str, Callable[[Path, Path], object]] = {
    "wrong hash": lambda good, bad: changed(good, bad, lambda m: m.update(sha256="0" * 64)),
    "not finite": lambda good, bad: changed(good, bad, lambda m: None, struct.pack("<f", math.nan)),
    "giant network": lambda good, bad: changed(good, bad, widen),
}


def test_every_hostile_model_is_a_line_of_words(
    qtbot: QtBot, window: MainWindow, faults: list[Fault], run: Path, images: Path, tmp_path: Path
) -> None:
    page = window.go("predictions")
    for number, (name, make) in enumerate((KNOWN_AT_ONCE | KNOWN_WHEN_USED).items()):
        bad = tmp_path / f"bad{number}.imgmodel"
        make(run / "model.imgmodel", bad)
        window.messages.dismiss()
        drop(window, bad)
        if name in KNOWN_WHEN_USED:
            drop(window, images / "dark" / "000.png")
        qtbot.waitUntil(window.messages.isVisible, timeout=LATE)
        assert bad.name in window.messages.text.text(), name
        assert window.messages.severity is Severity.ERROR
        assert not faults, (name, faults[0].details)
    assert page.isVisible()
