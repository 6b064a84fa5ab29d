"""Damage and backups of the open project, looked after beside the window."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Session
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.events import Event, PhaseStarted, Progress
from imgmine_gui.core.project import backups
from imgmine_gui.core.project.backups import list_backups
from imgmine_gui.core.project.catalogue import ImageQuery
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.records import FileRecord, ScanResult
from imgmine_gui.gui.main_window import MainWindow
from imgmine_gui.gui.pages.data_page import DataPage

IMAGES = 4000


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A closed project with some thousand images and no backup."""
    (tmp_path / "photos").mkdir()
    project = Project.create(tmp_path, "Plants")
    source = project.catalogue.add_source(str(tmp_path / "photos")).id
    found = tuple(
        FileRecord(b"cat/%06d.png" % number, number, 1, 0, f"{number:032x}", 8, 6, "cat", None, "", "")
        for number in range(IMAGES)
    )
    project.catalogue.apply_scan(source, ScanResult(found, [], 0, IMAGES))
    project.close()
    return project.folder


def damage(folder: Path) -> None:
    """Spoil pages in the midst of a table, which opening does not read."""
    with sqlite3.connect(folder / "project.db") as db:
        size, pages = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count"))
        roots = {page for (page,) in db.execute("SELECT rootpage FROM sqlite_master")}
    db.close()
    with open(folder / "project.db", "r+b") as file:
        for page in range(pages // 3, pages // 2):
            if page not in roots:
                file.seek((page - 1) * size)
                file.write(os.urandom(size))


def test_a_backup_is_made_soon_after_the_opening(qtbot: QtBot, session: Session, filled: Path) -> None:
    session.open_project(filled)
    assert list_backups(filled / "backups") == []
    session.caretaker.begin()
    qtbot.waitUntil(lambda: len(list_backups(filled / "backups")) == 1)


def test_damage_stops_writing_and_a_backup_can_be_restored(qtbot: QtBot, session: Session, filled: Path) -> None:
    Project.open(filled).close()  # makes a backup
    damage(filled)
    window = MainWindow(session)
    window.show()
    session.open_project(filled)
    assert session.project is not None and not session.project.read_only
    with qtbot.waitSignal(session.caretaker.damaged):
        session.caretaker.begin()
    assert session.project.read_only
    with pytest.raises(UserError, match="damaged"):
        session.project.catalogue.remove_source(1)
    assert "damaged" in window.messages.text.text()
    with qtbot.waitSignal(session.notifier.message):  # as of all that is read meanwhile
        session.notifier.report(UserError("Something else failed."))
    assert "damaged" in window.messages.text.text()
    button: QPushButton = window.messages.action
    assert button.isVisible()
    qtbot.waitUntil(lambda: not session.caretaker.is_busy)
    with qtbot.waitSignal(session.opened_late):
        button.click()
        assert session.project is None and window.opens.isVisible(), "in a thread, and seen at once"
        session.open_project(filled)  # is on its way already
        assert len(session.runner.jobs) == 1
    assert session.project is not None and not session.project.read_only
    assert not window.opens.isVisible()
    assert session.project.catalogue.count(ImageQuery()) == IMAGES
    assert (filled / "project.damaged-1.db").exists()
    qtbot.waitUntil(lambda: "restored" in window.messages.text.text())
    window.close()
    window.deleteLater()


def test_damage_that_was_found_is_repaired_by_the_next_opening(qtbot: QtBot, session: Session, filled: Path) -> None:
    Project.open(filled).close()
    damage(filled)
    session.open_project(filled)
    with qtbot.waitSignal(session.caretaker.damaged):
        session.caretaker.begin()
    session.close_project()
    with qtbot.waitSignal(session.opened_late):
        session.open_project(filled)
    assert session.project is not None and "restored" in session.project.opened_with[0]


def test_of_a_catalogue_that_cannot_be_read_no_folder_is_asked_for(
    qtbot: QtBot, session: Session, filled: Path, stack: QUndoStack
) -> None:
    Project.open(filled).close()
    damage(filled)
    session.open_project(filled)
    assert session.project is not None
    page = DataPage(session, stack)
    qtbot.addWidget(page)
    page.reader.forget()  # the rows never come
    session.project.catalogue.stop_writing()
    session.data_changed.emit()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.content)
    session.close_project()


def found_damaged(qtbot: QtBot, session: Session, folder: Path) -> bytes:
    """A closed project, with a backup, in which damage was found; its catalogue."""
    Project.open(folder).close()
    damage(folder)
    session.open_project(folder)
    with qtbot.waitSignal(session.caretaker.damaged):
        session.caretaker.begin()
    session.close_project()
    return (folder / "project.db").read_bytes()


