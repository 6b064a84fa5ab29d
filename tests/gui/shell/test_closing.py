import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job, JobState
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import Cancelled
from imgmine_gui.core.events import PhaseStarted
from imgmine_gui.core.jobs import JobContext, Wish
from imgmine_gui.gui.main_window import MainWindow


@pytest.fixture
def training(session: Session, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Job]:
    """A job that runs until it is told to stop or cancel, in place of a training."""
    ended = threading.Event()

    def work(context: JobContext) -> str:
        context.report(PhaseStarted("Training"))
        while context.wish not in (Wish.STOP, Wish.CANCEL):
            ended.wait(0.01)
        if context.wish is Wish.CANCEL:
            raise Cancelled
        return "kept"

    job = Job("train", "Training")
    monkeypatch.setattr(Session, "training_job", property(lambda self: None if job.is_over else job))
    yield session.runner.start(job, work)
    qtbot.waitUntil(lambda: job.state is not JobState.WAITING)
    job.cancel()
    qtbot.waitUntil(lambda: job.is_over)


def answer(button: str) -> None:
    """Press ``button`` in the question as soon as it stands there."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, press)
        else:
            next(one for one in box.findChildren(QPushButton) if one.text() == button).click()

    QTimer.singleShot(0, press)


def test_without_a_training_it_just_closes(window: MainWindow) -> None:
    assert window.close()
    assert not window.isVisible()


def test_keep_training_stays_open(window: MainWindow, training: Job) -> None:
    answer("Keep training")
    assert not window.close()
    assert window.isVisible()
    assert window.isEnabled()
    assert training.state in (JobState.WAITING, JobState.RUNNING)


def test_stop_and_keep(window: MainWindow, training: Job, qtbot: QtBot) -> None:
    kept: list[object] = []
    training.succeeded.connect(kept.append)
    answer("Stop and keep")
    assert window.close()
    assert kept == ["kept"]


def test_discard(window: MainWindow, training: Job) -> None:
    answer("Discard")
    assert window.close()
    assert training.state is JobState.CANCELLED


def test_esc_is_the_harmless_answer(window: MainWindow, training: Job, qtbot: QtBot) -> None:
    def press_esc() -> None:
        box = QApplication.activeModalWidget()
        if box is None:
            QTimer.singleShot(20, press_esc)
        else:
            qtbot.keyClick(box, Qt.Key.Key_Escape)

    QTimer.singleShot(0, press_esc)
    assert not window.close()
    assert training.state in (JobState.WAITING, JobState.RUNNING)


def test_another_project_asks_too(window: MainWindow, training: Job, tmp_path: object) -> None:
    answer("Keep training")
    window.opening.open_sample("clutter")
    assert window.session.project is None
    assert training.state in (JobState.WAITING, JobState.RUNNING)


def test_the_training_can_be_paused_and_stopped_from_the_menu(window: MainWindow, training: Job, qtbot: QtBot) -> None:
    menu = window.train_menu
    qtbot.waitUntil(menu.stop.isEnabled)
    assert not menu.train.isEnabled()
    qtbot.waitUntil(lambda: training.state is JobState.RUNNING)
    menu.pause.trigger()
    assert training.state is JobState.PAUSED
    assert menu.pause.text() == "Resume"
    menu.pause.trigger()
    assert training.state is JobState.RUNNING
    qtbot.keyClick(window, ".", Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: training.is_over)
    assert training.state is JobState.SUCCEEDED
    assert not menu.stop.isEnabled()
    assert menu.stop.toolTip() == "No training is running."


def test_the_strip_shows_the_training_and_its_button_keeps(window: MainWindow, training: Job, qtbot: QtBot) -> None:
    bar = window.strip.jobs.bar
    qtbot.waitUntil(bar.isVisible)
    assert bar.button.text() == "Stop"
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: training.is_over)
    assert training.state is JobState.SUCCEEDED
    assert not bar.isVisible()
