"""Libraries of Linux: find them, take their symbols away, and the places of the build machine that they name."""

import os
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

from installer.plan import BuildError, tool
from installer.running import run

MAGIC = b"\x7fELF"
LOAD = 1
"""The type of a segment that is mapped into memory."""


def elf_files(folder: Path) -> Iterator[Path]:
    """Programs and libraries below ``folder``, in order; no links."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with open(path, "rb") as file:
                if file.read(4) == MAGIC:
                    yield path


def strip(path: Path) -> None:
    """Take the symbols away that nobody links to, unless that spoils the file.

    ``strip`` puts the segments of some libraries that auditwheel has rewritten where the kernel cannot map them.
    """
    stripped = path.with_name(path.name + ".stripped")
    try:
        run([tool("strip", "binutils"), "--strip-unneeded", "-o", stripped, path])
        if stripped.stat().st_size < path.stat().st_size and can_be_mapped(stripped):
            shutil.copymode(path, stripped)
            os.replace(stripped, path)
    except BuildError:
        return  # not made for this machine's tools: it stays as it is
    finally:
        stripped.unlink(missing_ok=True)


def can_be_mapped(path: Path) -> bool:
    """Whether each segment lies at an offset that agrees with its address, as mapping it in pages needs."""
    content = path.read_bytes()[: 1 << 16]
    (table,) = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<HH", content, 54)
    if table + size * count > len(content):
        with open(path, "rb") as file:
            file.seek(table)
            content, table = file.read(size * count), 0
    for number in range(count):
        kind, _flags, offset, address = struct.unpack_from("<IIQQ", content, table + size * number)
        (alignment,) = struct.unpack_from("<Q", content, table + size * number + 48)
        if kind == LOAD and alignment > 1 and (offset - address) % alignment:
            return False
    return True


def clear_foreign_paths(path: Path) -> None:
    """Take the places away where a library looks for others on the machine that it was built on."""
    patchelf = tool("patchelf", "patchelf")
    places = run([patchelf, "--print-rpath", path]).strip()
    ours = [place for place in places.split(":") if place.startswith("$ORIGIN")]
    if places and ":".join(ours) != places:
        run([patchelf, "--set-rpath", ":".join(ours), path] if ours else [patchelf, "--remove-rpath", path])
