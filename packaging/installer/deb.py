"""The package of Debian and Ubuntu."""

import hashlib
import re
from email.utils import formatdate
from pathlib import Path

from installer import linux_tree
from installer.elf import elf_files
from installer.plan import DESCRIPTION, HERE, MAINTAINER, NAME, SUMMARY, Folders, epoch, machine, tool, version
from installer.running import run

PLUGINS_OF_WAYLAND = "libwayland-cursor0, libwayland-egl1"
RECOMMENDS = "fonts-noto-cjk | fonts-wqy-zenhei | fonts-wqy-microhei, shared-mime-info, hicolor-icon-theme"
COMPRESSION = ("-Zxz", "-z1", "--threads-max=0")
"""xz, since lintian on Debian 12 rejects zstd; level 6 takes ten times as long for a tenth less."""


def build(folders: Folders) -> Path:
    """Make the package; returns its file."""
    root = linux_tree.lay_out(folders)
    documents = root / "usr/share/doc" / NAME
    linux_tree.place_zipped(documents / "changelog.gz", changelog())
    overrides = root / "usr/share/lintian/overrides" / NAME
    linux_tree.place(overrides, (HERE / "linux/lintian-overrides").read_text("utf-8"))
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_symlink() or path.is_file())
    linux_tree.place(root / "DEBIAN/md5sums", md5sums(root))
    linux_tree.place(root / "DEBIAN/control", control(dependencies(root, folders.fresh("shlibdeps")), size))
    for path in (root / "DEBIAN").iterdir():
        path.chmod(0o644)
    linux_tree.set_times(root)
    folders.dist.mkdir(parents=True, exist_ok=True)
    target = folders.dist / f"{NAME}_{version()}_{machine()}.deb"
    options = ["--root-owner-group", "--uniform-compression", *COMPRESSION]
    run([tool("dpkg-deb", "dpkg"), *options, "--build", root, target], environ={"SOURCE_DATE_EPOCH": str(epoch())})
    return target


def dependencies(root: Path, work: Path) -> str:
    """The packages that hold the libraries which the program links to and does not bring."""
    (work / "debian").mkdir()
    (work / "debian/control").write_text(f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n", "utf-8")
    binaries = list(elf_files(root))
    private = sorted({path.parent for path in binaries})
    command = [tool("dpkg-shlibdeps", "dpkg-dev"), "-O", "--warnings=0", *(f"-l{folder}" for folder in private)]
    printed = run([*command, *(f"-e{path}" for path in binaries)], folder=work)
    return printed.strip().partition("=")[2]


def control(depends: str, size: int) -> str:
    """The package's description of itself.

    Args:
        size: of its files, in bytes.
    """
    body = "".join(f" {line}\n" if line else " .\n" for line in DESCRIPTION.strip().splitlines())
    return (
        f"Package: {NAME}\nVersion: {version()}\nArchitecture: {machine()}\nMaintainer: {MAINTAINER}\n"
        f"Installed-Size: {-(-size // 1024)}\nDepends: {depends}\nRecommends: {RECOMMENDS}\n"
        f"Section: science\nPriority: optional\nDescription: {SUMMARY.lower()}\n{body}"
    )


def changelog() -> str:
    """Debian's list of changes, which is in the program's own history."""
    date = formatdate(epoch(), localtime=False)
    return f"{NAME} ({version()}) unstable; urgency=medium\n\n  * Version {version()}.\n\n -- {MAINTAINER}  {date}\n"


def md5sums(root: Path) -> str:
    """Of all files, as dpkg checks them."""
    lines = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, "md5").hexdigest()
            lines.append(f"{digest}  {path.relative_to(root)}\n")
    return "".join(lines)


def package_names(depends: str) -> list[str]:
    """The names in a ``Depends`` field."""
    return [re.split(r"[\s(:|]", part.strip())[0] for part in depends.split(",") if part.strip()]
