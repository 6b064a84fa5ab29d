"""Labelling by keyboard: digits, typing, taking away, going on, and a history that survives."""

import sqlite3
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.data.drive import names, settle, until


def ready(qtbot: QtBot, page: DataPage) -> QWidget:
    """All rows are read, the first image is selected, and the grid has the keys."""
    names(qtbot, page)
    page.gallery.grid.setFocus()
    page.gallery.grid.set_current_row(0)
    return page.gallery.grid


def labels(page: DataPage) -> list[str | None]:
    """The class of every image as the catalogue has it, in the order in which they were added."""
    project = page._session.project
    assert project is not None
    rows = project.catalogue.rows(project.catalogue.ids(page.filters.readable))
    return [row.label for row in rows]


def written(qtbot: QtBot, page: DataPage) -> None:
    """Wait until every edit is on the drive and shown."""
    until(qtbot, lambda: not page.labelling.is_busy)
    settle(qtbot, page)


def press(qtbot: QtBot, key: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, key, modifier)


def test_a_digit_labels_the_selected_image_and_goes_on(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    press(qtbot, "2")
    written(qtbot, flowers)
    assert labels(flowers)[:2] == ["rose", "daisy"]
    assert flowers.gallery.grid.current_row == 1
    assert list(flowers.gallery.selected_ids()) == [flowers.gallery.images.ids[1]]
    assert flowers.gallery.foot.told.text() == "Saved"
    flowers.gallery.foot.advance.setChecked(False)
    press(qtbot, "3")
    written(qtbot, flowers)
    assert labels(flowers)[:2] == ["rose", "tulip"]
    assert flowers.gallery.grid.current_row == 1


def test_a_key_without_a_class_does_nothing_and_says_so(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    before = labels(flowers)
    press(qtbot, "9")
    assert flowers.gallery.foot.told.text() == "No class has this key"
    flowers.gallery.grid.clearSelection()
    press(qtbot, "2")
    assert flowers.gallery.foot.told.text() == "Select an image first"
    written(qtbot, flowers)
    assert labels(flowers) == before


def test_a_digit_labels_all_that_are_selected_as_one_edit(flowers: DataPage, qtbot: QtBot, stack: QUndoStack) -> None:
    grid = ready(qtbot, flowers)
    before = labels(flowers)
    for _ in range(4):
        qtbot.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, "3")
    written(qtbot, flowers)
    assert labels(flowers) == ["tulip"] * 5 + before[5:]
    assert flowers.gallery.selected == 5, "a selection of several stays"
    until(qtbot, lambda: stack.count() == 1)
    assert stack.undoText() == "label 5 images “tulip”"
    stack.undo()
    written(qtbot, flowers)
    assert labels(flowers) == before
    stack.redo()
    written(qtbot, flowers)
    assert labels(flowers)[:5] == ["tulip"] * 5


def test_typing_finds_a_class_and_enter_takes_it(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    popup = flowers.gallery.popup
    press(qtbot, "t")
    assert popup.isVisible()
    assert popup.field.text() == "t"
    press(qtbot, "u")
    assert popup.list.currentItem().text().startswith("tulip")
    press(qtbot, Qt.Key.Key_Return)
    assert not popup.isVisible()
    written(qtbot, flowers)
    assert labels(flowers)[0] == "tulip"
    assert flowers.gallery.grid.hasFocus()


def test_a_new_name_becomes_a_class(flowers: DataPage, qtbot: QtBot, stack: QUndoStack) -> None:
    ready(qtbot, flowers)
    press(qtbot, "l", Qt.KeyboardModifier.ControlModifier)
    popup = flowers.gallery.popup
    qtbot.keyClicks(popup.field, "lily")
    assert popup.list.count() == 1
    assert popup.list.item(0).text() == "New class “lily”"
    press(qtbot, Qt.Key.Key_Return)
    written(qtbot, flowers)
    assert labels(flowers)[0] == "lily"
    assert "lily" in [one.name for one in flowers._session.classes()]
    until(qtbot, lambda: stack.count() == 1)
    stack.undo()
    written(qtbot, flowers)
    assert "lily" not in [one.name for one in flowers._session.classes()]


def test_escape_leaves_the_field_without_a_label(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    before = labels(flowers)
    press(qtbot, "r")
    press(qtbot, Qt.Key.Key_Escape)
    assert not flowers.gallery.popup.isVisible()
    written(qtbot, flowers)
    assert labels(flowers) == before


def test_the_field_labels_what_was_selected_when_it_opened(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    press(qtbot, "t")
    model = flowers.gallery.images
    flags = QItemSelectionModel.SelectionFlag
    flowers.gallery.grid.selectionModel().select(model.index(7, 0), flags.ClearAndSelect | flags.Rows)
    press(qtbot, Qt.Key.Key_Return)
    written(qtbot, flowers)
    assert labels(flowers)[0] == "tulip"
    assert labels(flowers)[7] == "daisy"


def test_backspace_takes_the_label_and_n_finds_the_next_without(flowers: DataPage, qtbot: QtBot) -> None:
    grid = ready(qtbot, flowers)
    for row in (3, 30):
        flowers.gallery.grid.set_current_row(row)
        qtbot.keyClick(grid, Qt.Key.Key_Backspace)
        written(qtbot, flowers)
    assert [place for place, label in enumerate(labels(flowers)) if label is None] == [3, 30]
    flowers.gallery.grid.set_current_row(0)
    for expected in (3, 30, 3):
        qtbot.keyClick(grid, Qt.Key.Key_N)
        until(qtbot, lambda expected=expected: flowers.gallery.grid.current_row == expected)  # type: ignore[misc]


def test_an_image_that_the_filter_no_longer_lets_through_leaves_its_place_to_the_next(
    flowers: DataPage, qtbot: QtBot
) -> None:
    flowers.filters.set(label="tulip")
    settle(qtbot, flowers)
    ready(qtbot, flowers)
    second = flowers.gallery.images.ids[1]
    press(qtbot, "1")
    until(qtbot, lambda: flowers.gallery.images.rowCount() == 7)
    assert list(flowers.gallery.selected_ids()) == [second]
    press(qtbot, "1")
    until(qtbot, lambda: flowers.gallery.images.rowCount() == 6)
    flowers.filters.clear()
    written(qtbot, flowers)
    assert labels(flowers).count("daisy") == 22


def test_flags_stars_and_exclusion_by_key(flowers: DataPage, qtbot: QtBot) -> None:
    ready(qtbot, flowers)
    flowers.gallery.foot.advance.setChecked(False)
    press(qtbot, "p")
    press(qtbot, "4", Qt.KeyboardModifier.AltModifier)
    press(qtbot, "e", Qt.KeyboardModifier.ControlModifier)
    written(qtbot, flowers)
    number = flowers.gallery.images.ids[0]
    project = flowers._session.project
    assert project is not None
    (row,) = project.catalogue.rows([number])
    assert (row.flag, row.rating, row.excluded) == (1, 4, True)


def test_the_large_view_labels_what_it_shows(flowers: DataPage, qtbot: QtBot) -> None:
    grid = ready(qtbot, flowers)
    qtbot.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert flowers.gallery.selected == 40
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    large = flowers.gallery.large
    until(qtbot, lambda: large.image is not None)
    assert flowers.gallery.selected == 1
    row = flowers.gallery.grid.current_row
    before = labels(flowers)
    press(qtbot, "3")
    until(qtbot, lambda: flowers.gallery.grid.current_row == min(row + 1, 39))
    written(qtbot, flowers)
    assert labels(flowers) == [*before[:row], "tulip", *before[row + 1 :]]
    press(qtbot, Qt.Key.Key_Escape)
    assert flowers.gallery.grid.hasFocus()


def test_the_history_survives_closing(flowers: DataPage, qtbot: QtBot, session: Session, stack: QUndoStack) -> None:
    ready(qtbot, flowers)
    before = labels(flowers)
    press(qtbot, "3")
    press(qtbot, "3")
    assert session.project is not None
    folder = session.project.folder
    session.close_project()
    assert sqlite3.connect(folder / "project.db").execute("SELECT count(*) FROM edits").fetchone() == (2,)
    stack.clear()
    session.open_project(folder)
    until(qtbot, lambda: stack.count() == 2)
    settle(qtbot, flowers)
    stack.undo()
    stack.undo()
    written(qtbot, flowers)
    assert labels(flowers) == before
    assert stack.canRedo()


def test_a_project_that_is_open_elsewhere_is_not_changed(flowers: DataPage, qtbot: QtBot, told: list[Message]) -> None:
    ready(qtbot, flowers)
    assert flowers._session.project is not None
    before = labels(flowers)
    flowers._session.project.catalogue._database.read_only = True
    press(qtbot, "3")
    until(qtbot, lambda: told)
    assert "reading only" in told[-1].text
    assert labels(flowers) == before
    assert flowers.gallery.grid.current_row == 0
    flowers._session.project.catalogue._database.read_only = False


def test_a_key_never_stands_for_a_class_of_another_project(
    flowers: DataPage, qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    ready(qtbot, flowers)
    press(qtbot, "t")
    assert flowers.gallery.popup.isVisible()
    session.new_project(tmp_path / "other")
    assert not flowers.gallery.popup.isVisible()
    assert flowers.gallery.edits.class_of_key("1") is None
    assert not flowers.gallery.selected_ids()
