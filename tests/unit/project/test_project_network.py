"""A project on a network drive does without a write-ahead log, says so, and still reads and writes side by side."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project import lock, project
from imgmine_gui.core.project.catalogue import Applied, Catalogue, ImageQuery
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.records import FileRecord, ScanResult
from imgmine_gui.core.text import tr

WriteImage = Callable[[Path, int], Path]
Rescan = Callable[[Catalogue, int], Applied]


@pytest.fixture
def filled(tmp_path: Path, write_image: WriteImage, rescan: Rescan) -> Path:
    """A closed project with three images, made on a drive of this machine."""
    for number in range(3):
        write_image(tmp_path / "photos" / f"{number}.png", number)
    made = Project.create(tmp_path, "Plants")
    rescan(made.catalogue, made.catalogue.add_source(str(tmp_path / "photos")).id)
    made.close()
    return made.folder


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every drive is one of the network."""
    monkeypatch.setattr(project, "is_on_network", lambda path: True)


def journal_of(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "project.db")) as db:
        return str(db.execute("PRAGMA journal_mode").fetchone()[0])


def records(turn: int, images: int) -> ScanResult:
    found = tuple(
        FileRecord(b"cat/%06d.png" % number, number, turn, 0, f"{number:032x}", 8, 6, "cat", None, "", "")
        for number in range(images)
    )
    return ScanResult(found, [], turn, images)


def test_it_is_converted_and_says_so_and_back_again(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert journal_of(filled) == "wal"
    with monkeypatch.context() as patched:
        patched.setattr(project, "is_on_network", lambda path: True)
        opened = Project.open(filled)
        assert opened.on_network and "network drive" in tr(opened.opened_with[0])
        assert opened.catalogue.count(ImageQuery()) == 3
        opened.catalogue.edits.remove_source(1)
        assert not (filled / "project.db-wal").exists()
        opened.close()
        assert journal_of(filled) == "delete"
    opened = Project.open(filled)
    assert opened.opened_with == [] and opened.catalogue.count(ImageQuery()) == 0
    opened.close()
    assert journal_of(filled) == "wal"


def test_what_stood_only_in_the_log_is_kept(filled: Path, tmp_path: Path, network: None) -> None:
    """The log of a killed process, which the conversion has to bring in."""
    killed = tmp_path / "Killed.imgmine"
    with closing(sqlite3.connect(filled / "project.db")) as db:
        db.execute("UPDATE images SET note = 'kept'")
        db.commit()
        killed.mkdir()
        for name in ("project.db", "project.db-wal"):
            (killed / name).write_bytes((filled / name).read_bytes())
    opened = Project.open(killed, at_once=True)
    assert opened.catalogue.count(ImageQuery()) == 3
    opened.close()
    with closing(sqlite3.connect(killed / "project.db")) as db:
        assert db.execute("SELECT DISTINCT note FROM images").fetchall() == [("kept",)]


def test_readers_of_other_threads_wait_for_a_long_write_and_do_not_fail(filled: Path, network: None) -> None:
    opened = Project.open(filled)
    catalogue, stop = opened.catalogue, threading.Event()
    failures: list[BaseException] = []
    seen: set[int] = set()

    def read() -> None:
        try:
            while not stop.is_set():
                seen.add(catalogue.count(ImageQuery()))
                catalogue.page(ImageQuery(), None, 100)
                catalogue.totals()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn, images in enumerate((20_000, 40_000, 3)):
        catalogue.apply_scan(1, records(turn, images))
        catalogue.edits.set_excluded(catalogue.ids(ImageQuery())[:50], True)
        catalogue.edits.undo()
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert seen <= {3, 20_000, 40_000}
    opened.close()


def test_the_second_window_reads_while_the_first_writes(filled: Path, network: None) -> None:
    first = Project.open(filled)
    second = Project.open(filled, at_once=True)
    assert second.read_only
    first.catalogue.apply_scan(1, records(1, 500))
    assert second.catalogue.count(ImageQuery()) == 500
    with pytest.raises(UserError):
        second.catalogue.remove_source(1)
    second.close()
    first.close()


def test_a_change_that_was_left_half_made_is_taken_back(filled: Path, tmp_path: Path, network: None) -> None:
    """A process that is killed while it writes leaves a journal, by which the old state is found again."""
    Project.open(filled).close()
    killed = tmp_path / "Killed.imgmine"
    killed.mkdir()
    with closing(sqlite3.connect(filled / "project.db", isolation_level=None)) as db:
        db.execute("PRAGMA cache_size = 2")
        db.execute("BEGIN")
        db.execute("CREATE TABLE half (made)")
        db.execute(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4000) "
            "INSERT INTO half SELECT randomblob(200) FROM n"
        )
        for name in ("project.db", "project.db-journal"):
            (killed / name).write_bytes((filled / name).read_bytes())
        db.execute("ROLLBACK")
    opened = Project.open(killed)
    assert [text for text in opened.opened_with if "network" not in text] == []
    assert opened.catalogue.count(ImageQuery()) == 3
    opened.close()
    with closing(sqlite3.connect(killed / "project.db")) as db:
        assert db.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall() == []


def test_a_drive_without_locks_is_told(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(lock, "_lock", refuse)
    opened = Project.open(filled)
    assert not opened.read_only
    assert "Make sure that nobody" in tr(opened.opened_with[0])
    opened.close()


def test_a_backup_is_made_there_too(filled: Path, network: None) -> None:
    opened = Project.open(filled)
    assert len(list(opened.backups_folder.iterdir())) == 1
    opened.close()
