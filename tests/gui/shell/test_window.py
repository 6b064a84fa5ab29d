from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Severity
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.text import tr
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.page_book import PAGES
from imgmine_gui.gui.undo import Change, undo_stack


def drop(window: QMainWindow, *paths: Path) -> bool:
    """Drag ``paths`` over the window and let go; whether the window took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(50, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(window, entered)
    if entered.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(50, 300), Qt.DropAction.CopyAction, data, buttons, keys))
    return entered.isAccepted()


def test_it_opens_on_the_start_page(window: MainWindow) -> None:
    assert window.book.current_name == "start"
    assert window.rail.buttons["start"].isChecked()
    assert window.windowTitle() == "ImgMine"
    assert [type(page).__name__ for page in window.book.pages] == ["StartPage"]


def test_the_focus_of_the_rail_follows_the_page(window: MainWindow) -> None:
    window.rail.buttons["start"].setFocus()
    window.go("train")
    assert window.rail.buttons["train"].hasFocus()
    window.status.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.status.setFocus()
    window.go("data")
    assert window.status.hasFocus()


def test_entries_of_the_file_menu_that_lead_nowhere_say_why(window: MainWindow, tmp_path: Path) -> None:
    menu = window.file_menu.recent.menuAction()
    assert (menu.isEnabled(), menu.toolTip()) == (False, "No project has been opened yet.")
    _project(window.session, tmp_path / "gone").rename(tmp_path / "moved.imgmine")
    window.file_menu.recent.aboutToShow.emit()
    (entry,) = window.file_menu.recent.actions()
    assert (menu.isEnabled(), entry.isEnabled()) == (True, False)
    assert entry.toolTip() == f"Not found: {tmp_path / 'gone.imgmine'}"
    apply_language("zh_CN")
    (entry,) = window.file_menu.recent.actions()
    assert entry.toolTip() == f"未找到：{tmp_path / 'gone.imgmine'}"


def test_the_rail_and_the_keys_turn_the_pages(window: MainWindow, qtbot: QtBot) -> None:
    for number, entry in enumerate(PAGES):
        qtbot.mouseClick(window.rail.buttons[entry.name], Qt.MouseButton.LeftButton)
        assert window.book.current_name == entry.name
        qtbot.keyClick(window, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
        assert window.book.current_name == "start"
        if number:
            qtbot.keyClick(window, str(number), Qt.KeyboardModifier.ControlModifier)
            assert window.book.current_name == entry.name
            assert window.rail.buttons[entry.name].isChecked()


def test_a_dropped_folder_becomes_a_project(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    assert drop(window, folder)
    qtbot.waitUntil(lambda: window.session.project is not None)
    qtbot.waitUntil(lambda: window.book.current_name == "data")
    assert window.windowTitle() == "leaves – ImgMine"
    assert window.strip.name.text() == "leaves"
    assert window.strip.saved.isVisible()


def test_a_dropped_image_is_for_the_predictions(
    window: MainWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = sorted((folder / "oak").iterdir())[:2]
    received: list[Path] = []
    page = window.book.page("predictions")
    monkeypatch.setattr(page, "receive", received.extend)
    assert drop(window, *images)
    qtbot.waitUntil(lambda: received == images)
    assert window.book.current_name == "predictions"


def test_several_folders_at_once_become_one_project(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    both = [folder / "oak", folder / "birch"]
    for _ in range(2):  # the second time they are there already
        window.opening.open_paths(both)
        qtbot.waitUntil(lambda: not window.session.runner.jobs, timeout=30_000)
        assert [Path(source.path) for source in window.session.sources()] == both
        assert window.session.totals().images == 12


def test_a_project_among_others_is_refused_with_words(window: MainWindow, folder: Path, tmp_path: Path) -> None:
    window.session.new_project(tmp_path / "one")
    window.session.close_project()
    with pytest.raises(UserError, match="One project"):
        window.opening.open_paths([folder, tmp_path / "one.imgmine"])
    assert window.session.project is None


def test_what_is_of_no_use_beside_the_rest_is_left_out_and_named(
    window: MainWindow, folder: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = sorted((folder / "oak").iterdir())
    notes = [tmp_path / f"notes {number}.txt" for number in range(5)]
    for note in notes:
        note.write_text("words")
    received: list[Path] = []
    monkeypatch.setattr(window.book.page("predictions"), "receive", received.extend)
    window.opening.open_paths([notes[0], *images[:2], notes[1]])
    qtbot.waitUntil(window.messages.isVisible)
    assert received == images[:2]
    said = "Left out: notes 0.txt, notes 1.txt. Drop folders, images, a model or a project."
    assert window.messages.text.text() == said
    window.opening.open_paths([*notes, folder, images[0]])
    qtbot.waitUntil(lambda: "oak" not in window.messages.text.text() and "others" in window.messages.text.text())
    said = "Left out: notes 0.txt, notes 1.txt, notes 2.txt, 3 others. To predict images, drop them without folders."
    assert window.messages.text.text() == said
    assert window.session.project.name == "leaves"
    with pytest.raises(UserError, match=r"notes 0\.txt"):
        window.opening.open_paths(notes)


def test_what_was_said_is_settled_by_what_opens_next(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    window.messages.show_message("There is no file or folder.")
    image = sorted((folder / "oak").iterdir())[0]
    window.opening.open_paths([image])
    assert not window.messages.isVisible()
    window.opening.open_paths([folder])
    window.messages.show_message("There is no file or folder.")
    window.go("start")
    assert window.messages.isVisible()
    window.book.current.opening.open_paths([folder])
    assert not window.messages.isVisible()


def test_what_is_no_file_is_not_taken(window: MainWindow) -> None:
    data = QMimeData()
    data.setText("words")
    event = QDragEnterEvent(
        QPoint(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    event.ignore()
    QApplication.sendEvent(window, event)
    assert not event.isAccepted()


def test_an_error_of_the_person_is_a_line_that_esc_closes(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.messages.isVisible()
    window.session.notifier.report(UserError("The file “a.png” is gone.", "Add the folder again."))
    qtbot.waitUntil(window.messages.isVisible)
    assert window.messages.text.text() == "The file “a.png” is gone. Add the folder again."
    assert window.messages.severity is Severity.ERROR
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.messages.isVisible()


def test_a_message_follows_the_language(window: MainWindow, qtbot: QtBot) -> None:
    window.session.notifier.report(UserError("No project is open.", "Open one, or add a folder of images."))
    qtbot.waitUntil(window.messages.isVisible)
    button = window.messages.offer("Open project…")
    apply_language("zh_CN")
    assert window.messages.text.text() == "未打开项目。请打开一个项目，或添加图像文件夹。"
    assert button.text() == "打开项目…"
    assert window.messages.accessibleName() == "错误"
    apply_language("en")
    assert window.messages.text.text() == "No project is open. Open one, or add a folder of images."


def test_the_dialogs_of_the_file_menu(
    window: MainWindow, folder: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "trees.imgmine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(target), ""))
    qtbot.keyClick(window, "n", Qt.KeyboardModifier.ControlModifier)
    assert window.session.project is not None
    assert window.session.project.folder == target
    assert window.book.current_name == "data"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: str(folder))
    qtbot.keyClick(window, "o", Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not window.session.runner.jobs)
    assert len(window.session.classes()) == 2
    window.file_menu.close_project.trigger()
    assert window.session.project is None
    assert window.book.current_name == "start"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: str(target))
    qtbot.keyClick(window, "o", Qt.KeyboardModifier.ControlModifier)
    assert window.session.project is not None
    assert window.session.project.folder == target


def test_a_dialog_that_is_dismissed_changes_nothing(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: "")
    for action in (window.file_menu.new, window.file_menu.open, window.file_menu.add_folder):
        action.trigger()
    assert window.session.project is None


def test_recent_projects_are_in_the_menu_and_on_the_start_page(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.session.new_project(tmp_path / "first")
    window.session.new_project(tmp_path / "second")
    assert [action.text() for action in window.file_menu.recent.actions()] == ["second", "first"]
    window.go("start")
    cards = [card for _, card in window.book.current._recent_cards]
    assert [card.text() for card in cards] == ["second", "first"]
    qtbot.mouseClick(cards[1], Qt.MouseButton.LeftButton)
    assert window.session.project.name == "first"


@pytest.mark.parametrize("by_key", [True, False])
def test_a_project_that_is_gone_says_so_and_can_be_forgotten(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, by_key: bool
) -> None:
    made = _project(window.session, tmp_path / "gone")
    made.rename(tmp_path / "moved.imgmine")
    window.book.current.shown()
    ((_, card),) = window.book.current._recent_cards
    assert card.words == f"Not found: {tmp_path}"
    with pytest.raises(UserError, match="There is no file or folder"):
        window.opening.open_paths([made])
    qtbot.waitUntil(card.isVisible)
    if by_key:
        card.setFocus()
        qtbot.keyClick(card, Qt.Key.Key_Delete)
    else:
        button = card.findChild(QToolButton)
        assert button.accessibleName() == "Remove from this list"
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.book.current._recent_cards == []
    assert window.session.settings.recent_projects == []


def test_a_project_opens_on_the_page_where_it_was_left(window: MainWindow, tmp_path: Path) -> None:
    window.opening.open_paths([_project(window.session, tmp_path / "a")])
    window.go("train")
    window.opening.open_paths([_project(window.session, tmp_path / "b")])
    assert window.book.current_name == "data"
    window.opening.open_paths([tmp_path / "a.imgmine"])
    assert window.book.current_name == "train"


def _project(session: Session, folder: Path) -> Path:
    session.new_project(folder)
    made = session.project.folder
    session.close_project()
    return made


def test_size_place_and_state_are_remembered(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1111, 777)
    window.close()
    again = MainWindow(Session(window.session.settings))
    qtbot.addWidget(again)
    again.show()
    assert (again.width(), again.height()) == (1111, 777)


def test_undo_and_redo_name_the_change(window: MainWindow, qtbot: QtBot) -> None:
    done: list[str] = []
    assert not window.edit_menu.undo.isEnabled()
    assert window.edit_menu.undo.toolTip() == "There is nothing to undo."
    undo_stack().push(Change("rename the run", lambda: done.append("do"), lambda: done.append("undo")))
    assert window.edit_menu.undo.text() == "Undo: rename the run"
    qtbot.keyClick(window, "z", Qt.KeyboardModifier.ControlModifier)
    assert done == ["do", "undo"]
    assert window.edit_menu.redo.text() == "Redo: rename the run"
    qtbot.keyClick(window, "z", Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert done == ["do", "undo", "do"]


def test_undo_names_the_change_in_the_language_of_the_window(window: MainWindow) -> None:
    undo_stack().push(Change("rename the run", lambda: None, lambda: None))
    undo_stack().push(Change(partial(tr, "remove the source “{name}”", name="oak"), lambda: None, lambda: None))
    window.edit_menu.undo.trigger()
    apply_language("zh_CN")
    assert window.edit_menu.undo.text() == "撤销：重命名训练记录"
    assert window.edit_menu.redo.text() == "重做：移除来源“oak”"
    apply_language("en")
    assert window.edit_menu.redo.text() == "Redo: remove the source “oak”"


def test_another_project_has_a_history_of_its_own(window: MainWindow, tmp_path: Path) -> None:
    undo_stack().push(Change("rename the run", lambda: None, lambda: None))
    window.session.new_project(tmp_path / "other")
    assert not window.edit_menu.undo.isEnabled()


def test_full_screen_and_back_with_esc(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


def test_it_fits_a_small_screen(window: MainWindow) -> None:
    window.resize(1024, 700)
    assert (window.width(), window.height()) == (1024, 700)


def test_memory_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.status.memory.text().startswith("Memory: "), timeout=5000)
    assert window.status.memory.text().endswith(("MB", "GB"))


def test_the_strip_says_that_a_project_can_only_be_read_and_why(
    window: MainWindow, session: Session, tmp_path: Path
) -> None:
    session.new_project(tmp_path / "trees")
    assert session.project is not None
    assert window.strip.saved.text() == "Saved"
    folder = session.project.folder
    session.close_project()
    with closing(Project.open(folder)):
        session.open_project(folder)
        assert window.strip.saved.text() == "Read only"
        assert "open in another window" in window.strip.saved.toolTip()
        session.close_project()
    session.open_project(folder)
    assert window.strip.saved.text() == "Saved"
    session.project.catalogue.stop_writing()
    session.data_changed.emit()
    assert window.strip.saved.text() == "Read only"
    assert "damaged" in window.strip.saved.toolTip()
