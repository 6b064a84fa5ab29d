"""Scanning: everything that lies in a folder is counted once, and nothing hangs or raises."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imgmine_gui.core.errors import Cancelled, UserError
from imgmine_gui.core.events import Event, PhaseStarted, Progress
from imgmine_gui.core.images.decode import decode_rgb
from imgmine_gui.core.images.hashing import content_key
from imgmine_gui.core.jobs import PlainContext, Wish
from imgmine_gui.core.project import scan
from imgmine_gui.core.project.layout import Split
from imgmine_gui.core.project.records import FilesScanned, ScanResult
from imgmine_gui.core.project.scan import scan_folder
from imgmine_gui.core.project.walk import FoundFile

REPOSITORY = Path(__file__).resolve().parents[3]
WriteImage = Callable[[Path, int], Path]
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def run(folder: Path, known: ScanResult | None = None) -> ScanResult:
    records = {record.place: record for record in known.records} if known else None
    return scan_folder(str(folder), records, PlainContext())


def problems(result: ScanResult) -> dict[bytes, str]:
    return {record.path: record.problem for record in result.unreadable}


def count_files(folder: Path) -> int:
    return sum(len(files) for _, _, files in os.walk(folder))


def test_records_say_what_the_file_is(tmp_path: Path, write_image: WriteImage) -> None:
    path = write_image(tmp_path / "train" / "cat" / "1.png", 1)
    write_image(tmp_path / "test" / "dog" / "2.png", 2)
    dog, cat = run(tmp_path).records
    status = path.stat()
    assert (cat.path, cat.size, cat.mtime_ns, cat.inode) == (
        b"train/cat/1.png",
        status.st_size,
        status.st_mtime_ns,
        status.st_ino,
    )
    assert (cat.key, cat.width, cat.height, cat.problem, cat.reason) == (content_key(path), 8, 6, "", "")
    assert (cat.label, cat.split, dog.label, dog.split) == ("cat", Split.TRAIN, "dog", Split.TEST)


def test_files_seen_add_up(tmp_path: Path, write_image: WriteImage) -> None:
    for number in range(5):
        write_image(tmp_path / "cat" / f"{number}.png", number)
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "cat" / "empty.jpg").touch()
    (tmp_path / "cat" / "text.jpg").write_text("this is no image")
    for junk in (".DS_Store", "Thumbs.db", "desktop.ini", "._1.png", "cat/.hidden.png"):
        (tmp_path / junk).write_bytes(b"x")
    for junk in (".git", "__MACOSX"):
        write_image(tmp_path / junk / "deep" / "1.png", 9)
        write_image(tmp_path / junk / "2.png", 9)
    result = run(tmp_path)
    assert (result.images, len(result.unreadable), result.not_images) == (5, 2, 10)
    assert count_files(tmp_path) == 17
    assert problems(result) == {b"cat/empty.jpg": "empty", b"cat/text.jpg": "not_an_image"}
    assert all(record.reason and record.key == "" for record in result.unreadable)
    assert "cat/empty.jpg" in result.unreadable[0].reason


def test_an_image_without_its_suffix_is_an_image(tmp_path: Path, write_image: WriteImage) -> None:
    write_image(tmp_path / "scan0001", 1)
    write_image(tmp_path / "photo.png.bak", 2)
    write_image(tmp_path / "wrong.jpg", 3)
    assert run(tmp_path).images == 3


def test_a_single_image_is_a_source(tmp_path: Path, write_image: WriteImage) -> None:
    path = write_image(tmp_path / "cat" / "1.png", 1)
    write_image(tmp_path / "cat" / "2.png", 2)
    (record,) = run(path).records
    assert (record.path, record.label, record.key) == (b"1.png", None, content_key(path))
    text = tmp_path / "text"
    text.write_text("this is no image")
    assert problems(run(text)) == {b"text": "not_an_image"}


def test_an_unchanged_file_is_not_read_again(
    tmp_path: Path, write_image: WriteImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        write_image(tmp_path / "cat" / f"{number}.png", number)
    first = run(tmp_path)
    read: list[bytes] = []
    original = scan.read_pages

    def noted(location: bytes, file: FoundFile, *more: Any) -> scan.Pages:
        read.append(file.path)
        return original(location, file, *more)

    monkeypatch.setattr(scan, "read_pages", noted)
    assert run(tmp_path, first) == first
    assert read == []
    write_image(tmp_path / "cat" / "1.png", 77)
    status = (tmp_path / "cat" / "2.png").stat()
    os.utime(tmp_path / "cat" / "2.png", ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    (tmp_path / "cat" / "3.png").rename(tmp_path / "old")
    write_image(tmp_path / "cat" / "3.png", 3)
    os.utime(tmp_path / "cat" / "3.png", ns=(status.st_atime_ns, first.records[3].mtime_ns))
    (tmp_path / "old").unlink()
    second = run(tmp_path, first)
    assert sorted(read) == [b"cat/1.png", b"cat/2.png", b"cat/3.png"]
    assert second.records[1].key != first.records[1].key


def test_what_had_a_problem_is_read_again(tmp_path: Path, write_image: WriteImage) -> None:
    path = write_image(tmp_path / "1.png", 1)
    sound = path.read_bytes()
    path.write_bytes(b"broken".ljust(len(sound)))
    before = path.stat()
    first = run(tmp_path)
    assert problems(first) == {b"1.png": "not_an_image"}
    path.write_bytes(sound)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (before.st_size, before.st_mtime_ns, before.st_ino)
    assert run(tmp_path, first).images == 1


def test_folders_are_read_anew_for_files_that_did_not_change(tmp_path: Path, write_image: WriteImage) -> None:
    write_image(tmp_path / "test" / "1.png", 1)
    write_image(tmp_path / "z.png", 0)
    first = run(tmp_path)
    assert (first.records[0].label, first.records[0].split) == ("test", None)
    write_image(tmp_path / "train" / "2.png", 2)
    record = run(tmp_path, first).records[0]
    assert (record.label, record.split) == (None, Split.TEST)


@posix
def test_pipes_sockets_and_broken_links_are_rows_with_a_reason(tmp_path: Path, write_image: WriteImage) -> None:
    write_image(tmp_path / "1.png", 1)
    os.mkfifo(tmp_path / "pipe.png")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.png"))
        (tmp_path / "dangling.png").symlink_to("nowhere.png")
        (tmp_path / "self.png").symlink_to("self.png")
        (tmp_path / "null.png").symlink_to("/dev/null")
        result = run(tmp_path)
    assert result.images == 1
    assert problems(result) == {
        b"dangling.png": "missing",
        b"null.png": "not_a_file",
        b"pipe.png": "not_a_file",
        b"self.png": "not_a_file",
        b"socket.png": "not_a_file",
    }
    assert all(record.reason for record in result.unreadable)


@posix
def test_a_link_to_a_folder_is_followed_once(tmp_path: Path, write_image: WriteImage) -> None:
    outside = write_image(tmp_path / "outside" / "1.png", 1).parent
    source = tmp_path / "source"
    write_image(source / "cat" / "2.png", 2)
    (source / "dog").symlink_to(outside)
    (source / "also_dog").symlink_to(outside)
    (source / "cat" / "loop").symlink_to(source)
    (source / "again.png").symlink_to(source / "cat" / "2.png")
    result = run(source)
    assert [record.path for record in result.records if not record.problem] == [
        b"again.png",
        b"also_dog/1.png",
        b"cat/2.png",
    ]
    assert problems(result) == {b"cat/loop": "not_a_file", b"dog": "not_a_file"}
    assert "circle" in result.unreadable[0].reason


@posix
def test_names_of_any_bytes(tmp_path: Path, write_image: WriteImage) -> None:
    names = [
        b"caf\xe9.png",
        b"line\nbreak.png",
        "caf\u00e9.png".encode(),
        "cafe\u0301.png".encode(),
        b"x" * 246 + b".png",
    ]
    image = write_image(tmp_path / "made" / "1.png", 1).read_bytes()
    source = os.fsencode(tmp_path / "source")
    os.makedirs(os.path.join(source, b"cl\xe9"))
    for name in names:
        with open(os.path.join(source, b"cl\xe9", name), "wb") as file:
            file.write(image)
    with open(os.path.join(source, b"bad\xff\n.png"), "wb") as file:
        file.write(b"no image")
    result = run(tmp_path / "source")
    assert result.images == 5
    assert {record.path for record in result.records if not record.problem} == {b"cl\xe9/" + name for name in names}
    assert {record.label for record in result.records if not record.problem} == {"cl\\xe9"}
    assert "\n" not in result.unreadable[0].reason
    result.unreadable[0].reason.encode()
    decode_rgb(os.fsdecode(os.path.join(source, result.records[-1].path)))


AS_ORDINARY_USER = """
import os, sys
from imgmine_gui.core.project.scan import scan_folder
from imgmine_gui.core.project.walk import FoundFile
from imgmine_gui.core.jobs import PlainContext
from imgmine_gui.core.errors import UserError
if os.geteuid() == 0:  # for root, every folder is open
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
result = scan_folder(sys.argv[1], None, PlainContext())
print([(record.path, record.problem) for record in result.records], result.not_images)
try:
    scan_folder(sys.argv[1] + "/closed", None, PlainContext())
