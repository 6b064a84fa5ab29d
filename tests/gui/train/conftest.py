"""Every test of the Train page has a home, a look, and a session of its own."""

import pytest
from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.gui.pages.train_page import TrainPage


@pytest.fixture
def messages(session: Session) -> list[Message]:
    """What the message bar would have shown."""
    seen: list[Message] = []
    session.notifier.message.connect(seen.append)
    return seen


@pytest.fixture
def undo_stack() -> QUndoStack:
    return QUndoStack()


@pytest.fixture
def page(qtbot: QtBot, session: Session, undo_stack: QUndoStack) -> TrainPage:
    """The page on the screen, without a project."""
    made = TrainPage(session, undo_stack)
    qtbot.addWidget(made)
    made.resize(1360, 800)
    made.show()
    qtbot.waitExposed(made)
    return made
