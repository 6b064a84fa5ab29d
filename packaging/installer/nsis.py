"""The installer of Windows, made by NSIS."""

import os
from pathlib import Path

from installer.plan import HERE, NAME, REPOSITORY, Folders, tool, version
from installer.running import run

SCRIPT = HERE / "windows" / "imgmine.nsi"


def build(folders: Folders) -> Path:
    """Make the installer; returns its file."""
    folders.dist.mkdir(parents=True, exist_ok=True)
    return pack(folders.frozen, folders.build / "icons", folders.dist / f"{NAME}-{version()}-windows-x64.exe")


def pack(payload: Path, icons: Path, target: Path) -> Path:
    """Pack the frozen program at ``payload``; returns ``target``."""
    kilobytes = sum(path.stat().st_size for path in payload.rglob("*") if path.is_file()) // 1024
    given = {"VERSION": version(), "PAYLOAD": payload, "ICONS": icons, "TARGET": target, "SIZE": kilobytes,
             "LICENCE": REPOSITORY / "LICENSE"}  # fmt: skip
    sign = "/" if os.name == "nt" else "-"
    run([tool("makensis", "nsis"), f"{sign}V2", *(f"{sign}D{name}={value}" for name, value in given.items()), SCRIPT])
    return target
