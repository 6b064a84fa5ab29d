"""Watching a source: what is a change, when it is told, and what happens where the system tells nothing."""

import ctypes
import errno
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from imgmine_gui.core.project.drives import is_on_network
from imgmine_gui.core.project.watches import WatchedSource
from imgmine_gui.core.project.watching import Watch, WatchState, WatchTimes
from tests.unit.project.watched_folder import LATE, QUICK, Told, listening, watching

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="inotify is of Linux")
CALM = WatchTimes(quiet=0.3, longest=60.0, look=0.05, poll=60.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "flowers"
    (found / "rose").mkdir(parents=True)
    (found / "rose" / "1.png").write_bytes(b"one")
    return found


def test_each_kind_of_change_is_told(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "2.png"
    outside.write_bytes(b"two")
    with listening(folder) as told:
        told.wait_for_change(lambda: (folder / "new.png").write_bytes(b"new"))
        told.wait_for_change(lambda: (folder / "rose" / "1.png").write_bytes(b"other"))
        told.wait_for_change(lambda: os.rename(folder / "rose", folder / "tulip"))
        told.wait_for_change(lambda: (folder / "tulip" / "3.png").write_bytes(b"three"))
        told.wait_for_change(lambda: os.rename(outside, folder / "2.png"))
        told.wait_for_change((folder / "2.png").unlink)
        told.wait_for_change(lambda: (folder / "tulip" / "3.png").chmod(0o600))
        told.wait_for_change(lambda: shutil.rmtree(folder / "tulip"))


def test_folders_that_come_later_are_watched_too(folder: Path) -> None:
    with listening(folder) as told:
        told.wait_for_change(lambda: (folder / "a" / "b" / "c").mkdir(parents=True))
        told.wait_for_change(lambda: (folder / "a" / "b" / "c" / "deep.png").write_bytes(b"deep"))


def test_what_a_scan_passes_over_is_no_change(folder: Path) -> None:
    project = folder / "garden.imgmine"
    (project / "cache").mkdir(parents=True)
    (project / "project.db").write_bytes(b"")
    (folder / ".hidden").mkdir()
    with listening(folder, times=CALM) as told:
        (project / "project.db").write_bytes(b"catalogue")
        (project / "cache" / "thumbnail.png").write_bytes(b"small")
        (folder / ".hidden" / "1.png").write_bytes(b"one")
        (folder / "Thumbs.db").write_bytes(b"left behind")
        (folder / "log.txt").write_text("a line that another program writes")
        told.wait_for_change(lambda: (folder / "last.png").write_bytes(b"an image"))
        assert told.changes == 2  # the beginning, and the last


def test_an_image_without_a_suffix_is_a_change(folder: Path) -> None:
    with listening(folder) as told:
        told.wait_for_change(lambda: (folder / "scan").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 32))


def test_reading_is_no_change(folder: Path) -> None:
    with listening(folder, times=CALM) as told:
        (folder / "rose" / "1.png").read_bytes()
        os.listdir(folder / "rose")
        told.wait_for_change(lambda: (folder / "last.png").write_bytes(b"an image"))
        assert told.changes == 2


def test_many_files_are_few_changes(folder: Path) -> None:
    with listening(folder, times=CALM) as told:
        for number in range(2_000):
            (folder / f"{number}.png").write_bytes(b"image")
        told.wait_for(lambda: told.changes > 1)
        (folder / "end.png").write_bytes(b"image")
        told.wait_for(lambda: told.changes > 2)
        assert told.changes <= 6


def test_what_never_rests_is_told_nevertheless(folder: Path) -> None:
    restless = WatchTimes(quiet=60.0, longest=0.2, look=0.05, poll=60.0)
    with listening(folder, times=restless) as told:
        told.wait_for_change(lambda: (folder / "1.png").write_bytes(b"image"))


def test_a_source_goes_and_comes_back(folder: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    with listening(folder) as told:
        os.rename(folder, away)
        told.wait_for_state(WatchState.OFFLINE)
        changes = told.changes
        os.rename(away, folder)
        told.wait_for_state(WatchState.LISTENING)
        told.wait_for(lambda: told.changes > changes)  # who knows what happened meanwhile
        told.wait_for_change(lambda: (folder / "rose" / "2.png").write_bytes(b"two"))


def test_a_source_that_is_not_there_yet(tmp_path: Path) -> None:
    with watching(tmp_path / "later") as told:
        told.wait_for_state(WatchState.OFFLINE)
        assert told.changes == 0
        told.wait_for_change((tmp_path / "later").mkdir)
        told.wait_for_state(WatchState.LISTENING)


def test_a_folder_that_was_replaced_by_another(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with listening(folder) as told:
        os.rename(folder, tmp_path / "old")
        told.wait_for_change(lambda: os.rename(other, folder))
        told.wait_for_state(WatchState.LISTENING)
        told.wait_for_change(lambda: (folder / "1.png").write_bytes(b"one"))


def test_a_link_is_watched_where_it_leads(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    with listening(link) as told:
        told.wait_for_change(lambda: (folder / "rose" / "2.png").write_bytes(b"two"))


def test_a_single_image(tmp_path: Path) -> None:
    file = tmp_path / "leaf.png"
    file.write_bytes(b"leaf")
    with listening(file, is_file=True) as told:
        told.wait_for_change(lambda: file.write_bytes(b"other leaf"))
        file.unlink()
        told.wait_for_state(WatchState.OFFLINE)
        told.wait_for_change(lambda: file.write_bytes(b"leaf again"))


def limited(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Let the kernel watch no more than so many folders."""
    from watchdog.observers import inotify_c

    real, given = inotify_c.inotify_add_watch, []

    def add(descriptor: int, path: bytes, mask: int) -> int:
        if len(given) >= most:
            ctypes.set_errno(errno.ENOSPC)
            return -1
        given.append(path)
        return real(descriptor, path, mask)

    monkeypatch.setattr(inotify_c, "inotify_add_watch", add)


@linux_only
@pytest.mark.parametrize("most", [0, 1, 5])
def test_too_many_folders_are_scanned_from_time_to_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    for number in range(10):
        (folder / str(number)).mkdir()
    limited(monkeypatch, most)
    often = WatchTimes(quiet=0.05, longest=0.4, look=0.02, poll=0.05)
    with watching(folder, times=often) as told:
        told.wait_for_state(WatchState.LIMIT)
        told.wait_for(lambda: told.changes >= 3)


@linux_only
def test_the_limit_may_be_reached_later(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, 2)
    with listening(folder) as told:
        (folder / "one more").mkdir()
        told.wait_for_state(WatchState.LIMIT)


@linux_only
def test_no_more_listeners(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def init() -> int:
        ctypes.set_errno(errno.EMFILE)
        return -1

    monkeypatch.setattr("watchdog.observers.inotify_c.inotify_init", init)
    with watching(folder) as told:
        told.wait_for_state(WatchState.LIMIT)
        told.wait_for(lambda: told.changes == 1)


@linux_only
def test_a_file_system_that_tells_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def add(_descriptor: int, _path: bytes, _mask: int) -> int:
        ctypes.set_errno(errno.ENOSYS)
        return -1

    monkeypatch.setattr("watchdog.observers.inotify_c.inotify_add_watch", add)
    with watching(folder) as told:
        told.wait_for_state(WatchState.UNABLE)
        told.wait_for(lambda: told.changes == 1)


class Drive:
    def __init__(self, mountpoint: str, fstype: str, opts: str = "rw") -> None:
        self.mountpoint, self.fstype, self.opts = mountpoint, fstype, opts


@pytest.fixture
def mount(monkeypatch: pytest.MonkeyPatch) -> Callable[[Drive], None]:
    """Let a drive be mounted."""
    drives = [Drive("/", "ext4")]
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: drives)
    return drives.append


def test_a_network_drive_is_scanned_from_time_to_time(folder: Path, mount: Callable[[Drive], None]) -> None:
    mount(Drive(str(folder.parent), "nfs4"))
    with watching(folder) as told:
        told.wait_for_state(WatchState.NETWORK)
        told.wait_for(lambda: told.changes == 1)


def test_which_drives_are_on_a_network(mount: Callable[[Drive], None]) -> None:
    mount(Drive("/mnt/nas", "cifs"))
    mount(Drive("/mnt/nas/stick", "vfat"))
    mount(Drive("/mnt/away", "NTFS", "rw,remote"))
    mount(Drive("/twice", "ext4"))
    mount(Drive("/twice", "fuse.sshfs"))
    found = {path: is_on_network(path) for path in ("/home", "/mnt/nas/a", "/mnt/nasty", "/mnt/nas/stick/a")}
    assert found == {"/home": False, "/mnt/nas/a": True, "/mnt/nasty": False, "/mnt/nas/stick/a": False}
    assert is_on_network("/mnt/away")
    assert is_on_network("/twice/a")
    assert is_on_network(r"\\server\share")


@linux_only
def test_an_unreadable_folder_and_odd_files_do_no_harm(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("shut", "shut too"):
        (folder / name).mkdir()
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: b"shut" not in os.fsencode(path) and real(path, mode))
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listener, listening(folder) as told:
        monkeypatch.chdir(folder)
        listener.bind("socket")
        os.mkdir(os.fsencode(folder) + b"/caf\xe9")
        told.wait_for_change(lambda: (folder / os.fsdecode(b"caf\xe9") / "1.png").write_bytes(b"one"))


@linux_only
def test_a_beginning_is_given_up_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from watchdog.observers import inotify_c

    for number in range(200):
        (folder / str(number)).mkdir()
    real, begun, go_on, given = inotify_c.inotify_add_watch, threading.Event(), threading.Event(), []

    def add(descriptor: int, path: bytes, mask: int) -> int:
        given.append(path)
        begun.set()
        assert go_on.wait(LATE)
        return real(descriptor, path, mask)

    monkeypatch.setattr(inotify_c, "inotify_add_watch", add)
    before, told = set(threading.enumerate()), Told()
    watch = Watch(WatchedSource(1, str(folder), False), told.change, told.state, QUICK)
    watch.start()
    assert begun.wait(LATE)
    watch.stop()
    go_on.set()
    assert watch.join(LATE)
    assert len(given) == 1
    assert set(threading.enumerate()) <= before
    assert told.changes == 0


def test_stopping_does_not_wait_for_a_look(folder: Path) -> None:
    patient = WatchTimes(quiet=0.05, longest=0.4, look=1_000.0, poll=60.0)
    began = time.monotonic()
    with listening(folder, times=patient):
        pass
    assert time.monotonic() - began < LATE
