"""The dialogs that bring labels in and out, with real jobs."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QTableView
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.core.project.exchange.formats import READERS, WRITERS
from imgmine_gui.core.project.queries import ImageQuery
from imgmine_gui.gui.appearance import apply_language
from imgmine_gui.gui.dialogs.export_dialog import ExportDialog
from imgmine_gui.gui.dialogs.import_dialog import ImportDialog
from imgmine_gui.gui.main_window import MainWindow
from tests.gui.shell.test_names import nameless


@pytest.fixture
def project(window: MainWindow, session: Session, folder: Path, tmp_path: Path, qtbot: QtBot) -> Session:
    """A project of twelve images of two classes, in the window."""
    session.new_project(tmp_path / "trees")
    with qtbot.waitSignal(session.add_source(folder).succeeded, timeout=60_000):
        pass
    window.go("data")
    qtbot.waitUntil(lambda: not session.runner.jobs)
    return session


@pytest.fixture
def importing(window: MainWindow, project: Session) -> Iterator[ImportDialog]:
    window.file_menu.import_labels.trigger()
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    yield dialog
    dialog.reject()
    dialog.deleteLater()


@pytest.fixture
def exporting(window: MainWindow, project: Session) -> Iterator[ExportDialog]:
    window.file_menu.export.trigger()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    yield dialog
    dialog.reject()
    dialog.deleteLater()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text("path,label\noak/0.png,elm\noak/1.png,oak\ngone.png,elm\n", "utf-8")
    return path


def labels(session: Session) -> list[str | None]:
    assert session.project is not None
    catalogue = session.project.catalogue
    return [row.label for row in catalogue.rows(catalogue.ids(ImageQuery()))]


def planned(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: dialog.take.isEnabled() or dialog.said.isVisible(), timeout=30_000)


def staged(session: Session) -> list[Path]:
    assert session.project is not None
    return list(session.project.cache_folder.glob("import-*"))


def test_the_menu_offers_them_for_an_open_project(window: MainWindow, session: Session, tmp_path: Path) -> None:
    menu = window.file_menu
    assert not menu.import_labels.isEnabled()
    assert not menu.export.isEnabled()
    assert "No project is open" in menu.export.toolTip()
    session.new_project(tmp_path / "trees")
    assert menu.import_labels.isEnabled()
    assert menu.export.isEnabled()


def test_a_preview_then_the_import_then_undo(
    importing: ImportDialog, window: MainWindow, project: Session, table: Path, told: list[Message], qtbot: QtBot
) -> None:
    before = labels(project)
    assert not importing.take.isEnabled()
    importing.choose(table)
    planned(qtbot, importing)
    assert labels(project) == before
    assert importing.formats.currentText() == "Recognised: Table (CSV)"
    words = importing.plan_view.words.text()
    assert "Labels of images: 1 changed, 1 the same." in words
    assert "New classes: “elm”." in words
    assert "1 image that it names is not in the project." in words
    rows = importing.plan_view.examples.rows
    assert [row.name for row in rows] == ["0.png", "1.png"]
    assert importing.plan_view.examples.index(0, 1).data() == "oak → elm"
    assert importing.plan_view.tabs.tabText(1) == "Problems (1)"
    assert importing.plan_view.problems.index(0, 0).data().startswith("labels.csv, line 4: There is no image")
    with qtbot.waitSignal(importing.imported, timeout=30_000):
        importing.take.click()
    assert not importing.isVisible()
    qtbot.waitUntil(lambda: labels(project).count("elm") == 1)
    assert staged(project) == []
    qtbot.waitUntil(lambda: "1 image was changed: 1 label, 1 new class." in [message.text for message in told])
    qtbot.waitUntil(lambda: "import" in window.edit_menu.undo.text())
    window.edit_menu.undo.trigger()
    qtbot.waitUntil(lambda: labels(project) == before)
    window.edit_menu.redo.trigger()
    qtbot.waitUntil(lambda: labels(project).count("elm") == 1)


def test_an_option_that_changes_makes_the_preview_anew(
    importing: ImportDialog, project: Session, table: Path, qtbot: QtBot
) -> None:
    importing.choose(table)
    planned(qtbot, importing)
    importing.options.form.set_values({"existing": "keep"})
    qtbot.waitUntil(lambda: "1 kept" in importing.plan_view.words.text(), timeout=30_000)
    qtbot.waitUntil(lambda: not project.runner.jobs)
    assert len(staged(project)) == 1


def test_what_cannot_be_read_is_said_in_the_dialog(
    importing: ImportDialog, project: Session, tmp_path: Path, table: Path, told: list[Message], qtbot: QtBot
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"images": [\n{"id": 1, "annotations" "categories"')
    importing.choose(broken)
    qtbot.waitUntil(importing.said.isVisible, timeout=30_000)
    assert "broken.json”, line 2: this is no JSON. Export it again" in importing.said.text.text()
    assert not importing.take.isEnabled()
    importing.formats.setCurrentIndex(importing.formats.findData("labelme"))
    importing.formats.activated.emit(0)
    qtbot.waitUntil(lambda: importing.said.isVisible() and not project.runner.jobs, timeout=30_000)
    importing.formats.setCurrentIndex(0)
    importing.choose(table)
    planned(qtbot, importing)
    assert not importing.said.isVisible()
    assert importing.take.isEnabled()
    assert told == []


def test_nothing_of_ours_in_the_file_cannot_be_imported(
    importing: ImportDialog, tmp_path: Path, project: Session, qtbot: QtBot
) -> None:
    path = tmp_path / "foreign.csv"
    path.write_text("path,label\nx.png,a\n", "utf-8")
    importing.choose(path)
    qtbot.waitUntil(lambda: importing.plan_view.problems.rowCount() == 1 and not project.runner.jobs, timeout=30_000)
    qtbot.waitUntil(lambda: importing.plan_view.tabs.currentIndex() == 1)
    assert not importing.take.isEnabled()
    assert "no image of the project" in importing.take.toolTip()
    assert "Add the folder with its images" in importing.said.text.text()


def test_leaving_ends_the_reading_and_leaves_nothing(
    importing: ImportDialog, project: Session, table: Path, qtbot: QtBot
) -> None:
    importing.choose(table)
    assert project.runner.jobs
    importing.reject()
    qtbot.waitUntil(lambda: not project.runner.jobs, timeout=30_000)
    qtbot.waitUntil(lambda: staged(project) == [])


def test_files_come_by_dialog_and_by_drop(
    importing: ImportDialog, table: Path, project: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_parent: object, _title: str, start: str, kinds: str) -> tuple[str, str]:
        asked.extend([start, kinds])
        return str(table), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    importing.choose_file.click()
    planned(qtbot, importing)
    assert "*.json" in asked[1]
    assert importing.place.text() == str(table)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(table.parent / "none"))
    importing.choose_folder.click()
    qtbot.waitUntil(importing.said.isVisible, timeout=30_000)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(table))])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    importing.dropEvent(event)
    planned(qtbot, importing)
    assert importing.take.isEnabled()


def test_rows_are_copied(importing: ImportDialog, table: Path, qtbot: QtBot) -> None:
    importing.choose(table)
    planned(qtbot, importing)
    view = importing.plan_view.tabs.widget(0)
    assert isinstance(view, QTableView)
    view.selectAll()
    view.actions()[0].trigger()
    assert QGuiApplication.clipboard().text().startswith("0.png\toak → elm\t")


def test_an_export_to_a_file(
    exporting: ExportDialog, project: Session, tmp_path: Path, told: list[Message], qtbot: QtBot
) -> None:
    exporting.formats.setCurrentIndex(exporting.formats.findData("csv"))
    assert exporting.target.text().endswith("trees.csv")
    exporting.set_target(tmp_path / "out.csv")
    exporting.go.click()
    assert not exporting.go.isEnabled()
    qtbot.waitUntil(lambda: not exporting.isVisible(), timeout=30_000)
    with open(tmp_path / "out.csv", encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 12
    qtbot.waitUntil(lambda: [message.text for message in told] == ["12 images were written to “out.csv”."])


def test_what_a_format_has_no_room_for_is_told_before_and_after(
    exporting: ExportDialog, project: Session, tmp_path: Path, told: list[Message], qtbot: QtBot
) -> None:
    exporting.formats.setCurrentIndex(exporting.formats.findData("yolo"))
    assert "It has no room for: labels of images" in exporting.about.text()
    exporting.set_target(tmp_path / "out")
    exporting.go.click()
    qtbot.waitUntil(lambda: bool(told), timeout=30_000)
    assert "so they were left out: 12 labels of images" in told[0].text
    assert (tmp_path / "out" / "data.yaml").is_file()


def test_a_refusal_is_said_in_the_dialog_which_stays(
    exporting: ExportDialog, folder: Path, project: Session, told: list[Message], qtbot: QtBot
) -> None:
    exporting.formats.setCurrentIndex(exporting.formats.findData("folders"))
    exporting.set_target(folder / "out")
    exporting.go.click()
    qtbot.waitUntil(exporting.said.isVisible, timeout=30_000)
    assert "is a source of the project" in exporting.said.text.text()
    assert exporting.isVisible()
    qtbot.waitUntil(exporting.go.isEnabled)
    assert told == []
    exporting.formats.setCurrentIndex(exporting.formats.findData("csv"))
    assert not exporting.said.isVisible(), "it was of another target"


def test_a_file_that_is_there_is_named_before_it_is_replaced(
    exporting: ExportDialog, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporting.formats.setCurrentIndex(exporting.formats.findData("coco"))
    (tmp_path / "old.json").write_text("{}")
    exporting.target.selectAll()
    qtbot.keyClicks(exporting.target, str(tmp_path / "old.json"))
    assert "will be replaced" in exporting.hint.text()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "old"), ""))
    exporting.choose.click()
    assert exporting.target.text() == str(tmp_path / "old.json")
    assert "will be replaced" in exporting.hint.text(), "the file dialog has asked of another name"
    exporting.formats.setCurrentIndex(exporting.formats.findData("voc"))
    assert "empty" in exporting.hint.text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    exporting.choose.click()
    assert Path(exporting.target.text()).parent == tmp_path
    exporting.target.clear()
    exporting.target.textEdited.emit("")
    assert not exporting.go.isEnabled()


def test_every_control_has_a_name_and_every_format_is_there(
    importing: ImportDialog, exporting: ExportDialog, table: Path, qtbot: QtBot
) -> None:
    importing.choose(table)
    planned(qtbot, importing)
    assert nameless(importing) == []
    assert nameless(exporting) == []
    assert [importing.formats.itemData(place) for place in range(importing.formats.count())] == [None, *READERS]
    assert [exporting.formats.itemData(place) for place in range(exporting.formats.count())] == list(WRITERS)


def test_the_dialogs_follow_the_language(
    importing: ImportDialog, exporting: ExportDialog, table: Path, qtbot: QtBot
) -> None:
    importing.choose(table)
    planned(qtbot, importing)
    exporting.formats.setCurrentIndex(exporting.formats.findData("yolo"))
    apply_language("zh_CN")
    assert "新类别：“elm”" in importing.plan_view.words.text()
    assert importing.take.text() == "导入"
    assert exporting.go.text() == "导出"
    assert exporting.format_name == "yolo"
    assert "不支持" in exporting.about.text()
