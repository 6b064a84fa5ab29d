"""Splits, classes, filters, problems, findings and details, through the widgets of the page."""

import csv
import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QUndoStack
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from imgmine_gui.core.project.layout import Split
from imgmine_gui.gui.item_models.data_classes import ClassRole
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.app.small_images import write_images
from tests.gui.data.drive import add, names, settle, table_text, until


def select_class(page: DataPage, name: str | None) -> None:
    classes = page.column.classes
    classes.table.setCurrentIndex(classes.model.index(classes.model.row_of(name), 0))


def choose(page: DataPage, box_name: str, text: str) -> None:
    box = getattr(page.gallery.bar, box_name)
    place = next(place for place in range(box.count()) if box.itemText(place).startswith(text))
    box.setCurrentIndex(place)
    box.activated.emit(place)


@pytest.mark.parametrize(
    ("folders", "words", "fields"),
    [
        (("train", "val", "testing"), "Train, validation and test were recognised", (False, False, False)),
        (("training", "test"), "The validation part is cut from train", (True, False, True)),
        ((), "Every class is divided", (True, True, True)),
    ],
)
def test_the_page_says_how_images_are_divided(
    page: DataPage, qtbot: QtBot, tmp_path: Path, folders: tuple[str, ...], words: str, fields: tuple[bool, ...]
) -> None:
    for number, folder in enumerate(folders or ("",)):
        write_images(tmp_path / "data" / folder, count=6 + number, size=20 + number)
    add(qtbot, page, tmp_path / "data")
    split = page.column.split
    assert words in split.words.text()
    assert (split.validation.isVisible(), split.test.isVisible(), split.seed.isVisible()) == fields
    totals = page._session.totals()
    assert split.bar.parts == (totals.train, totals.validation, totals.test)
    if len(folders) == 3:
        assert split.bar.parts == (12, 14, 16)


def test_other_fractions_divide_anew_and_can_be_undone(flowers: DataPage, qtbot: QtBot, stack: QUndoStack) -> None:
    split = flowers.column.split
    assert (split.validation.value(), split.test.value(), split.seed.value()) == (15, 15, 0)
    split.validation.setFocus()
    split.validation.selectAll()
    qtbot.keyClicks(split.validation, "25")
    qtbot.keyClick(split.validation, Qt.Key.Key_Return)
    settle(qtbot, flowers)
    assert flowers._session.split_settings().validation == 0.25
    assert table_text(flowers)[0] == ["daisy", "12", "5", "3", "20"]
    assert split.bar.parts == (24, 10, 6)
    qtbot.keyClick(split.seed, Qt.Key.Key_Up)
    until(qtbot, lambda: flowers._session.split_settings().seed == 1)
    until(qtbot, lambda: stack.count() == 2)
    stack.undo()
    stack.undo()
    settle(qtbot, flowers)
    until(qtbot, lambda: split.validation.value() == 15)
    assert flowers._session.split_settings().validation == 0.15
    assert split.seed.value() == 0
    assert table_text(flowers)[0] == ["daisy", "14", "3", "3", "20"]


def test_the_table_is_sorted_and_its_last_row_stays(flowers: DataPage, qtbot: QtBot) -> None:
    classes = flowers.column.classes
    select_class(flowers, "rose")
    classes.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert [row[0] for row in table_text(flowers)] == ["tulip", "rose", "daisy", "All classes"]
    classes.table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    assert [row[0] for row in table_text(flowers)] == ["daisy", "rose", "tulip", "All classes"]
    assert classes.table.currentIndex().data(ClassRole) == "rose"


def test_a_class_that_is_selected_filters_the_images(flowers: DataPage, qtbot: QtBot) -> None:
    select_class(flowers, "tulip")
    settle(qtbot, flowers)
    assert len(names(qtbot, flowers)) == 8
    assert flowers.gallery.bar.label.currentText() == "tulip"
    assert flowers.status == "40 images, 3 classes, 8 shown"
    choose(flowers, "label", "rose")
    settle(qtbot, flowers)
    assert flowers.column.classes.table.currentIndex().data(ClassRole) == "rose"
    select_class(flowers, None)
    settle(qtbot, flowers)
    assert len(names(qtbot, flowers)) == 40


def test_split_kind_and_text_filter_too(flowers: DataPage, qtbot: QtBot) -> None:
    choose(flowers, "split", "Validation")
    settle(qtbot, flowers)
    assert len(names(qtbot, flowers)) == 6
    images = flowers.gallery.images
    assert {images.image(row).split for row in range(6)} == {Split.VALIDATION}  # type: ignore[union-attr]
    choose(flowers, "split", "All")
    flowers.search()
    assert flowers.gallery.bar.text.hasFocus()
    qtbot.keyClicks(flowers.gallery.bar.text, "ROSE/00")
    until(qtbot, lambda: flowers.filters.query.text == "ROSE/00")
    settle(qtbot, flowers)
    assert names(qtbot, flowers) == [f"00{number}.png" for number in range(10)]
    qtbot.keyClicks(flowers.gallery.bar.text, "zzz")
    until(qtbot, lambda: flowers.gallery.stack.currentWidget() is flowers.gallery.nothing)
    qtbot.mouseClick(flowers.gallery.nothing.button, Qt.MouseButton.LeftButton)
    settle(qtbot, flowers)
    assert flowers.gallery.bar.text.text() == ""
    assert len(names(qtbot, flowers)) == 40


