"""Opening a project after kill -9, with strange files beside it, on a read-only drive, with a wrong clock: for real."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from imgmine_gui.core.project import opening
from imgmine_gui.core.project.backups import back_up, list_backups
from imgmine_gui.core.project.catalogue import ImageQuery
from imgmine_gui.core.project.database import APPLICATION_ID
from imgmine_gui.core.project.migrations import MIGRATIONS
from imgmine_gui.core.project.opening import TakesLong
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.records import FileRecord, ScanResult
from imgmine_gui.core.text import tr
from tests.small_drive import mounted
from tests.unit.project.old_catalogue import make_old

REPOSITORY = Path(__file__).resolve().parents[3]
IMAGES = 3000

OPENER = """
import sys, pathlib
from imgmine_gui.core.project.opening import TakesLong
from imgmine_gui.core.project.project import Project
print("begins", flush=True)
Project.open(pathlib.Path(sys.argv[1])).close()
print("done", flush=True)
"""


def make(folder: Path, images: int = IMAGES) -> Path:
    """A closed project with so many images."""
    (folder / "photos").mkdir()
    project = Project.create(folder, "Plants")
    source = project.catalogue.add_source(str(folder / "photos")).id
    found = tuple(
        FileRecord(b"cat/%06d.png" % number, number, 1, 0, f"{number:032x}", 8, 6, "cat", None, "", "")
        for number in range(images)
    )
    project.catalogue.apply_scan(source, ScanResult(found, [], 0, images))
    project.close()
    return project.folder


def count(folder: Path) -> int:
    project = Project.open(folder)
    found = project.catalogue.count(ImageQuery())
    assert not project.read_only
    project.close()
    return found


def make_damaged(folder: Path) -> None:
    """Leave a backup, and garbage in the place of the catalogue."""
    (folder / "project.db").write_bytes(b"damaged" * 1000)


def make_due(folder: Path) -> None:
    """Leave a backup that is a year old."""
    newest = list_backups(folder / "backups")[0]
    newest.rename(newest.with_name("000001_2020-01-01_000000.db"))


@pytest.mark.parametrize("prepare", [make_old, make_damaged, make_due])
def test_killed_while_it_opens(tmp_path: Path, prepare: Callable[[Path], None]) -> None:
    """In the midst of a migration, of a restoring, of a backup: the next opening finds everything."""
    sound, chance = make(tmp_path), random.Random(3)
    back_up(sound / "project.db", sound / "backups", datetime.now())
    prepare(sound)
    for attempt in range(6):
        folder = tmp_path / f"Attempt {attempt}.imgmine"
        shutil.copytree(sound, folder)
        with subprocess.Popen(
            [sys.executable, "-c", OPENER, str(folder)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "begins\n"
            until = time.perf_counter() + chance.uniform(0, 0.15)
            while time.perf_counter() < until:
                pass
            child.send_signal(signal.SIGKILL)
        assert count(folder) == IMAGES
        for backup in list_backups(folder / "backups"):
            with closing(sqlite3.connect(backup)) as db:
                assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_the_log_of_another_database_does_not_come_in(tmp_path: Path) -> None:
    folder = make(tmp_path)
    with closing(sqlite3.connect(tmp_path / "other.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE things (name)")
        other.execute("INSERT INTO things VALUES ('x')")
        shutil.copy(tmp_path / "other.db-wal", folder / "project.db-wal")
    with pytest.raises(TakesLong):
        Project.open(folder, at_once=True)
    project = Project.open(folder)
    assert "were left out" in tr(project.opened_with[0])
    assert project.catalogue.count(ImageQuery()) == IMAGES
    project.close()
    assert (folder / "project.damaged-1.db-wal").exists()


def test_a_catalogue_whose_log_is_missing_comes_from_its_backup(tmp_path: Path) -> None:
    """A copy of the file alone, made before anything was brought into it from the log."""
    folder = make(tmp_path, images=5)
    back_up(folder / "project.db", folder / "backups", datetime.now())
    with closing(sqlite3.connect(tmp_path / "fresh.db", isolation_level=None)) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA journal_mode = WAL")
        MIGRATIONS[0](db)
        shutil.copy(tmp_path / "fresh.db", folder / "project.db")
    with pytest.raises(TakesLong):
        Project.open(folder, at_once=True)
    project = Project.open(folder)
    assert "restored" in tr(project.opened_with[0])
    assert project.catalogue.count(ImageQuery()) == 5
    project.close()


def test_garbage_in_the_index_of_the_log_does_no_harm(tmp_path: Path) -> None:
    folder, copy = make(tmp_path), tmp_path / "Copy.imgmine"
    with closing(sqlite3.connect(folder / "project.db")) as db:
        db.execute("UPDATE images SET note = 'kept'")
        db.commit()
        shutil.copytree(folder, copy)
    (copy / "project.db-shm").write_bytes(os.urandom(32768))
    project = Project.open(copy, at_once=True)
    assert project.opened_with == []
    project.close()
    with closing(sqlite3.connect(copy / "project.db")) as db:
        assert db.execute("SELECT DISTINCT note FROM images").fetchall() == [("kept",)]


def test_a_truncated_catalogue_is_noticed_at_once(tmp_path: Path) -> None:
    folder = make(tmp_path)
    back_up(folder / "project.db", folder / "backups", datetime.now())
    sound = (folder / "project.db").read_bytes()
    (folder / "project.db").write_bytes(sound[: len(sound) * 3 // 4])
    with pytest.raises(TakesLong):
        Project.open(folder, at_once=True)
    project = Project.open(folder)
    assert "restored" in tr(project.opened_with[0])
    assert project.catalogue.count(ImageQuery()) == IMAGES
    project.close()


def test_a_project_on_a_read_only_drive_can_be_read(tmp_path: Path) -> None:
    with mounted(tmp_path / "drive", "8m") as drive:
        folder = make(drive)
        subprocess.run(["mount", "-o", "remount,ro", str(drive)], check=True)
        project = Project.open(folder)
        assert project.read_only and "cannot be written to" in tr(project.opened_with[0])
        assert project.catalogue.count(ImageQuery()) == IMAGES
        project.close()


@pytest.mark.parametrize("days", [365, -365])
def test_a_clock_that_is_a_year_off_costs_no_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    class Wrong(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Wrong":
            return cls.fromtimestamp((datetime.now() + timedelta(days=days)).timestamp())

    folder = make(tmp_path, images=5)
    Project.open(folder).close()
    with monkeypatch.context() as patched:
        patched.setattr(opening, "datetime", Wrong)
        assert count(folder) == 5
        assert len(list_backups(folder / "backups")) == 2
        Project.open(folder).close()
        assert len(list_backups(folder / "backups")) == 2
    assert count(folder) == 5  # the clock is right again
    assert [path.name[:6] for path in list_backups(folder / "backups")] == ["000003", "000002", "000001"]


def test_the_lock_file_of_a_killed_process_is_no_obstacle(tmp_path: Path) -> None:
    folder = make(tmp_path, images=5)
    (folder / "lock").write_text("left by somebody")
    assert count(folder) == 5
