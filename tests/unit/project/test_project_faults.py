"""Kill -9 and full drives, for real."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.backups import back_up, list_backups
from imgmine_gui.core.project.catalogue import Catalogue, ImageQuery
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.records import FileRecord, ScanResult
from imgmine_gui.core.project.schema import create_catalogue

REPOSITORY = Path(__file__).resolve().parents[3]
STEP = 50

# Each turn adds STEP images, says so, and changes the split of all; the parent kills it anywhere in between.
WRITER = """
import sys, pathlib
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.splits import SplitSettings
sys.path.insert(0, "tests/unit/project")
from test_project_faults import scanned
project = Project.open(pathlib.Path(sys.argv[1]))
assert not project.read_only, project.opened_with
turn = project.catalogue.split_settings().seed
while True:
    turn += 1
    project.catalogue.apply_scan(1, scanned(turn))
    print("scan", turn, flush=True)
    project.catalogue.set_split_settings(SplitSettings(seed=turn))
    print("seed", turn, flush=True)
"""


def scanned(turn: int) -> ScanResult:
    records = tuple(
        FileRecord(
            b"%s/%06d.png" % (label.encode(), number), number, turn, 0, f"{number:032x}", 8, 6, label, None, "", ""
        )
        for label in ("cat", "dog")
        for number in range(turn * STEP // 2)
    )
    return ScanResult(records, [], turn, len(records))


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    project = Project.create(tmp_path, "Plants")
    project.catalogue.add_source(str(tmp_path / "photos"))
    project.close()
    chance = random.Random(1)
    acknowledged = {"scan": 0, "seed": 0}
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(project.folder)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            for _ in range(chance.randint(1, 6)):
                what, turn = child.stdout.readline().split()
                acknowledged[what] = int(turn)
            child.send_signal(signal.SIGKILL)
            for line in child.stdout:
                what, turn = line.split()
                acknowledged[what] = int(turn)
        opened = Project.open(project.folder)
        assert opened.opened_with == []
        seed = opened.catalogue.split_settings().seed
        images = opened.catalogue.count(ImageQuery())
        assert acknowledged["seed"] <= seed <= acknowledged["seed"] + 1
        assert images in {acknowledged["scan"] * STEP, (acknowledged["scan"] + 1) * STEP}
        turns = images // STEP
        assert opened.catalogue.sources()[0].not_images == turns
        assert opened.catalogue.last_scan().records == tuple(sorted(scanned(turns).records, key=lambda one: one.path))
        assert all(row.split for row in opened.catalogue.page(ImageQuery(), None, images))
        opened.close()
        # What was written but not acknowledged any more is where the next writer goes on.
        acknowledged = {"scan": turns, "seed": seed}


@pytest.fixture
def small_drive(tmp_path: Path) -> Iterator[Path]:
    """A drive of two megabytes."""
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        pytest.skip("only root can mount a small drive")
    drive = tmp_path / "drive"
    drive.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(drive)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small drive can be mounted here: {mounted.stderr.strip()}")
    yield drive
    subprocess.run(["umount", "--lazy", str(drive)], check=True)


def state(catalogue: Catalogue) -> list[object]:
    return [catalogue.page(ImageQuery(), None, 10**6), catalogue.classes(), catalogue.sources(), catalogue.totals()]


def fill(drive: Path) -> Path:
    """Leave no byte free."""
    path = drive / "filler"
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            pass
    return path


def test_a_full_drive_leaves_the_old_state(small_drive: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    project = Project.create(small_drive, "Plants")
    source = project.catalogue.add_source(str(tmp_path / "photos")).id
    project.catalogue.apply_scan(source, scanned(4))
    before = state(project.catalogue)
    with pytest.raises(UserError, match="no room left") as caught:
        project.catalogue.apply_scan(source, scanned(400))
    assert caught.value.remedy
    assert state(project.catalogue) == before
    filler = fill(small_drive)
    for _ in range(3):
        with pytest.raises(UserError, match="no room left"):
            project.catalogue.apply_scan(source, scanned(400))
    assert state(project.catalogue) == before
    project.close()
    filler.unlink()
    filler = fill(small_drive)
    project = Project.open(project.folder)
    assert "could not be backed up" in project.opened_with[0]
    assert state(project.catalogue) == before
    assert os.listdir(project.backups_folder) == []
    filler.unlink()
    project.catalogue.apply_scan(source, scanned(5))
    assert project.catalogue.count(ImageQuery()) == 5 * STEP
    project.close()


def test_no_project_is_made_on_a_full_drive(small_drive: Path) -> None:
    filler = fill(small_drive)
    with pytest.raises(UserError, match="no room left"):
        Project.create(small_drive, "Plants")
    assert os.listdir(small_drive) == ["filler"]
    filler.unlink()
    Project.create(small_drive, "Plants").close()


def test_a_backup_that_finds_no_room_leaves_the_old_ones(small_drive: Path) -> None:
    project = Project.create(small_drive, "Plants")
    back_up(project.folder / "project.db", project.backups_folder, datetime(2026, 1, 1))
    filler = fill(small_drive)
    with pytest.raises(UserError, match="no room left"):
        back_up(project.folder / "project.db", project.backups_folder, datetime(2026, 1, 2))
    assert [path.name for path in list_backups(project.backups_folder)] == ["000001_2026-01-01_000000.db"]
    assert len(os.listdir(project.backups_folder)) == 1
    filler.unlink()
    project.close()


def test_a_restore_that_finds_no_room_changes_nothing(small_drive: Path) -> None:
    project = Project.create(small_drive, "Plants")
    back_up(project.folder / "project.db", project.backups_folder, datetime(2026, 1, 1))
    project.close()
    database = project.folder / "project.db"
    database.write_bytes(b"damaged")
    filler = fill(small_drive)
    with pytest.raises(UserError, match="no room left"):
        Project.open(project.folder)
    assert database.read_bytes() == b"damaged"
    filler.unlink()
    project = Project.open(project.folder)
    assert "restored" in project.opened_with[0]
    project.close()


def test_a_file_that_may_not_grow_leaves_the_old_state(tmp_path: Path) -> None:
    """The same as on a full drive, for those who cannot mount one."""
    (tmp_path / "photos").mkdir()
    create_catalogue(tmp_path / "catalogue.db")
    catalogue = Catalogue(tmp_path / "catalogue.db")
    source = catalogue.add_source(str(tmp_path / "photos")).id
    catalogue.apply_scan(source, scanned(4))
    before = state(catalogue)
    with catalogue._database.reading() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(UserError, match="no room left"):
        catalogue.apply_scan(source, scanned(400))
    assert state(catalogue) == before
    catalogue.close()


READ_ONLY_FOLDER = """
import os, sys, pathlib
import resource  # which psutil wants later, and which nobody may read where it lies
from imgmine_gui.core.errors import UserError
from imgmine_gui.core.project.project import Project
from imgmine_gui.core.project.catalogue import ImageQuery
if os.geteuid() == 0:  # for root, every folder can be written to
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
project = Project.open(pathlib.Path(sys.argv[1]))
print(project.read_only, project.opened_with, project.catalogue.count(ImageQuery()))
try:
    Project.create(pathlib.Path(sys.argv[1]).parent / "photos", "New")
