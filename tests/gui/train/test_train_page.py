"""The page before and after trainings: what is empty, what is checked, what can be done with runs."""

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import Settings
from imgmine_gui.core.storage.run_folder import RunState
from imgmine_gui.gui.pages.train_page import TrainPage
from imgmine_gui.gui.theme import theme
from imgmine_gui.gui.widgets.plot_lines import PlotView
from imgmine_gui.gui.widgets.rule import Rule
from imgmine_gui.gui.widgets.training.runs_model import CurveRole
from tests.gui.train.drive import make_images, make_run, open_images, until

SELECT = QItemSelectionModel.SelectionFlag.Select


@pytest.fixture
def project(qtbot: QtBot, session: Session, page: TrainPage, tmp_path: Path) -> TrainPage:
    """The page with a project of two classes."""
    open_images(qtbot, session, page, make_images(tmp_path / "pictures"))
    return page


def select(page: TrainPage, *paths: str) -> None:
    selection = page.runs.list.selectionModel()
    selection.clear()
    for path in paths:
        selection.select(page.runs.model.index(page.runs.model.row_of(path)), SELECT)


def wait_for_runs(qtbot: QtBot, page: TrainPage, count: int) -> None:
    until(qtbot, lambda: len(page.runs.model.runs) == count)


def test_without_a_project_it_invites_to_open_one(page: TrainPage, qtbot: QtBot) -> None:
    assert page.no_project.isVisible()
    with qtbot.waitSignal(page.go_to, check_params_cb=lambda name: name == "start"):
        page.no_project.button.click()
    page.start()


