"""Looking at texts that a model read, and correcting what is known of them."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from imgmine_gui.app.session import Session
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.gui.item_models.predictions_rows import Outcome
from imgmine_gui.gui.item_models.text_rows import TextFilter, TextOrder
from imgmine_gui.gui.widgets.text.line_delegate import is_mirrored, verdict
from imgmine_gui.gui.widgets.text.text_browser import TextBrowser
from imgmine_gui.gui.widgets.text.text_editor import TextEditor, special_characters
from imgmine_gui.gui.widgets.text.text_exporting import table_of, text_place, write_texts
from tests.gui.text.made_up import rows_of


@pytest.fixture
def browser(qtbot: QtBot, session: Session, tmp_path: Path) -> TextBrowser:
    made = TextBrowser(session)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    qtbot.waitExposed(made)
    made.set_rows(rows_of(tmp_path))
    return made


def test_lines_are_filtered_and_ordered(tmp_path: Path) -> None:
    rows = rows_of(tmp_path)
    assert rows.chosen(TextFilter(), TextOrder.ERRORS).tolist() == [1, 0, 2, 3]
    assert rows.chosen(TextFilter(), TextOrder.UNSURE).tolist() == [1, 3, 0, 2]
    assert rows.chosen(TextFilter(), TextOrder.CONFIDENT).tolist() == [0, 3, 1, 2]
    assert rows.chosen(TextFilter(Outcome.RIGHT), TextOrder.NAME).tolist() == [0]
    assert rows.chosen(TextFilter(Outcome.WRONG), TextOrder.NAME).tolist() == [1]
    assert rows.chosen(TextFilter(Outcome.UNREADABLE), TextOrder.NAME).tolist() == [2]
    assert rows.chosen(TextFilter(text="FIR"), TextOrder.NAME).tolist() == [2]
    assert rows.chosen(TextFilter(confusion=("", "n")), TextOrder.NAME).tolist() == [1]
    assert rows.chosen(TextFilter(confusion=("x", "y")), TextOrder.NAME).tolist() == []


def test_each_line_says_how_right_and_how_sure_it_is(tmp_path: Path) -> None:
    rows = rows_of(tmp_path)
    assert [verdict(rows, row)[0] for row in range(4)] == [
        "✓ Right · 90.0 % sure", "✗ CER 33.3 % · 20.0 % sure", "Unreadable", "50.0 % sure",
    ]  # fmt: skip


def test_the_scores_are_shown_and_a_confusion_selects_its_lines(browser: TextBrowser) -> None:
    assert browser.scores.figures["exact"].text().startswith("50.0 %")
    assert browser.model.rowCount() == 4
    browser.scores.table.setCurrentCell(0, 0)
    assert browser.model.shown() == [1]
    assert browser.filter_bar.confusion_button.isVisible()
    browser.filter_bar.confusion_button.click()
    assert browser.model.rowCount() == 4


def test_the_lines_are_painted(qtbot: QtBot, browser: TextBrowser, tmp_path: Path) -> None:
    path = str(tmp_path / "b.png")
    qtbot.waitUntil(lambda: browser.pictures.picture(path) is not None)
    blank = browser.list.viewport().grab().toImage()
    assert len({blank.pixelColor(x, y).name() for x in range(20, 400, 7) for y in range(10, 150, 3)}) > 10


def test_texts_of_images_that_the_project_does_not_know_cannot_be_changed(browser: TextBrowser) -> None:
    assert not browser.editor.field.isEnabled()
    assert browser.editor.field.toolTip() == "Only transcriptions of images of the project can be corrected."


def test_without_any_line_nothing_is_chosen(browser: TextBrowser) -> None:
    browser.filter_bar.search.setText("no such")
    browser.filter_bar._typing.timeout.emit()
    assert browser.stack.currentWidget() is browser.none_left
    browser.none_left.triggered.emit()
    assert browser.model.rowCount() == 4
    browser.set_rows(None)
    assert browser.current == -1


def test_keys_in_the_field_save_step_and_take_back(qtbot: QtBot) -> None:
    editor = TextEditor()
    qtbot.addWidget(editor)
    editor.show()
    editor.show_text("oak")
    editor.offer(["é"])
    saved: list[str] = []
    steps: list[int] = []
    editor.saved.connect(saved.append)
    editor.step_wanted.connect(steps.append)
    QTest.keyClicks(editor.field, "s")
    QTest.keyClick(editor.field, Qt.Key.Key_Escape)
    assert editor.field.text() == "oak"
    with qtbot.waitSignal(editor.left):
        QTest.keyClick(editor.field, Qt.Key.Key_Escape)
    QTest.keyClick(editor.field, Qt.Key.Key_Return)
    assert (saved, steps) == ([], [1])
    editor.palette_box.findChildren(QToolButton)[0].click()
    QTest.keyClick(editor.field, Qt.Key.Key_Up)
    assert (saved, steps) == (["oaké"], [1, -1])


def test_special_characters_are_those_that_are_on_no_plain_keyboard() -> None:
    assert special_characters(["ſo ſtrange", "naïve é\u00a0"]) == ["ſ", "ï", "é"]


def test_the_direction_of_a_text_is_that_of_its_first_letter() -> None:
    assert [is_mirrored(text) for text in ("abc", "12 שלום", "سلام abc", "", "…")] == [False, True, True, False, False]


def test_texts_are_exported(tmp_path: Path) -> None:
    rows = rows_of(tmp_path)
    assert table_of(rows, [1, 2]).splitlines() == ["path,text,confidence", "b.png,ashn,0.200000", "c.png,,"]
    place = text_place(tmp_path / "out", "../page/b.x.png")
    assert place == tmp_path / "out" / "page" / "b.x.gt.txt"
    assert write_texts({place: "ſo"}, PlainContext()) == 1
    assert place.read_bytes() == "ſo\n".encode()
