"""Projects, sources and what a person means by a path, with real scans in real child processes."""

import os
import sqlite3
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from imgmine_gui.app.job import Job
from imgmine_gui.app.notifier import Message
from imgmine_gui.app.session import Opened, Session, SourceScanned
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.splits import SplitSettings
from imgmine_gui.core.text import RESOURCES
from tests.gui.app.job_recorder import Recorder
from tests.gui.app.small_images import write_images

LATE = 30_000


def finish(qtbot: QtBot, job: Job) -> Recorder:
    recorder = Recorder(job)
    qtbot.waitUntil(lambda: job.is_over, timeout=LATE)
    return recorder


def finish_all(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.runner.jobs, timeout=LATE)


@pytest.fixture
def images(tmp_path: Path) -> Path:
    return write_images(tmp_path / "flowers", count=5)


def test_a_source_is_scanned_in_a_child_and_applied_here(
    session: Session, qtbot: QtBot, tmp_path: Path, images: Path
) -> None:
    (images / "dark" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nand no more")
    (images / "notes.txt").write_text("no image")
    session.new_project(tmp_path / "garden")
    assert session.project
    assert session.project.folder == tmp_path / "garden.imgmine"
    changes: list[str] = []
    session.data_changed.connect(lambda: changes.append("data"))
    recorder = finish(qtbot, session.add_source(images))
    result = recorder.outcome
    assert isinstance(result, SourceScanned)
    assert (result.images, result.unreadable, result.not_images, result.applied.added) == (10, 1, 1, 11)
    assert [one.name for one in session.classes()] == ["dark", "light"]
    assert session.totals().images == 10
    assert [one.path for one in session.sources()] == [str(images)]
    assert any(check.code == "unreadable" for check in session.checks())
    assert changes


def test_a_rescan_finds_what_is_new(session: Session, qtbot: QtBot, tmp_path: Path, images: Path) -> None:
    session.new_project(tmp_path / "garden.imgmine")
    first = finish(qtbot, session.add_source(images)).outcome
    assert isinstance(first, SourceScanned)
    os.rename(images / "dark" / "000.png", images / "light" / "moved.png")
    write_images(images, count=1, classes=("grey",))
    again = finish(qtbot, session.rescan(first.source_id)).outcome
    assert isinstance(again, SourceScanned)
    assert (again.applied.added, again.applied.moved) == (1, 1)
    with pytest.raises(UserError, match="no longer part"):
        session.rescan(99)


def wait_for_edits(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.labelling.is_busy, timeout=LATE)


def test_a_source_goes_and_comes_back(session: Session, qtbot: QtBot, tmp_path: Path, images: Path) -> None:
    session.new_project(tmp_path / "garden")
    finish(qtbot, session.add_source(images))
    session.remove_source(session.sources()[0].id)
    wait_for_edits(qtbot, session)
    assert session.totals().images == 0
    session.labelling.undo()
    wait_for_edits(qtbot, session)
    assert session.totals().images == 10
    assert (images / "dark" / "000.png").is_file()


def test_a_source_that_cannot_come_back_is_told(session: Session, qtbot: QtBot, tmp_path: Path, images: Path) -> None:
    told: list[Message] = []
    session.notifier.message.connect(told.append)
    session.new_project(tmp_path / "garden")
    finish(qtbot, session.add_source(images))
    session.remove_source(session.sources()[0].id)
    wait_for_edits(qtbot, session)
    finish(qtbot, session.add_source(images.parent))
    session.labelling.undo()
    qtbot.waitUntil(lambda: bool(told), timeout=LATE)
    assert told[0].text == f"“{images}” did not come back: its images belong to another source now."
    assert [one.path for one in session.sources()] == [str(images.parent)]


def test_a_cancelled_scan_leaves_no_source(session: Session, qtbot: QtBot, tmp_path: Path, images: Path) -> None:
    session.new_project(tmp_path / "garden")
    job = session.add_source(images)
    job.cancel()
    assert finish(qtbot, job).ending[-1:] == ["finished"]
    assert session.sources() == []
    recorder = finish(qtbot, session.add_source(images))
    assert recorder.ending == ["succeeded", "finished"]


def test_a_scan_that_fails_is_told_and_leaves_no_source(
    session: Session, qtbot: QtBot, tmp_path: Path, images: Path
) -> None:
    told: list[Message] = []
    session.notifier.message.connect(told.append)
    session.new_project(tmp_path / "garden")
    job = session.add_source(images)
    os.rename(images, tmp_path / "elsewhere")
    recorder = finish(qtbot, job)
    assert isinstance(recorder.outcome, UserError)
    qtbot.waitUntil(lambda: bool(told), timeout=LATE)
    assert str(images) in told[0].text
    assert session.sources() == []


def test_splits_follow_the_settings(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    session.new_project(tmp_path / "garden")
    finish(qtbot, session.add_source(write_images(tmp_path / "many", count=20)))
    session.set_split_settings(SplitSettings(validation=0.25, test=0.0))
    wait_for_edits(qtbot, session)
    assert session.split_settings().validation == 0.25
    totals = session.totals()
    assert (totals.train, totals.validation, totals.test) == (30, 10, 0)


def test_a_folder_becomes_a_project_and_finds_it_again(
    session: Session, qtbot: QtBot, home: Path, images: Path
) -> None:
    assert session.open_path(images) is Opened.SOURCE
    finish_all(qtbot, session)
    assert session.project
    assert session.project.folder == home / "projects" / "flowers.imgmine"
    assert session.totals().images == 10
    session.close_project()
    assert session.project is None
    session.settings.forget_project(home / "projects" / "flowers.imgmine")
    assert session.open_path(images) is Opened.SOURCE
    finish_all(qtbot, session)
    assert [path.name for path in (home / "projects").iterdir()] == ["flowers.imgmine"]
    assert session.totals().images == 10


def test_another_folder_of_the_same_name_gets_a_number(
    session: Session, qtbot: QtBot, home: Path, tmp_path: Path, images: Path
) -> None:
    session.open_path(images)
    finish_all(qtbot, session)
    session.open_path(write_images(tmp_path / "other" / "flowers", count=2))
    finish_all(qtbot, session)
    assert sorted(path.name for path in (home / "projects").iterdir()) == ["flowers 2.imgmine", "flowers.imgmine"]


@pytest.mark.parametrize("name", [".hidden", "a:b?", "...", "图像"])
def test_a_folder_of_any_name_becomes_a_project(session: Session, qtbot: QtBot, tmp_path: Path, name: str) -> None:
    session.open_path(write_images(tmp_path / "in" / f"{name} ", count=2))
    finish_all(qtbot, session)
    assert session.totals().images == 4


def test_a_project_is_opened_by_its_folder_and_by_any_file_in_it(
    session: Session, qtbot: QtBot, tmp_path: Path, images: Path
) -> None:
    session.new_project(tmp_path / "garden")
    finish(qtbot, session.add_source(images))
    folder = tmp_path / "garden.imgmine"
    for path in (folder, folder / "project.db"):
        session.close_project()
        assert session.open_path(path) is Opened.PROJECT
        assert session.totals().images == 10
    assert [one.folder for one in session.settings.recent_projects] == [folder]
    changes: list[str] = []
    session.project_changed.connect(lambda: changes.append("project"))
    session.open_project(folder)
    assert not changes


def test_images_and_models_are_for_the_predictions(session: Session, tmp_path: Path, images: Path) -> None:
    odd = tmp_path / "no_suffix"
    odd.write_bytes((images / "dark" / "000.png").read_bytes())
    model = tmp_path / "a.imgmodel"
    model.touch()
    assert session.open_path(images / "dark" / "000.png") is Opened.IMAGES
    assert session.open_path(odd) is Opened.IMAGES
    assert session.open_path(model) is Opened.MODEL
    assert session.project is None


def test_what_is_nothing_is_said_in_words(session: Session, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("words")
    with pytest.raises(UserError, match=r"text\.txt.* is neither"):
        session.open_path(tmp_path / "text.txt")
    with pytest.raises(UserError, match="no file or folder"):
        session.open_path(tmp_path / "gone")
    with pytest.raises(UserError, match="There is no project"):
        session.open_project(tmp_path / "gone.imgmine")
    with pytest.raises(UserError, match="No project is open"):
        session.classes()
    assert session.sources() == session.runs() == []


def test_a_project_that_cannot_be_opened_leaves_the_present_one(session: Session, tmp_path: Path) -> None:
    session.new_project(tmp_path / "garden")
    with pytest.raises(UserError):
        session.open_project(tmp_path / "gone.imgmine")
    with pytest.raises(UserError):
        session.new_project(tmp_path / "garden")
    assert session.project
    assert session.totals().images == 0


def test_damaged_and_foreign_databases_do_not_hinder_opening_a_folder(
    session: Session, qtbot: QtBot, home: Path, images: Path
) -> None:
    for name, content in (("damaged", b"no database"), ("empty", b"")):
        (home / "projects" / f"{name}.imgmine").mkdir(parents=True)
        (home / "projects" / f"{name}.imgmine" / "project.db").write_bytes(content)
    (home / "projects" / "old.imgmine").mkdir()
    sqlite3.connect(home / "projects" / "old.imgmine" / "project.db").execute("CREATE TABLE a (b)").connection.close()
    session.open_path(images)
    finish_all(qtbot, session)
    assert session.totals().images == 10


def test_a_second_window_may_look_and_is_told_so(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    session.new_project(tmp_path / "garden")
    other = Session()
    told: list[Message] = []
    other.notifier.message.connect(told.append)
    other.open_project(tmp_path / "garden.imgmine")
    qtbot.waitUntil(lambda: bool(told), timeout=LATE)
    assert "another window" in told[0].text
    with pytest.raises(UserError, match="reading only"):
        other.rename_run("anything", "name")
    other.shutdown()


def test_a_sample_is_opened_and_never_written_to(session: Session, qtbot: QtBot) -> None:
    (sample,) = session.samples()
    before = sorted((path, path.stat().st_mtime_ns) for path in (RESOURCES / "samples").rglob("*"))
    session.open_sample(sample.name)
    finish_all(qtbot, session)
    totals = session.totals()
    assert (totals.images, totals.train, totals.validation, totals.test) == (4000, 3000, 500, 500)
    assert sorted((path, path.stat().st_mtime_ns) for path in (RESOURCES / "samples").rglob("*")) == before
    with pytest.raises(UserError, match="not installed"):
        session.open_sample("nothing")


def test_jobs_of_a_closed_project_end_silently(session: Session, qtbot: QtBot, tmp_path: Path, images: Path) -> None:
    told: list[Message] = []
    session.notifier.message.connect(told.append)
    session.new_project(tmp_path / "garden")
    recorder = Recorder(session.add_source(images))
    session.close_project()
    assert recorder.ending[-1] == "finished"
    session.open_project(tmp_path / "garden.imgmine")
    assert told == []
