"""Real small trainings in the engine, driven by the buttons of the page."""

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import JobState
from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.core.events import ImageSkipped, Warned
from imgmine_gui.core.storage.run_folder import RunState
from imgmine_gui.gui.pages.train_page import TrainPage
from tests.gui.train.drive import make_images, open_images, set_small, until


@pytest.fixture
def ready(qtbot: QtBot, session: Session, page: TrainPage, tmp_path: Path) -> TrainPage:
    """The page with images, and settings with which a training takes a second."""
    open_images(qtbot, session, page, make_images(tmp_path / "pictures"))
    set_small(page, epochs=3)
    return page


def over(session: Session) -> bool:
    return session.training_job is None


def select_first(page: TrainPage) -> None:
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
    page.runs.list.selectionModel().select(page.runs.model.index(0), flags)


def test_train_then_further(ready: TrainPage, session: Session, qtbot: QtBot) -> None:
    QTest.keyClick(ready.start_bar.train, Qt.Key.Key_Space)
    assert session.training_job is not None
    assert not ready.start_bar.train.isEnabled()
    assert ready.start_bar.train.toolTip() == "A training is running already."
    assert ready.strip.stop.isEnabled()
    assert ready.strip.cancel.isEnabled()
    until(qtbot, lambda: over(session))
    (run,) = session.runs()
    assert (run.state, run.epochs_done) == (RunState.FINISHED, 3)
    curves = ready.plot.run
    steps = curves.steps
    assert len(curves.batches["loss"]) == 3 * steps
    assert curves.validation["accuracy"].x.tolist() == [1, 2, 3]
    assert ready.plot.loss._lines.validation_shown[0].tolist() == [1, 2, 3]
    assert "Training" in ready.log.texts()
    assert any("Finished after 3 of 3 epochs" in text for text in ready.log.texts())
    assert ready.strip.title.text() == run.name == "CNN 1"
    assert ready.strip.numbers.text().startswith("Finished after 3 of 3 epochs")
    until(qtbot, lambda: len(ready.runs.model.runs) == 1 and ready.start_bar.train.isEnabled())
    select_first(ready)
    ready.runs.epochs.setValue(2)
    ready.runs.further.click()
    until(qtbot, lambda: over(session))
    assert session.runs()[0].epochs_done == 5
    assert ready.plot.run.validation["loss"].x.tolist() == [1, 2, 3, 4, 5]
    assert len(ready.plot.run.batches["loss"]) == 5 * steps


def test_the_run_in_front_lies_behind_the_next_and_stays_there(
    ready: TrainPage, session: Session, qtbot: QtBot
) -> None:
    ready.start()
    until(qtbot, lambda: over(session))
    assert [run.name for run in ready.runs.selected()] == ["CNN 1"]
    set_small(ready, epochs=2)
    ready.start()
    until(qtbot, lambda: [run.name for run in ready.plot.earlier] == ["CNN 1"])
    until(qtbot, lambda: over(session))
    assert [run.name for run in ready.runs.selected()] == ["CNN 2"]
    assert ready.plot.run.name == "CNN 2"
    assert [run.name for run in ready.plot.earlier] == ["CNN 1"]
    select_first(ready)
    assert [run.name for run in ready.plot.earlier] == ["CNN 1"]


def test_the_focus_of_a_pressed_button_goes_to_the_curves(ready: TrainPage, session: Session, qtbot: QtBot) -> None:
    set_small(ready, epochs=3000, early_stopping=0)
    ready.activateWindow()
    ready.start_bar.train.setFocus()
    until(qtbot, ready.start_bar.train.hasFocus)
    QTest.keyClick(ready.start_bar.train, Qt.Key.Key_Space)
    assert ready.plot.hasFocus()
    until(qtbot, lambda: ready.plot.run.reached > 1)
    ready.strip.stop.setFocus()
    QTest.keyClick(ready.strip.stop, Qt.Key.Key_Space)
    assert ready.plot.hasFocus()  # and not Cancel, which the next press would trigger
    until(qtbot, lambda: over(session))
    assert ready.plot.hasFocus()


