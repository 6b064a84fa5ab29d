"""The list of runs: what is shown of them, and what can be done with them."""

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.core.storage.run_folder import RunState
from imgmine_gui.gui.pages.train_page import TrainPage
from imgmine_gui.gui.widgets.training.runs_model import CurveRole
from tests.gui.train.drive import make_run, until

SELECT = QItemSelectionModel.SelectionFlag.Select


def select(page: TrainPage, *paths: str) -> None:
    selection = page.runs.list.selectionModel()
    selection.clear()
    for path in paths:
        selection.select(page.runs.model.index(page.runs.model.row_of(path)), SELECT)


def wait_for_runs(qtbot: QtBot, page: TrainPage, count: int) -> None:
    until(qtbot, lambda: len(page.runs.model.runs) == count)


def test_runs_are_listed_the_newest_first_with_their_state(project: TrainPage, session: Session, qtbot: QtBot) -> None:
    make_run(session, 1, "first")
    make_run(session, 2, "second", RunState.INTERRUPTED)
    wait_for_runs(qtbot, project, 2)
    model = project.runs.model
    assert [model.index(row).data() for row in range(2)] == ["second", "first"]
    words = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    for part in ("second", "CNN", "Interrupted", "3 of 5 epochs", "best accuracy 60.0 %", "Nov 2023"):
        assert part in words
    assert project.status == "2 runs, 1 selected"
    assert not project.grab().isNull()


