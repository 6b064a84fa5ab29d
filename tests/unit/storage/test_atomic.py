"""Files that are whole or not there, also when the disk is full."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgmine_gui.core.errors import UserError
from imgmine_gui.core.storage.atomic import replacing, write_bytes


def test_replaces_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")
    with pytest.raises(KeyError), replacing(path) as file:
        file.write(b"half of the n")
        raise KeyError
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"


def test_missing_folder_is_a_user_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="none"):
        write_bytes(tmp_path / "none" / "file", b"")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False,
                             capture_output=True) if hasattr(os, "geteuid") and os.geteuid() == 0 else None  # fmt: skip
    if mounted is None or mounted.returncode:
        pytest.skip("mounting a small disk needs the rights of root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk_leaves_the_old_file(small_disk: Path) -> None:
    path = small_disk / "file"
    write_bytes(path, b"old")
    with pytest.raises(UserError, match="full"):
        write_bytes(path, bytes(3_000_000))
    assert path.read_bytes() == b"old"
    assert os.listdir(small_disk) == ["file"]