def test_a_restoring_tells_what_it_does_and_can_be_cancelled(qtbot: QtBot, session: Session, filled: Path) -> None:
    content = found_damaged(qtbot, session, filled)
    session.open_project(filled)
    (job,) = session.runner.jobs
    with qtbot.waitSignal(job.cancelled):
        job.cancel()
    assert session.project is None
    assert (filled / "project.db").read_bytes() == content
    assert {path.name for path in filled.iterdir() if path.is_file()} == {"project.db", "lock", "damaged"}
    told: list[Event] = []
    session.open_project(filled)
    (job,) = session.runner.jobs
    job.events.connect(told.extend)
    with qtbot.waitSignal(session.opened_late):
        pass
    phases = [event.phase for event in told if isinstance(event, PhaseStarted)]
    assert phases == ["Looking for damage", "Looking for a good backup", "Restoring the backup"]
    assert any(isinstance(event, Progress) and event.done == event.total for event in told)


def test_another_project_that_is_opened_meanwhile_stays(
    qtbot: QtBot, session: Session, filled: Path, tmp_path: Path
) -> None:
    found_damaged(qtbot, session, filled)
    session.open_project(filled)
    (job,) = session.runner.jobs
    with qtbot.waitSignal(job.finished):
        session.new_project(tmp_path / "Another")
    assert session.project is not None and session.project.name == "Another"
    with closing(Project.open(filled)) as project:
        assert not project.read_only, "nobody holds it"


def test_the_end_of_the_program_does_not_wait_for_a_restoring(qtbot: QtBot, session: Session, filled: Path) -> None:
    content = found_damaged(qtbot, session, filled)
    session.open_project(filled)
    session.shutdown()
    assert session.project is None and not session.runner.jobs
    assert (filled / "project.db").read_bytes() == content or (filled / "project.damaged-1.db").exists()


def test_without_a_good_backup_it_is_said_and_the_window_stays(
    qtbot: QtBot, session: Session, filled: Path, told: list[Message]
) -> None:
    content = found_damaged(qtbot, session, filled)
    for backup in list_backups(filled / "backups"):
        backup.write_bytes(content)
    session.open_project(filled)
    (job,) = session.runner.jobs
    with qtbot.waitSignal(job.failed):
        pass
    qtbot.waitUntil(lambda: bool(told))
    assert "no good backup" in told[-1].text
    assert session.project is None and (filled / "project.db").read_bytes() == content


def test_damage_without_a_backup_leaves_the_project_to_be_looked_at(
    qtbot: QtBot, session: Session, filled: Path
) -> None:
    damage(filled)
    for _ in range(2):
        session.open_project(filled)
        assert session.project is not None and not session.project.may_be_restored
        with qtbot.waitSignal(session.caretaker.damaged):
            session.caretaker.begin()
        assert session.project.read_only
        session.close_project()
    assert list_backups(filled / "backups") == []


def test_a_backup_that_fails_is_told(
    qtbot: QtBot, session: Session, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(backups, "_copy", fail)
    session.open_project(filled)
    with qtbot.waitSignal(session.caretaker.told) as told:
        session.caretaker.begin()
    assert told.args is not None and "could not be backed up" in told.args[0][0]


def test_a_new_project_is_backed_up_as_it_is_closed(session: Session, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    session.new_project(tmp_path / "New")
    assert session.project is not None
    folder = session.project.folder
    session.project.catalogue.add_source(str(tmp_path / "photos"))
    session.close_project()
    session.caretaker.finish()
    (backup,) = list_backups(folder / "backups")
    with sqlite3.connect(backup) as db:
        assert db.execute("SELECT count(*) FROM sources").fetchone() == (1,)
    db.close()
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == ["lock", "project.db"]


def test_a_project_without_changes_is_not(session: Session, tmp_path: Path) -> None:
    session.new_project(tmp_path / "New")
    assert session.project is not None
    folder = session.project.folder
    session.close_project()
    session.caretaker.finish()
    assert list_backups(folder / "backups") == []


def test_what_is_being_backed_up_opens_for_writing(session: Session, filled: Path) -> None:
    session.open_project(filled)
    assert session.project is not None
    session.project.catalogue.edits.remove_source(1)
    session.close_project()
    session.open_project(filled)
    assert session.project is not None and not session.project.read_only
    assert session.project.opened_with == []
    session.caretaker.finish()
    (backup,) = list_backups(filled / "backups")
    with sqlite3.connect(backup) as db:
        assert db.execute("SELECT removed FROM sources").fetchone() == (1,)
    db.close()