except UserError as error:
    print(error)
"""


def test_a_folder_that_cannot_be_written_to_can_be_read() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "photos").mkdir()
        project = Project.create(folder, "Plants")
        source = project.catalogue.add_source(str(folder / "photos")).id
        project.catalogue.apply_scan(source, scanned(4))
        project.close()
        for path in (*project.folder.rglob("*"), project.folder):
            path.chmod(0o555 if path.is_dir() else 0o444)
        child = subprocess.run(
            [sys.executable, "-c", READ_ONLY_FOLDER, str(project.folder)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        for path in (project.folder, *project.folder.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert child.stderr == ""
    first, second = child.stdout.splitlines()
    assert first.startswith("True [\"The project's folder cannot be written to") and first.endswith("] 200")
    assert "cannot be written to" in second


def test_damage_that_shows_only_later_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    project = Project.create(tmp_path, "Plants")
    source = project.catalogue.add_source(str(tmp_path / "photos")).id
    project.catalogue.apply_scan(source, scanned(40))
    project.close()
    Project.open(project.folder).close()
    project = Project.open(project.folder)
    database = project.folder / "project.db"
    sound = database.read_bytes()
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (len(sound) - 4096))
    with pytest.raises(UserError, match="damaged") as caught:
        project.catalogue.page(ImageQuery(), None, 10**6)
    assert "open it again" in caught.value.remedy
    project.close()
    project = Project.open(project.folder)
    assert "restored" in project.opened_with[0]
    assert project.catalogue.count(ImageQuery()) == 40 * STEP
    project.close()


def test_faults_of_the_program_are_not_dressed_up(tmp_path: Path) -> None:
    create_catalogue(tmp_path / "catalogue.db")
    catalogue = Catalogue(tmp_path / "catalogue.db")
    with pytest.raises(sqlite3.OperationalError), catalogue._database.writing() as db:
        db.execute("SELECT nonsense FROM nowhere")
    catalogue.close()
