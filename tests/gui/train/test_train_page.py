"""The page before and after trainings: what is empty, what is checked, what can be done with runs."""

from pathlib import Path
from threading import Event, Thread, current_thread, main_thread

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.app.settings import Settings
from imgmine_gui.core.project.checks import DataCheck
from imgmine_gui.gui.pages.train_page import TrainPage
from imgmine_gui.gui.theme import theme
from imgmine_gui.gui.widgets.plot_lines import PlotView
from imgmine_gui.gui.widgets.rule import Rule
from tests.gui.train.drive import make_images, make_run, open_images

SELECT = QItemSelectionModel.SelectionFlag.Select


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


def test_while_the_first_images_are_read_it_says_so(
    page: TrainPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    session.new_project(tmp_path / "empty")
    session.add_source(make_images(tmp_path / "images"))
    qtbot.waitUntil(lambda: "are being read" in page.no_images.sentence.text())
    assert page.no_images.isVisible()
    qtbot.waitUntil(page.body.isVisible, timeout=30_000)


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


def test_images_are_counted_beside_the_window(
    project: TrainPage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, threads = Event(), list[Thread]()
    checks = session.checks

    def held() -> list[DataCheck]:
        threads.append(current_thread())
        assert free.wait(60)
        return checks()

    monkeypatch.setattr(session, "checks", held)
    asked: list[object] = []
    monkeypatch.setattr(session, "train", asked.append)
    project.refresh()
    project.start()
    assert asked == []  # only once it is known whether anything is against it
    assert project.start_bar.train.isEnabled()
    free.set()
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=30_000)
    assert main_thread() not in threads