def test_pause_stop_and_resume(ready: TrainPage, session: Session, qtbot: QtBot) -> None:
    set_small(ready, epochs=3000, early_stopping=0)
    ready.start()
    job = session.training_job
    assert job is not None
    until(qtbot, lambda: ready.plot.run.validation["loss"].x.size >= 2)
    assert job.images_per_second
    assert "images/s" in ready.strip.numbers.text()
    assert ready.runs.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("CNN 1, CNN, Running")
    ready.strip.pause.click()
    assert job.state is JobState.PAUSED
    assert ready.strip.pause.text() == "Resume"
    assert "Paused" in ready.strip.title.text()
    ready.strip.pause.click()
    assert job.state is JobState.RUNNING
    before = ready.plot.run.reached
    until(qtbot, lambda: ready.plot.run.reached > before + 1)
    ready.strip.stop.click()
    assert not ready.strip.stop.isEnabled()
    assert ready.strip.stop.toolTip() == "The training is ending already."
    until(qtbot, lambda: over(session))
    (run,) = session.runs()
    assert run.state is RunState.STOPPED
    assert run.epochs_done >= 2
    until(qtbot, lambda: ready.runs.model.runs and ready.runs.model.runs[0].state is RunState.STOPPED)
    select_first(ready)
    reached = ready.plot.run.reached
    ready.runs.resume.click()
    until(qtbot, lambda: ready.plot.run.reached > reached + 1)
    ready.strip.cancel.click()
    until(qtbot, lambda: over(session))
    assert session.runs()[0].epochs_done == run.epochs_done
    assert any("Cancelled" in text for text in ready.log.texts())


def test_cancel_discards(ready: TrainPage, session: Session, qtbot: QtBot) -> None:
    set_small(ready, epochs=3000, early_stopping=0)
    ready.start()
    until(qtbot, lambda: len(ready.plot.run.batches["loss"]) > 0)
    ready.strip.cancel.click()
    until(qtbot, lambda: over(session))
    assert session.runs() == []
    until(qtbot, ready.runs.empty.isVisible)
    assert ready.plot.run.reached == 0
    assert ready.plot.invitation.isVisible()


def test_estimate(ready: TrainPage, session: Session, qtbot: QtBot) -> None:
    ready.start_bar.estimate.click()
    assert ready.start_bar.estimate.text() == "Cancel"
    assert ready.start_bar.line.text().startswith("Estimating")
    until(qtbot, lambda: ready.start_bar.line.text().startswith("About"))
    assert "B" in ready.start_bar.line.text()
    assert "numbers" in ready.start_bar.line.toolTip()
    ready.settings.groups["training"].form.set_values({"epochs": 4})
    assert ready.start_bar.line.text() == "32 images to train on, 8 for validation"
    ready.start_bar.estimate.click()
    ready.start_bar.estimate.click()
    until(qtbot, lambda: ready.start_bar.estimate.text() == "Estimate")
    assert ready.start_bar.line.text() == "32 images to train on, 8 for validation"


def test_warnings_are_in_the_log(ready: TrainPage) -> None:
    ready.log.add_events([Warned("The loss is {value}.", {"value": 3}), ImageSkipped("/a/b.png", "It is cut off.")])
    assert ready.log.texts() == ["The loss is 3.", "b.png was left out: It is cut off."]
    assert ready.log.fold.is_open()


def test_a_failure_is_told_once_and_logged(
    ready: TrainPage, session: Session, qtbot: QtBot, told: list[Message], tmp_path: Path
) -> None:
    for file in (tmp_path / "pictures").rglob("*.png"):
        file.unlink()
    ready.start()
    until(qtbot, lambda: over(session))
    until(qtbot, lambda: told)
    assert told[0].text in ready.log.texts()[-1]
    assert len(told) == 1
