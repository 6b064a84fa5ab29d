"""The package of Fedora, openSUSE and their kin, made by nfpm from the same tree as Debian's."""

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path

from installer import linux_tree
from installer.elf import elf_files
from installer.plan import DESCRIPTION, LICENCE, MAINTAINER, NAME, SUMMARY, Folders, epoch, machine, tool, version
from installer.running import run

ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}


def build(folders: Folders) -> Path:
    """Make the package; returns its file."""
    root = linux_tree.lay_out(folders)
    linux_tree.set_times(root)
    configuration = folders.build / "nfpm.json"
    configuration.write_text(json.dumps(describe(root), indent=1), "utf-8")  # nfpm reads YAML, of which JSON is a part
    folders.dist.mkdir(parents=True, exist_ok=True)
    target = folders.dist / f"{NAME}-{version()}-1.{ARCHITECTURES[machine()]}.rpm"
    run(
        [tool("nfpm", "nfpm"), "package", "--config", configuration, "--packager", "rpm", "--target", target],
        environ={"SOURCE_DATE_EPOCH": str(epoch())},
    )
    return target


def describe(root: Path) -> dict[str, object]:
    """What nfpm is told."""
    date = datetime.datetime.fromtimestamp(epoch(), datetime.UTC).isoformat()
    contents = [
        {"src": str(folder), "dst": f"/{folder.relative_to(root)}", "type": "tree"}
        for folder in (root / linux_tree.LIBRARIES, root / "usr/share")
    ]
    link = {"src": f"../lib/{NAME}/{NAME}", "dst": f"/usr/bin/{NAME}", "type": "symlink"}
    return {
        "name": NAME,
        "arch": machine(),
        "platform": "linux",
        "version": version(),
        "release": "1",
        "section": "science",
        "maintainer": MAINTAINER,
        "license": LICENCE,
        "description": f"{SUMMARY}\n\n{DESCRIPTION}",
        "mtime": date,
        "contents": [*contents, link],
        "depends": sorted(requirements(root)),
        "recommends": ["google-noto-sans-cjk-fonts"],
        "rpm": {"buildhost": NAME, "group": "Applications/Engineering", "compression": "xz", "summary": SUMMARY},
    }


def requirements(root: Path) -> set[str]:
    """The libraries that the program links to and does not bring, as RPM names them, with the C library's version."""
    binaries = list(elf_files(root))
    ours = {path.name for path in binaries}
    ours |= {path.name for path in root.rglob("*.so*")}
    wanted: set[str] = set()
    newest = (2, 17)
    for path in binaries:
        told = run([tool("readelf", "binutils"), "-d", "-V", "-W", path])
        wanted |= set(_needed(told)) - ours
        newest = max([newest, *((int(one), int(two)) for one, two in re.findall(r"GLIBC_(\d+)\.(\d+)", told))])
    wanted.discard("ld-linux-x86-64.so.2")
    return {f"{name}()(64bit)" for name in wanted} | {f"libc.so.6(GLIBC_{newest[0]}.{newest[1]})(64bit)"}


def _needed(told: str) -> Iterator[str]:
    for match in re.finditer(r"\(NEEDED\).*\[(.+)\]", told):
        yield match.group(1)
