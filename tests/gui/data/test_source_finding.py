"""Sources that vanish, come back, were moved or are empty, through the widgets of the page."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.catalogue import ImageRow
from imgmine_gui.core.project.presence import Presence
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.dialogs.find_folder_dialog import FindFolderDialog
from imgmine_gui.gui.item_models.data_sources import CountsRole
from imgmine_gui.gui.pages.data_page import DataPage
from tests.gui.app.small_images import write_images
from tests.gui.data.conftest import write_flowers
from tests.gui.data.drive import add, names, settle, until


def choose(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))


def look(page: DataPage) -> None:
    page._session.whereabouts.look()


def lose(qtbot: QtBot, page: DataPage, folder: Path, to: Path) -> None:
    """Move a source away, and wait until the page says so."""
    shutil.move(folder, to)
    look(page)
    until(qtbot, page.finding.notices.isVisible)


def open_dialog(qtbot: QtBot, page: DataPage) -> FindFolderDialog:
    """Press the button of the notice; what was found is there."""
    (notice,) = page.finding.notices.notices.values()
    qtbot.mouseClick(notice.find_folder, Qt.MouseButton.LeftButton)
    dialog = page.finding.dialog
    assert dialog is not None
    until(qtbot, lambda: dialog._job is None)
    return dialog


def first_image(qtbot: QtBot, page: DataPage) -> ImageRow:
    assert names(qtbot, page)
    first = page.gallery.images.image(0)
    assert first is not None
    return first


def test_a_vanished_source_says_so_and_can_still_be_labelled(
    flowers: DataPage, qtbot: QtBot, tmp_path: Path, told: list[Message]
) -> None:
    first = first_image(qtbot, flowers)
    until(qtbot, lambda: flowers._loaders[0].pixmap(first.path, first.key, 128))
    lose(qtbot, flowers, tmp_path / "flowers", tmp_path / "away")
    (notice,) = flowers.finding.notices.notices.values()
    assert notice.text.text().startswith("“flowers” is not there. Its 41 images keep their labels.")
    assert not notice.missing.isVisible()
    assert "Not found" in flowers.column.sources.model.index(0).data(CountsRole)
    assert "flowers” is not there" in flowers.column.train.toolTip()
    assert len(names(qtbot, flowers)) == 40
    flowers.labelling.apply(lambda edits: edits.label([first.id], None))
    settle(qtbot, flowers)
    assert flowers._session.totals().unlabelled == 1
    assert flowers._loaders[0].is_offline(first.path)
    shutil.move(tmp_path / "away", tmp_path / "flowers")
    qtbot.mouseClick(notice.again, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: not flowers.finding.notices.isVisible())
    settle(qtbot, flowers)
    assert not flowers._loaders[0].is_offline(first.path)
    assert flowers._session.totals().unlabelled == 1
    assert not told


def test_an_image_that_cannot_be_shown_has_its_source_looked_at(
    flowers: DataPage, qtbot: QtBot, tmp_path: Path
) -> None:
    shutil.move(tmp_path / "flowers", tmp_path / "away")
    shutil.rmtree(tmp_path / "garden.imgmine" / "cache" / "thumbnails", ignore_errors=True)
    flowers.gallery.grid.set_thumbnail_size(300)
    until(qtbot, flowers.finding.notices.isVisible)
    assert flowers._session.whereabouts.presence[1] is Presence.ABSENT
    assert len(names(qtbot, flowers)) == 40, "none of them counts as missing or unreadable"
    pixels = flowers.gallery.grid.grab()
    assert not pixels.isNull()


def test_thumbnails_of_a_vanished_drive_come_from_the_cache(flowers: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    first = first_image(qtbot, flowers)
    until(qtbot, lambda: flowers._loaders[0].pixmap(first.path, first.key, 128))
    lose(qtbot, flowers, tmp_path / "flowers", tmp_path / "away")
    flowers.gallery.grid.set_thumbnail_size(320)  # another size than the one that is kept
    source = flowers._loaders[0]._source
    assert source.is_offline(first.path)
    assert not source.is_offline(str(tmp_path / "flowers2" / "1.png"))
    assert first.key
    until(qtbot, lambda: flowers._loaders[0].pixmap(first.path, first.key, 512))


def test_sources_that_moved_together_are_found_in_one_step(
    page: DataPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(qtbot, page, write_flowers(tmp_path / "old" / "flowers"))
    add(qtbot, page, write_images(tmp_path / "old" / "grass", count=4, size=40, classes=("green",)))
    before = sorted(names(qtbot, page))
    shutil.move(tmp_path / "old", tmp_path / "new")
    look(page)
    until(qtbot, lambda: not any(source.online for source in page._session.sources()))
    until(qtbot, page.finding.notices.isVisible)
    (notice,) = page.finding.notices.notices.values()
    assert "“flowers”" in notice.text.text()
    qtbot.mouseClick(notice.leave, Qt.MouseButton.LeftButton)
    (notice,) = page.finding.notices.notices.values()
    assert "“grass”" in notice.text.text(), "the next has its turn"
    page.column.sources.list.setCurrentIndex(page.column.sources.model.index(0))
    choose(monkeypatch, tmp_path / "new" / "flowers")
    page.column.sources.find_folder.trigger()
    dialog = page.finding.dialog
    assert dialog is not None
    until(qtbot, lambda: dialog._job is None)
    assert dialog.counts.text() == f"41 of 41 images of “flowers” were found in “{tmp_path}/new/flowers”."
    (other,) = dialog.others
    assert other.isChecked()
    assert other.text().startswith("4 of 4 images of “grass”")
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    until(qtbot, lambda: all(source.online for source in page._session.sources()))
    settle(qtbot, page)
    assert [source.path for source in page._session.sources()] == [
        str(tmp_path / "new" / "flowers"),
        str(tmp_path / "new" / "grass"),
    ]
    assert sorted(names(qtbot, page)) == before
    assert not page.finding.notices.isVisible()


def test_a_folder_without_the_images_needs_a_word(
    flowers: DataPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose(qtbot, flowers, tmp_path / "flowers", tmp_path / "away")
    choose(monkeypatch, write_images(tmp_path / "other", count=2, size=50))
    dialog = open_dialog(qtbot, flowers)
    assert not dialog.take.isEnabled()
    assert "None of the 41 images" in dialog.said.text.text()
    apply_language("zh_CN")
    assert "None" not in dialog.said.text.text()
    apply_language("en")
    dialog.anyway.click()
    assert dialog.take.isEnabled()
    choose(monkeypatch, tmp_path / "nowhere")
    qtbot.mouseClick(dialog.choose_other, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: dialog._job is None)
    assert "There is no folder" in dialog.said.text.text()
    assert not dialog.take.isEnabled()
    choose(monkeypatch, tmp_path / "away")
    qtbot.mouseClick(dialog.choose_other, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: dialog._job is None)
    assert not dialog.anyway.isVisible()
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: flowers._session.sources()[0].online)
    settle(qtbot, flowers)
    assert flowers._session.totals().images == 40


def test_an_emptied_folder_is_asked_about(flowers: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    shutil.move(tmp_path / "flowers", tmp_path / "away")
    (tmp_path / "flowers").mkdir()
    flowers.column.sources.rescan.trigger()
    until(qtbot, flowers.finding.notices.isVisible)
    settle(qtbot, flowers)
    (notice,) = flowers.finding.notices.notices.values()
    assert "“flowers” is empty now, but 41 images were known there" in notice.text.text()
    assert flowers._session.totals().images == 40
    qtbot.mouseClick(notice.leave, Qt.MouseButton.LeftButton)
    assert not flowers.finding.notices.isVisible()
    look(flowers)
    settle(qtbot, flowers)
    assert not flowers.finding.notices.isVisible(), "it was said to be kept as it is"
    flowers.finding.notices.missing_wanted.emit(flowers._session.sources()[0])
    until(qtbot, lambda: flowers._session.totals().images == 0)
    settle(qtbot, flowers)
    assert flowers._session.sources()[0].online
    shutil.copytree(tmp_path / "away", tmp_path / "flowers", dirs_exist_ok=True)
    flowers.column.sources.rescan.trigger()
    until(qtbot, lambda: flowers._session.totals().images == 40)


def test_training_says_which_source_went_before_it_starts(flowers: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    from imgmine_gui.core.training.config import configure

    shutil.move(tmp_path / "flowers", tmp_path / "away")
    told: list[UserError] = []
    options = {"width": 32, "height": 32, "epochs": 1}
    job = flowers._session.train(configure("classification", "attention", options.items()))
    job.failed.connect(told.append)
    until(qtbot, lambda: job.is_over)
    assert "flowers” is not there" in str(told[0])


def test_a_removed_source_that_is_added_again_has_its_labels(
    flowers: DataPage, session: Session, qtbot: QtBot, tmp_path: Path, stack: QUndoStack
) -> None:
    first = first_image(qtbot, flowers)
    flowers.labelling.apply(lambda edits: edits.label_new([first.id], "aster"))
    settle(qtbot, flowers)
    flowers.column.sources.remove.trigger()
    until(qtbot, lambda: flowers.stack.currentWidget() is flowers.no_source)
    add(qtbot, flowers, tmp_path / "flowers")
    assert "aster" in {one.name for one in session.classes()}
    flowers.column.sources.remove.trigger()
    until(qtbot, lambda: flowers.stack.currentWidget() is flowers.no_source)
    stack.undo()
    settle(qtbot, flowers)
    assert "aster" in {one.name for one in session.classes()}
