"""What the installers have in common: names, versions, folders, and the one date that all files carry."""

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LINUX, WINDOWS, MACOS = sys.platform.startswith("linux"), sys.platform == "win32", sys.platform == "darwin"

NAME = "imgmine"
TITLE = "ImgMine"
IDENTIFIER = "org.imgmine.ImgMine"
"""Of the program in AppStream and on macOS, whose own files (the desktop entry) keep the short name."""
SUMMARY = "Image data mining without programming"
DESCRIPTION = """\
ImgMine trains neural networks on folders of images and shows where they
looked: point it at a folder, say what is in the images, press Train, and see
the heatmaps. Everything stays on this computer; no network is needed.
"""
MAINTAINER = "The ImgMine developers <imgmine@users.noreply.github.com>"
LICENCE = "Apache-2.0"


class BuildError(Exception):
    """What the person has to mend before an installer can be built."""


def version() -> str:
    """The version of the program, read without importing it."""
    text = (REPOSITORY / "imgmine_gui" / "__init__.py").read_text("utf-8")
    return text.partition('__version__ = "')[2].partition('"')[0]


def epoch() -> int:
    """Seconds since 1970 that all files carry: ``SOURCE_DATE_EPOCH``, or the time of the last commit.

    Raises:
        BuildError: there is neither.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    asked = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if not asked.stdout.strip().isdigit():
        raise BuildError("Outside of a git checkout, set SOURCE_DATE_EPOCH to the time of the release.")
    return int(asked.stdout)


def machine() -> str:
    """The processor as Debian names it: ``amd64`` or ``arm64``."""
    return {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]


def tool(name: str, package: str) -> str:
    """The path of a program; one of the environment of the build comes first.

    Raises:
        BuildError: it is not installed; ``package`` is what to install.
    """
    beside = str(Path(sys.executable).parent)
    found = shutil.which(name, path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if found is None:
        raise BuildError(f"The program {name} is missing. On Debian and Ubuntu, run: sudo apt install {package}")
    return found


@dataclass(frozen=True)
class Folders:
    """Where the build works, and where the installers go.

    Attributes:
        build: for what can be made again; PyInstaller keeps its work there. ``IMGMINE_BUILD`` names another one.
        dist: for the installers. ``IMGMINE_DIST`` names another one.
    """

    build: Path = Path(os.environ.get("IMGMINE_BUILD") or REPOSITORY / "build" / "installer")
    dist: Path = Path(os.environ.get("IMGMINE_DIST") or REPOSITORY / "dist")

    @property
    def frozen(self) -> Path:
        """The frozen program, before anything system-specific."""
        return self.build / "frozen" / NAME

    def fresh(self, name: str) -> Path:
        """An empty folder of ``build``."""
        folder = self.build / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder
