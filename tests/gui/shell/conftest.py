"""Every test of the shell has a window and a home of its own; language and theme are put back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.gui.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, session: Session) -> Iterator[MainWindow]:
    """The window on the screen, with its start page.

    It is not handed to ``qtbot``, which would close it while a training of the test still runs, and be asked.
    """
    window = MainWindow(session)
    window.resize(1200, 800)
    with qtbot.waitActive(window):  # keys go to the active window alone
        window.show()
        window.activateWindow()
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve images of two classes."""
    from PIL import Image

    root = tmp_path / "leaves"
    for number, name in enumerate(("birch", "oak")):
        (root / name).mkdir(parents=True)
        for shade in range(6):
            Image.new("RGB", (40, 30), (40 * number, 20 * shade, 90)).save(root / name / f"{shade}.png")
    return root
