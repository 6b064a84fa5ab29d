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


def pack(payload: Path, icons: Path, target: Path, cpu: str = "") -> Path:
    """Pack the frozen program at ``payload``; returns ``target``.

    Args:
        cpu: of the installer itself: "amd64-unicode", which not every NSIS can make; "" for 32 bits.
    """
    kilobytes = sum(path.stat().st_size for path in payload.rglob("*") if path.is_file()) // 1024
    given: dict[str, object] = {
        "VERSION": version(),
        "PAYLOAD": payload,
        "ICONS": icons,
        "TARGET": target,
        "SIZE": kilobytes,
        "LICENCE": REPOSITORY / "LICENSE",
    }
    if cpu:
        given["CPU"] = cpu
    sign = "/" if os.name == "nt" else "-"
    run([tool("makensis", "nsis"), f"{sign}V2", *(f"{sign}D{name}={value}" for name, value in given.items()), SCRIPT])
    return target