except UserError as error:
    print(error)
"""


@posix
def test_a_folder_without_permission_is_a_row_with_a_reason() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "closed").mkdir(mode=0o755)
        (folder / "secret.png").write_bytes(b"x")
        (folder / "secret.png").chmod(0o000)
        (folder / "closed").chmod(0o000)
        child = subprocess.run(
            [sys.executable, "-c", AS_ORDINARY_USER, name], cwd=REPOSITORY, capture_output=True, text=True, check=False
        )
    assert child.stderr == ""
    first, second = child.stdout.splitlines()
    assert first == "[(b'closed', 'no_permission'), (b'secret.png', 'no_permission')] 0"
    assert "no permission to look into the folder" in second and name in second


@pytest.mark.parametrize("kind", ["missing", "below a file", pytest.param("pipe", marks=posix)])
def test_a_source_that_cannot_be_one_is_an_error_in_words(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "source"
    if kind == "below a file":
        path.touch()
        path = path / "below"
    elif kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(UserError) as caught:
        run(path)
    assert str(path) in caught.value.message
    assert caught.value.remedy


def test_the_thumbnails_of_a_project_are_no_images(tmp_path: Path, write_image: WriteImage) -> None:
    write_image(tmp_path / "1.png", 1)
    write_image(tmp_path / "Plants.imgmine" / "cache" / "2.png", 2)
    (tmp_path / "Plants.imgmine" / "project.db").touch()
    result = run(tmp_path)
    assert (result.images, result.not_images) == (1, 2)


def test_everything_is_reported_in_batches(tmp_path: Path, write_image: WriteImage) -> None:
    for number in range(450):
        write_image(tmp_path / f"{number}.png", number)
    events: list[Event] = []
    result = scan_folder(str(tmp_path), None, PlainContext(events.append))
    batches = [event for event in events if isinstance(event, FilesScanned)]
    assert len(batches) >= 3
    assert all(len(batch.records) <= 200 for batch in batches)
    reported = [record for batch in batches for record in batch.records]
    assert sorted(reported, key=lambda record: record.path) == list(result.records)
    assert [event.total for event in events if isinstance(event, PhaseStarted)] == [None, 450]
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.done, last.total) == (450, 450)


def test_cancel_ends_a_scan(tmp_path: Path, write_image: WriteImage) -> None:
    for number in range(300):
        write_image(tmp_path / f"{number}.png", number)
    context = PlainContext(
        lambda event: setattr(context, "wish", Wish.CANCEL) if isinstance(event, FilesScanned) else None
    )
    with pytest.raises(Cancelled):
        scan_folder(str(tmp_path), None, context)


def test_cancel_does_not_wait_for_a_slow_drive(
    tmp_path: Path, write_image: WriteImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_image(tmp_path / "1.png", 1)
    begun, released = threading.Event(), threading.Event()

    def slow(*_: Any) -> scan.Pages:
        begun.set()
        released.wait(60)
        raise AssertionError("nobody waits for this")

    monkeypatch.setattr(scan, "read_pages", slow)
    context = PlainContext()

    def cancel() -> None:
        begun.wait(60)
        context.wish = Wish.CANCEL

    canceller = threading.Thread(target=cancel)
    canceller.start()
    try:
        with pytest.raises(Cancelled):
            scan_folder(str(tmp_path), None, context)
    finally:
        released.set()
        canceller.join()


def test_all_odd_images_are_a_row_or_counted(shared_data: Path) -> None:
    folder = shared_data / "odd_images"
    result = run(folder)
    assert result.readable_files + result.unreadable_files + result.not_images == count_files(folder)
    assert result.readable_files > 600
    assert result.images + len(result.unreadable) == len(result.records) > result.readable_files
    assert all(record.reason and record.problem for record in result.unreadable)
    assert all(record.key and record.width and record.height for record in result.records if not record.problem)


def test_real_photos_with_splits(shared_data: Path) -> None:
    result = run(shared_data / "clothing")
    assert (result.images, len(result.unreadable)) == (3781, 0)
    assert len({record.label for record in result.records}) == 10
    assert sum(record.split is Split.TEST for record in result.records) == 372
