"""The disk image of macOS: the program, signed, and a link to the folder that it is dragged to."""

import os
import platform
import shutil
from pathlib import Path

from installer.plan import HERE, TITLE, Folders, tool, version
from installer.running import run

ENTITLEMENTS = HERE / "macos" / "entitlements.plist"


def build(folders: Folders) -> Path:
    """Make the disk image; returns its file.

    ``IMGMINE_SIGNING_IDENTITY`` names the certificate; without one the program is signed for this machine only, and
    another one asks its owner whether it may run.
    """
    image = folders.fresh("image")
    program = image / f"{TITLE}.app"
    shutil.copytree(folders.frozen.with_name(f"{TITLE}.app"), program, symlinks=True)
    sign(program, os.environ.get("IMGMINE_SIGNING_IDENTITY") or "-")
    (image / "Applications").symlink_to("/Applications")
    folders.dist.mkdir(parents=True, exist_ok=True)
    target = folders.dist / f"{TITLE}-{version()}-macos-{platform.machine()}.dmg"
    options = ["-volname", TITLE, "-srcfolder", image, "-fs", "HFS+", "-format", "ULMO", "-ov"]
    run([tool("hdiutil", "hdiutil"), "create", *options, target])
    return target


def sign(program: Path, identity: str) -> None:
    """Sign the program and everything in it; ``-`` is for this machine only."""
    options = ["--force", "--deep", "--options", "runtime", "--entitlements", ENTITLEMENTS, "--sign", identity]
    run([tool("codesign", "codesign"), *options, program])
    run([tool("codesign", "codesign"), "--verify", "--deep", "--strict", program])
