"""Builds installers: ``python -m installer [deb|rpm|appimage|nsis|dmg|all]``; started by ``dev.py installer``."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from installer import appimage, deb, macos, nsis, rpm, sbom
from installer.icons import write_program_icons
from installer.licences import BUNDLED, bundled_text
from installer.plan import HERE, LINUX, MACOS, NAME, WINDOWS, BuildError, Folders, epoch, version
from installer.polish import polish

Maker = Callable[[Folders], Path]
MAKERS: dict[str, Maker] = {
    "deb": deb.build,
    "rpm": rpm.build,
    "appimage": appimage.build,
    "nsis": nsis.build,
    "dmg": macos.build,
}
HERE_MADE = ("deb", "rpm", "appimage") if LINUX else ("nsis",) if WINDOWS else ("dmg",) if MACOS else ()


def freeze(folders: Folders) -> None:
    """Make the frozen program with PyInstaller.

    Raises:
        BuildError: PyInstaller failed; its log says why.
    """
    write_program_icons(folders.build / "icons")
    # The seed: else the order of sets, and with it the bytes of the modules, changes from one build to the next.
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch()), "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
               "--distpath", str(folders.frozen.parent), "--workpath", str(folders.build / "work"),
               str(HERE / "imgmine.spec")]  # fmt: skip
    if subprocess.run(command, env=environ, check=False).returncode:
        raise BuildError("PyInstaller failed; the reason stands above.")
    if LINUX:
        polish(folders.frozen, folders.fresh("polish"))
    notice = folders.frozen / "_internal" / BUNDLED
    notice.write_text(bundled_text(folders.frozen), "utf-8")


def write_sums(folders: Folders) -> None:
    """Write the bill of materials, and the SHA-256 sums of everything that is in ``dist`` for this version."""
    bill = folders.dist / f"{NAME}-{version()}-{sys.platform}.cdx.json"
    bill.write_text(sbom.document(folders.frozen), "utf-8")
    lines = []
    for path in sorted(folders.dist.iterdir()):
        if path.is_file() and version() in path.name:
            with open(path, "rb") as file:
                lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    (folders.dist / "SHA256SUMS").write_text("".join(lines), "utf-8")


def main(arguments: Sequence[str]) -> int:
    """Build what is named; returns the exit code."""
    names = [name for name in arguments if not name.startswith("-")] or ["all"]
    unknown = [name for name in names if name not in (*MAKERS, "all")]
    if unknown:
        print(f"There is no installer '{unknown[0]}'. Choose from: {', '.join(MAKERS)}, all.", file=sys.stderr)
        return 2
    wanted = list(dict.fromkeys(made for name in names for made in (HERE_MADE if name == "all" else (name,))))
    folders = Folders()
    try:
        if "--keep-frozen" not in arguments or not folders.frozen.is_dir():
            began = time.monotonic()
            freeze(folders)
            print(f"frozen: {_megabytes(folders.frozen):.0f} MB in {time.monotonic() - began:.0f} s", flush=True)
        for name in wanted:
            began = time.monotonic()
            made = MAKERS[name](folders)
            print(f"{made}: {_megabytes(made):.0f} MB in {time.monotonic() - began:.0f} s", flush=True)
        write_sums(folders)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _megabytes(path: Path) -> float:
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file() and not one.is_symlink()]
    return sum(one.stat().st_size for one in files) / 1e6


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