def click(page: TrainPage, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    at = page.runs.list.visualRect(page.runs.model.index(row)).center()
    QTest.mouseClick(page.runs.list.viewport(), Qt.MouseButton.LeftButton, keys, at)


CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_click_shows_a_run_and_ctrl_lays_others_behind_in_the_colour_of_their_mark(
    project: TrainPage, session: Session, qtbot: QtBot
) -> None:
    for number in (1, 2, 3):
        make_run(session, number, f"run {number}")
    wait_for_runs(qtbot, project, 3)
    click(project, 0)
    assert project.plot.run.name == "run 3"
    click(project, 2, CTRL)
    click(project, 1, CTRL)
    assert project.plot.run.name == "run 3"
    assert [run.name for run in project.plot.earlier] == ["run 2", "run 1"]
    assert project.strip.title.text() == "run 3"
    assert project.status == "3 runs, 3 selected"
    marks = [project.runs.model.index(row).data(CurveRole) for row in range(3)]
    assert len({mark.name() for mark in marks}) == 3
    assert marks[0] == project.plot.loss.colours.validation
    click(project, 0, CTRL)
    assert project.plot.run.name == "run 2"
    assert [run.name for run in project.plot.earlier] == ["run 1"]
    click(project, 2)
    assert project.plot.run.name == "run 1"
    assert project.plot.earlier == []
    assert project.strip.title.text() == "run 1"
    assert "best accuracy 60.0 %" in project.strip.numbers.text()
    assert len(project.plot.run.batches["loss"]) == 12
    assert project.runs.model.index(1).data(CurveRole) is None


def test_enter_brings_one_of_several_to_the_front(project: TrainPage, session: Session, qtbot: QtBot) -> None:
    for number in (1, 2):
        make_run(session, number, f"run {number}")
    wait_for_runs(qtbot, project, 2)
    click(project, 0)
    click(project, 1, CTRL)
    QTest.keyClick(project.runs.list, Qt.Key.Key_Return)
    assert project.plot.run.name == "run 1"
    assert [run.name for run in project.plot.earlier] == ["run 2"]


def test_arrow_keys_step_through_the_curves(project: TrainPage, session: Session, qtbot: QtBot) -> None:
    for number in (1, 2):
        make_run(session, number, f"run {number}")
    wait_for_runs(qtbot, project, 2)
    click(project, 0)
    QTest.keyClick(project.runs.list, Qt.Key.Key_Down)
    assert project.plot.run.name == "run 1"


def test_rename_in_place_and_undo(project: TrainPage, session: Session, qtbot: QtBot, stack: QUndoStack) -> None:
    path = make_run(session, 1, "first")
    wait_for_runs(qtbot, project, 1)
    select(project, path)
    project.runs.rename.click()
    editor = project.runs.list.viewport().findChild(QLineEdit)
    row = project.runs.list.visualRect(project.runs.model.index(0))
    assert row.contains(editor.geometry())
    assert editor.height() <= row.height() / 2  # the lines below the name can be read
    editor.selectAll()
    QTest.keyClicks(editor, "best so far")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    until(qtbot, lambda: session.runs()[0].name == "best so far")
    until(qtbot, lambda: project.runs.model.index(0).data() == "best so far")
    stack.undo()
    assert session.runs()[0].name == "first"


def test_a_new_name_is_written_at_the_curves(project: TrainPage, session: Session, qtbot: QtBot) -> None:
    first, second = (make_run(session, number, f"run {number}") for number in (1, 2))
    wait_for_runs(qtbot, project, 2)
    select(project, first, second)
    session.rename_run(first, "better")
    session.rename_run(second, "worse")
    until(qtbot, lambda: project.runs.model.index(1).data() == "better")
    assert {"better"} <= set(project.plot.loss._names.texts()) | {project.strip.title.text()}
    assert {project.strip.title.text(), project.plot.earlier[0].name} == {"better", "worse"}
    assert project.plot.earlier[0].name in project.plot.loss._names.texts()


def test_delete_and_undo(project: TrainPage, session: Session, qtbot: QtBot, stack: QUndoStack) -> None:
    first, second = (make_run(session, number, f"run {number}") for number in (1, 2))
    wait_for_runs(qtbot, project, 2)
    select(project, first, second)
    project.runs.list.setFocus()
    project.runs.delete.click()
    wait_for_runs(qtbot, project, 0)
    assert session.runs() == []
    assert project.runs.empty.isVisible()
    stack.undo()
    wait_for_runs(qtbot, project, 2)
    assert {run.path for run in session.runs()} == {first, second}
    stack.redo()
    wait_for_runs(qtbot, project, 0)


def test_after_a_deletion_the_run_in_its_place_is_selected_and_shown(
    project: TrainPage, session: Session, qtbot: QtBot
) -> None:
    for number in (1, 2, 3):
        make_run(session, number, f"run {number}")
    wait_for_runs(qtbot, project, 3)
    click(project, 1)
    for names, shown in ((["run 3", "run 1"], "run 1"), (["run 3"], "run 3"), ([], "")):
        project.runs.delete.click()
        wait_for_runs(qtbot, project, len(names))
        assert [run.name for run in project.runs.model.runs] == names
        assert [run.name for run in project.runs.selected()] == [shown] * bool(shown)
        assert project.plot.run.name == shown
    assert project.strip.title.text() == "No run yet"
    assert project.plot.invitation.isVisible()


def test_use_these_settings(project: TrainPage, session: Session, qtbot: QtBot) -> None:
    path = make_run(session, 1, "first")
    wait_for_runs(qtbot, project, 1)
    select(project, path)
    project.runs.settings.click()
    config = project.settings.config()
    assert (config.architecture, config.architecture_options["dense"], config.training.epochs) == ("cnn", 99, 5)


def test_show_predictions_names_the_run(project: TrainPage, session: Session, qtbot: QtBot) -> None:
    path = make_run(session, 1, "first")
    wait_for_runs(qtbot, project, 1)
    select(project, path)
    with qtbot.waitSignal(project.show_predictions, check_params_cb=lambda got: got == path):
        project.runs.predictions.click()


def test_export_copies_the_model(
    project: TrainPage, session: Session, qtbot: QtBot, tmp_path: Path, told: list[Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = make_run(session, 1, "first / best?")
    wait_for_runs(qtbot, project, 1)
    select(project, path)
    offered = []

    def choose(_parent: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        offered.append(Path(name).name)
        return str(tmp_path / "copy.imgmodel"), ""

    monkeypatch.setattr("imgmine_gui.gui.widgets.training.runs_panel.QFileDialog.getSaveFileName", choose)
    project.runs.export.click()
    until(qtbot, lambda: told)
    assert (tmp_path / "copy.imgmodel").read_bytes() == b"a model"
    assert "copy.imgmodel" in told[0].text
    assert offered == ["first _ best_.imgmodel"]


def test_show_folder(project: TrainPage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_run(session, 1, "first")
    wait_for_runs(qtbot, project, 1)
    opened = []
    where = "imgmine_gui.gui.widgets.training.run_actions.QDesktopServices.openUrl"
    monkeypatch.setattr(where, lambda url: opened.append(url.toLocalFile()))
    select(project, path)
    project.runs.folder.click()
    assert opened == [path]


def enabled(*buttons: QAbstractButton) -> list[bool]:
    return [button.isEnabled() for button in buttons]


def test_what_a_run_allows(project: TrainPage, session: Session, qtbot: QtBot) -> None:
    made = {
        "finished": make_run(session, 1, "finished", RunState.FINISHED, 5, 5),
        "interrupted": make_run(session, 2, "interrupted", RunState.INTERRUPTED, 2, 5),
        "empty": make_run(session, 3, "empty", RunState.FAILED, 0, 5),
    }
    wait_for_runs(qtbot, project, 3)
    runs = project.runs
    buttons = (runs.predictions, runs.settings, runs.resume, runs.further, runs.rename, runs.export, runs.delete)
    select(project)
    assert enabled(*buttons) == [False] * 7
    assert all("run first" in button.toolTip() for button in buttons)
    select(project, made["finished"])
    assert enabled(*buttons) == [True, True, False, True, True, True, True]
    assert "Train it further" in runs.resume.toolTip()
    select(project, made["interrupted"])
    assert enabled(*buttons) == [True] * 7
    select(project, made["empty"])
    assert enabled(*buttons) == [False, True, True, False, True, False, True]
    assert runs.export.toolTip() == "The run has no model yet."
    select(project, *made.values())
    assert enabled(*buttons) == [False] * 6 + [True]


def test_the_menu_of_the_list_offers_the_same(project: TrainPage, session: Session, qtbot: QtBot) -> None:
    path = make_run(session, 1, "first")
    wait_for_runs(qtbot, project, 1)
    select(project, path)
    project.runs.list.customContextMenuRequested.emit(project.runs.list.rect().center())
    menu = QApplication.activePopupWidget()
    texts = [action.text() for action in menu.actions()]
    assert texts[:4] == ["Show predictions", "Resume", "Train further", "Use these settings"]
    assert [action.isEnabled() for action in menu.actions()][:2] == [True, False]
    menu.close()


def test_a_damaged_run_is_an_empty_curve(project: TrainPage, session: Session, qtbot: QtBot) -> None:
    path = make_run(session, 1, "first")
    (Path(path) / "history.json").write_bytes(b"{")
    wait_for_runs(qtbot, project, 1)
    project.watch.show(path)
    assert project.plot.run.reached == 0
