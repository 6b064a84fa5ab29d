"""The installer of Windows with a small payload, under Wine: install, file types, upgrade, removal."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from installer import nsis
from installer.icons import write_program_icons

from imgmine_gui import __version__

WINE = shutil.which("wine64") or shutil.which("/usr/lib/wine/wine64")
PROGRAM = next(Path("/usr/lib").glob("*/wine/x86_64-windows/whoami.exe"), None)
UNINSTALL = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\ImgMine"
CLASSES = r"Software\Classes"
Wine = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.skipif(
    WINE is None or PROGRAM is None or shutil.which("makensis") is None, reason="Wine and NSIS are not installed"
)


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installer of two programs and a library folder."""
    folder = tmp_path_factory.mktemp("setup")
    payload = folder / "payload"
    (payload / "_internal" / "part").mkdir(parents=True)
    (payload / "_internal" / "part" / "new.txt").write_text("new")
    assert PROGRAM is not None
    for name in ("imgmine.exe", "imgmine-window.exe"):
        shutil.copyfile(PROGRAM, payload / name)
    write_program_icons(folder / "icons")
    return nsis.pack(payload, folder / "icons", folder / "setup.exe", cpu="amd64-unicode")


@pytest.fixture
def wine(tmp_path: Path) -> Wine:
    """Run a program of Windows in a Windows of its own."""
    (tmp_path / "home" / "Desktop").mkdir(parents=True)  # where Wine puts what is for the desktop
    environment = {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "WINEPREFIX": str(tmp_path / "prefix"),
        "WINEARCH": "win64",
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree,mshtml=",
    }

    def run(*words: object) -> "subprocess.CompletedProcess[str]":
        command = [str(WINE), *map(str, words)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=250, check=False)

    return run


def value(wine: Wine, root: str, key: str, name: str = "") -> str:
    """What stands in the registry; "" where there is nothing."""
    told = wine("reg", "query", rf"{root}\{key}", *(("/v", name) if name else ("/ve",)))
    return told.stdout.strip().splitlines()[-1].partition("REG_SZ")[2].strip() if told.returncode == 0 else ""


def folder_of(tmp_path: Path, *parts: str) -> Path:
    return tmp_path.joinpath("prefix", "drive_c", *parts)


@pytest.mark.parametrize("everybody", [False, True], ids=["one person", "everybody"])
def test_install_upgrade_and_removal(everybody: bool, setup: Path, wine: Wine, tmp_path: Path) -> None:
    scope, root = (["/ALLUSERS"], "HKLM") if everybody else ([], "HKCU")
    assert wine(setup, "/S", *scope).returncode == 0
    local = folder_of(tmp_path, "users", os.environ.get("USER", "root"), "AppData", "Local", "Programs", "ImgMine")
    folder = folder_of(tmp_path, "Program Files", "ImgMine") if everybody else local
    for name in ("imgmine.exe", "imgmine-window.exe", "uninstall.exe", "_internal/part/new.txt", "project.ico"):
        assert (folder / name).is_file(), name
    assert value(wine, root, UNINSTALL, "DisplayVersion") == __version__
    assert value(wine, root, rf"{CLASSES}\.imgmodel") == "ImgMine.Model"
    command = value(wine, root, rf"{CLASSES}\ImgMine.Model\shell\open\command")
    assert command.endswith('\\imgmine-window.exe" "%1"') and "ImgMine" in command
    assert value(wine, root, rf"{CLASSES}\Directory\shell\ImgMine", "AppliesTo") == 'System.FileName:"*.imgmine"'
    links = list(tmp_path.rglob("ImgMine.lnk"))
    assert len(links) == 2, links

    (folder / "_internal" / "old.txt").write_text("of the version before")
    (folder / "mine.txt").write_text("a person's")
    assert wine(setup, "/S", *scope).returncode == 0
    assert not (folder / "_internal" / "old.txt").exists()
    assert (folder / "_internal" / "part" / "new.txt").is_file()

    wine(folder / "uninstall.exe", "/S", *scope, f"_?=C:\\{folder.relative_to(folder_of(tmp_path))}".replace("/", "\\"))
    left = sorted(path.name for path in folder.rglob("*"))
    assert set(left) <= {"mine.txt", "uninstall.exe"} and "mine.txt" in left
    assert value(wine, root, UNINSTALL, "DisplayVersion") == value(wine, root, rf"{CLASSES}\.imgmodel") == ""
    assert not list(tmp_path.rglob("ImgMine.lnk"))
