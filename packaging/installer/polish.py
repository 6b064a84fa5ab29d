"""What is done to the frozen program on Linux: symbols away, paths of the build machine away, tidy permissions."""

import os
import re
from pathlib import Path

from installer import icu
from installer.elf import clear_foreign_paths, elf_files, strip
from installer.plan import HERE, NAME, BuildError, tool
from installer.running import run

STUB = HERE / "x265_stub.c"


def polish(frozen: Path, work: Path) -> None:
    """Make the program at ``frozen``, fresh from PyInstaller, ready to be packed.

    Args:
        work: a folder for what is made on the way.

    Raises:
        BuildError: a tool is missing, or a library is not what it was when this was written.
    """
    for encoder in frozen.rglob("libx265-*"):
        if not encoder.is_symlink():
            replace_encoder(encoder)
    for data in frozen.rglob("libicudata.so.*"):
        if not data.is_symlink():
            icu.slim(data, work)
    for path in elf_files(frozen):
        if path != frozen / NAME:  # the program carries its modules behind its end, where strip would cut them off
            strip(path)
            clear_foreign_paths(path)
    tidy_permissions(frozen)


def replace_encoder(path: Path) -> None:
    """Put the stand-in in the place of the GPL's encoder.

    Raises:
        BuildError: libheif wants more of the encoder than the stand-in has.
    """
    (user,) = path.parent.glob("libheif-*")
    wanted = set(re.findall(r"UND (x265_\w+)", run([tool("readelf", "binutils"), "--dyn-syms", "-W", user])))
    offered = set(re.findall(r"\b(x265_\w+)\(", STUB.read_text("utf-8")))
    if not wanted <= offered:
        raise BuildError(f"libheif wants more of x265 than {STUB.name} has: {sorted(wanted - offered)}")
    unfinished = path.with_name("x265.new")
    options = ["-shared", "-s", "-Os", "-nostdlib", "-Wl,--build-id=none", f"-Wl,-soname,{path.name}"]
    run([tool("cc", "gcc"), *options, "-o", unfinished, STUB])
    os.replace(unfinished, path)


def tidy_permissions(folder: Path) -> None:
    """Folders and the program 755, everything else 644, whatever the build machine's were."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == folder / NAME else 0o644)
