"""The system libraries that Qt and the tests need on Debian and Ubuntu; any Python from 3.9."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from dev_process import run, say

QT_PACKAGES = (
    "libglib2.0-0",
    "libegl1",
    "libgl1",
    "libdbus-1-3",
    "libfontconfig1",
    "libxkbcommon0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxkbcommon-x11-0",
)
TEST_PACKAGES = (*QT_PACKAGES, "xvfb", "xauth", "fonts-noto-cjk", "openbox", "dataset-fashion-mnist")

# dpkg-shlibdeps looks up which package holds each library that the program links to, Wayland's among them.
INSTALLER_PACKAGES = (
    *QT_PACKAGES,
    "binutils",
    "gcc",
    "libc6-dev",
    "dpkg-dev",
    "squashfs-tools",
    "libwayland-client0",
    "libwayland-cursor0",
    "libwayland-egl1",
    "libxcb-image0",
    "libxcb-render-util0",
    "libxcb-xkb1",
)

# Since Debian 13 and Ubuntu 24.04 some libraries have "t64" behind their name; apt still understands the old one.
NEWER_SUFFIX = "t64"


def is_debian(os_release: str) -> bool:
    """Whether the text of /etc/os-release is that of Debian or of a system made from it."""
    fields = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    names = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".replace('"', "").split()
    return "debian" in names or "ubuntu" in names


def missing_packages(wanted: Iterable[str], dpkg_output: str) -> list[str]:
    """The wanted packages that are not installed, in their order.

    Args:
        wanted: names of packages.
        dpkg_output: lines "NAME STATUS", as dpkg-query prints them.
    """
    lines = (line.split() for line in dpkg_output.splitlines())
    installed = {words[0] for words in lines if words[1:] == ["installed"]}
    return [name for name in wanted if not {name, name + NEWER_SUFFIX} & installed]


def query_packages(wanted: Iterable[str]) -> str:
    """What dpkg-query says of the packages; it says nothing of those it does not know."""
    names = [variant for name in wanted for variant in (name, name + NEWER_SUFFIX)]
    command = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\\n", *names]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def rights(call: Callable[..., int] = subprocess.call) -> list[str] | None:
    """What stands before a command that needs root's rights; None where they cannot be had."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    without_password = call(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    return ["sudo"] if without_password or sys.stdin.isatty() else None


def apt_commands(packages: Iterable[str]) -> list[list[str]]:
    """The two commands that install ``packages`` without a question."""
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120"]
    return [[*apt, "update"], [*apt, "install", "--yes", "--no-install-recommends", *packages]]


def install_missing(wanted: Iterable[str]) -> None:
    """Install those of the wanted packages that are missing; elsewhere than on Debian's systems, do nothing.

    Without the rights, or where apt fails, the person reads which command is left to do, and the work goes on: not
    everything needs every library.
    """
    release = Path("/etc/os-release")
    if not (release.is_file() and is_debian(release.read_text("utf-8")) and shutil.which("dpkg-query")):
        return
    wanted = list(wanted)
    missing = missing_packages(wanted, query_packages(wanted))
    if not missing:
        return
    prefix = rights()
    by_hand = shlex.join(["sudo", "apt-get", "install", "--no-install-recommends", *missing])
    if prefix is None:
        say(f"ImgMine needs system packages that are not installed, and this user may not install them. Run: {by_hand}")
        return
    say(f"Installing the system packages that ImgMine needs, with apt-get: {' '.join(missing)}")
    # A failed update (one source of many) may still leave lists that are good enough.
    codes = [run([*prefix, *command], to_stderr=True) for command in apt_commands(missing)]
    if codes[-1]:
        say(f"apt-get could not install them; the reason stands above. Going on without them. By hand: {by_hand}")