def test_without_images_it_invites_to_add_some(page: TrainPage, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    session.new_project(tmp_path / "empty")
    assert page.no_images.isVisible()
    with qtbot.waitSignal(page.go_to, check_params_cb=lambda name: name == "data"):
        page.no_images.button.click()


def test_with_images_it_is_ready(project: TrainPage) -> None:
    assert project.body.isVisible()
    assert project.start_bar.train.isEnabled()
    assert project.start_bar.estimate.isEnabled()
    assert project.plot.invitation.isVisible()
    assert project.runs.empty.isVisible()


def test_nothing_can_be_paused_while_nothing_runs(project: TrainPage) -> None:
    for button in (project.strip.pause, project.strip.stop, project.strip.cancel):
        assert not button.isEnabled()
        assert button.toolTip() == "No training is running."


def test_a_blocking_finding_is_said_and_disables_train(
    page: TrainPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    open_images(qtbot, session, page, make_images(tmp_path / "one", ("only",)))
    finding = session.checks()[0]
    assert finding.severity == "blocks"
    assert finding.message in page.checks.texts()[0]
    assert not page.start_bar.train.isEnabled()
    assert finding.message in page.start_bar.train.toolTip()
    assert finding.message in page.start_bar.line.text()
    page.start()
    assert session.training_job is None


def test_findings_unfold(page: TrainPage, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    folder = make_images(tmp_path / "few", ("a", "b"), 5)
    (folder / "a" / "bad.png").write_bytes(b"no image")
    open_images(qtbot, session, page, folder)
    assert len(page.checks.texts()) == 1
    count = len(session.checks())
    assert count > 1
    page.checks.more.click()
    assert len(page.checks.texts()) == count
    page.checks.more.click()
    assert len(page.checks.texts()) == 1


def test_a_setting_that_cannot_be_used_disables_train_with_the_reason(project: TrainPage) -> None:
    row = project.settings.groups["training"].form.rows["epochs"]
    line = row.editor.findChild(QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, "0")
    reason = "Epochs: 0 does not fit. From 1 to 10,000."
    for button in (project.start_bar.train, project.start_bar.estimate):
        assert not button.isEnabled()
        assert button.toolTip() == reason
    assert project.start_bar.line.text() == reason
    QTest.keyClicks(line, "5")
    line.selectAll()
    QTest.keyClicks(line, "5")
    assert project.start_bar.train.isEnabled()


def test_settings_stay_with_their_project(project: TrainPage, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    first = session.project.folder  # type: ignore[union-attr]
    project.settings.groups["training"].form.set_values({"epochs": 7})
    project.settings.cards.choose("crnn")
    open_images(qtbot, session, project, make_images(tmp_path / "other"))
    assert project.settings.config().training.epochs != 7
    session.open_project(first)
    assert project.settings.config().training.epochs == 7
    assert project.settings.config().architecture == "crnn"


def test_the_choices_of_the_plot_are_remembered(project: TrainPage, session: Session, qtbot: QtBot) -> None:
    QTest.keyClick(project.plot.choices.epochs, Qt.Key.Key_Space)
    QTest.keyClick(project.plot.choices.smoothing, Qt.Key.Key_Down)
    QTest.keyClick(project.plot.choices.logarithmic, Qt.Key.Key_Space)
    chosen = project.plot.choices.view()
    assert chosen == PlotView(batches=False, span=3, logarithmic=True)
    session.settings.sync()
    again = TrainPage(Session(Settings(), session.notifier))
    qtbot.addWidget(again)
    assert again.plot.choices.view() == chosen
    assert again.plot.loss.view == chosen


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


def test_rename_in_place_and_undo(project: TrainPage, session: Session, qtbot: QtBot, undo_stack: QUndoStack) -> None:
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
    undo_stack.undo()
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


def test_delete_and_undo(project: TrainPage, session: Session, qtbot: QtBot, undo_stack: QUndoStack) -> None:
    first, second = (make_run(session, number, f"run {number}") for number in (1, 2))
    wait_for_runs(qtbot, project, 2)
    select(project, first, second)
    project.runs.list.setFocus()
    project.runs.delete.click()
    wait_for_runs(qtbot, project, 0)
    assert session.runs() == []
    assert project.runs.empty.isVisible()
    undo_stack.undo()
    wait_for_runs(qtbot, project, 2)
    assert {run.path for run in session.runs()} == {first, second}
    undo_stack.redo()
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
    project: TrainPage, session: Session, qtbot: QtBot, tmp_path: Path, messages: list[Message],
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
    until(qtbot, lambda: messages)
    assert (tmp_path / "copy.imgmodel").read_bytes() == b"a model"
    assert "copy.imgmodel" in messages[0].text
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


def test_everything_is_reached_by_tab(project: TrainPage) -> None:
    reached, widget = set(), project.nextInFocusChain()
    while widget is not project:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            reached.add(widget)
        widget = widget.nextInFocusChain()
    cards = {card for card in project.settings.cards.cards.values() if card.isChecked()}
    wanted = {project.start_bar.train, project.start_bar.estimate, project.plot, project.plot.choices.smoothing}
    assert cards | wanted <= reached
    nameless = [widget for widget in reached if not (widget.accessibleName() or getattr(widget, "text", str)())]
    assert nameless == []


def in_order(page: TrainPage) -> list[QWidget]:
    """What Tab reaches, in its order."""
    found, widget = [], page.nextInFocusChain()
    while widget is not page:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_tab_follows_the_eye(project: TrainPage) -> None:
    section = project.settings.groups["preprocessing"]
    section.form.set_values({"width": 32})
    order = in_order(project)
    choices = project.plot.choices
    choices.set_zoomed(True)
    for row in (
        [section.fold.button, section.reset, section.form.rows["width"].editor.control],
        [choices.batches, choices.smoothing, choices.logarithmic, choices.fit, project.plot],
    ):
        places = [order.index(widget) for widget in row]
        assert places == sorted(places)


def test_parts_are_parted_by_lines_that_fill_their_place(project: TrainPage) -> None:
    rules = project.body.findChildren(Rule)
    assert len(rules) == 5
    colours = theme().colours
    for rule in rules:
        image = rule.grab().toImage()
        assert min(rule.width(), rule.height()) == 1
        assert {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())} == {
            colours.border.name()
        }


def test_narrow_windows_begin_without_the_list(project: TrainPage) -> None:
    assert project.side.is_open()
    project.resize(950, 600)
    assert project.width() == 950
    assert not project.side.is_open()
    assert project.left.isVisible()
    project.side.button.click()
    assert project.side.is_open()
    assert not project.left.isVisible()
    project.resize(1360, 800)
    assert project.side.is_open()
    assert project.left.isVisible()


def test_zoom_from_the_menu(project: TrainPage, session: Session, qtbot: QtBot) -> None:
    project.watch.show(make_run(session, 1, "first"))
    whole = project.plot.loss.box.viewRange()
    project.zoom(1)
    assert project.plot.loss.is_zoomed
    project.zoom(0)
    assert project.plot.loss.box.viewRange() == whole
