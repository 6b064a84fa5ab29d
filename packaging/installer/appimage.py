"""The AppImage: one file that runs on most Linux systems, with the system libraries that not all of them have."""

import os
import re
import shutil
from pathlib import Path

from installer import linux_tree
from installer.elf import elf_files
from installer.plan import NAME, BuildError, Folders, epoch, machine, tool, version
from installer.running import run

RUNTIME = "IMGMINE_APPIMAGE_RUNTIME"
"""The environment variable that names AppImage's runtime, the program at the head of the file."""
MISSING = (
    "The runtime of AppImage is missing. Download runtime-x86_64 from "
    f"https://github.com/AppImage/type2-runtime/releases and name the file in the environment variable {RUNTIME}."
)
OF_EVERY_SYSTEM = re.compile(
    r"(ld-linux.*|lib(c|m|dl|rt|pthread|util|resolv|anl|nsl|gcc_s|stdc\+\+|GL|GLX|EGL|GLdispatch|OpenGL|GLESv2|drm|gbm"
    r"|glapi|X11|X11-xcb|xcb|Xau|Xdmcp|bsd|md|fontconfig|freetype|harfbuzz|z|expat|ICE|SM|uuid|selinux|com_err))\.so.*"
)
"""What belongs to the machine: the C library, the graphics driver's, and what must agree with its fonts and screen."""
RUN = f"""\
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/usr/lib/{NAME}/{NAME}" "$@"
"""


def build(folders: Folders) -> Path:
    """Make the file; returns it.

    Raises:
        BuildError: the runtime is not at hand.
    """
    runtime = os.environ.get(RUNTIME, "")
    if not runtime or not Path(runtime).is_file():
        raise BuildError(MISSING)
    squashed = folders.build / "appimage.squashfs"
    squashed.unlink(missing_ok=True)
    options = ["-root-owned", "-noappend", "-no-progress", "-comp", "zstd", "-Xcompression-level", "19"]
    environ = {"SOURCE_DATE_EPOCH": str(epoch())}
    run([tool("mksquashfs", "squashfs-tools"), lay_out(folders), squashed, *options], environ=environ)
    folders.dist.mkdir(parents=True, exist_ok=True)
    target = folders.dist / f"{NAME}-{version()}-{machine()}.AppImage"
    with open(target, "wb") as out:
        for part in (Path(runtime), squashed):
            with open(part, "rb") as source:
                shutil.copyfileobj(source, out)
    target.chmod(0o755)
    return target


def lay_out(folders: Folders) -> Path:
    """Make the folder that the file holds; returns it."""
    root = linux_tree.lay_out(folders)
    program = root / linux_tree.LIBRARIES
    for source in foreign_libraries(program):
        target = program / "_internal" / source.name
        if not target.exists():
            shutil.copyfile(source, target)
    (root / "AppRun").write_text(RUN, "utf-8")
    (root / "AppRun").chmod(0o755)
    shutil.copyfile(root / "usr/share/applications/imgmine.desktop", root / "imgmine.desktop")
    shutil.copyfile(root / "usr/share/icons/hicolor/256x256/apps/imgmine.png", root / "imgmine.png")
    (root / ".DirIcon").symlink_to("imgmine.png")
    linux_tree.set_times(root)
    return root


def foreign_libraries(program: Path) -> list[Path]:
    """The libraries of this system that the program needs, and that another may lack."""
    places: dict[str, Path] = {}
    for path in elf_files(program):
        for name, place in re.findall(r"(\S+) => (/\S+)", run([tool("ldd", "libc-bin"), path])):
            inside = Path(place).resolve().is_relative_to(program.resolve())
            if not inside and not OF_EVERY_SYSTEM.fullmatch(name):
                places[name] = Path(place)
    return [places[name] for name in sorted(places)]