def test_unlabelled_images_are_found(flowers: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    write_images(tmp_path / "flowers", count=2, size=80, classes=(".",))
    flowers.column.sources.rescan.trigger()
    until(qtbot, lambda: flowers._session.runner.jobs)
    settle(qtbot, flowers)
    assert flowers.gallery.bar.kind.itemText(1) == "Unlabelled (2)"
    row = next(row for row in flowers.column.checks.rows if row.check.code == "unlabelled")
    qtbot.mouseClick(row.show_images, Qt.MouseButton.LeftButton)
    settle(qtbot, flowers)
    assert len(names(qtbot, flowers)) == 2


def test_what_could_not_be_read_is_listed_copied_and_exported(
    flowers: DataPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = next(row for row in flowers.column.checks.rows if row.check.code == "unreadable")
    qtbot.mouseClick(row.show_images, Qt.MouseButton.LeftButton)
    problems = flowers.gallery.problems
    until(qtbot, lambda: flowers.gallery.stack.currentWidget() is problems)
    assert problems.heading.text() == "1 image could not be read"
    cells = [problems.model.index(0, column).data() for column in range(3)]
    assert cells[0] == "broken.png"
    assert cells[1]
    assert "rose/broken.png" in cells[2]
    problems.table.selectRow(0)
    assert flowers.details.name.text() == "broken.png"
    assert flowers.details.reason.text() == cells[2]
    qtbot.mouseClick(problems.copy_button, Qt.MouseButton.LeftButton)
    pasted = QGuiApplication.clipboard().text().split("\t")
    assert pasted == [str(tmp_path / "flowers" / "rose" / "broken.png"), *cells[1:]]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "bad"), ""))
    qtbot.mouseClick(problems.export_button, Qt.MouseButton.LeftButton)
    lines = list(csv.reader((tmp_path / "bad.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert lines[0] == ["path", "problem", "title", "reason"]
    assert lines[1][0] == pasted[0]
    assert len(lines) == 2


def test_findings_are_said_before_training(flowers: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    rows = {row.check.code: row for row in flowers.column.checks.rows}
    assert "few_images" in rows
    assert rows["few_images"].message.text()
    assert rows["few_images"].accessibleName().startswith("Warning: ")
    assert flowers.column.summary.text() == f"{len(rows)} findings before training"
    qtbot.mouseClick(rows["few_images"].show_images, Qt.MouseButton.LeftButton)
    settle(qtbot, flowers)
    assert flowers.filters.query.label == "tulip"
    wanted: list[str] = []
    flowers.go_to.connect(wanted.append)
    qtbot.mouseClick(flowers.column.train, Qt.MouseButton.LeftButton)
    assert wanted == ["train"]


def test_the_same_image_in_two_splits_is_said_and_shown(page: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    for number, split in enumerate(("train", "test")):
        write_images(tmp_path / "data" / split, count=4, size=30 + number)
    shutil.copy(tmp_path / "data/train/dark/001.png", tmp_path / "data/test/dark/copy.png")
    add(qtbot, page, tmp_path / "data")
    row = next(row for row in page.column.checks.rows if row.check.code == "across_splits")
    assert "The same image stands in two splits" in row.message.text()
    qtbot.mouseClick(row.show_images, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert sorted(names(qtbot, page)) == ["001.png", "copy.png"]


def test_the_selected_image_is_shown_with_what_is_known(
    flowers: DataPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(qtbot, flowers)
    flowers.gallery.grid.set_current_row(2)
    details = flowers.details
    path = tmp_path / "flowers" / "daisy" / "002.png"
    until(qtbot, lambda: details.values["format"].text() == "PNG")
    assert details.name.text() == "002.png"
    assert details.values["size"].text() == "44 × 44 px"
    assert details.values["file"].text().endswith("kB")
    until(qtbot, lambda: [chip.name.text() for chip in flowers.marks.chips] == ["daisy"])
    assert flowers.marks.split.currentText() in ("Automatic: Train", "Automatic: Validation", "Automatic: Test")
    assert str(path.parent) == details.values["folder"].text().replace("\u200b", "")
    until(qtbot, lambda: details.preview.pixmap is not None)
    qtbot.mouseClick(details.copy_path, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == str(path)
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    qtbot.mouseClick(details.open_folder, Qt.MouseButton.LeftButton)
    assert [url.toLocalFile() for url in opened] == [str(path.parent)]


def test_several_images_are_selected_counted_and_copied(flowers: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    grid = flowers.gallery.grid
    grid.setFocus()
    grid.set_current_row(0)
    qtbot.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert flowers.status == "40 images, 3 classes, 3 selected"
    until(qtbot, lambda: flowers.details.more.text() == "3 images selected")
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: QGuiApplication.clipboard().text())
    expected = [str(tmp_path / "flowers" / "daisy" / f"00{number}.png") for number in range(3)]
    assert QGuiApplication.clipboard().text().split("\n") == expected


def test_a_selection_outlives_a_scan(flowers: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    names(qtbot, flowers)
    flowers.gallery.grid.set_current_row(5)
    chosen = flowers.gallery.current
    os.unlink(tmp_path / "flowers" / "daisy" / "000.png")
    flowers.column.sources.rescan.trigger()
    until(qtbot, lambda: flowers._session.runner.jobs)
    settle(qtbot, flowers)
    names(qtbot, flowers)
    assert chosen is not None
    assert flowers.gallery.selected == 1
    until(qtbot, lambda: flowers.gallery.current is not None)
    assert flowers.gallery.current.id == chosen.id  # type: ignore[union-attr]
