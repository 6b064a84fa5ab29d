"""Making, opening, locking, backing up and restoring a project."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project import opening
from imgmine_gui.core.project.backups import KEPT, back_up, is_backup_due, list_backups, restore_newest
from imgmine_gui.core.project.catalogue import Applied, Catalogue, ImageQuery
from imgmine_gui.core.project.migrations import MIGRATIONS
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.schema import DamagedCatalogue, check_catalogue, create_catalogue, update_catalogue
from imgmine_gui.core.text import tr
from tests.unit.project.old_catalogue import make_old

REPOSITORY = Path(__file__).resolve().parents[3]
WriteImage = Callable[[Path, int], Path]
Rescan = Callable[[Catalogue, int], Applied]


@pytest.fixture
def filled(tmp_path: Path, write_image: WriteImage, rescan: Rescan) -> Path:
    """A closed project with three images, opened once again so that it has a backup."""
    for number in range(3):
        write_image(tmp_path / "photos" / f"{number}.png", number)
    project = Project.create(tmp_path, "Plants")
    rescan(project.catalogue, project.catalogue.add_source(str(tmp_path / "photos")).id)
    project.close()
    Project.open(project.folder).close()
    return project.folder


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in {"lock", "project.db-shm"})
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def count(project: Project) -> int:
    return project.catalogue.count(ImageQuery())


def test_a_new_project_is_a_folder_of_its_name(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "new" / "folder", " Plants 2 ")
    assert project.folder == tmp_path / "new" / "folder" / "Plants 2.imgmine"
    assert project.name == "Plants 2"
    assert not project.read_only
    assert project.opened_with == []
    assert count(project) == 0
    for folder in (project.runs_folder, project.cache_folder, project.backups_folder):
        assert folder.is_dir() and folder.parent == project.folder
    project.close()
    project.close()
    assert os.listdir(project.folder.parent) == ["Plants 2.imgmine"]


def test_the_folder_of_the_project_may_be_named_itself(tmp_path: Path) -> None:
    (tmp_path / "Owls.imgmine").mkdir()
    project = Project.create(tmp_path / "Owls.imgmine", "Owls")
    project.close()
    assert (project.folder, project.name) == (tmp_path / "Owls.imgmine", "Owls")


@pytest.mark.parametrize(
    "name", ["", "  ", "a/b", "a\\b", "a:b", "con", "LPT1.x", ".hidden", "dot.", "line\nbreak", "x" * 201]
)
def test_names_that_some_system_forbids_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError) as caught:
        Project.create(tmp_path, name)
    assert caught.value.remedy
    assert os.listdir(tmp_path) == []


def test_what_exists_is_not_overwritten(tmp_path: Path, filled: Path) -> None:
    before = contents(filled)
    (tmp_path / "Owls.imgmine").write_text("mine")
    for name in ("Plants", "Owls"):
        with pytest.raises(UserError, match="exists already"):
            Project.create(tmp_path, name)
    assert contents(filled) == before


@pytest.mark.parametrize("kind", ["missing", "file", "folder", "empty"])
def test_what_is_no_project_is_refused(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "Photos.imgmine"
    if kind == "file":
        folder.write_text("hello")
    elif kind != "missing":
        folder.mkdir()
    if kind == "folder":
        (folder / "1.png").touch()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UserError, match="There is no project" if kind == "missing" else "is not a project") as caught:
        Project.open(folder)
    assert str(folder) in caught.value.message and caught.value.remedy
    assert sorted(tmp_path.rglob("*")) == before


def test_a_project_keeps_what_was_put_in(filled: Path) -> None:
    project = Project.open(filled)
    assert count(project) == 3
    assert project.opened_with == []
    project.close()


def test_the_second_to_open_it_can_only_read(filled: Path, tmp_path: Path) -> None:
    first = Project.open(filled)
    second = Project.open(filled)
    assert (first.read_only, second.read_only) == (False, True)
    assert "another window" in tr(second.opened_with[0])
    assert count(second) == 3
    with pytest.raises(UserError):
        second.catalogue.remove_source(1)
    first.catalogue.edits.remove_source(1)
    assert count(second) == 0
    first.catalogue.edits.undo()
    second.close()
    assert Project.open(filled).read_only
    first.close()
    third = Project.open(filled)
    assert not third.read_only
    third.close()


def test_the_lock_ends_with_the_process_that_held_it(filled: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from imgmine_gui.core.project.project import Project\n"
        "project = Project.open(pathlib.Path(sys.argv[1]))\n"
        "print('read' if project.read_only else 'write', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(filled)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "write\n"
        while_held = Project.open(filled)
        assert while_held.read_only
        while_held.close()
        child.kill()
        child.wait()
    project = Project.open(filled)
    assert not project.read_only
    assert count(project) == 3
    project.close()


def test_a_removed_source_is_gone_after_closing(filled: Path) -> None:
    project = Project.open(filled)
    project.catalogue.remove_source(1)
    project.close()
    project = Project.open(filled)
    with project.catalogue._database.reading() as db:
        assert db.execute("SELECT count(*) FROM images").fetchone() == (0,)
    project.close()


def test_a_backup_is_made_once_a_day(filled: Path) -> None:
    backups = filled / "backups"
    (only,) = list_backups(backups)
    Project.open(filled).close()
    assert list_backups(backups) == [only]
    now = datetime.now()
    assert not is_backup_due(backups, now + timedelta(hours=23))
    assert is_backup_due(backups, now + timedelta(hours=25))
    assert is_backup_due(backups, now - timedelta(days=365))
    only.rename(backups / "000001_2020-01-01_000000.db")
    Project.open(filled).close()
    assert [path.name[:6] for path in list_backups(backups)] == ["000002", "000001"]


def test_a_backup_holds_what_still_stands_in_the_log(
    filled: Path, tmp_path: Path, write_image: WriteImage, rescan: Rescan
) -> None:
    project = Project.open(filled)
    write_image(tmp_path / "photos" / "more.png", 9)
    rescan(project.catalogue, 1)
    backup = back_up(filled / "project.db", filled / "backups", datetime.now())
    project.close()
    assert backup.read_bytes()[18:20] == b"\1\1"  # needs no write-ahead log
    copy = tmp_path / "copy.db"
    shutil.copy(backup, copy)
    catalogue = Catalogue(copy, read_only=True)
    assert catalogue.count(ImageQuery()) == 4
    catalogue.close()


def test_a_copy_of_a_damaged_catalogue_is_no_backup(filled: Path) -> None:
    database, before = filled / "project.db", os.listdir(filled / "backups")
    sound = database.read_bytes()
    database.write_bytes(sound[:8192] + b"\xff" * (len(sound) - 8192))
    with pytest.raises(DamagedCatalogue):
        back_up(database, filled / "backups", datetime.now())
    assert os.listdir(filled / "backups") == before


def test_the_newest_backups_are_kept_whatever_the_clock_says(filled: Path) -> None:
    for year in range(2030, 2018, -1):
        back_up(filled / "project.db", filled / "backups", datetime(year, 1, 1))
    kept = list_backups(filled / "backups")
    assert len(kept) == KEPT == len(os.listdir(filled / "backups"))
    assert kept[0].name == "000013_2019-01-01_000000.db"


@pytest.mark.parametrize("damage", ["header", "middle", "cut", "empty", "missing", "other"])
def test_a_damaged_catalogue_is_restored_from_its_newest_good_backup(filled: Path, damage: str) -> None:
    database = filled / "project.db"
    shutil.copy(list_backups(filled / "backups")[0], filled / "backups" / "000007_2026-01-01_000000.db")
    (filled / "backups" / "000008_2026-01-02_000000.db").write_bytes(b"a backup that went bad")
    sound = database.read_bytes()
    if damage == "header":
        database.write_bytes(b"\0" * 100 + sound[100:])
    elif damage == "middle":
        database.write_bytes(sound[:4096] + os.urandom(len(sound) - 8192) + sound[-4096:])
    elif damage == "cut":
        database.write_bytes(sound[: len(sound) // 2])
    elif damage == "empty":
        database.write_bytes(b"")
    elif damage == "missing":
        database.unlink()
    else:
        database.unlink()
        other = sqlite3.connect(database)
        other.execute("CREATE TABLE things (name)")
        other.close()
    damaged = database.read_bytes() if database.exists() else None
    project = Project.open(filled)
    assert count(project) == 3
    assert not project.read_only
    assert "restored" in tr(project.opened_with[0])
    project.close()
    kept = filled / "project.damaged-1.db"
    assert (kept.read_bytes() if kept.exists() else None) == damaged
    again = Project.open(filled)
    assert again.opened_with == []
    again.close()


def test_a_damaged_catalogue_without_a_backup_is_left_as_it_is(filled: Path) -> None:
    shutil.rmtree(filled / "backups")
    (filled / "project.db").write_bytes(b"not a database" * 1000)
    before = contents(filled)
    with pytest.raises(UserError, match="no good backup") as caught:
        Project.open(filled)
    assert caught.value.remedy
    assert contents(filled) == before
    with pytest.raises(UserError):
        Project.open(filled)


def test_a_second_damaged_file_does_not_replace_the_first(filled: Path) -> None:
    for number in (1, 2):
        (filled / "project.db").write_bytes(b"%d" % number)
        Project.open(filled).close()
        assert (filled / f"project.damaged-{number}.db").read_bytes() == b"%d" % number


def test_a_damaged_catalogue_that_cannot_be_written_is_refused(filled: Path) -> None:
    first = Project.open(filled)
    sound = (filled / "project.db").read_bytes()
    (filled / "project.db").write_bytes(sound[:4096] + b"\xff" * (len(sound) - 4096))
    with pytest.raises(UserError, match="damaged"):
        Project.open(filled)
    first.close()


def test_a_newer_catalogue_is_refused_unmodified(filled: Path) -> None:
    newer = sqlite3.connect(filled / "project.db")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    before = contents(filled)
    for _ in range(2):
        with pytest.raises(UserError, match="newer version"):
            Project.open(filled)
    assert contents(filled) == before


def test_a_newer_catalogue_is_refused_also_after_a_crash_of_the_newer_program(filled: Path, tmp_path: Path) -> None:
    """The new version stands only in the log, which opening the file for writing would bring into it."""
    newer = sqlite3.connect(filled / "project.db")
    newer.execute("PRAGMA user_version = 99")
    crashed = tmp_path / "Crashed.imgmine"
    shutil.copytree(filled, crashed, ignore=shutil.ignore_patterns("*-shm"))
    newer.close()
    before = contents(crashed)
    assert len(before["project.db-wal"]) > 0
    with pytest.raises(UserError, match="newer version"):
        Project.open(crashed)
    assert contents(crashed) == before


def add_notes(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE images ADD COLUMN notes TEXT NOT NULL DEFAULT ''")


def fail(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE images")
    raise ZeroDivisionError


def test_an_old_catalogue_is_backed_up_and_brought_up_to_date_step_by_step(filled: Path) -> None:
    database, backups = filled / "project.db", filled / "backups"
    update_catalogue(
        database, lambda: back_up(database, backups, datetime.now()), (*MIGRATIONS, add_notes, add_notes_index)
    )
    assert check_catalogue(database, (*MIGRATIONS, add_notes, add_notes_index)) == len(MIGRATIONS) + 2
    assert check_catalogue(list_backups(backups)[0]) == len(MIGRATIONS)
    connection = sqlite3.connect(database)
    assert connection.execute("SELECT count(*) FROM images WHERE notes = ''").fetchone() == (3,)
    connection.close()


def add_notes_index(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE INDEX images_by_notes ON images (notes)")


def test_a_step_that_fails_leaves_the_old_version(filled: Path) -> None:
    database = filled / "project.db"
    made: list[int] = []
    with pytest.raises(ZeroDivisionError):
        update_catalogue(database, lambda: made.append(1), (*MIGRATIONS, add_notes, fail))
    assert made == [1]
    assert check_catalogue(database) == len(MIGRATIONS)
    project = Project.open(filled)
    assert count(project) == 3
    project.close()


def test_an_up_to_date_catalogue_is_not_backed_up_for_migration(filled: Path) -> None:
    made: list[int] = []
    update_catalogue(filled / "project.db", lambda: made.append(1))
    assert made == []


def test_an_old_catalogue_cannot_be_read_only(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Project.open(filled)
    monkeypatch.setattr(opening, "VERSION", len(MIGRATIONS) + 1)
    with pytest.raises(UserError, match="older version"):
        Project.open(filled)
    first.close()


def test_restoring_without_backups_does_nothing(tmp_path: Path) -> None:
    create_catalogue(tmp_path / "project.db")
    before = contents(tmp_path)
    assert restore_newest(tmp_path / "project.db", tmp_path / "backups") is None
    assert contents(tmp_path) == before


def test_a_catalogue_of_version_1_keeps_its_images_labels_and_ids(filled: Path) -> None:
    database = filled / "project.db"
    with closing(sqlite3.connect(database)) as db:
        wanted = db.execute("SELECT id, path, class_id, split FROM images ORDER BY id").fetchall()
    make_old(filled, last_id=4711)
    made: list[int] = []
    update_catalogue(database, lambda: made.append(1))
    assert made == [1]
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("SELECT id, path, class_id, split FROM images ORDER BY id").fetchall() == wanted
        assert db.execute("SELECT DISTINCT class_given IS class_id, class_set FROM images").fetchall() == [(1, 0)]
        assert db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'images'").fetchone() == (4711,)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)
