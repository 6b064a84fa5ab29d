"""The tree below ``/`` that the packages of Linux hold: the frozen program, and what a desktop wants to know of it."""

import datetime
import gzip
import html
import os
import re
import shutil
from pathlib import Path

from installer import sbom
from installer.icons import ICON_SIZES, render_png
from installer.licences import copyright_text
from installer.plan import HERE, IDENTIFIER, NAME, REPOSITORY, Folders, epoch, version

LIBRARIES = Path("usr/lib") / NAME
PICTURES = {"apps/imgmine": REPOSITORY / "resources" / "icons" / "imgmine.svg",
            "mimetypes/application-x-imgmine-project": HERE / "icons" / "project.svg",
            "mimetypes/application-x-imgmine-model": HERE / "icons" / "model.svg"}  # fmt: skip
SCREENSHOTS = ("predictions", "data", "train", "start")


def lay_out(folders: Folders) -> Path:
    """Make the tree anew, with the frozen program linked into it; returns its folder."""
    root = folders.fresh("root")
    link_tree(folders.frozen, root / LIBRARIES)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    place(root / "usr/share/applications/imgmine.desktop", (HERE / "linux/imgmine.desktop").read_text("utf-8"))
    place(root / f"usr/share/metainfo/{IDENTIFIER}.metainfo.xml", metainfo())
    place(root / "usr/share/mime/packages/imgmine.xml", (HERE / "linux/mime.xml").read_text("utf-8"))
    place_zipped(root / "usr/share/man/man1/imgmine.1.gz", filled((HERE / "linux/imgmine.1").read_text("utf-8")))
    documents = root / "usr/share/doc" / NAME
    place(documents / "copyright", copyright_text(folders.frozen))
    place(documents / "sbom.cdx.json", sbom.document(folders.frozen))
    _place_icons(root / "usr/share/icons/hicolor")
    return root


def metainfo() -> str:
    """What software centres show.

    Its pictures are those of this version in the repository that ``IMGMINE_SOURCE_URL`` names (AppStream takes none
    from a package); without that there are none.
    """
    source = os.environ.get("IMGMINE_SOURCE_URL", "").rstrip("/")
    text = (HERE / "linux/metainfo.xml").read_text("utf-8")
    if not source:
        return filled(re.sub(r" *<screenshots>.*</screenshots>\n", "", text, flags=re.DOTALL))
    lines = []
    for number, name in enumerate(SCREENSHOTS):
        kind = ' type="default"' if number == 0 else ""
        place = html.escape(f"{source}/raw/v{version()}/resources/screenshots/{name}.png")
        lines.append(f"<screenshot{kind}><image>{place}</image></screenshot>")
    home = f'<url type="homepage">{html.escape(source)}</url>'
    text = text.replace("<launchable", f"{home}\n  <launchable")
    return filled(text.replace("@SCREENSHOTS@", "\n    ".join(lines)))


def filled(text: str) -> str:
    """``text`` with the version and the date in their places."""
    date = datetime.datetime.fromtimestamp(epoch(), datetime.UTC).date().isoformat()
    return text.replace("@VERSION@", version()).replace("@DATE@", date)


def set_times(root: Path) -> None:
    """Give everything below ``root`` the one date, so that two builds are alike."""
    for path in [*root.rglob("*"), root]:
        os.utime(path, (epoch(), epoch()), follow_symlinks=False)


def link_tree(source: Path, target: Path) -> None:
    """Copy a folder, links as links, with hard links in the place of copies where the drive allows it."""

    def place(one: str, other: str) -> None:
        try:
            os.link(one, other)
        except OSError:
            shutil.copy2(one, other)

    shutil.copytree(source, target, symlinks=True, copy_function=place)


def place(path: Path, text: str) -> None:
    """Write a file, with the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def place_zipped(path: Path, text: str) -> None:
    """The same through gzip, without a date in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))


def _place_icons(folder: Path) -> None:
    for name, picture in PICTURES.items():
        scalable = folder / "scalable" / f"{name}.svg"
        scalable.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, scalable)
        for size in ICON_SIZES:
            target = folder / f"{size}x{size}" / f"{name}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(render_png(picture, size))
