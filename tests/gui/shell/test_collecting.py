"""Cyclic garbage goes in the thread of the window, and it does go."""

import gc
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from imgmine_gui.gui.collecting import Collector


class Loop(QObject):
    """Refers to itself."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def test_cycles_are_collected_by_the_timer_alone(qtbot: QtBot) -> None:
    gc.enable()
    parent = QObject()
    Collector(parent)
    assert not gc.isenabled()
    gone = weakref.ref(Loop())
    filler = [[] for _ in range(2 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: gone() is None)
    assert filler
