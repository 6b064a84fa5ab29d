"""Adding, dropping, scanning again, cancelling and removing sources, through the widgets of the page."""

import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.core.project.catalogue import Applied, Catalogue
from imgmine_gui.gui.item_models.data_sources import CountsRole
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.app.small_images import write_images
from tests.gui.data.conftest import write_flowers
from tests.gui.data.drive import add, drop, names, settle, table_text, until


def choose(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))


def test_without_a_project_a_folder_or_the_sample_is_offered(
    bare_page: DataPage, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bare_page.stack.currentWidget() is bare_page.no_project
    (_, sample), *_ = bare_page.no_project.samples
    assert "Clothes in clutter" in sample.text()
    folder = write_flowers(tmp_path / "flowers")
    choose(monkeypatch, folder)
    qtbot.mouseClick(bare_page.no_project.button, Qt.MouseButton.LeftButton)
    assert session.project is not None
    settle(qtbot, bare_page)
    assert bare_page.stack.currentWidget() is bare_page.content
    assert bare_page.state is not None
    assert bare_page.state.totals.images == 40


def test_add_folder_scans_it_and_shows_its_images(
    page: DataPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, write_flowers(tmp_path / "flowers"))
    qtbot.mouseClick(page.no_source.button, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: page.stack.currentWidget() is page.content)
    settle(qtbot, page)
    assert page.column.sources.model.index(0).data() == "flowers"
    assert page.column.sources.model.index(0).data(CountsRole) == "40 images, 1 unreadable"
    assert table_text(page) == [
        ["daisy", "14", "3", "3", "20"],
        ["rose", "8", "2", "2", "12"],
        ["tulip", "6", "1", "1", "8"],
        ["All classes", "28", "6", "6", "40"],
    ]
    assert page.status == "40 images, 3 classes"
    assert names(qtbot, page)[:2] == ["000.png", "001.png"]
    first = page.gallery.images.image(0)
    assert first is not None
    until(qtbot, lambda: page._loaders[0].pixmap(first.path, first.key, 128))
    other = write_images(tmp_path / "grass", count=4, classes=("green",))
    choose(monkeypatch, other)
    qtbot.mouseClick(page.column.sources.add_button, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: len(page._session.sources()) == 2)
    settle(qtbot, page)
    assert page.column.sources.model.rowCount() == 2


def test_folders_are_dropped_anywhere_on_the_page(
    page: DataPage, qtbot: QtBot, tmp_path: Path, told: list[Message]
) -> None:
    one = write_images(tmp_path / "one", count=3)
    two = write_images(tmp_path / "two", count=2, classes=("grey",))
    assert drop(page, one, two)
    until(qtbot, lambda: len(page._session.sources()) == 2)
    settle(qtbot, page)
    assert page.state is not None
    assert page.state.totals.images == 8
    assert not page.veil.isVisible()
    assert not drop(page, one / "dark" / "000.png"), "an image is for the predictions: the window takes it"
    assert drop(page, one)
    until(qtbot, lambda: told)
    assert "already" in told[0].text


def test_thumbnails_appear_while_the_scan_runs_and_it_can_be_cancelled(
    page: DataPage, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    write_images(folder, count=1, size=64, classes=("leaf",))
    for number in range(1, 2999):
        os.link(folder / "leaf" / "000.png", folder / "leaf" / f"{number:04d}.png")
    shutil.copy(folder / "leaf" / "000.png", folder / "leaf" / "huge.png")
    os.truncate(folder / "leaf" / "huge.png", 2**34)  # of holes: hashing it takes longer than anyone waits
    job = page._session.add_source(folder)
    bar = next(iter(page.scans.bars.values()))
    seen = {"found": 0, "file": "", "phase": "", "fraction": 0.0}

    def look() -> None:
        seen["found"] = max(int(seen["found"]), page.gallery.images.rowCount())
        if page.gallery.images.rowCount() and not job.is_over:
            seen.update(file=bar.file.text(), phase=bar.bar.phase.text(), fraction=job.progress or 0.0)
            job.cancel()

    job.events.connect(lambda _: look())
    until(qtbot, page.scans.isVisible)
    until(qtbot, lambda: job.is_over)
    assert seen["found"]
    assert "of 3,000 · leaf/" in str(seen["file"])
    assert "Scanning many" in str(seen["phase"])
    assert 0 < float(seen["fraction"]) < 1
    assert not page.scans.isVisible()
    until(qtbot, lambda: page.stack.currentWidget() is page.no_source)
    assert page._session.sources() == []


def test_nothing_is_judged_before_the_first_scan_has_ended(
    page: DataPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, apply = threading.Event(), Catalogue.apply_scan

    def apply_late(*arguments: Any, **more: Any) -> Applied:
        assert go_on.wait(30)
        return apply(*arguments, **more)

    monkeypatch.setattr(Catalogue, "apply_scan", apply_late)
    column = page.column
    for number, name in enumerate(("flowers", "more"), 1):  # a source that is added later is not counted either
        go_on.clear()
        job = page._session.add_source(write_flowers(tmp_path / name))
        until(qtbot, lambda number=number: column.sources.model.rowCount() == number)  # type: ignore[misc]
        assert not column.summary.isVisible()
        assert not column.checks.isVisible()
        assert not column.checks.rows
        assert column.train.toolTip() == "Wait until the scan has ended"
        go_on.set()
        until(qtbot, lambda job=job: job.is_over)  # type: ignore[misc]
        settle(qtbot, page)
        until(qtbot, column.summary.isVisible)
        assert column.checks.rows
    go_on.clear()
    page._session.rescan(page._session.sources()[0].id)
    page._session.data_changed.emit()
    until(qtbot, lambda: column.train.toolTip() == "Wait until the scan has ended")
    assert column.summary.isVisible()
    go_on.set()


def test_cancel_is_a_button_in_the_page(page: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    job = page._session.add_source(write_images(tmp_path / "few", count=3))
    (bar,) = page.scans.bars.values()
    assert bar.bar.button.text() == "Cancel"
    qtbot.mouseClick(bar.bar.button, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: job.is_over)
    until(qtbot, lambda: page.stack.currentWidget() is page.no_source)


def test_scan_again_finds_what_is_new(flowers: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    write_images(tmp_path / "flowers", count=3, size=50, classes=("aster",))
    flowers.column.sources.list.setFocus()
    qtbot.keyClick(flowers.column.sources.list, Qt.Key.Key_F5)
    until(qtbot, lambda: flowers._session.runner.jobs)
    settle(qtbot, flowers)
    assert table_text(flowers)[-2] == ["aster", "2", "1", "0", "3"], "a new class comes last"


def test_a_removed_source_comes_back_with_undo(flowers: DataPage, qtbot: QtBot, stack: QUndoStack) -> None:
    before = names(qtbot, flowers)
    flowers.column.sources.list.setFocus()
    qtbot.keyClick(flowers.column.sources.list, Qt.Key.Key_Delete)
    until(qtbot, lambda: flowers.stack.currentWidget() is flowers.no_source)
    assert flowers._session.totals().images == 0
    assert stack.undoText() == "remove the source “flowers”"
    stack.undo()
    settle(qtbot, flowers)
    assert flowers.stack.currentWidget() is flowers.content
    assert names(qtbot, flowers) == before
    stack.redo()
    until(qtbot, lambda: flowers.stack.currentWidget() is flowers.no_source)


def test_removing_a_source_that_is_being_scanned_leaves_no_trace(
    page: DataPage, qtbot: QtBot, tmp_path: Path, stack: QUndoStack
) -> None:
    job = page._session.add_source(write_images(tmp_path / "few", count=3))
    until(qtbot, lambda: page.column.sources.model.rowCount() == 1)
    page.column.sources.remove.trigger()
    until(qtbot, lambda: job.is_over)
    until(qtbot, lambda: page.stack.currentWidget() is page.no_source)
    assert stack.count() == 0


def test_a_source_that_is_gone_says_so(flowers: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    shutil.move(tmp_path / "flowers", tmp_path / "elsewhere")
    flowers._session.whereabouts.look()
    model = flowers.column.sources.model
    until(qtbot, lambda: "Not found" in model.index(0).data(CountsRole))
    assert table_text(flowers)[-1][-1] == "40", "what is known of the images stays"


def test_images_without_folders_of_classes_can_be_predicted(page: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    folder = write_images(tmp_path / "some", count=5, classes=(".",))
    add(qtbot, page, folder)
    classes = page.column.classes
    assert page.column.sources.model.index(0).data(CountsRole) == "5 images, no class folders"
    assert classes.hint.isVisible()
    assert not classes.table.isVisible()
    wanted: list[str] = []
    page.go_to.connect(wanted.append)
    qtbot.mouseClick(classes.predict, Qt.MouseButton.LeftButton)
    assert wanted == ["predictions"]
    assert not page.column.train.isEnabled()
    assert "No image has a class" in page.column.train.toolTip()


def test_a_project_open_elsewhere_is_only_looked_at(
    page: DataPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    add(qtbot, page, write_images(tmp_path / "few", count=3))
    assert session.project is not None
    folder = session.project.folder
    other = Session()
    session.close_project()
    other.open_project(folder)
    session.open_project(folder)
    settle(qtbot, page)
    assert not page.column.sources.add_button.isEnabled()
    assert not page.column.sources.remove.isEnabled()
    assert not page.column.split.validation.isEnabled()
    assert "reading only" in page.column.sources.add_button.toolTip()
    assert not drop(page, tmp_path)
    other.shutdown()


def test_closing_the_project_empties_the_page(flowers: DataPage, session: Session) -> None:
    session.close_project()
    assert flowers.stack.currentWidget() is flowers.no_project
    assert flowers.gallery.images.rowCount() == 0
    assert flowers.status == ""
    assert any(label.text() for label in flowers.no_project.findChildren(QLabel))
