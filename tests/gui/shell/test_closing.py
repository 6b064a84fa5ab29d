import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job, JobState
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import PhaseStarted
from imgmine_gui.core.jobs import JobContext, Wish
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.widgets.job_bar import JobBar

TOO_LONG_MS = 10_000


class Training:
    """A job in place of a training: it runs until it is told to stop or cancel, or until ``end`` is called."""

    def __init__(self) -> None:
        self.job = Job("train", "Training")
        self._woken = threading.Event()
        self._outcome: Exception | str = "kept"

    def work(self, context: JobContext) -> str:
        context.report(PhaseStarted("Training"))
        while context.wish not in (Wish.STOP, Wish.CANCEL) and not self._woken.is_set():
            self._woken.wait(0.01)
        if context.wish is Wish.CANCEL:
            raise Cancelled
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome

    def end(self, outcome: Exception | str = "kept") -> None:
        """The training ends by itself."""
        self._outcome = outcome
        self._woken.set()


@pytest.fixture
def endless(session: Session, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Training]:
    made = Training()
    job = made.job
    monkeypatch.setattr(Session, "training_job", property(lambda self: None if job.is_over else job))
    session.runner.start(job, made.work)
    yield made
    qtbot.waitUntil(lambda: job.state is not JobState.WAITING)
    job.cancel()
    qtbot.waitUntil(lambda: job.is_over)


@pytest.fixture
def training(endless: Training) -> Job:
    return endless.job


def when_asked(act: Callable[[QMessageBox], object]) -> None:
    """Call ``act`` with the question as soon as it stands there; one that nothing ends fails the test."""

    def look() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            QTimer.singleShot(TOO_LONG_MS, box, give_up)
            act(box)
        else:
            QTimer.singleShot(20, look)

    def give_up() -> None:
        QApplication.activeModalWidget().close()
        raise AssertionError("the question still stands")

    QTimer.singleShot(0, look)


def answer(button: str) -> None:
    """Press ``button`` in the question."""
    when_asked(lambda box: next(one for one in box.findChildren(QPushButton) if one.text() == button).click())


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
    when_asked(lambda box: qtbot.keyClick(box, Qt.Key.Key_Escape))
    assert not window.close()
    assert training.state in (JobState.WAITING, JobState.RUNNING)


def test_a_training_that_ends_meanwhile_takes_the_question_with_it(window: MainWindow, endless: Training) -> None:
    when_asked(lambda _box: endless.end())
    assert window.close()
    assert endless.job.state is JobState.SUCCEEDED
    assert not window.isVisible()


def test_a_training_that_fails_meanwhile_leaves_the_window_open_to_say_why(
    window: MainWindow, endless: Training
) -> None:
    when_asked(lambda _box: endless.end(UserError("The disk is full.")))
    assert not window.close()
    assert endless.job.state is JobState.FAILED
    assert window.isVisible()
    assert window.close()


def test_a_question_that_was_answered_is_gone(window: MainWindow, training: Job, qtbot: QtBot) -> None:
    answer("Keep training")
    window.close()
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))


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


def test_the_strip_leads_to_the_training_and_its_stop_keeps(window: MainWindow, training: Job, qtbot: QtBot) -> None:
    strip = window.strip.jobs.button
    qtbot.waitUntil(strip.isVisible)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton)
    (bar,) = QApplication.activePopupWidget().findChildren(JobBar)
    assert bar.button.text() == "Stop"
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: training.is_over)
    assert training.state is JobState.SUCCEEDED
    assert not strip.isVisible()
