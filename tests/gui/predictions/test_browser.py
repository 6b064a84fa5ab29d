"""Grid, keys, scores and the image, without an engine."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.core.explain.export import Drawing
from imgmine_gui.core.images.geometry import ResizeMode
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.item_models.predictions_rows import UNKNOWN, Order, Outcome, PredictionRows
from imgmine_gui.gui.item_models.roles import BadgeRole, CaptionRole, ProblemRole
from imgmine_gui.gui.pages.predictions_page import PredictionsPage
from imgmine_gui.gui.widgets.predictions.browser import Browser
from imgmine_gui.gui.widgets.predictions.exporting import ExportMenu, ExportSubject
from tests.gui.predictions.made_up import ROWS, heatmap_of, made_up_rows

BY_NAME = ["a.png", "b.png", "broken.png", "c.png", "d.png", "e.png"]


@pytest.fixture
def page(qtbot: QtBot, session: Session, tmp_path: Path) -> PredictionsPage:
    page = PredictionsPage(session)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitExposed(page)
    folder = tmp_path / "fruit"
    folder.mkdir()
    page._on_ready(made_up_rows(folder))
    return page


@pytest.fixture
def browser(page: PredictionsPage) -> Browser:
    return page.browser


def shown(browser: Browser) -> list[str]:
    assert browser.rows is not None
    return [browser.rows.names[row] for row in browser.model.shown()]


def current(browser: Browser) -> str:
    assert browser.rows is not None
    return browser.rows.names[browser.current]


def choose(box, value) -> None:  # type: ignore[no-untyped-def]
    box.setCurrentIndex(box.findData(value))


def test_the_place_among_the_images_follows_the_language(browser: Browser) -> None:
    browser.grid.set_current_row(1)
    assert browser.pane.place.text() == "2 of 6"
    apply_language("zh_CN")
    said = browser.pane.name.text(), browser.pane.place.text()
    apply_language("en")
    assert said == ("b.png", "2/6")


def test_true_and_predicted_class_stand_in_the_grid(browser: Browser) -> None:
    wrong, right, broken, unknown = (browser.model.index(row, 0) for row in (0, 1, 2, 5))
    assert wrong.data(BadgeRole) == ("pear 70.0 %", "bad")
    assert wrong.data(CaptionRole) == "True: apple"
    assert right.data(BadgeRole) == ("apple 90.0 %", "good")
    assert broken.data(BadgeRole) is None
    assert "empty" in broken.data(ProblemRole)
    assert unknown.data(BadgeRole) == ("plum 40.0 %", "neutral")
    assert unknown.data(CaptionRole) == "e.png"


def test_sort_and_filter_by_the_boxes(browser: Browser, qtbot: QtBot) -> None:
    assert shown(browser) == BY_NAME
    choose(browser.filter_bar.order_box, Order.WRONG)
    assert shown(browser)[:2] == ["c.png", "a.png"]
    assert current(browser) == "c.png"
    choose(browser.filter_bar.outcome_box, Outcome.RIGHT)
    assert shown(browser) == ["b.png", "d.png"]
    choose(browser.filter_bar.class_box, 1)
    assert shown(browser) == ["d.png"]
    qtbot.mouseClick(browser.none_left.button, Qt.MouseButton.LeftButton)
    assert len(shown(browser)) == 6
    qtbot.keyClicks(browser.filter_bar.search, "brok")
    qtbot.waitUntil(lambda: shown(browser) == ["broken.png"])


def test_a_filter_that_nothing_fits_offers_the_way_back(browser: Browser, qtbot: QtBot) -> None:
    browser.filter_bar.search.setText("zzz")
    qtbot.waitUntil(lambda: browser.grid_stack.currentWidget() is browser.none_left)
    browser.none_left.triggered.emit()
    assert browser.grid_stack.currentWidget() is browser.grid


@pytest.mark.parametrize("focus", ["grid", "view"])
def test_keys_step_through_the_images(browser: Browser, qtbot: QtBot, focus: str) -> None:
    widget = browser.grid if focus == "grid" else browser.pane.view
    widget.setFocus()
    steps = [
        (Qt.Key.Key_D, "b.png"), (Qt.Key.Key_Right, "broken.png"), (Qt.Key.Key_A, "b.png"),
        (Qt.Key.Key_End, "e.png"), (Qt.Key.Key_D, "e.png"), (Qt.Key.Key_Left, "d.png"), (Qt.Key.Key_Home, "a.png"),
        (Qt.Key.Key_PageDown, "e.png"), (Qt.Key.Key_PageUp, "a.png"), (Qt.Key.Key_A, "a.png"),
    ]  # fmt: skip
    for key, name in steps:
        qtbot.keyClick(widget, key)
        if key not in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) or focus == "view":
            assert current(browser) == name, key


def test_a_cell_of_the_matrix_selects_its_images(browser: Browser, qtbot: QtBot) -> None:
    browser.show_scores(True)
    matrix = browser.scores.matrix
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.cell_rect((0, 1)).center())
    assert shown(browser) == ["a.png"]
    assert "apple" in browser.filter_bar.cell_button.text()
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.cell_rect((0, 1)).center())
    assert len(shown(browser)) == 6
    matrix.setFocus()
    qtbot.keyClick(matrix, Qt.Key.Key_Down)
    qtbot.keyClick(matrix, Qt.Key.Key_Down)
    qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert shown(browser) == ["c.png"]
    assert "Truly plum, predicted as pear: 1 image, 100 %" in matrix.accessibleDescription()
    qtbot.mouseClick(browser.filter_bar.cell_button, Qt.MouseButton.LeftButton)
    assert len(shown(browser)) == 6
    assert matrix.chosen is None


def test_scores_are_those_of_the_judged_images(browser: Browser) -> None:
    report = browser.scores.report
    assert report is not None
    assert (report.images, report.accuracy) == (4, 0.5)
    assert report.confusion.tolist() == [[1, 1, 0], [0, 1, 0], [0, 1, 0]]


def test_an_image_that_cannot_be_read_says_why(browser: Browser, qtbot: QtBot) -> None:
    browser.go_to_row(2)
    qtbot.waitUntil(lambda: "broken.png" in browser.pane.note.text())
    assert browser.verdict.text() == "This image could not be read."
    assert browser.bars.shown() == []


def with_heatmap(browser: Browser, qtbot: QtBot, values: np.ndarray) -> None:
    browser.go_to_row(0)
    qtbot.waitUntil(lambda: browser._image is not None)
    browser._on_heatmap(heatmap_of(browser._path(), (24, 16), values, ResizeMode.STRETCH))


def test_space_hides_for_as_long_as_it_is_held_and_h_switches(browser: Browser, qtbot: QtBot) -> None:
    with_heatmap(browser, qtbot, np.eye(4))
    view = browser.pane.view
    view.setFocus()
    assert view.is_layer_visible()
    qtbot.keyPress(view, Qt.Key.Key_Space)
    assert not view.is_layer_visible()
    qtbot.keyRelease(view, Qt.Key.Key_Space)
    assert view.is_layer_visible()
    qtbot.keyClick(view, Qt.Key.Key_H)
    assert not view.is_layer_visible()
    assert not browser.heatmap_panel.on.isChecked()
    qtbot.keyClick(browser.grid, Qt.Key.Key_H)
    assert view.is_layer_visible()


def test_brackets_change_the_opacity_and_it_is_remembered(browser: Browser, qtbot: QtBot, session: Session) -> None:
    with_heatmap(browser, qtbot, np.eye(4))
    before = browser.heatmap_panel.opacity
    qtbot.keyClick(browser.pane.view, Qt.Key.Key_BracketRight)
    assert browser.heatmap_panel.opacity == pytest.approx(before + 0.1)
    assert browser.pane.view._layer.opacity() == pytest.approx(before + 0.1)
    qtbot.keyClick(browser.pane.view, Qt.Key.Key_BracketLeft)
    qtbot.keyClick(browser.pane.view, Qt.Key.Key_BracketLeft)
    assert session.settings.heatmap_opacity == pytest.approx(before - 0.1)


def test_a_flat_heatmap_is_said_in_words_and_not_drawn(browser: Browser, qtbot: QtBot) -> None:
    with_heatmap(browser, qtbot, np.zeros((4, 4)))
    assert not browser.pane.view.has_layer()
    assert "nothing to draw" in browser.pane.note.text()


def test_a_click_on_the_wheel_zooms_to_the_pointer(browser: Browser, qtbot: QtBot) -> None:
    with_heatmap(browser, qtbot, np.eye(4))
    view = browser.pane.view
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert not view.is_fitted
    scale = view.scale_now
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.scale_now < scale
    qtbot.keyClick(view, Qt.Key.Key_1)
    assert view.scale_now * view.devicePixelRatioF() == pytest.approx(1)
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.is_fitted


def test_enter_shows_the_image_alone_and_esc_comes_back(browser: Browser, qtbot: QtBot) -> None:
    browser.grid.setFocus()
    qtbot.keyClick(browser.grid, Qt.Key.Key_Return)
    assert not browser.grid_side.isVisible()
    qtbot.keyClick(browser.pane.view, Qt.Key.Key_Escape)
    assert browser.grid_side.isVisible()


def menu_of(browser: Browser, session: Session, tmp_path: Path) -> ExportMenu:
    rows = browser.rows
    assert rows is not None
    shown = tuple(browser.model.shown())
    subject = ExportSubject("no model", rows, shown, 0, "layer_cam", {}, None, Drawing())
    return ExportMenu(session, lambda: subject, browser)


def test_the_table_holds_what_is_shown(
    browser: Browser, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(browser.filter_bar.order_box, Order.CONFIDENT)
    choose(browser.filter_bar.class_box, 1)
    target = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    menu_of(browser, session, tmp_path).export_table()
    lines = list(csv.reader(target.read_text().splitlines()))
    assert lines[0] == ["path", "predicted", "confidence", "p_apple", "p_pear", "p_plum"]
    assert [line[:3] for line in lines[1:]] == [
        ["c.png", "pear", "0.950000"], ["a.png", "pear", "0.700000"], ["d.png", "pear", "0.600000"],
    ]  # fmt: skip


def test_all_predictions_can_be_exported_whatever_is_shown(
    browser: Browser, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(browser.filter_bar.class_box, 1)
    target = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    menu_of(browser, session, tmp_path).actions()[0].trigger()
    lines = list(csv.reader(target.read_text().splitlines()))
    assert [line[0] for line in lines[1:]] == [name for name, *_ in ROWS]


def test_nothing_is_replaced_without_a_yes(
    browser: Browser, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.png.npy").write_bytes(b"mine")
    asked: list[str] = []

    def say_no(*arguments: object) -> QMessageBox.StandardButton:
        asked.append(str(arguments[2]))
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    monkeypatch.setattr(QMessageBox, "question", say_no)
    menu_of(browser, session, tmp_path).export_heatmaps("npy", all_shown=True)
    assert asked == ["1 file there has the same name. Replace it?"]
    assert not session.runner.jobs
    assert (folder / "a.png.npy").read_bytes() == b"mine"


def test_the_pointer_over_a_cell_reads_it(browser: Browser) -> None:
    browser.show_scores(True)
    matrix = browser.scores.matrix
    assert matrix._cell_at(matrix.cell_rect((2, 1)).center()) == (2, 1)
    assert matrix._cell_at(QPoint(1, 1)) is None


def test_right_and_wrong_cannot_be_chosen_where_no_true_class_is_known(browser: Browser) -> None:
    rows = browser.rows
    assert rows is not None
    choose(browser.filter_bar.outcome_box, Outcome.WRONG)
    browser.set_rows(PredictionRows(rows.table, rows.names, np.full(6, UNKNOWN), rows.keys))
    box = browser.filter_bar.outcome_box
    enabled = [box.model().item(row).isEnabled() for row in range(box.count())]  # type: ignore[attr-defined]
    assert enabled == [True, False, False, True]
    assert len(shown(browser)) == 6
    browser.show_scores(True)
    assert browser.centre.currentWidget() is browser.no_scores


def test_an_image_is_fitted_from_the_first(browser: Browser, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: browser._image is not None)
    view = browser.pane.view
    assert view.is_fitted
    assert view.mapFromScene(view.sceneRect()).boundingRect().width() > 0.9 * view.viewport().width()
