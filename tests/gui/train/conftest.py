"""Every test of the Train page has a home, a look, and a session of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.gui.pages.train_page import TrainPage
from imgmine_gui.gui.theme import ThemeMode, theme
from imgmine_gui.gui.widgets.plot_curves import RunCurves
from imgmine_gui.gui.widgets.plot_lines import PlotView
from imgmine_gui.gui.widgets.plot_training import TrainingPlot
from tests.gui.train.drive import make_images, open_images


@pytest.fixture
def page(qtbot: QtBot, session: Session, stack: QUndoStack) -> TrainPage:
    """The page on the screen, without a project."""
    made = TrainPage(session, stack)
    qtbot.addWidget(made)
    made.resize(1360, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def plot(qtbot: QtBot) -> Iterator[TrainingPlot]:
    widget = TrainingPlot()
    qtbot.addWidget(widget)
    widget.resize(800, 560)
    widget.start(RunCurves("present", 20))
    widget.choices.set_view(PlotView())
    widget.show()
    qtbot.waitExposed(widget)
    yield widget
    theme().set_mode(ThemeMode.LIGHT)


@pytest.fixture
def project(qtbot: QtBot, session: Session, page: TrainPage, tmp_path: Path) -> TrainPage:
    """The page with a project of two classes."""
    open_images(qtbot, session, page, make_images(tmp_path / "pictures"))
    return page
